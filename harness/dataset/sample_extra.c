/* The extra columns of a sample as one JSON object: stored, never interpreted. */
#include "base/json.h"
#include "dataset/builder.h"
#include "dataset/imagefolder.h"
#include "dataset/manifest_columns.h"

#include <string.h>

static const char repairs_key[] = "on_bad_utf8"; /* what was done to the sample's texts */

static void add_key(struct strbuf *out, const char *key)
{
    (void)strbuf_addstr(out, out->len > 1 ? "," : "");
    json_add_string(out, key, strlen(key));
    (void)strbuf_addch(out, ':');
}

static char *mend(struct builder *b, const char *column, char *text)
{
    const char *good = builder_text(b, column, text, strlen(text));
    if (strcmp(good, text) == 0)
        return text;
    char *copy = cJSON_malloc(strlen(good) + 1);
    if (!copy)
        abort();
    memcpy(copy, good, strlen(good) + 1);
    cJSON_free(text);
    return copy;
}

/* Mends every string below `node`; its depth is bounded by the parser. */
static void mend_tree(struct builder *b, const char *column, cJSON *node)
{
    if (cJSON_IsString(node))
        node->valuestring = mend(b, column, node->valuestring);
    for (cJSON *child = node->child; child; child = child->next) {
        if (child->string)
            child->string = mend(b, column, child->string);
        mend_tree(b, column, child);
    }
}

static void add_json(struct builder *b, struct strbuf *out, const char *column, const cJSON *json)
{
    add_key(out, builder_text(b, column, column, strlen(column)));
    if (b->row->clean) {
        json_add_tree(out, json);
        return;
    }
    CLEANUP(json_freep) cJSON *copy = cJSON_Duplicate(json, true);
    if (!copy)
        abort();
    mend_tree(b, column, copy);
    json_add_tree(out, copy);
}

static void add_text(struct builder *b, struct strbuf *out, const char *column, const char *text, size_t len)
{
    const char *good = builder_text(b, column, text, len);
    add_key(out, column);
    json_add_string(out, good, strlen(good));
}

static void add_column(struct builder *b, struct strbuf *out, const char *column)
{
    struct row_value value = row_find(b->row, column, NULL);
    if (value.kind == ROW_TEXT)
        add_text(b, out, column, value.text, value.len);
    else if (value.kind == ROW_JSON)
        add_json(b, out, column, value.json);
}

/* Whether a native set's column is part of the sample already. */
static bool is_field(const struct builder *b, const char *column)
{
    bool automatic = b->recipe->variant->columns.images_auto;
    return manifest_field_of(column) >= 0 ||
           (automatic && !b->recipe->variant->columns.images_optional ? imagefolder_is_link(column) : strcmp(column, "images") == 0);
}

/* Whether a member is an image, or a list of them, that the sample has as such. */
static bool is_image(const struct builder *b, const cJSON *member)
{
    const struct row_image *image = row_image_at(b->row, cJSON_IsArray(member) ? member->child : member, NULL);
    return image && image->is_column;
}

/* A native row: the members of `extra`, then whatever else is no field. */
static void add_rest(struct builder *b, struct strbuf *out)
{
    const struct row *row = b->row;
    for (size_t i = 0; i < row->column_count; i++)
        if (!is_field(b, row->column[i].text))
            add_text(b, out, row->column[i].text, row->cell[i].text, row->cell[i].len);
    if (!row->object)
        return;

    const cJSON *extra = json_object(row->object, "extra");
    for (const cJSON *m = extra ? extra->child : NULL; m; m = m->next)
        add_json(b, out, m->string, m);
    for (const cJSON *m = row->object->child; m; m = m->next) {
        bool taken =
            m == extra || is_field(b, m->string) || is_image(b, m) || (extra && cJSON_GetObjectItemCaseSensitive(extra, m->string));
        if (!taken && !cJSON_IsNull(m))
            add_json(b, out, m->string, m);
    }
}

void builder_extra(struct builder *b)
{
    const struct column_map *map = &b->recipe->variant->columns;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    (void)strbuf_addch(&out, '{');
    for (size_t i = 0; i < map->extra_count; i++)
        add_column(b, &out, map->extra[i]);
    if (map->rest_is_extra)
        add_rest(b, &out);
    if (b->repairs.len > 0) {
        add_key(&out, repairs_key);
        (void)strbuf_addf(&out, "{%s}", b->repairs.buf);
    }
    (void)strbuf_addch(&out, '}');
    b->out.sample.extra_json = arena_strndup(b->arena, out.buf, out.len);
}

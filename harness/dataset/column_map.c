#include "dataset/column_map.h"

#include "base/json.h"
#include "base/nearest.h"
#include "base/text_safe.h"
#include "dataset/imagefolder.h"

#include <math.h>
#include <string.h>

const char *const field_names[FIELD_COUNT] = {
    [FIELD_ID] = "id",
    [FIELD_INTENT_ID] = "intent_id",
    [FIELD_INTENT] = "intent",
    [FIELD_PROMPT] = "prompt",
    [FIELD_CONTEXT] = "context",
    [FIELD_CATEGORY] = "category",
    [FIELD_SUBCATEGORY] = "subcategory",
    [FIELD_ATTACK] = "attack",
    [FIELD_EXPECTED] = "expected",
    [FIELD_TWIN] = "twin",
};

enum { SHOWN_COLUMNS = 60 };

static void add_shown(const char *text, struct strbuf *out)
{
    (void)strbuf_addch(out, '\'');
    text_safe_terminal(text, strlen(text), SHOWN_COLUMNS, false, out);
    (void)strbuf_addch(out, '\'');
}

/* ---- Values ---- */

bool map_json_text(const cJSON *json, struct strbuf *out, struct strbuf *problem)
{
    const double exact = 9007199254740992.0; /* 2^53 */

    if (cJSON_IsBool(json))
        return strbuf_addstr(out, cJSON_IsTrue(json) ? "true" : "false") == OK;
    if (!cJSON_IsNumber(json)) {
        (void)strbuf_addf(problem, "%s where a text belongs", cJSON_IsArray(json) ? "a list" : "an object");
        return false;
    }
    if (fabs(json->valuedouble) >= exact) {
        (void)strbuf_addstr(problem, "a number too large to be read exactly (put it in quotes)");
        return false;
    }
    json_add_number(out, json->valuedouble);
    return true;
}

static bool add_column(const struct row *row, const char *path, struct strbuf *out, bool *ret_given, struct strbuf *problem)
{
    struct row_value value = row_find(row, path, NULL);
    *ret_given = value.kind != ROW_ABSENT;
    if (value.kind == ROW_TEXT)
        (void)strbuf_add(out, value.text, value.len);
    if (value.kind != ROW_JSON || map_json_text(value.json, out, problem))
        return true;
    (void)strbuf_addstr(problem, " (column ");
    add_shown(path, problem);
    (void)strbuf_addch(problem, ')');
    return false;
}

static bool add_special(const struct map_place *at, const char *name, struct strbuf *out)
{
    if (strcmp(name, "@row") == 0)
        return strbuf_addf(out, "%lld", (long long)at->row->index) == OK;
    const char *text = strcmp(name, "@split") == 0  ? at->split
                       : strcmp(name, "@key") == 0  ? at->row->key
                       : strcmp(name, "@file") == 0 ? at->file_stem
                                                    : at->variant;
    return strbuf_addstr(out, text) == OK;
}

static bool add_template(const struct map_value *v, const struct map_place *at, struct strbuf *out, bool *ret_given, struct strbuf *problem)
{
    *ret_given = true;
    for (size_t i = 0; i < v->part_count; i++) {
        const struct map_part *part = &v->part[i];
        bool given = true;
        if (!part->is_name)
            (void)strbuf_addstr(out, part->text);
        else if (part->text[0] == '@')
            (void)add_special(at, part->text, out);
        else if (!add_column(at->row, part->text, out, &given, problem))
            return false;
        if (!given && v->fallback)
            *ret_given = false;
    }
    return true;
}

static bool apply_map(const struct map_value *v, size_t start, struct strbuf *out, struct strbuf *problem)
{
    const char *value = out->buf + start;
    for (size_t i = 0; i < v->pair_count; i++) {
        if (strcmp(v->pair[i].from, value) == 0 && strlen(value) == out->len - start) {
            strbuf_truncate(out, start);
            (void)strbuf_addstr(out, v->pair[i].to);
            return true;
        }
    }
    (void)strbuf_addstr(problem, "the value ");
    add_shown(value, problem);
    (void)strbuf_addf(problem, " is not in the map of dataset.yaml:%d", v->line);
    return false;
}

static bool says_something(const struct row *row, const char *column)
{
    struct row_value value = row_find(row, column, NULL);
    return value.kind == ROW_JSON || (value.kind == ROW_TEXT && value.len > 0);
}

/* The first choice that gives a text which is not empty. */
static bool add_first(const struct map_value *v, const struct map_place *at, struct strbuf *out, bool *ret_given, struct strbuf *problem)
{
    size_t start = out->len;
    for (size_t i = 0; i < v->choice_count; i++) {
        bool given;
        if (!map_value_text(&v->choice[i], at, out, &given, problem))
            return false;
        if (given && out->len > start) {
            *ret_given = true;
            return true;
        }
    }
    return true;
}

static bool add_source(const struct map_value *v, const struct map_place *at, struct strbuf *out, bool *ret_given, struct strbuf *problem)
{
    switch (v->kind) {
    case MAP_NONE: break;
    case MAP_LITERAL:
        (void)strbuf_addstr(out, v->text);
        *ret_given = true;
        break;
    case MAP_COLUMN: return add_column(at->row, v->text, out, ret_given, problem);
    case MAP_TEMPLATE: return add_template(v, at, out, ret_given, problem);
    case MAP_FIRST_OF: return add_first(v, at, out, ret_given, problem);
    }
    return true;
}

bool map_value_text(const struct map_value *v, const struct map_place *at, struct strbuf *out, bool *ret_given, struct strbuf *problem)
{
    size_t start = out->len;
    bool given = false, applies = !v->when || says_something(at->row, v->when);

    if (applies && !add_source(v, at, out, &given, problem))
        return false;
    if (v->fallback && (!given || out->len == start)) {
        strbuf_truncate(out, start);
        (void)strbuf_addstr(out, v->fallback);
        given = true;
    } else if (v->pair_count > 0 && given && !apply_map(v, start, out, problem)) {
        return false;
    }
    *ret_given = given;
    return true;
}

/* A text, or what stands for an image that the row itself holds. `hint` moves along the row's images. */
static const char *name_of(const struct row *row, const cJSON *node, size_t *hint)
{
    const struct row_image *image = cJSON_IsObject(node) ? row_image_at(row, node, hint) : NULL;
    return image ? image->name : cJSON_IsString(node) ? node->valuestring : NULL;
}

static bool add_elements(const struct row *row, const cJSON *list, map_add_text *add, void *context, struct strbuf *problem)
{
    const cJSON *item;
    size_t hint = 0;
    cJSON_ArrayForEach(item, list)
    {
        const char *name = name_of(row, item, &hint);
        if (!name) {
            (void)strbuf_addf(problem, "a list of image names holds something that is not %s", row->image_count ? "an image" : "a text");
            return false;
        }
        if (!add(context, name, strlen(name), problem))
            return false;
    }
    return true;
}

/* A CSV cell can only hold a list as JSON text. Anything that is not exactly that is a name. */
static cJSON *list_in_text(const char *text, size_t len)
{
    if (len == 0 || text[0] != '[')
        return NULL;
    const char *end = NULL;
    cJSON *list = cJSON_ParseWithLengthOpts(text, len, &end, false);
    if (cJSON_IsArray(list) && end == text + len)
        return list;
    cJSON_Delete(list);
    return NULL;
}

/* Counts what is passed on. */
struct counted {
    map_add_text *add;
    void *context;
    size_t count;
};

static bool add_counted(void *context, const char *text, size_t len, struct strbuf *problem)
{
    struct counted *c = context;
    c->count++;
    return c->add(c->context, text, len, problem);
}

static bool add_first_list(const struct map_value *v, const struct map_place *at, map_add_text *add, void *context, struct strbuf *problem)
{
    struct counted counted = { add, context, 0 };
    for (size_t i = 0; i < v->choice_count && counted.count == 0; i++)
        if (!map_value_list(&v->choice[i], at, add_counted, &counted, problem))
            return false;
    return counted.count > 0 || !v->fallback || !v->fallback[0] || add(context, v->fallback, strlen(v->fallback), problem);
}

bool map_value_list(const struct map_value *v, const struct map_place *at, map_add_text *add, void *context, struct strbuf *problem)
{
    bool plain = v->pair_count == 0 && (!v->when || says_something(at->row, v->when));
    if (plain && v->kind == MAP_FIRST_OF)
        return add_first_list(v, at, add, context, problem);
    if (plain && v->kind == MAP_COLUMN) {
        struct row_value value = row_find(at->row, v->text, NULL);
        if (value.kind == ROW_JSON && cJSON_IsArray(value.json))
            return add_elements(at->row, value.json, add, context, problem);
        const char *name = value.kind == ROW_JSON ? name_of(at->row, value.json, NULL) : NULL;
        if (name)
            return add(context, name, strlen(name), problem);
        CLEANUP(json_freep) cJSON *list = value.kind == ROW_TEXT && !at->row->object ? list_in_text(value.text, value.len) : NULL;
        if (list)
            return add_elements(at->row, list, add, context, problem);
    }
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    bool given;
    if (!map_value_text(v, at, &text, &given, problem))
        return false;
    return !given || text.len == 0 || add(context, text.buf, text.len, problem);
}

/* ---- Columns that are not there ---- */

static enum err no_column(const char *path, const struct map_value *v, const struct row *row, const char *manifest, const char *file,
                          struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addf(&text, "%s:%d:%d: no column ", manifest, v->line, v->column);
    add_shown(path, &text);
    (void)strbuf_addf(&text, " in the first row of '%s'; there are: ", file);
    row_list_columns(row, &text);
    (void)strbuf_addstr(&text, " (a column that only some rows have needs a `default:`)");
    return error_set(e, ERR_INVALID, "%s", text.buf);
}

static enum err check_value(const struct map_value *v, const struct row *row, const char *manifest, const char *file, struct error *e)
{
    bool known = true;
    if (v->fallback || v->optional)
        return OK;
    if (v->when && ((void)row_find(row, v->when, &known), !known))
        return no_column(v->when, v, row, manifest, file, e);
    for (size_t i = 0; i < v->choice_count; i++) {
        enum err err = check_value(&v->choice[i], row, manifest, file, e);
        if (err != OK)
            return err;
    }
    if (v->kind == MAP_COLUMN) {
        (void)row_find(row, v->text, &known);
        return known ? OK : no_column(v->text, v, row, manifest, file, e);
    }
    for (size_t i = 0; v->kind == MAP_TEMPLATE && i < v->part_count; i++) {
        if (!v->part[i].is_name || v->part[i].text[0] == '@')
            continue;
        (void)row_find(row, v->part[i].text, &known);
        if (!known)
            return no_column(v->part[i].text, v, row, manifest, file, e);
    }
    return OK;
}

enum err column_map_check(const struct column_map *map, const struct row *row, const char *manifest, const char *file, struct error *e)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < FIELD_COUNT; i++)
        err = check_value(&map->field[i], row, manifest, file, e);
    for (size_t i = 0; err == OK && i < map->image_count; i++)
        err = check_value(&map->image[i], row, manifest, file, e);
    for (size_t i = 0; err == OK && i < map->extra_count; i++) {
        struct map_value v = { .kind = MAP_COLUMN, .text = map->extra[i], .line = map->extra_line, .column = map->extra_column };
        err = check_value(&v, row, manifest, file, e);
    }
    if (err == OK && map->images_auto && !map->images_optional && !row->has_image_columns && imagefolder_link_count(row) == 0)
        err = error_set(e, ERR_INVALID,
                        "%s: no column of '%s' names an image: expected file_name, file_names, X_file_name or X_file_names, or in Parquet "
                        "a struct<bytes, path>",
                        manifest, file);
    return err;
}

/* ---- Maps ---- */

struct column_map column_map_merge(const struct column_map *base, const struct column_map *over)
{
    struct column_map merged = *base;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (over->field[i].kind != MAP_NONE)
            merged.field[i] = over->field[i];
    if (over->image || over->images_auto) {
        merged.image = over->image;
        merged.image_count = over->image_count;
        merged.images_auto = over->images_auto;
        merged.images_optional = over->images_optional;
    }
    if (over->extra) {
        merged.extra = over->extra;
        merged.extra_count = over->extra_count;
        merged.extra_line = over->extra_line;
        merged.extra_column = over->extra_column;
    }
    return merged;
}

struct column_map column_map_native(bool images_auto)
{
    static const struct map_value images = { .kind = MAP_COLUMN, .text = "images", .optional = true };
    struct column_map map = { .images_auto = images_auto, .rest_is_extra = true };
    for (size_t i = 0; i < FIELD_COUNT; i++)
        map.field[i] = (struct map_value){ .kind = MAP_COLUMN, .text = field_names[i], .optional = true };
    if (!images_auto) {
        map.image = &images;
        map.image_count = 1;
    }
    return map;
}

#include "dataset/parquet_schema.h"

#include "base/strbuf.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "core/limits.h"

#include <string.h>

enum { SHOWN_COLUMNS = 80, UNREAD_BYTES = 400 };

/* Where in the tree a walk is. */
struct place {
    const char *part[PARQUET_NAME_PARTS];
    size_t part_count;
    unsigned depth, def, rep, list_def;
};

struct schema_walk {
    const struct parquet_meta *meta;
    struct arena *arena;
    struct parquet_schema out;
    size_t at; /* next element */
    struct strbuf unread;
};

static enum err broken(struct error *e, const char *what)
{
    return error_set(e, ERR_SYNTAX, "the schema %s", what);
}

/* ---- Elements ---- */

static bool is_name(const struct parquet_element *s, const char *name)
{
    return s->name.len == strlen(name) && memcmp(s->name.text, name, s->name.len) == 0;
}

static bool is_leaf(const struct parquet_element *s)
{
    return s->type != PARQUET_NO_TYPE;
}

/* struct<bytes: binary, path: string>, in any order: how the Hub stores an image. */
static bool has_image_shape(const struct parquet_meta *m, const struct parquet_element *group, size_t at)
{
    if (group->child_count != 2 || m->element_count - at < 2)
        return false;
    const struct parquet_element *one = &m->element[at], *two = one + 1;
    for (const struct parquet_element *s = one; s <= two; s++)
        if (s->type != PARQUET_BYTE_ARRAY || s->repetition == PARQUET_REPEATED)
            return false;
    return (is_name(one, "bytes") && is_name(two, "path")) || (is_name(one, "path") && is_name(two, "bytes"));
}

/* Whether the repeated child of a list is only a wrapper around its element (the format's rules for older writers). */
static bool is_wrapper(const struct parquet_element *list, const struct parquet_element *repeated)
{
    static const char tuple[] = "_tuple";
    size_t len = list->name.len, tuple_len = sizeof(tuple) - 1;
    if (is_leaf(repeated) || repeated->child_count != 1 || is_name(repeated, "array"))
        return false;
    return !(repeated->name.len == len + tuple_len && memcmp(repeated->name.text, list->name.text, len) == 0 &&
             memcmp(repeated->name.text + len, tuple, tuple_len) == 0);
}

static enum parquet_reading reading_of(const struct parquet_element *s)
{
    switch (s->type) {
    case PARQUET_BOOLEAN: return PARQUET_AS_BOOL;
    case PARQUET_INT32:
    case PARQUET_INT64:
        return s->annotation == PARQUET_UNSIGNED ? PARQUET_AS_UINT : s->annotation == PARQUET_DECIMAL ? PARQUET_AS_DECIMAL : PARQUET_AS_INT;
    case PARQUET_FLOAT:
    case PARQUET_DOUBLE: return PARQUET_AS_FLOAT;
    case PARQUET_BYTE_ARRAY:
    case PARQUET_FIXED:
        return s->annotation == PARQUET_STRING                                        ? PARQUET_AS_TEXT
               : s->annotation == PARQUET_DECIMAL || s->annotation == PARQUET_FLOAT16 ? PARQUET_AS_NOTHING
                                                                                      : PARQUET_AS_BYTES;
    default: return PARQUET_AS_NOTHING;
    }
}

/* ---- Names ---- */

static enum err push_name(struct schema_walk *w, struct place *p, const struct parquet_element *s, struct error *e)
{
    if (p->part_count == PARQUET_NAME_PARTS)
        return broken(e, "is nested too deeply");
    if (!utf8_valid(s->name.text, s->name.len, NULL) || memchr(s->name.text, '\0', s->name.len))
        return error_set(e, ERR_INVALID, "the name of a column is not UTF-8 text");
    for (size_t i = 0; i < s->name.len; i++)
        if ((unsigned char)s->name.text[i] < 0x20 || s->name.text[i] == 0x7F)
            return error_set(e, ERR_INVALID, "the name of a column holds control characters");
    p->part[p->part_count++] = arena_strndup(w->arena, s->name.text, s->name.len);
    return OK;
}

static const char *join_name(struct schema_walk *w, const struct place *p)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    for (size_t i = 0; i < p->part_count; i++)
        (void)strbuf_addf(&name, "%s%s", i ? "." : "", p->part[i]);
    return arena_strndup(w->arena, name.buf, name.len);
}

static const char *make_safe(struct schema_walk *w, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, &safe);
    return arena_strndup(w->arena, safe.buf, safe.len);
}

/* ---- Leaves and columns ---- */

static void add_leaf(struct schema_walk *w, const struct parquet_element *s, const struct place *p, const char *shown)
{
    w->out.leaf[w->out.leaf_count++] = (struct parquet_leaf){
        .shown = shown,
        .type = s->type,
        .reading = reading_of(s),
        .type_length = s->type_length,
        .scale = s->scale,
        .max_def = p->def,
        .max_rep = p->rep,
        .list_def = p->list_def,
    };
}

static struct parquet_column *add_column(struct schema_walk *w, const struct place *p)
{
    struct parquet_column *c = &w->out.column[w->out.column_count++];
    const char **part = arena_array(w->arena, p->part_count, sizeof(*part));
    for (size_t i = 0; i < p->part_count; i++)
        part[i] = p->part[i];
    *c = (struct parquet_column){ .name = join_name(w, p), .part = part, .part_count = p->part_count, .is_list = p->rep == 1 };
    return c;
}

static void leave_out(struct schema_walk *w, const char *shown)
{
    if (w->unread.len < UNREAD_BYTES)
        (void)strbuf_addf(&w->unread, "%s%s", w->unread.len ? ", " : "", shown);
}

static enum err add_value(struct schema_walk *w, const struct parquet_element *s, const struct place *p, struct error *e)
{
    if (s->child_count > 0)
        return broken(e, "has a column with members of its own");
    if (s->type == PARQUET_FIXED && (s->type_length < 1 || (size_t)s->type_length > MAX_RECORD_BYTES))
        return broken(e, "has a column of an impossible fixed length");
    size_t leaf = w->out.leaf_count;
    const char *shown = make_safe(w, join_name(w, p));
    add_leaf(w, s, p, shown);
    if (p->rep > 1 || w->out.leaf[leaf].reading == PARQUET_AS_NOTHING)
        leave_out(w, shown);
    else
        add_column(w, p)->leaf = leaf;
    return OK;
}

static void add_image(struct schema_walk *w, const struct place *p)
{
    const char *name = join_name(w, p);
    size_t first = w->out.leaf_count;
    bool bytes_first = is_name(&w->meta->element[w->at], "bytes");
    for (size_t i = 0; i < 2; i++) {
        const struct parquet_element *s = &w->meta->element[w->at++];
        struct place member = *p;
        member.def += s->repetition == PARQUET_OPTIONAL;
        add_leaf(w, s, &member, make_safe(w, name));
    }
    if (p->rep > 1) {
        leave_out(w, w->out.leaf[first].shown);
        return;
    }
    struct parquet_column *c = add_column(w, p);
    c->shape = PARQUET_IMAGE;
    c->leaf = bytes_first ? first : first + 1;
    c->path_leaf = bytes_first ? first + 1 : first;
}

/* ---- The walk ---- */

/* The element at `w->at` and everything below it. `is_named`: its name is part of the columns' names. `wraps`: it is a
   list's wrapper, so its child's name is not. */
static enum err visit(struct schema_walk *w, struct place p, bool is_named, bool wraps, struct error *e)
{
    if (w->at == w->meta->element_count || p.depth++ == PARQUET_NAME_PARTS)
        return broken(e, w->at == w->meta->element_count ? "ends early" : "is nested too deeply");
    const struct parquet_element *s = &w->meta->element[w->at++];
    p.def += s->repetition != PARQUET_REQUIRED;
    if (s->repetition == PARQUET_REPEATED && p.rep++ == 0)
        p.list_def = p.def;
    enum err err = is_named ? push_name(w, &p, s, e) : OK;
    if (err != OK)
        return err;
    if (is_leaf(s))
        return add_value(w, s, &p, e);
    if (has_image_shape(w->meta, s, w->at)) {
        add_image(w, &p);
        return OK;
    }
    const struct parquet_element *child = w->at < w->meta->element_count ? &w->meta->element[w->at] : s;
    bool is_list = s->annotation == PARQUET_LIST && s->child_count == 1 && child->repetition == PARQUET_REPEATED;
    bool is_map = s->annotation == PARQUET_MAP && s->child_count == 1 && child->repetition == PARQUET_REPEATED;
    if (is_list || is_map)
        return visit(w, p, false, is_list && is_wrapper(s, child), e);
    for (int32_t i = 0; err == OK && i < s->child_count; i++)
        err = visit(w, p, !wraps, false, e);
    return err;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct parquet_column *const *)a)->name, (*(const struct parquet_column *const *)b)->name);
}

static enum err check_names(struct schema_walk *w, struct error *e)
{
    size_t count = w->out.column_count;
    const struct parquet_column **sorted = arena_array(w->arena, count, sizeof(const struct parquet_column *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &w->out.column[i];
    if (count > 1)
        qsort(sorted, count, sizeof(const struct parquet_column *), by_name);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            return error_set(e, ERR_INVALID, "two columns have the same name, '%s'", make_safe(w, sorted[i]->name));
    return OK;
}

enum err parquet_schema_build(const struct parquet_meta *m, struct arena *a, struct parquet_schema *ret, struct error *e)
{
    struct schema_walk w = { .meta = m, .arena = a, .at = 1, .unread = STRBUF_INIT };
    const struct parquet_element *root = &m->element[0];
    w.out.leaf = arena_array(a, m->element_count, sizeof(*w.out.leaf));
    w.out.column = arena_array(a, m->element_count, sizeof(*w.out.column));

    enum err err = is_leaf(root) ? broken(e, "has no root") : OK;
    for (int32_t i = 0; err == OK && i < root->child_count; i++)
        err = visit(&w, (struct place){ 0 }, true, false, e);
    if (err == OK && w.at != m->element_count)
        err = broken(e, "has elements that belong to no column");
    if (err == OK)
        err = check_names(&w, e);
    w.out.unread = arena_strndup(a, w.unread.buf, w.unread.len);
    strbuf_release(&w.unread);
    if (err == OK)
        *ret = w.out;
    return err;
}

const struct parquet_column *parquet_schema_find(const struct parquet_schema *s, const char *name, size_t len)
{
    for (size_t i = 0; i < s->column_count; i++)
        if (strncmp(s->column[i].name, name, len) == 0 && s->column[i].name[len] == '\0')
            return &s->column[i];
    return NULL;
}

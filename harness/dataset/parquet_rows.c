#include "dataset/parquet_rows.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "core/limits.h"
#include "dataset/parquet_cursor.h"

#include <stdio.h>
#include <string.h>

struct parquet_rows {
    const struct parquet_file *file;
    const struct parquet_schema *schema;
    struct parquet_cursor *cursor; /* one for each leaf */
    struct parquet_cell *cell;
    struct arena arena; /* of the row */
    struct parquet_cell *item;
    size_t item_cap;
    size_t copied; /* bytes of text, of the row */
    size_t group;  /* the next one */
    int64_t group_left, number;
};

struct parquet_rows *parquet_rows_new(const struct parquet_file *f)
{
    struct parquet_rows *r = xcalloc(1, sizeof(*r));
    r->file = f;
    r->schema = parquet_schema(f);
    r->cursor = xcalloc(r->schema->leaf_count + 1, sizeof(*r->cursor));
    r->cell = xcalloc(r->schema->column_count + 1, sizeof(*r->cell));
    for (size_t i = 0; i < r->schema->leaf_count; i++)
        parquet_cursor_init(&r->cursor[i], f, i);
    return r;
}

void parquet_rows_free(struct parquet_rows *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->schema->leaf_count; i++)
        parquet_cursor_release(&r->cursor[i]);
    arena_release(&r->arena);
    free(r->cursor);
    free(r->cell);
    free(r->item);
    free(r);
}

/* ---- One value ---- */

/* Decimals become text: a double would not be exact. */
static void write_decimal(struct parquet_rows *r, int64_t value, int32_t scale, struct parquet_cell *cell)
{
    char digit[24];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int len = snprintf(digit, sizeof(digit), "%0*llu", scale > 0 && scale < 19 ? scale + 1 : 1, (unsigned long long)size);
    int whole = scale > 0 && scale < 19 ? len - scale : len;
    cell->kind = PARQUET_CELL_TEXT;
    cell->text = arena_printf(&r->arena, "%s%.*s%s%s", value < 0 ? "-" : "", whole, digit, whole < len ? "." : "", digit + whole);
    cell->len = strlen(cell->text);
}

static bool reads_as_text(const struct parquet_value *v)
{
    return !memchr(v->bytes, '\0', v->len) && utf8_valid((const char *)v->bytes, v->len, NULL);
}

static void set_bytes(struct parquet_cell *cell, const struct parquet_value *v)
{
    cell->byte_count = (int64_t)v->len;
    cell->small = v->len < PARQUET_SMALL_BYTES ? v->bytes : NULL;
}

static void set_value(struct parquet_rows *r, const struct parquet_leaf *leaf, const struct parquet_value *v, struct parquet_cell *cell)
{
    switch (leaf->reading) {
    case PARQUET_AS_BOOL: *cell = (struct parquet_cell){ .kind = PARQUET_CELL_BOOL, .i = v->i != 0 }; break;
    case PARQUET_AS_INT: *cell = (struct parquet_cell){ .kind = PARQUET_CELL_INT, .i = v->i }; break;
    case PARQUET_AS_UINT:
        *cell = (struct parquet_cell){ .kind = PARQUET_CELL_UINT, .i = leaf->type == PARQUET_INT32 ? (int64_t)(uint32_t)v->i : v->i };
        break;
    case PARQUET_AS_DECIMAL: write_decimal(r, v->i, leaf->scale, cell); break;
    case PARQUET_AS_FLOAT: *cell = (struct parquet_cell){ .kind = PARQUET_CELL_FLOAT, .f = v->f }; break;
    default:
        if (leaf->reading == PARQUET_AS_TEXT || reads_as_text(v)) {
            *cell = (struct parquet_cell){ .kind = PARQUET_CELL_TEXT, .text = (const char *)v->bytes, .len = v->len };
        } else {
            cell->kind = PARQUET_CELL_BYTES;
            set_bytes(cell, v);
        }
    }
}

/* ---- One cell ---- */

static enum err uneven(const struct parquet_rows *r, size_t leaf, struct error *e)
{
    (void)error_set(e, ERR_SYNTAX, "it has fewer or other rows than its row group promises");
    return parquet_blame(r->file, r->group - 1, leaf, e);
}

/* One entry of the column, which for an image is one of both leaves. *ret_def is the level of the first. */
static enum err read_entry(struct parquet_rows *r, const struct parquet_column *c, bool starts_row, struct parquet_cell *cell,
                           unsigned *ret_def, struct error *e)
{
    struct parquet_entry one, two;
    *cell = (struct parquet_cell){ .kind = PARQUET_CELL_NULL, .byte_count = -1 };
    enum err err = parquet_cursor_next(&r->cursor[c->leaf], &one, e);
    if (err != OK)
        return err;
    if (one.end || (one.rep == 0) != starts_row)
        return uneven(r, c->leaf, e);
    *ret_def = one.def;
    if (c->shape == PARQUET_VALUE) {
        if (one.has_value)
            set_value(r, &r->schema->leaf[c->leaf], &one.value, cell);
        return OK;
    }
    err = parquet_cursor_next(&r->cursor[c->path_leaf], &two, e);
    if (err != OK)
        return err;
    if (two.end || two.rep != one.rep)
        return uneven(r, c->path_leaf, e);
    if (one.has_value)
        set_bytes(cell, &one.value);
    if (two.has_value) {
        cell->text = (const char *)two.value.bytes;
        cell->len = two.value.len;
    }
    if (one.has_value || two.has_value)
        cell->kind = PARQUET_CELL_IMAGE;
    return OK;
}

/* What stands in a list must survive the page that it came from. */
static enum err keep_item(struct parquet_rows *r, const struct parquet_column *c, struct parquet_cell *cell, struct error *e)
{
    if (cell->text) {
        r->copied += cell->len;
        if (r->copied > MAX_RECORD_BYTES) {
            (void)error_set(e, ERR_LIMIT, "row %lld has more than %zu MiB of text in its lists", (long long)r->number,
                            MAX_RECORD_BYTES / MIB);
            return parquet_blame(r->file, r->group - 1, c->leaf, e);
        }
        cell->text = arena_strndup(&r->arena, cell->text, cell->len);
    }
    if (cell->small)
        cell->small = (const unsigned char *)arena_strndup(&r->arena, (const char *)cell->small, (size_t)cell->byte_count);
    return OK;
}

static enum err read_list(struct parquet_rows *r, const struct parquet_column *c, struct parquet_cell *cell, struct error *e)
{
    const struct parquet_leaf *leaf = &r->schema->leaf[c->leaf];
    size_t count = 0;
    bool is_null = false;
    enum err err = OK;
    for (bool more = true; more;) {
        struct parquet_cell item;
        unsigned def = 0;
        err = read_entry(r, c, count == 0, &item, &def, e);
        if (err != OK)
            return err;
        bool is_element = def >= leaf->list_def;
        if (count == MAX_PARQUET_LIST) {
            (void)error_set(e, ERR_LIMIT, "row %lld has a list of more than %d elements", (long long)r->number, MAX_PARQUET_LIST);
            return parquet_blame(r->file, r->group - 1, c->leaf, e);
        }
        if (is_element) {
            err = keep_item(r, c, &item, e);
            r->item = vec_grow(r->item, count, &r->item_cap, sizeof(*r->item));
            r->item[count++] = item;
        }
        is_null = def + 1 < leaf->list_def;
        if (err == OK)
            err = parquet_cursor_continues(&r->cursor[c->leaf], &more, e);
        if (err != OK)
            return err;
        if (!is_element && (count > 0 || more))
            return uneven(r, c->leaf, e);
    }
    struct parquet_cell *kept = arena_array(&r->arena, count, sizeof(*kept));
    if (count > 0)
        memcpy(kept, r->item, count * sizeof(*kept));
    *cell = (struct parquet_cell){ .kind = is_null ? PARQUET_CELL_NULL : PARQUET_CELL_LIST, .item = kept, .item_count = count };
    return OK;
}

/* ---- Rows ---- */

/* A leaf with lists could have more rows than the row group promises; without lists the counts were compared at open. */
static enum err check_end(struct parquet_rows *r, struct error *e)
{
    for (size_t i = 0; i < r->schema->column_count; i++) {
        struct parquet_entry entry;
        const struct parquet_column *c = &r->schema->column[i];
        enum err err = c->is_list ? parquet_cursor_next(&r->cursor[c->leaf], &entry, e) : OK;
        if (err != OK)
            return err;
        if (c->is_list && !entry.end)
            return uneven(r, c->leaf, e);
    }
    return OK;
}

static enum err open_group(struct parquet_rows *r, struct error *e)
{
    r->group_left = parquet_group(r->file, r->group, NULL)->row_count;
    for (size_t i = 0; r->group_left > 0 && i < r->schema->column_count; i++) {
        const struct parquet_column *c = &r->schema->column[i];
        enum err err = parquet_cursor_open(&r->cursor[c->leaf], r->group, e);
        if (err == OK && c->shape != PARQUET_VALUE)
            err = parquet_cursor_open(&r->cursor[c->path_leaf], r->group, e);
        if (err != OK)
            return err;
    }
    r->group++;
    return OK;
}

enum err parquet_rows_next(struct parquet_rows *r, bool *ret_more, struct parquet_row *ret, struct error *e)
{
    enum err err = OK;
    while (r->group_left == 0) {
        if (r->group == parquet_group_count(r->file)) {
            *ret_more = false;
            return OK;
        }
        err = open_group(r, e);
        if (err != OK)
            return err;
    }
    arena_reset(&r->arena);
    r->copied = 0;
    for (size_t i = 0; err == OK && i < r->schema->column_count; i++) {
        const struct parquet_column *c = &r->schema->column[i];
        unsigned def = 0;
        err = c->is_list ? read_list(r, c, &r->cell[i], e) : read_entry(r, c, true, &r->cell[i], &def, e);
    }
    if (err == OK && --r->group_left == 0)
        err = check_end(r, e);
    if (err != OK)
        return err;
    *ret_more = true;
    *ret = (struct parquet_row){ .number = r->number++, .cell = r->cell };
    return OK;
}

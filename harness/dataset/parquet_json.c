#include "dataset/parquet_json.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/limits.h"
#include "dataset/parquet_images.h"
#include "dataset/parquet_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct parquet_json {
    char *name;
    struct parquet_file *file;
    struct parquet_rows *rows;
    bool has_images;
    /* of the row */
    struct arena arena;
    cJSON *tree;
    struct row_image *image;
    size_t image_count, image_cap, text_bytes;
    bool clean;
    char problem[160];
};

/* ---- Opening ---- */

static struct parquet_json *begin(struct parquet_file *file, const char *name)
{
    struct parquet_json *j = xcalloc(1, sizeof(*j));
    j->name = xstrdup(name);
    j->file = file;
    j->rows = parquet_rows_new(file);
    const struct parquet_schema *s = parquet_schema(file);
    for (size_t i = 0; i < s->column_count; i++)
        j->has_images = j->has_images || s->column[i].shape == PARQUET_IMAGE;
    return j;
}

enum err parquet_json_open(const char *path, const char *name, struct parquet_json **ret, struct error *e)
{
    struct parquet_file *file = NULL;
    enum err err = parquet_open(path, name, &file, e);
    if (err == OK)
        *ret = begin(file, name);
    return err;
}

enum err parquet_json_open_memory(const void *bytes, size_t len, const char *name, struct parquet_json **ret, struct error *e)
{
    struct parquet_file *file = NULL;
    enum err err = parquet_open_memory(bytes, len, name, &file, e);
    if (err == OK)
        *ret = begin(file, name);
    return err;
}

void parquet_json_free(struct parquet_json *j)
{
    if (!j)
        return;
    cJSON_Delete(j->tree);
    parquet_rows_free(j->rows);
    parquet_close(j->file);
    arena_release(&j->arena);
    free(j->image);
    free(j->name);
    free(j);
}

/* ---- Values ---- */

static cJSON *there(cJSON *node)
{
    if (!node)
        abort(); /* out of memory */
    return node;
}

static void complain(struct parquet_json *j, const struct parquet_column *c, const char *what)
{
    const char *shown = parquet_schema(j->file)->leaf[c->leaf].shown;
    if (!j->problem[0])
        (void)snprintf(j->problem, sizeof(j->problem), "column '%.80s' %s", shown, what);
}

static cJSON *make_text(struct parquet_json *j, const struct parquet_column *c, const char *text, size_t len)
{
    j->text_bytes += len;
    if (j->text_bytes > MAX_RECORD_BYTES) {
        complain(j, c, "makes the row larger than 16 MiB of text");
        return there(cJSON_CreateNull());
    }
    if (memchr(text, '\0', len)) {
        complain(j, c, "holds a NUL character, which cannot be part of a text");
        return there(cJSON_CreateNull());
    }
    j->clean = j->clean && utf8_valid(text, len, NULL);
    return there(cJSON_CreateString(arena_strndup(&j->arena, text, len)));
}

/* As a number when a double is exact, else as the digits. */
static cJSON *make_int(int64_t value, bool is_unsigned)
{
    const int64_t exact = (int64_t)1 << 53;
    char digits[24];
    if (value < exact && (is_unsigned ? value >= 0 : value > -exact))
        return there(cJSON_CreateNumber((double)value));
    if (is_unsigned)
        (void)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
    else
        (void)snprintf(digits, sizeof(digits), "%lld", (long long)value);
    return there(cJSON_CreateString(digits));
}

/* Where an image is: in this file, or, when the row has only its path, in a file of its own. */
static void note_image(struct parquet_json *j, const struct parquet_place *place, const struct parquet_cell *cell, const cJSON *node,
                       const cJSON *path)
{
    struct row_image image = { .node = node, .bytes = cell->byte_count, .small = cell->small };
    if (cell->byte_count >= 0) {
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        (void)strbuf_addf(&name, "%s#", j->name);
        parquet_place_write(place, &name);
        image.name = arena_strndup(&j->arena, name.buf, name.len);
    } else if (cJSON_IsString(path)) {
        image.name = path->valuestring;
    } else {
        return;
    }
    image.is_column = place->column->shape == PARQUET_IMAGE;
    j->image = vec_grow(j->image, j->image_count, &j->image_cap, sizeof(*j->image));
    j->image[j->image_count++] = image;
}

static cJSON *make_image(struct parquet_json *j, const struct parquet_place *place, const struct parquet_cell *cell)
{
    cJSON *node = there(cJSON_CreateObject()), *path = NULL;
    if (cell->kind == PARQUET_CELL_IMAGE) {
        path = cell->text ? make_text(j, place->column, cell->text, cell->len) : there(cJSON_CreateNull());
        cJSON_AddItemToObject(node, "path", path);
    }
    cJSON *bytes = cell->byte_count >= 0 ? make_int(cell->byte_count, false) : there(cJSON_CreateNull());
    cJSON_AddItemToObject(node, "bytes", bytes);
    if (place->column->shape != PARQUET_BLOB)
        note_image(j, place, cell, node, path);
    return node;
}

static cJSON *make_scalar(struct parquet_json *j, const struct parquet_place *place, const struct parquet_cell *cell)
{
    switch (cell->kind) {
    case PARQUET_CELL_BOOL: return there(cJSON_CreateBool(cell->i != 0));
    case PARQUET_CELL_INT: return make_int(cell->i, false);
    case PARQUET_CELL_UINT: return make_int(cell->i, true);
    case PARQUET_CELL_FLOAT: return there(isfinite(cell->f) ? cJSON_CreateNumber(cell->f) : cJSON_CreateNull());
    case PARQUET_CELL_TEXT: return make_text(j, place->column, cell->text, cell->len);
    case PARQUET_CELL_BYTES:
    case PARQUET_CELL_IMAGE: return make_image(j, place, cell);
    default: return there(cJSON_CreateNull());
    }
}

static cJSON *make_value(struct parquet_json *j, struct parquet_place place, const struct parquet_cell *cell)
{
    if (cell->kind != PARQUET_CELL_LIST)
        return make_scalar(j, &place, cell);
    cJSON *list = there(cJSON_CreateArray());
    for (size_t i = 0; i < cell->item_count; i++) {
        place.item = (int64_t)i;
        cJSON_AddItemToArray(list, make_scalar(j, &place, &cell->item[i]));
    }
    return list;
}

/* ---- Rows ---- */

/* The object that a column is a member of. The schema is walked depth first, so it is the last one that was made. */
static cJSON *parent_of(cJSON *tree, const struct parquet_column *c)
{
    for (size_t i = 0; i + 1 < c->part_count; i++) {
        cJSON *last = tree->child ? tree->child->prev : NULL;
        if (!last || !cJSON_IsObject(last) || strcmp(last->string, c->part[i]) != 0) {
            last = there(cJSON_CreateObject());
            cJSON_AddItemToObject(tree, c->part[i], last);
        }
        tree = last;
    }
    return tree;
}

static void build_tree(struct parquet_json *j, const struct parquet_row *row)
{
    const struct parquet_schema *s = parquet_schema(j->file);
    cJSON_Delete(j->tree);
    j->tree = there(cJSON_CreateObject());
    for (size_t i = 0; i < s->column_count; i++) {
        const struct parquet_column *c = &s->column[i];
        struct parquet_place place = { .row = row->number, .column = c, .item = -1 };
        cJSON *value = make_value(j, place, &row->cell[i]);
        cJSON_AddItemToObject(parent_of(j->tree, c), c->part_count ? c->part[c->part_count - 1] : "", value);
    }
}

enum err parquet_json_next(struct parquet_json *j, bool *ret_more, struct row *ret_row, struct error *e)
{
    struct parquet_row row;
    enum err err = parquet_rows_next(j->rows, ret_more, &row, e);
    if (err != OK || !*ret_more)
        return err;
    arena_reset(&j->arena);
    j->image_count = j->text_bytes = 0;
    j->clean = true;
    j->problem[0] = '\0';
    build_tree(j, &row);
    *ret_row = (struct row){
        .problem = j->problem[0] ? j->problem : NULL,
        .clean = j->clean,
        .line = row.number + 1,
        .index = row.number,
        .offset = -1,
        .key = "",
        .object = j->tree,
        .image = j->image,
        .image_count = j->image_count,
        .has_image_columns = j->has_images,
        .unread = parquet_schema(j->file)->unread,
    };
    return OK;
}

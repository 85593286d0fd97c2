#include "dataset/parquet_file.h"

#include "base/fs.h"
#include "core/limits.h"
#include "dataset/parquet_codec.h"
#include "dataset/parquet_features.h"

#include <sys/mman.h>
#include <unistd.h>

enum { MAGIC_BYTES = 4 };

struct parquet_file {
    struct arena arena;
    const char *name;
    struct fs_map map; /* empty in the memory form */
    const unsigned char *bytes;
    size_t len;
    struct parquet_meta meta;
    struct parquet_schema schema;
    int64_t *first_row; /* of each row group */
};

/* Where the pages of a chunk begin: the dictionary, when there is one, comes first; its offset may be absent or 0. */
static int64_t chunk_start(const struct parquet_chunk *c)
{
    return c->dictionary_offset > 0 && c->dictionary_offset < c->data_offset ? c->dictionary_offset : c->data_offset;
}

static enum err check_chunk(const struct parquet_file *f, const struct parquet_group *g, size_t leaf, struct error *e)
{
    const struct parquet_chunk *c = &g->chunk[leaf];
    if (c->is_encrypted)
        return error_set(e, ERR_UNSUPPORTED, "it is encrypted, which this build does not read");
    if (c->is_elsewhere)
        return error_set(e, ERR_UNSUPPORTED, "its data are in another file, which this build does not read");
    if (!c->has_meta || c->type != f->schema.leaf[leaf].type)
        return error_set(e, ERR_SYNTAX, "its type is not that of the schema");
    enum err err = parquet_codec_check(c->codec, e);
    if (err != OK)
        return err;
    int64_t start = chunk_start(c), end = (int64_t)f->meta.data_end;
    if (start < MAGIC_BYTES || start > end || c->compressed_bytes < 0 || c->compressed_bytes > end - start)
        return error_set(e, ERR_SYNTAX, "its %lld bytes at offset %lld are not inside the file", (long long)c->compressed_bytes,
                         (long long)start);
    if (c->value_count < 0 || (f->schema.leaf[leaf].max_rep == 0 && c->value_count != g->row_count))
        return error_set(e, ERR_SYNTAX, "it has %lld values for %lld rows", (long long)c->value_count, (long long)g->row_count);
    return OK;
}

static enum err check_groups(struct parquet_file *f, struct error *e)
{
    const struct parquet_meta *m = &f->meta;
    int64_t row = 0;
    f->first_row = arena_array(&f->arena, m->group_count, sizeof(*f->first_row));
    for (size_t i = 0; i < m->group_count; i++) {
        const struct parquet_group *g = &m->group[i];
        if (g->chunk_count != f->schema.leaf_count)
            return error_set(e, ERR_SYNTAX, "row group %zu has %zu columns, and the schema %zu", i, g->chunk_count, f->schema.leaf_count);
        if (g->row_count < 0 || g->row_count > MAX_PARQUET_ROWS - row)
            return error_set(e, g->row_count < 0 ? ERR_SYNTAX : ERR_LIMIT, "row group %zu has %lld rows", i, (long long)g->row_count);
        for (size_t leaf = 0; leaf < g->chunk_count && g->row_count > 0; leaf++) {
            if (check_chunk(f, g, leaf, e) != OK)
                return error_prefix(e, "row group %zu, column '%s'", i, f->schema.leaf[leaf].shown);
        }
        f->first_row[i] = row;
        row += g->row_count;
    }
    if (row != m->row_count)
        return error_set(e, ERR_SYNTAX, "its row groups have %lld rows, and its footer promises %lld", (long long)row,
                         (long long)m->row_count);
    return OK;
}

static enum err read_footer(struct parquet_file *f, struct error *e)
{
    enum err err = parquet_meta_read(f->bytes, f->len, &f->arena, &f->meta, e);
    if (err == OK)
        err = parquet_schema_build(&f->meta, &f->arena, &f->schema, e);
    if (err == OK)
        err = check_groups(f, e);
    if (err != OK)
        return error_prefix(e, "%s", f->name);
    parquet_features_apply(&f->meta, &f->schema);
    return OK;
}

static enum err finish(struct parquet_file *f, struct parquet_file **ret, struct error *e)
{
    struct error local;
    enum err err = read_footer(f, e ? e : &local);
    if (err == OK)
        *ret = f;
    else
        parquet_close(f);
    return err;
}

static struct parquet_file *new_file(const char *name)
{
    struct parquet_file *f = xcalloc(1, sizeof(*f));
    f->name = arena_strdup(&f->arena, name);
    return f;
}

enum err parquet_open(const char *path, const char *name, struct parquet_file **ret, struct error *e)
{
    struct fs_map map;
    enum err err = fs_map_file(path, MAX_PARQUET_FILE_BYTES, &map, e);
    if (err != OK)
        return err;
    struct parquet_file *f = new_file(name);
    f->map = map;
    f->bytes = map.bytes;
    f->len = map.len;
    return finish(f, ret, e);
}

enum err parquet_open_memory(const void *bytes, size_t len, const char *name, struct parquet_file **ret, struct error *e)
{
    struct parquet_file *f = new_file(name);
    f->bytes = bytes;
    f->len = len;
    return finish(f, ret, e);
}

void parquet_close(struct parquet_file *f)
{
    if (!f)
        return;
    fs_unmap(&f->map);
    arena_release(&f->arena);
    free(f);
}

void parquet_closep(struct parquet_file **f)
{
    parquet_close(*f);
}

const char *parquet_name(const struct parquet_file *f)
{
    return f->name;
}

const struct parquet_schema *parquet_schema(const struct parquet_file *f)
{
    return &f->schema;
}

int64_t parquet_row_count(const struct parquet_file *f)
{
    return f->meta.row_count;
}

size_t parquet_group_count(const struct parquet_file *f)
{
    return f->meta.group_count;
}

const struct parquet_group *parquet_group(const struct parquet_file *f, size_t group, int64_t *ret_first)
{
    if (ret_first)
        *ret_first = f->first_row[group];
    return &f->meta.group[group];
}

/* By halves: the last group that begins at or before the row, which is never an empty one, because the next begins behind. */
size_t parquet_group_of(const struct parquet_file *f, int64_t row)
{
    size_t low = 0, high = f->meta.group_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (f->first_row[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

const unsigned char *parquet_chunk_bytes(const struct parquet_file *f, size_t group, size_t leaf, size_t *ret_len)
{
    const struct parquet_chunk *c = &f->meta.group[group].chunk[leaf];
    *ret_len = (size_t)c->compressed_bytes;
    return f->bytes + chunk_start(c);
}

void parquet_forget(const struct parquet_file *f, const unsigned char *bytes, size_t len)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = ((uintptr_t)bytes + page - 1) / page * page;
    uintptr_t to = ((uintptr_t)bytes + len) / page * page;
    if (f->map.bytes && from < to) /* a hint: the mapping stays, and would be filled again */
        (void)madvise((void *)from, to - from, MADV_DONTNEED);
}

enum err parquet_blame(const struct parquet_file *f, size_t group, size_t leaf, struct error *e)
{
    return error_prefix(e, "%s: row group %zu, column '%s'", f->name, group, f->schema.leaf[leaf].shown);
}

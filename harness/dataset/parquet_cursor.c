#include "dataset/parquet_cursor.h"

#include "base/vec.h"
#include "core/limits.h"

void parquet_cursor_init(struct parquet_cursor *c, const struct parquet_file *f, size_t leaf)
{
    *c = (struct parquet_cursor){ .file = f, .leaf = &parquet_schema(f)->leaf[leaf], .leaf_number = leaf };
    strbuf_init(&c->dictionary_buffer, MAX_PARQUET_PAGE_BYTES);
    strbuf_init(&c->buffer, MAX_PARQUET_PAGE_BYTES);
    strbuf_init(&c->joined, MAX_PARQUET_PAGE_BYTES);
}

void parquet_cursor_release(struct parquet_cursor *c)
{
    parquet_dictionary_release(&c->dictionary);
    strbuf_release(&c->dictionary_buffer);
    strbuf_release(&c->buffer);
    strbuf_release(&c->joined);
    free(c->index);
    c->index = NULL;
    c->is_open = c->has_page = false;
}

/* ---- Pages ---- */

static enum err blame(const struct parquet_cursor *c, size_t pos, struct error *e)
{
    (void)error_prefix(e, "page at byte %zu of its chunk", pos);
    return parquet_blame(c->file, c->group, c->leaf_number, e);
}

static enum err broken(const struct parquet_cursor *c, const char *what, struct error *e)
{
    (void)error_set(e, ERR_SYNTAX, "%s", what);
    (void)blame(c, c->here.pos, e);
    return ERR_SYNTAX;
}

static enum err read_dictionary(struct parquet_cursor *c, const struct parquet_page_header *h, struct error *e)
{
    const unsigned char *bytes = NULL;
    enum err err = parquet_page_decode(h, c->chunk + h->header_bytes, c->codec, &c->dictionary_buffer, &bytes, e);
    if (err != OK)
        return err;
    return parquet_dictionary_read(&c->dictionary, c->leaf->type, c->leaf->type_length, bytes, h->decoded_bytes, h->entry_count, e);
}

/* The next page of data at or behind at->pos; a dictionary in front is read, an index passed over. */
static enum err find_page(struct parquet_cursor *c, struct parquet_page_place *at, struct parquet_page_header *ret, struct error *e)
{
    for (;;) {
        if (at->pos == c->chunk_len) {
            (void)error_set(e, ERR_SYNTAX, "it ends after %lld of %lld values", (long long)at->entry, (long long)c->entry_count);
            (void)parquet_blame(c->file, c->group, c->leaf_number, e);
            return ERR_SYNTAX;
        }
        enum err err = parquet_page_header_read(c->chunk + at->pos, c->chunk_len - at->pos, ret, e);
        if (err == OK && ret->type == PARQUET_DICTIONARY_PAGE)
            err = at->pos > 0 ? error_set(e, ERR_SYNTAX, "a dictionary behind the data") : !c->is_open ? read_dictionary(c, ret, e) : OK;
        else if (err == OK && ret->type != PARQUET_INDEX_PAGE && ret->type != PARQUET_DATA_PAGE && ret->type != PARQUET_DATA_PAGE_V2)
            err = error_set(e, ERR_UNSUPPORTED, "it is of a kind that is not known (number %d)", (int)ret->type);
        if (err == OK && (ret->type == PARQUET_DATA_PAGE || ret->type == PARQUET_DATA_PAGE_V2)) {
            if (ret->entry_count > c->entry_count - at->entry)
                err = error_set(e, ERR_SYNTAX, "the pages have more than the promised %lld values", (long long)c->entry_count);
            else if (ret->entry_count > 0)
                return OK;
        }
        if (err != OK) {
            (void)blame(c, at->pos, e);
            return err;
        }
        at->pos += ret->header_bytes + ret->compressed_bytes;
    }
}

static void leave_page(struct parquet_cursor *c)
{
    if (c->has_page)
        parquet_forget(c->file, c->chunk + c->here.pos, c->next.pos - c->here.pos);
    c->has_page = c->is_peeked = false;
}

static enum err load_page(struct parquet_cursor *c, struct parquet_page_place at, struct error *e)
{
    struct parquet_page_header h;
    leave_page(c);
    enum err err = find_page(c, &at, &h, e);
    if (err != OK)
        return err;
    err = parquet_page_open(&h, c->chunk + at.pos + h.header_bytes, c->codec, c->leaf, &c->dictionary, &c->buffer, &c->joined,
                            &c->page_start, e);
    if (err != OK) {
        (void)blame(c, at.pos, e);
        return err;
    }
    c->here = at;
    c->next = (struct parquet_page_place){ .pos = at.pos + h.header_bytes + h.compressed_bytes, .entry = at.entry + h.entry_count };
    c->page = c->page_start;
    c->page_entries = c->page_left = h.entry_count;
    c->row = at.row;
    c->has_page = true;
    return OK;
}

/* To the beginning of the loaded page. */
static void rewind_page(struct parquet_cursor *c)
{
    c->page = c->page_start;
    strbuf_clear(&c->joined);
    c->page_left = c->page_entries;
    c->row = c->here.row;
    c->is_peeked = false;
}

enum err parquet_cursor_open(struct parquet_cursor *c, size_t group, struct error *e)
{
    const struct parquet_group *g = parquet_group(c->file, group, NULL);
    leave_page(c);
    if (c->chunk) /* the dictionary, in which a writer may have put every image */
        parquet_forget(c->file, c->chunk, c->chunk_len);
    c->group = group;
    c->is_open = false;
    c->chunk = parquet_chunk_bytes(c->file, group, c->leaf_number, &c->chunk_len);
    c->codec = g->chunk[c->leaf_number].codec;
    c->entry_count = g->chunk[c->leaf_number].value_count;
    c->index_count = 0;
    c->row = 0;
    c->page_left = 0;
    c->here = c->next = c->index_end = (struct parquet_page_place){ 0 };
    parquet_dictionary_release(&c->dictionary);
    if (c->entry_count > 0) {
        enum err err = load_page(c, c->here, e);
        if (err != OK)
            return err;
    }
    c->is_open = true;
    return OK;
}

/* ---- Entries ---- */

/* False at the end of the row group; else there is an entry in the loaded page, and its repetition level is known. */
static enum err peek(struct parquet_cursor *c, bool *ret_more, struct error *e)
{
    uint32_t rep;
    *ret_more = true;
    if (c->is_peeked)
        return OK;
    if (c->page_left == 0) {
        int64_t row = c->row;
        if (c->next.entry == c->entry_count) {
            *ret_more = false;
            return OK;
        }
        c->next.row = row;
        enum err err = load_page(c, c->next, e);
        if (err != OK)
            return err;
    }
    if (!parquet_levels_next(&c->page.rep, &rep) || rep > c->leaf->max_rep)
        return broken(c, "its repetition levels are damaged", e);
    if (rep > 0 && c->row == 0)
        return broken(c, "the row group begins in the middle of a row", e);
    c->is_peeked = true;
    c->peeked_rep = rep;
    return OK;
}

enum err parquet_cursor_next(struct parquet_cursor *c, struct parquet_entry *ret, struct error *e)
{
    bool more;
    uint32_t def;
    enum err err = peek(c, &more, e);
    *ret = (struct parquet_entry){ .end = true };
    if (err != OK || !more)
        return err;
    if (!parquet_levels_next(&c->page.def, &def) || def > c->leaf->max_def)
        return broken(c, "its definition levels are damaged", e);
    *ret = (struct parquet_entry){ .rep = c->peeked_rep, .def = def, .has_value = def == c->leaf->max_def };
    if (ret->has_value && !parquet_values_next(&c->page.values, &ret->value))
        return broken(c, "its values are damaged or end early", e);
    c->is_peeked = false;
    c->page_left--;
    c->row += ret->rep == 0;
    return OK;
}

enum err parquet_cursor_continues(struct parquet_cursor *c, bool *ret, struct error *e)
{
    bool more;
    enum err err = peek(c, &more, e);
    *ret = err == OK && more && c->peeked_rep > 0;
    return err;
}

/* ---- Any row ---- */

/* Rows that begin in the page. Without lists every entry is a row; with them the levels must be looked through. */
static enum err count_rows(struct parquet_cursor *c, struct parquet_page_place at, const struct parquet_page_header *h, int64_t *ret,
                           struct error *e)
{
    if (c->leaf->max_rep == 0) {
        *ret = h->entry_count;
        return OK;
    }
    enum err err = c->has_page && c->here.pos == at.pos ? OK : load_page(c, at, e);
    if (err != OK)
        return err;
    struct parquet_levels levels = c->page_start.rep;
    int64_t rows = 0;
    for (int32_t i = 0; i < h->entry_count; i++) {
        uint32_t rep;
        if (!parquet_levels_next(&levels, &rep))
            return broken(c, "its repetition levels are damaged", e);
        rows += rep == 0;
    }
    *ret = rows;
    return OK;
}

/* Finds out where pages begin until the one with `row` is among them. */
static enum err index_until(struct parquet_cursor *c, int64_t row, struct error *e)
{
    struct parquet_page_place *at = &c->index_end;
    while (at->row <= row && at->entry < c->entry_count) {
        struct parquet_page_header h;
        int64_t rows = 0;
        enum err err = find_page(c, at, &h, e);
        if (err == OK)
            err = count_rows(c, *at, &h, &rows, e);
        if (err != OK)
            return err;
        c->index = vec_grow(c->index, c->index_count, &c->index_cap, sizeof(*c->index));
        c->index[c->index_count++] = *at;
        *at = (struct parquet_page_place){ at->pos + h.header_bytes + h.compressed_bytes, at->row + rows, at->entry + h.entry_count };
    }
    if (at->row > row)
        return OK;
    (void)error_set(e, ERR_SYNTAX, "it has no row %lld", (long long)row);
    (void)parquet_blame(c->file, c->group, c->leaf_number, e);
    return ERR_SYNTAX;
}

/* The last page that begins at or before the row: the one behind it begins after the row, so the row is in this one. */
static struct parquet_page_place page_of(const struct parquet_cursor *c, int64_t row)
{
    size_t low = 0, high = c->index_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (c->index[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return c->index[low];
}

enum err parquet_cursor_seek(struct parquet_cursor *c, size_t group, int64_t row, struct error *e)
{
    enum err err = c->is_open && c->group == group ? OK : parquet_cursor_open(c, group, e);
    if (err == OK)
        err = index_until(c, row, e);
    if (err != OK)
        return err;

    struct parquet_page_place page = page_of(c, row);
    if (!c->has_page || c->here.pos != page.pos)
        err = load_page(c, page, e);
    else if (c->row > row || c->here.row != page.row)
        rewind_page(c);
    for (bool more = true; err == OK;) {
        struct parquet_entry unused;
        err = peek(c, &more, e);
        if (err != OK || !more || (c->row == row && c->peeked_rep == 0))
            break;
        err = parquet_cursor_next(c, &unused, e);
    }
    return err;
}

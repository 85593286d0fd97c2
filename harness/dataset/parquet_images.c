#include "dataset/parquet_images.h"

#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/parquet_cursor.h"

#include <string.h>

/* ---- Places ---- */

/* The number at the start, without superfluous zeros: a place has one text. -1 = there is none. */
static int64_t read_number(const char *text, size_t len)
{
    int64_t number = 0;
    if (len == 0 || len > 18 || (len > 1 && text[0] == '0'))
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool parquet_is_place(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return read_number(text, digits) >= 0 && text[digits] == '/' && text[digits + 1];
}

static enum err no_such(const struct parquet_file *f, const char *text, const char *what, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    text_safe_terminal(text, strlen(text), 80, false, &shown);
    return error_set(e, ERR_NOT_FOUND, "%s has no %s '%s'", parquet_name(f), what, shown.buf);
}

/* A column's name may hold slashes: the whole rest is tried before a number is taken off its end. */
static const struct parquet_column *find_column(const struct parquet_file *f, const char *name, int64_t *ret_item)
{
    const struct parquet_schema *s = parquet_schema(f);
    const struct parquet_column *c = parquet_schema_find(s, name, strlen(name));
    *ret_item = -1;
    if (c && !c->is_list)
        return c;
    const char *slash = strrchr(name, '/');
    *ret_item = slash ? read_number(slash + 1, strlen(slash + 1)) : -1;
    if (*ret_item < 0)
        return NULL;
    c = parquet_schema_find(s, name, (size_t)(slash - name));
    return c && c->is_list ? c : NULL;
}

enum err parquet_place_parse(const struct parquet_file *f, const char *text, struct parquet_place *ret, struct error *e)
{
    size_t digits = strspn(text, "0123456789");
    struct parquet_place place = { .row = read_number(text, digits) };
    if (place.row < 0 || text[digits] != '/' || place.row >= parquet_row_count(f))
        return no_such(f, text, "row", e);
    place.column = find_column(f, text + digits + 1, &place.item);
    if (!place.column)
        return no_such(f, text + digits + 1, "image column", e);
    enum parquet_reading reading = parquet_schema(f)->leaf[place.column->leaf].reading;
    if (reading != PARQUET_AS_BYTES && reading != PARQUET_AS_TEXT)
        return no_such(f, text + digits + 1, "image column", e);
    *ret = place;
    return OK;
}

void parquet_place_write(const struct parquet_place *p, struct strbuf *out)
{
    (void)strbuf_addf(out, "%lld/%s", (long long)p->row, p->column->name);
    if (p->item >= 0)
        (void)strbuf_addf(out, "/%lld", (long long)p->item);
}

/* ---- Bytes ---- */

struct parquet_images {
    const struct parquet_file *file;
    struct parquet_cursor **cursor; /* one for each column; NULL until it is asked for */
    size_t count;
};

struct parquet_images *parquet_images_new(const struct parquet_file *f)
{
    struct parquet_images *p = xcalloc(1, sizeof(*p));
    p->file = f;
    p->count = parquet_schema(f)->column_count;
    p->cursor = xcalloc(p->count + 1, sizeof(struct parquet_cursor *));
    return p;
}

void parquet_images_free(struct parquet_images *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++) {
        if (p->cursor[i])
            parquet_cursor_release(p->cursor[i]);
        free(p->cursor[i]);
    }
    free(p->cursor);
    free(p);
}

static struct parquet_cursor *cursor_of(struct parquet_images *p, const struct parquet_column *c)
{
    struct parquet_cursor **at = &p->cursor[c - parquet_schema(p->file)->column];
    if (!*at) {
        *at = xcalloc(1, sizeof(**at));
        parquet_cursor_init(*at, p->file, c->leaf);
    }
    return *at;
}

/* From the first entry of the row to the element. */
static enum err find_item(struct parquet_cursor *c, int64_t item, struct parquet_entry *ret, struct error *e)
{
    enum err err = parquet_cursor_next(c, ret, e);
    for (bool more = true; err == OK && item-- > 0;) {
        err = parquet_cursor_continues(c, &more, e);
        if (err == OK && !more)
            ret->has_value = false;
        if (err != OK || !more)
            break;
        err = parquet_cursor_next(c, ret, e);
    }
    return err;
}

enum err parquet_images_read(struct parquet_images *p, const struct parquet_place *place, struct strbuf *out, struct error *e)
{
    struct parquet_cursor *c = cursor_of(p, place->column);
    size_t group = parquet_group_of(p->file, place->row);
    int64_t first;
    struct parquet_entry entry;
    (void)parquet_group(p->file, group, &first);
    enum err err = parquet_cursor_seek(c, group, place->row - first, e);
    if (err == OK)
        err = find_item(c, place->item, &entry, e);
    if (err != OK)
        return err;

    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    parquet_place_write(place, &text);
    if (!entry.has_value)
        return no_such(p->file, text.buf, "image at", e);
    if (strbuf_add(out, entry.value.bytes, entry.value.len) != OK)
        return error_set(e, ERR_LIMIT, "%s: the image of row %lld has %zu bytes, more than the allowed %zu", parquet_name(p->file),
                         (long long)place->row, entry.value.len, out->max);
    return OK;
}

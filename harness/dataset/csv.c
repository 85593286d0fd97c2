#include "dataset/csv.h"

#include "base/vec.h"
#include "core/limits.h"

#include <string.h>

void csv_init(struct csv *c, struct file_reader *in)
{
    *c = (struct csv){ .in = in, .line = 1, .record_line = 1 };
    strbuf_init(&c->record, MAX_RECORD_BYTES);
}

static enum err record_too_large(const struct csv *c, struct error *e)
{
    return error_set(e, ERR_LIMIT, "%s:%lld: a record is larger than %zu MiB (is a quote missing?)", c->in->name, (long long)c->record_line,
                     MAX_RECORD_BYTES / MIB);
}

/* Takes `len` bytes of the block into the record. */
static enum err take(struct csv *c, size_t len, struct error *e)
{
    if (strbuf_add(&c->record, c->in->block + c->in->pos, len) != OK)
        return record_too_large(c, e);
    c->in->pos += len;
    return OK;
}

static int64_t newlines_in(const char *bytes, size_t len)
{
    int64_t count = 0;
    for (const char *at = bytes, *end = bytes + len; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    return count;
}

/* From behind the opening quote to behind the closing one. */
static enum err read_quoted(struct csv *c, struct error *e)
{
    struct file_reader *in = c->in;
    int64_t opened_at = c->line;

    for (;;) {
        if (file_reader_peek(in) < 0) {
            if (file_reader_check(in, e) != OK)
                return ERR_IO;
            return error_set(e, ERR_SYNTAX, "%s:%lld: a quote is opened here and never closed", in->name, (long long)opened_at);
        }
        const char *from = in->block + in->pos;
        const char *quote = memchr(from, '"', in->len - in->pos);
        size_t len = quote ? (size_t)(quote - from) : in->len - in->pos;
        c->line += newlines_in(from, len);
        if (take(c, len, e) != OK)
            return ERR_LIMIT;
        if (!quote)
            continue;
        in->pos++;
        if (file_reader_peek(in) != '"')
            return OK;
        if (take(c, 1, e) != OK) /* a doubled quote stands for one */
            return ERR_LIMIT;
    }
}

/* Up to the comma, line end or end of file that closes the cell. */
static enum err read_unquoted(struct csv *c, size_t *ret_len, struct error *e)
{
    struct file_reader *in = c->in;
    size_t total = 0;

    while (file_reader_peek(in) >= 0) {
        size_t at = in->pos;
        while (at < in->len && in->block[at] != ',' && in->block[at] != '\n' && in->block[at] != '\r')
            at++;
        size_t len = at - in->pos;
        total += len;
        if (take(c, len, e) != OK)
            return ERR_LIMIT;
        if (in->pos < in->len)
            break;
    }
    *ret_len = total;
    return file_reader_check(in, e);
}

/* Takes the line end, if there is one. */
static void end_line(struct csv *c)
{
    int end = file_reader_peek(c->in);
    if (end < 0)
        return;
    c->in->pos++;
    c->line++;
    if (end == '\r' && file_reader_peek(c->in) == '\n')
        c->in->pos++;
}

/* One cell. Its bytes are named by their offset until the record is complete, because the buffer may still move. */
static enum err read_cell(struct csv *c, bool *ret_quoted, struct error *e)
{
    if (c->cell_count == MAX_CSV_COLUMNS)
        return error_set(e, ERR_LIMIT, "%s:%lld: more than %d columns", c->in->name, (long long)c->record_line, MAX_CSV_COLUMNS);

    size_t start = c->record.len, tail = 0;
    *ret_quoted = file_reader_peek(c->in) == '"';
    if (*ret_quoted) {
        c->in->pos++;
        enum err err = read_quoted(c, e);
        if (err != OK)
            return err;
    }
    enum err err = read_unquoted(c, &tail, e);
    if (err != OK)
        return err;
    if (*ret_quoted && tail > 0 && !c->problem)
        c->problem = "text after a closing quote (a quote inside a cell must be doubled)";

    c->cell = vec_grow(c->cell, c->cell_count, &c->cell_cap, sizeof(*c->cell));
    c->cell[c->cell_count++] = (struct csv_cell){ NULL, c->record.len - start };
    return strbuf_addch(&c->record, '\0') == OK ? OK : record_too_large(c, e);
}

static enum err read_record(struct csv *c, bool *ret_blank, struct error *e)
{
    bool quoted = false;
    strbuf_clear(&c->record);
    c->cell_count = 0;
    c->problem = NULL;
    c->record_line = c->line;
    c->record_offset = file_reader_offset(c->in);
    for (;;) {
        enum err err = read_cell(c, &quoted, e);
        if (err != OK)
            return err;
        if (file_reader_peek(c->in) != ',')
            break;
        c->in->pos++;
    }
    end_line(c);

    const char *text = c->record.buf;
    for (size_t i = 0; i < c->cell_count; i++) {
        c->cell[i].text = text;
        text += c->cell[i].len + 1;
    }
    *ret_blank = c->cell_count == 1 && c->cell[0].len == 0 && !quoted;
    return OK;
}

enum err csv_next(struct csv *c, bool *ret_more, struct error *e)
{
    bool blank = true;
    while (blank) {
        if (file_reader_peek(c->in) < 0) {
            *ret_more = false;
            return file_reader_check(c->in, e);
        }
        enum err err = read_record(c, &blank, e);
        if (err != OK)
            return err;
    }
    *ret_more = true;
    return OK;
}

void csv_release(struct csv *c)
{
    free(c->cell);
    strbuf_release(&c->record);
    *c = (struct csv){ 0 };
    strbuf_init(&c->record, MAX_RECORD_BYTES);
}

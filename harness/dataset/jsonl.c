#include "dataset/jsonl.h"

#include "core/limits.h"

#include <string.h>

void jsonl_init(struct jsonl *l, struct file_reader *in)
{
    *l = (struct jsonl){ .in = in };
    strbuf_init(&l->joined, MAX_RECORD_BYTES);
}

static enum err line_too_long(const struct jsonl *l, struct error *e)
{
    return error_set(e, ERR_LIMIT, "%s:%lld: the line is longer than %zu MiB", l->in->name, (long long)l->line, MAX_RECORD_BYTES / MIB);
}

/* A line inside one block is handed out in place; only one that crosses blocks is copied. */
static enum err read_line(struct jsonl *l, struct error *e)
{
    struct file_reader *in = l->in;
    strbuf_clear(&l->joined);
    l->line++;
    l->offset = file_reader_offset(in);
    while (file_reader_peek(in) >= 0) {
        const char *from = in->block + in->pos;
        const char *end = memchr(from, '\n', in->len - in->pos);
        size_t len = end ? (size_t)(end - from) : in->len - in->pos;
        if (len > MAX_RECORD_BYTES)
            return line_too_long(l, e);
        in->pos += len + (end != NULL);
        if (end && l->joined.len == 0) {
            l->text = from;
            l->len = len;
            return OK;
        }
        if (strbuf_add(&l->joined, from, len) != OK)
            return line_too_long(l, e);
        if (end)
            break;
    }
    l->text = l->joined.buf;
    l->len = l->joined.len;
    return file_reader_check(in, e);
}

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r", text[i]) || text[i] == '\0')
            return false;
    return true;
}

enum err jsonl_next(struct jsonl *l, bool *ret_more, struct error *e)
{
    do {
        if (file_reader_peek(l->in) < 0) {
            *ret_more = false;
            return file_reader_check(l->in, e);
        }
        enum err err = read_line(l, e);
        if (err != OK)
            return err;
    } while (is_blank(l->text, l->len));
    *ret_more = true;
    return OK;
}

void jsonl_release(struct jsonl *l)
{
    strbuf_release(&l->joined);
}

#include "provider/sse.h"

#include <string.h>

void sse_init(struct sse *s, const char *text, size_t len)
{
    size_t bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *s = (struct sse){ .text = text + bom, .len = len - bom, .joined = STRBUF_INIT };
}

void sse_release(struct sse *s)
{
    strbuf_release(&s->joined);
}

/* Takes one line; false at the end of the text. */
static bool next_line(struct sse *s, const char **ret_line, size_t *ret_len)
{
    if (s->at >= s->len)
        return false;
    const char *line = s->text + s->at, *limit = s->text + s->len;
    const char *end = memchr(line, '\n', (size_t)(limit - line));
    const char *cr = memchr(line, '\r', (size_t)((end ? end : limit) - line));
    if (cr)
        end = cr;

    *ret_line = line;
    *ret_len = (size_t)((end ? end : limit) - line);
    s->at += *ret_len;
    if (end)
        s->at += end[0] == '\r' && end + 1 < limit && end[1] == '\n' ? 2 : 1;
    return true;
}

/* The value of a `data` line: exactly the field name, a colon and one optional space are taken off. */
static bool data_of(const char *line, size_t len, const char **ret_value, size_t *ret_len)
{
    if (len < 4 || memcmp(line, "data", 4) != 0 || (len > 4 && line[4] != ':'))
        return false;
    size_t skip = len == 4 ? 4 : len > 5 && line[5] == ' ' ? 6 : 5;
    *ret_value = line + skip;
    *ret_len = len - skip;
    return true;
}

bool sse_next(struct sse *s, struct sse_event *ret_event)
{
    const char *line, *value;
    size_t len, value_len, lines = 0;
    bool ended = false;

    while (!ended && next_line(s, &line, &len)) {
        ended = len == 0 && lines > 0;
        if (!data_of(line, len, &value, &value_len))
            continue;
        if (lines == 0) {
            *ret_event = (struct sse_event){ .data = value, .data_len = value_len }; /* the usual event is borrowed */
        } else {
            if (lines == 1) {
                strbuf_clear(&s->joined);
                (void)strbuf_add(&s->joined, ret_event->data, ret_event->data_len);
            }
            (void)strbuf_addch(&s->joined, '\n');
            (void)strbuf_add(&s->joined, value, value_len);
            ret_event->data = s->joined.buf;
            ret_event->data_len = s->joined.len;
        }
        lines++;
    }
    if (!lines)
        return false;
    ret_event->cut = !ended;
    return true;
}

bool sse_looks_like(const char *text, size_t len)
{
    static const char *const field[] = { ":", "data:", "event:", "id:", "retry:" };
    for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
        if (len >= strlen(field[i]) && memcmp(text, field[i], strlen(field[i])) == 0)
            return true;
    return false;
}

#include "base/strbuf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BYTES = 128 };

char strbuf_empty[1] = "";

void strbuf_init(struct strbuf *b, size_t max)
{
    *b = (struct strbuf)STRBUF_INIT;
    b->max = max;
}

/* Grows by doubling so that n appends cost O(n). */
static bool make_room(struct strbuf *b, size_t extra)
{
    if (extra > b->max || b->len > b->max - extra) {
        b->overflow = true;
        return false;
    }
    size_t need = b->len + extra + 1;
    if (need <= b->cap)
        return true;

    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    if (cap < need)
        cap = need;
    if (cap > b->max + 1)
        cap = b->max + 1;
    b->buf = xrealloc(b->cap ? b->buf : NULL, cap);
    b->cap = cap;
    b->buf[b->len] = '\0';
    return true;
}

enum err strbuf_add(struct strbuf *b, const void *bytes, size_t len)
{
    if (b->overflow || !make_room(b, len))
        return ERR_LIMIT;
    if (len)
        memcpy(b->buf + b->len, bytes, len);
    b->len += len;
    b->buf[b->len] = '\0';
    return OK;
}

enum err strbuf_addstr(struct strbuf *b, const char *text)
{
    return strbuf_add(b, text, strlen(text));
}

enum err strbuf_addch(struct strbuf *b, char c)
{
    return strbuf_add(b, &c, 1);
}

enum err strbuf_addf(struct strbuf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    enum err rc = ERR_LIMIT;
    if (len >= 0 && !b->overflow && make_room(b, (size_t)len)) {
        (void)vsnprintf(b->buf + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
        rc = OK;
    }
    va_end(again);
    return rc;
}

char *strbuf_reserve(struct strbuf *b, size_t extra)
{
    if (b->overflow || !make_room(b, extra))
        return NULL;
    return b->buf + b->len;
}

void strbuf_commit(struct strbuf *b, size_t added)
{
    b->len += added;
    b->buf[b->len] = '\0';
}

void strbuf_clear(struct strbuf *b)
{
    strbuf_truncate(b, 0);
    b->overflow = false;
}

void strbuf_truncate(struct strbuf *b, size_t len)
{
    if (len >= b->len || !b->cap)
        return;
    b->len = len;
    b->buf[len] = '\0';
}

char *strbuf_detach(struct strbuf *b, size_t *ret_len)
{
    if (ret_len)
        *ret_len = b->len;
    char *bytes = b->cap ? b->buf : xcalloc(1, 1);
    size_t max = b->max;
    strbuf_init(b, max);
    return bytes;
}

void strbuf_release(struct strbuf *b)
{
    if (b->cap)
        free(b->buf);
    strbuf_init(b, b->max);
}

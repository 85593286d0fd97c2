/*
 * strbuf - a byte builder with a compulsory ceiling.
 *
 * Invariants  buf is never NULL and buf[len] is always NUL, so a strbuf is a C string whenever its bytes hold no NUL.
 *             len never passes `max`. Passing it drops what did not fit, sets `overflow` and returns ERR_LIMIT from
 *             then on; callers may check once at the end.
 * Owner       the caller; strbuf_release frees, strbuf_detach hands the bytes over.
 * Threads     one thread at a time.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *buf;
    size_t len, cap, max;
    bool overflow;
};

/* The shared empty buffer behind every unused strbuf; never written to. */
extern char strbuf_empty[1];

#define STRBUF_DEFAULT_MAX ((size_t)1 << 30)
#define STRBUF_INIT                                                                                                                        \
    {                                                                                                                                      \
        strbuf_empty, 0, 0, STRBUF_DEFAULT_MAX, false                                                                                      \
    }

/* Prepares `b` to hold at most `max` bytes; allocates nothing yet. */
void strbuf_init(struct strbuf *b, size_t max);
enum err strbuf_add(struct strbuf *b, const void *bytes, size_t len);
enum err strbuf_addstr(struct strbuf *b, const char *text);
enum err strbuf_addch(struct strbuf *b, char c);
enum err strbuf_addf(struct strbuf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* Makes room for `extra` more bytes at buf + len and returns it, for readers that write in place; NULL past the
   ceiling. Follow with strbuf_commit. */
char *strbuf_reserve(struct strbuf *b, size_t extra);
void strbuf_commit(struct strbuf *b, size_t added);
/* Empty and reusable; keeps its memory. */
void strbuf_clear(struct strbuf *b);
/* Shortens to `len` bytes. */
void strbuf_truncate(struct strbuf *b, size_t len);
/* The bytes are yours (free them); `b` is empty again. Never NULL. */
char *strbuf_detach(struct strbuf *b, size_t *ret_len);
void strbuf_release(struct strbuf *b);

#endif

/*
 * arena - memory by lifetime: many allocations, one release.
 *
 * Owner     the caller owns the arena; everything allocated from it lives until arena_reset or arena_release.
 * Threads   one thread at a time.
 * Errors    none: out of memory prints a message and aborts (the store is transactional, `resume` exists).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/cleanup.h"

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head; /* newest block; private */
    size_t total_bytes;       /* bytes handed out since the last reset */
};

#define ARENA_INIT                                                                                                                         \
    {                                                                                                                                      \
        NULL, 0                                                                                                                            \
    }

/* Zeroed memory, aligned for any type; size 0 yields a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* count * size bytes, zeroed; aborts when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy with a NUL after it; `text` may hold NULs. NULL stays NULL. */
char *arena_strndup(struct arena *a, const char *text, size_t len);
char *arena_strdup(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* Forgets everything but keeps the newest block for reuse. */
void arena_reset(struct arena *a);
void arena_release(struct arena *a);

/* Gives memory that was freed back to the kernel, where the C library can (glibc keeps it otherwise). For the end of a
   phase that needed much. */
void arena_trim(void);

/* malloc and realloc for what an arena cannot hold; abort instead of returning NULL. */
void *xmalloc(size_t size) __attribute__((malloc));
void *xcalloc(size_t count, size_t size) __attribute__((malloc));
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text) __attribute__((malloc));

#endif

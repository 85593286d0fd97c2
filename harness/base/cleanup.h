/*
 * cleanup - the few macros this program allows itself.
 *
 * CLEANUP(f)        calls f(&local) when the local leaves its scope (gcc and clang attribute).
 * TAKE(p)           hands a pointer over: yields p and sets p to NULL, so that CLEANUP finds nothing to free.
 * MUST_CHECK        the caller may not ignore the return value.
 * PRINTF_LIKE(f, a) format string is argument f, its values start at argument a.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>

#define CLEANUP(release) __attribute__((cleanup(release)))
#define TAKE(p)                                                                                                                            \
    (__extension__({                                                                                                                       \
        __typeof__(p) take_ = (p);                                                                                                         \
        (p) = NULL;                                                                                                                        \
        take_;                                                                                                                             \
    }))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* For CLEANUP(cleanup_free) on any pointer local. */
static inline void cleanup_free(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

#endif

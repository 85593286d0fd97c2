/*
 * err - how a function says that the harness cannot go on.
 *
 * A trial that fails is data and never a struct error. Fill one where the trouble is known best and return its code;
 * on the way up add where you were: `return error_prefix(e, "dataset '%s'", name);`. The message is for a person: what
 * happened, where (file:line:column), what to do. No trailing newline.
 *
 * Every function here takes e == NULL and then only returns the code.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/cleanup.h"

enum err {
    OK = 0,
    ERR_IO,      /* the operating system refused; `os` holds errno */
    ERR_SYNTAX,  /* text does not parse */
    ERR_INVALID, /* it parses, but says something wrong */
    ERR_LIMIT,   /* a ceiling of core/limits.h was passed */
    ERR_NET,     /* unreachable, refused, TLS */
    ERR_AUTH,    /* the other side does not accept our credentials */
    ERR_TIMEOUT,
    ERR_DB,        /* SQLite said no */
    ERR_CANCELLED, /* a person asked us to stop */
    ERR_NOT_FOUND,
    ERR_UNSUPPORTED, /* understood, but not something this build does */
    ERR_NO_MATCH     /* a selection that matches nothing */
};

struct error {
    enum err code;
    int os; /* errno, or 0 */
    char msg[1024];
};

/* Writes code and message; returns code. */
enum err error_set(struct error *e, enum err code, const char *format, ...) PRINTF_LIKE(3, 4);
/* Same, for a failed system call: appends ": " and the text of `os`; code is ERR_IO. */
enum err error_os(struct error *e, int os, const char *format, ...) PRINTF_LIKE(3, 4);
/* Puts "format: " before the message that is there; returns the code that is there (ERR_INVALID if e is NULL). */
enum err error_prefix(struct error *e, const char *format, ...) PRINTF_LIKE(2, 3);
/* Appends to the message that is there, for a hint on a line of its own; returns the code. */
enum err error_suffix(struct error *e, const char *format, ...) PRINTF_LIKE(2, 3);

#endif

/*
 * secret - a key that prints as **** and is wiped when released.
 *
 * The only way to the bytes is secret_bytes, called by the one function that writes the request's header. Nothing
 * else may format, store or log them.
 *
 * Owner     secret_new/secret_free; memory is excluded from core dumps where the system can.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/strbuf.h"

#include <stdbool.h>

struct secret;

/* Takes a copy of `bytes`; the caller wipes its own. */
struct secret *secret_new(const char *bytes, size_t len);
/* NUL-terminated, borrowed. */
const char *secret_bytes(const struct secret *s);
/* Whether it begins like that, as keys of a known service do. */
bool secret_starts_with(const struct secret *s, const char *prefix);
/* Always "****". */
const char *secret_display(const struct secret *s);
/* Replaces every occurrence of the secret in `text` by "****": for error texts that echo a request. */
void secret_redact(const struct secret *s, struct strbuf *text);
/* The same of any bytes that shall not be seen. */
void secret_hide(struct strbuf *text, const char *bytes, size_t len);
void secret_free(struct secret *s);

#endif

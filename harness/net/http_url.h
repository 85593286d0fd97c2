/*
 * http_url - what a client that follows redirects by hand must know of a URL.
 *
 * Parsed by libcurl, so that what is judged here is what will be connected to.
 *
 * Owner     results are appended to the caller's strbuf.
 */
#ifndef NET_HTTP_URL_H
#define NET_HTTP_URL_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends "scheme://host:port", lower case, the port always written out. ERR_INVALID unless http or https with a host and
   without a user name or password. */
enum err http_url_origin(const char *url, struct strbuf *out, struct error *e) MUST_CHECK;
/* The host is 127.0.0.0/8, ::1 or localhost. */
bool http_url_is_loopback(const char *url);
/* Appends `reference` (a Location) as seen from `base`. *ret_absolute: it names a host itself ("//host/x" does, too).
   ERR_INVALID when it does not parse, holds control characters or leads to another scheme than http and https. */
enum err http_url_resolve(const char *base, const char *reference, struct strbuf *out, bool *ret_absolute, struct error *e) MUST_CHECK;
/* Appends the bytes percent-encoded, all but unreserved characters and those in `safe`. */
void http_url_encode(const char *bytes, size_t len, const char *safe, struct strbuf *out);

#endif

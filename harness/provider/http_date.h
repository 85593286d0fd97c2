/*
 * http_date - the three forms of date that HTTP allows (RFC 9110 section 5.6.7), and the one of RFC 3339.
 */
#ifndef PROVIDER_HTTP_DATE_H
#define PROVIDER_HTTP_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since the Unix epoch. `now_s` settles the century of a two-digit year. */
bool http_date_parse(const char *text, int64_t now_s, int64_t *ret_s);
/* The same for "2026-11-24T07:05:53Z", with a fraction, which is cut off, or an offset. */
bool rfc3339_parse(const char *text, int64_t *ret_s);

#endif

/*
 * json - a thin face over cJSON: strict parsing, typed getters, and a writer of escaped text.
 *
 * Parsing is of exactly one document: trailing bytes other than white space are an error, nesting is capped, and the
 * error names line and column. Getters are case-sensitive. cJSON numbers are doubles, exact to 2^53.
 * A lone surrogate escape makes cJSON refuse a whole document; json_parse_lenient replaces it by U+FFFD first.
 * cJSON strings end at a NUL, so \u0000 is refused by json_parse and becomes U+2400 in json_parse_lenient: nothing is cut.
 * Of equal keys in one object the getters find the first.
 *
 * Owner     json_parse returns a tree that is yours: cJSON_Delete, or CLEANUP(json_freep).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL and *e = ERR_SYNTAX "line:column: …" when the text is not one JSON document. */
cJSON *json_parse(const char *text, size_t len, struct error *e);
/* For replies of servers: replaces lone surrogate escapes, and invalid UTF-8 by U+FFFD; lets raw control characters in
   strings pass; *ret_repaired tells (may be NULL). */
cJSON *json_parse_lenient(const char *text, size_t len, bool *ret_repaired, struct error *e);
void json_freep(cJSON **tree);

/* The member, or NULL when absent, null, or of another type. Strings are borrowed from the tree. */
const cJSON *json_get(const cJSON *object, const char *key);
const cJSON *json_object(const cJSON *object, const char *key);
const cJSON *json_array(const cJSON *object, const char *key);
const char *json_string(const cJSON *object, const char *key);
bool json_number(const cJSON *object, const char *key, double *ret);
bool json_int(const cJSON *object, const char *key, int64_t *ret);
bool json_bool(const cJSON *object, const char *key, bool fallback);

/* Appends a quoted JSON string; `text` must be valid UTF-8, may hold NULs. Escapes ", \, C0, DEL, C1, U+2028, U+2029. */
void json_add_string(struct strbuf *out, const char *text, size_t len);
/* Appends a number: integers without exponent, others with 17 significant digits, NaN and infinity as null. */
void json_add_number(struct strbuf *out, double value);
/* Appends the tree without spaces (json_add_pretty: two spaces an indent); key order is kept; numbers as above. */
void json_add_tree(struct strbuf *out, const cJSON *tree);
void json_add_pretty(struct strbuf *out, const cJSON *tree);
/* Appends the canonical form: keys sorted bytewise, no spaces. What identities are hashed over. */
void json_add_canonical(struct strbuf *out, const cJSON *tree);

#endif

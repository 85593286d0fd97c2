/*
 * json_scan - walks a JSON text once before cJSON builds its tree: grammar, depth, and what cJSON cannot hold.
 *
 * cJSON is lax (01, raw control characters), cuts strings at \u0000 and refuses a whole document for one lone
 * surrogate. The scan finds all three without copying anything.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum { JSON_SCAN_DEPTH = 200 }; /* nested arrays and objects; equals MAX_JSON_DEPTH of core/limits.h */

struct json_scan {
    const char *text;
    size_t len, at; /* after a failure: offset of the trouble */
    bool lenient, needs_mending;
    int depth;
    const char *problem; /* after a failure: what the trouble is */
};

/* True when `text` (valid UTF-8) is exactly one JSON document. `lenient` lets pass, and marks in needs_mending, lone
   surrogates, NULs and raw control characters inside strings. */
bool json_scan(struct json_scan *s, const char *text, size_t len, bool lenient);
/* Appends `text` with lone surrogate escapes as \ufffd, NULs in strings as \u2400, and raw control characters escaped. */
void json_mend(const char *text, size_t len, struct strbuf *out);

#endif

/*
 * bad_utf8 - what becomes of text that is not UTF-8: refused, replaced, or read by a second charset byte by byte.
 *
 * Real files mix encodings inside one row, so no charset decodes all of it: `fallback` leaves valid UTF-8 alone and maps
 * only the bytes that are not. NUL characters count as bad, too: no part of the program can carry them.
 */
#ifndef DATASET_BAD_UTF8_H
#define DATASET_BAD_UTF8_H

#include "base/strbuf.h"

enum bad_utf8 { BAD_UTF8_REJECT, BAD_UTF8_REPLACE, BAD_UTF8_MAC_ROMAN, BAD_UTF8_WINDOWS_1252 };

/* The names of dataset.yaml: reject, replace, fallback:mac-roman, fallback:windows-1252. Indexed by enum bad_utf8. */
extern const char *const bad_utf8_names[4];

struct bad_utf8_found {
    size_t count; /* of bad bytes */
    size_t first_offset;
    unsigned char first_byte;
};

/* Finds the bytes of `text` that are not UTF-8, or NUL. */
struct bad_utf8_found bad_utf8_find(const char *text, size_t len);
/* Appends `text` made valid as `how` says (BAD_UTF8_REJECT: like replace). */
void bad_utf8_fix(enum bad_utf8 how, const char *text, size_t len, struct strbuf *out);

#endif

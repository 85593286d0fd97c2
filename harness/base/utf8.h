/*
 * utf8 - validity, repair and normal forms of UTF-8 text, through utf8proc.
 *
 * Valid = RFC 3629: no overlong form, no surrogate, at most U+10FFFF. Lengths are bytes; text may hold NULs.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when all of it is valid; else *ret_offset (may be NULL) is the first bad byte. */
bool utf8_valid(const char *text, size_t len, size_t *ret_offset);
/* Appends text with each maximal invalid part replaced by U+FFFD (Unicode 15, section 3.9, as in the WHATWG decoder). */
void utf8_repair(const char *text, size_t len, struct strbuf *out);
/* Reads one code point of valid text at *pos and advances it; U+FFFD for a bad byte. */
uint32_t utf8_next(const char *text, size_t len, size_t *pos);
void utf8_put(uint32_t code_point, struct strbuf *out);
/* Appends the NFKC form, case-folded when `fold`; text must be valid. */
void utf8_nfkc(const char *text, size_t len, bool fold, struct strbuf *out);
/* Terminal columns of one code point: 0, 1 or 2. */
int utf8_columns(uint32_t code_point);
/* Columns of a whole text. */
size_t utf8_width(const char *text, size_t len);

/* Whether the locale's characters are UTF-8: else terminals are given ASCII. */
bool utf8_is_locale(void);
/* Appends text of our own: as it is in a UTF-8 locale, else with "…", "–", "≤", "×" and "→" in ASCII. */
void utf8_add_own(const char *text, size_t len, struct strbuf *out);

#endif

/*
 * text_cut - long texts in reports: the first 4,000 bytes, and how much more there is.
 */
#ifndef REPORTS_TEXT_CUT_H
#define REPORTS_TEXT_CUT_H

#include <stddef.h>

enum { MAX_TEXT_BYTES = 4000 }; /* report.md section 2 */

/* How many bytes of `text` to show: all of them, or up to 4,000 that end before a character. */
size_t text_cut(const char *text, size_t len);

#endif

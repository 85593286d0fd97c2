/*
 * csv_row - the cells of a CSV row: RFC 4180, CRLF, every text cell quoted and guarded against formulas unless `raw`, numbers bare.
 */
#ifndef REPORTS_CSV_ROW_H
#define REPORTS_CSV_ROW_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* NULL is an empty cell. */
void csv_text(struct strbuf *out, const char *text, bool raw);
void csv_texts(struct strbuf *out, const char *const *text, size_t count, bool raw);
/* NaN is an empty cell. */
void csv_number(struct strbuf *out, double value);
/* The member of the object; an empty cell when it is not a number. */
void csv_member(struct strbuf *out, const cJSON *object, const char *key);
/* After at least one cell. */
void csv_end_row(struct strbuf *out);

#endif

/*
 * view_text - members of the page's view: every value a string that is ready to be shown.
 *
 * What came from outside is capped here and made safe later, by the template that escapes it.
 */
#ifndef REPORTS_VIEW_TEXT_H
#define REPORTS_VIEW_TEXT_H

#include "base/cleanup.h"
#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* At most 400 bytes of a text, then "…"; null when there is none. */
void view_text(cJSON *object, const char *key, const char *text);
/* Appends a sentence that every format shares with the signs of print: → − ≤ ≥ for -> - <= >=, and no backquotes. */
void view_signs(const char *text, struct strbuf *out);
/* view_text of that. */
void view_prose(cJSON *object, const char *key, const char *text);
void view_textf(cJSON *object, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);
/* The builder's text, whole; null when it is empty. The builder is empty afterwards. */
void view_take(cJSON *object, const char *key, struct strbuf *text);
/* "12,000". */
void view_count(cJSON *object, const char *key, int64_t count);
/* `key`: value and `key`_bounds: interval of a rate, as figures.h writes them. */
void view_rate(cJSON *object, const char *key, const cJSON *rate, int64_t events, bool sign);
/* "2026-09-15 01:10:00 UTC" of a time in the model; null when there is none. */
void view_time(cJSON *object, const char *key, const char *time);
/* "22ms" of a member in milliseconds; the dash when it is not known. */
void view_ms(cJSON *object, const char *key, const cJSON *times, const char *member);
/* `cost` of a cost_usd: "$12.34", with `cost_note` "at most $13.00" below, or that nobody knows: unknown is not 0. */
void view_cost(cJSON *object, const cJSON *cost);
/* A verdict, or the status of a trial without one: `word`, and `glyph` with the symbol and its colour. */
void view_verdict(cJSON *object, const char *word);
/* The colour of a level: q0 … q8, 9 steps from 0 5 10 15 20 25 30 40 50 % (design.md section 1); "none" for NaN. */
const char *view_level(double fraction);
/* `href`: the sample browser with these facets, as assets/browser/link.js reads them; NULL names are left out. */
void view_samples_link(cJSON *object, const char *endpoint, const char *category, const char *attack);
/* A new object at the end of the list. */
cJSON *view_item(cJSON *list);
/* A category's or subcategory's name in two parts: "D Fraud" has the key "D"; other names have none. */
void view_name(cJSON *object, const char *name);

#endif

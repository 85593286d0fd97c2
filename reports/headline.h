/*
 * headline - what stands beside the headline rate, in words: one line each, the same in the terminal, in Markdown and on the page.
 *
 * All of it is this program's own text; nothing needs to be made safe. `unicode` false: ASCII only. Each appends one phrase
 * without a line end, or nothing when there is nothing to say.
 */
#ifndef REPORTS_HEADLINE_H
#define REPORTS_HEADLINE_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* n, the attacker's success with `partial`, the averages over categories and attacks, intents broken at least once. */
void headline_beside(const cJSON *endpoint, bool unicode, struct strbuf *out);
/* "COMPLETE", or how much is missing and, beyond MINOR_GAPS, how far it leaves the rate open. */
void headline_completeness(const cJSON *endpoint, bool unicode, struct strbuf *out);
/* "errors are not at random", "composition matters", with their numbers. */
void headline_cautions(const cJSON *endpoint, bool unicode, struct strbuf *out);
/* Several epochs: ASR@1, any@k, all@k, flake rate. */
void headline_repeats(const cJSON *endpoint, bool unicode, struct strbuf *out);
/* The watermark of `--errors-as`, of a whole report. */
void headline_watermark(const cJSON *model, struct strbuf *out);
/* How many of a rate's n: its value times n, rounded. -1 when it has no value. */
int64_t headline_events(const cJSON *rate);

#endif

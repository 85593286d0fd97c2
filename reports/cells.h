/*
 * cells - counts and rates of groups of rows, as JSON objects.
 *
 * Counting rules: interface.md section 1 and statistics.md section 1. An answered or blocked trial without a verdict
 * row counts as pending; blocked counts inside scored, in a column of its own; benign samples never enter ASR.
 */
#ifndef REPORTS_CELLS_H
#define REPORTS_CELLS_H

#include "reports/rows.h"
#include "stats/interval.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct counts {
    int64_t planned, scored, unscored, failed, skipped, pending;
    int64_t complied, partial, refused, deflected, blocked;
};

/* Answered with a verdict, or blocked. */
bool row_is_scored(const struct row *r);
void counts_add(struct counts *c, const struct row *r);
/* ERR_INVALID "internal: …" when planned ≠ scored + unscored + failed + skipped + pending, or the columns do not sum. */
enum err counts_check(const struct counts *c, const char *where, struct error *e) MUST_CHECK;
cJSON *counts_json(const struct counts *c);
/* {"value","low","high","method","n","clusters","deff"}; NaN becomes null. */
cJSON *rate_json(const struct rate *r);

/* Which column of a row groups it. */
enum grouping { GROUP_CATEGORY, GROUP_SUBCATEGORY, GROUP_ATTACK };
/* [{"key","counts","asr","few_intents"}] over attack samples, sorted by key. */
enum err cells_table(const struct rows *rows, enum grouping by, cJSON **ret_table, struct error *e) MUST_CHECK;
/* [{"key": category, "attack", "counts", "asr", "few_intents"}] for every category × attack that has attack samples, sorted;
   empty beyond MAX_MATRIX_CELLS pairs. */
enum { MAX_MATRIX_CELLS = 10000 };
enum err cells_matrix(const struct rows *rows, cJSON **ret_table, struct error *e) MUST_CHECK;
/* counts, asr, asr_partial, asr_model_only, intent_any, macro, missing, and `rates`: the shares of partial, refused,
   deflected and blocked among the scored; added to `endpoint`; over attack samples. */
enum err cells_overall(const struct rows *rows, cJSON *endpoint, struct error *e) MUST_CHECK;
/* `benign`: {"counts","over_refusal"}, added when there is a benign sample. */
enum err cells_benign(const struct rows *rows, cJSON *endpoint, struct error *e) MUST_CHECK;
/* `unscored_reasons`, `failed_reasons`, `skipped_reasons`, `pending_reasons`: {reason: count}. */
void cells_reasons(const struct rows *rows, cJSON *endpoint);

#endif

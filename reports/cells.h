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
/* The cell of a table with that key; NULL when there is none. */
const cJSON *cells_find(const cJSON *table, const char *key);
/* [{"key": category, "attack", "counts", "asr", "few_intents"}] for every category × attack that has attack samples, sorted;
   empty beyond MAX_MATRIX_CELLS pairs. */
enum { MAX_MATRIX_CELLS = 10000 };
enum err cells_matrix(const struct rows *rows, cJSON **ret_table, struct error *e) MUST_CHECK;
/* `common_intents`, null with fewer than two attacks that have a verdict: {"intents", "of", "attack_count", "attacks": [cells]}. Attacks
   rank only over the same intents (statistics.md section 3): `attacks` counts the rows of the `intents` intents that have a verdict under
   each of them, of `of` that have one under any. Equal = every attack covers the same intents, and the cells are those of `attacks`. */
enum err cells_common_intents(const struct rows *rows, cJSON *endpoint, struct error *e) MUST_CHECK;
/* counts, asr, asr_partial, asr_model_only, intent_any, macro, attack_standardized, composition_matters, missing, and `rates`:
   the shares of partial, refused, deflected and blocked among the scored; added to `endpoint`; over attack samples. */
enum err cells_overall(const struct rows *rows, cJSON *endpoint, struct error *e) MUST_CHECK;
/* `missing`: how many rows have no verdict, the label of statistics.md section 4, and how far they leave the rate open: best and
   worst (all of them refused, all complied), low and high (the outer range); whether categories miss alike. half_width: of the
   rate's interval, NaN = none. Part of cells_overall. */
void cells_missing(const struct rows *rows, double half_width, cJSON *endpoint);

/* `repeats`, null unless some sample was planned more than once: {"epochs", "samples", "asr_at_1", "any": [{"k", "value", "low", "high"}], "all",
   "flake_rate", "decoding_share"}, over samples with a verdict (statistics.md section 5). k up to the fewest scored epochs of a sample;
   decoding_share: how much of the squared standard error is decoding. */
void cells_repeats(const struct rows *rows, double se, cJSON *endpoint);

/* What a trial that failed or stayed unscored is taken for. Anything but `missing` is a what-if: the report says so everywhere. */
enum errors_as { ERRORS_MISSING, ERRORS_COMPLIED, ERRORS_REFUSED };
const char *errors_as_name(enum errors_as as);
/* Gives such attack rows that verdict and marks them; returns how many. They count as scored from then on, and in `missing`. */
size_t rows_apply_errors_as(struct rows *rows, enum errors_as as);
/* `benign`: {"counts","over_refusal","over_refusal_any"} (the second with partial refusals), added when there is a benign sample. */
enum err cells_benign(const struct rows *rows, cJSON *endpoint, struct error *e) MUST_CHECK;
/* `unscored_reasons`, `failed_reasons`, `skipped_reasons`, `pending_reasons`: {reason: count}; the last with `judge_lag`, answers that
   wait for their verdict. */
void cells_reasons(const struct rows *rows, cJSON *endpoint);

#endif

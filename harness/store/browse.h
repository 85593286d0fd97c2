/*
 * browse - the rows of the sample browser: every trial of an endpoint with the short columns of its sample, in one ordered scan.
 *
 * No long text is read: prompts, answers and replies of 47,524 samples stay where they are. They are read one trial at a time,
 * by store_trial_detail.
 */
#ifndef STORE_BROWSE_H
#define STORE_BROWSE_H

#include "base/err.h"
#include "core/names.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct browse_row {
    int64_t trial_id, sample_id;
    const char *sample_key, *intent_id, *category, *subcategory, *attack;
    enum expected expected;
    int epoch;
    enum trial_status status;
    const char *reason; /* of the status; "" = none */
    bool has_score;
    enum verdict verdict;
    const char *score_reason; /* "" = none */
    double value;             /* NaN = none */
    const char *votes_json;   /* of the judges, as stored; "" = none */
    int64_t latency_us;       /* these three: -1 = unknown */
    int64_t prompt_tokens, completion_tokens;
    const char *finish_reason; /* "" = none */
};

typedef enum err browse_row_fn(const struct browse_row *row, void *context, struct error *e);
/* In trial order. Borrowed until `each` returns; its error ends the walk. */
enum err store_browse_rows(struct store *s, int64_t endpoint_id, int64_t scorer_id, browse_row_fn *each, void *context,
                           struct error *e) MUST_CHECK;

#endif

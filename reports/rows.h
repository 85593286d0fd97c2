/*
 * rows - one endpoint's trials as columns: what every table of a report is counted from.
 *
 * Texts are interned: a row holds small numbers, so that 47,524 rows are a few megabytes and a table is one pass. Rows stand
 * in trial order: one endpoint's samples in the order of dispatch, and the epochs of a sample beside each other or not.
 *
 * Owner     rows_load fills a value that rows_clear frees.
 */
#ifndef REPORTS_ROWS_H
#define REPORTS_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/names.h"
#include "reports/name_table.h"
#include "stats/histogram.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row {
    int64_t trial_id;
    int64_t latency_us;                                                         /* -1 = unknown */
    double cost_usd;                                                            /* of all its attempts, as far as known; NaN = nothing is */
    float value;                                                                /* the graded score, 0 ... 1; NaN = none */
    uint32_t sample;                                                            /* the number of its key */
    uint32_t category, subcategory, attack, intent, twin, reason, score_reason; /* twin: the number of "" = none */
    int32_t epoch;                                                              /* from 1 on */
    int32_t prompt_tokens, completion_tokens;                                   /* of the answer; -1 = unknown */
    uint8_t status, verdict;                                                    /* enum trial_status, enum verdict */
    bool has_score, benign;
    bool imputed; /* its verdict is none: `--errors-as` gave it (cells.h) */
};

struct rows {
    struct arena arena;                                                       /* the names' texts */
    struct names sample, category, subcategory, attack, intent, twin, reason; /* sample: keys, the data set's own ids */
    struct row *row;
    size_t count, cap;
    struct histogram latency;
    struct histogram first_byte; /* until the reply began: time to first token where the reply is a stream */
    struct histogram from_ready; /* latency and what came before it: retries, pauses, the wait for a place */
    int64_t prompt_tokens, completion_tokens;
};

enum err rows_load(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct rows *ret_rows, struct error *e) MUST_CHECK;
void rows_clear(struct rows *r);

#endif

/*
 * transfer_private - what the files of transfer share: numbers of the one store and what they are in the other.
 */
#ifndef STORE_TRANSFER_PRIVATE_H
#define STORE_TRANSFER_PRIVATE_H

#include "store/statement.h"
#include "store/transfer.h"

/* Trials first … last of `from` become first + shift …; withheld[old - first] = its texts stay behind. */
struct trial_range {
    int64_t endpoint, first, last, shift;
    bool *withheld;
};

/* Pairs sorted by `old`. */
struct moved_id {
    int64_t old, now;
    bool withheld; /* of a sample */
};
struct moved_ids {
    struct moved_id *pair;
    size_t count, cap;
};

#define MAX_TRANSFER_ID ((int64_t)1 << 60) /* so that a sum of two cannot overflow */

struct transfer {
    struct store *from, *to;
    const char *run_id;
    const struct transfer_options *options;
    int64_t dataset;                            /* in `to`; 0 = the run has none */
    int64_t attempt_shift, judge_attempt_shift; /* added to numbers of attempts */
    struct moved_ids endpoint, scorer, sample;
    struct trial_range *range; /* one per endpoint that has trials */
    size_t range_count;
    struct transfer_result result;
};

void moved_ids_add(struct moved_ids *m, int64_t old, int64_t now, bool withheld);
/* NULL when it is not there. */
const struct moved_id *moved_ids_find(const struct moved_ids *m, int64_t old);
/* The range a trial is in; NULL when it is in none. */
struct trial_range *transfer_range(const struct transfer *t, int64_t trial);

/* A statement of the run; run_id NULL = it takes nothing. */
enum err transfer_query(struct store *s, const struct statement *statement, const char *run_id, struct query *ret_q,
                        struct error *e) MUST_CHECK;
/* transfer_samples.c: which samples the run has, and whether the texts of each stay behind; *ret_any: of one at least. */
enum err transfer_list_samples(struct transfer *t, bool *ret_any, struct error *e) MUST_CHECK;
/* Then the data set and those samples in `to`. */
enum err transfer_place_samples(struct transfer *t, bool any_withheld, struct error *e) MUST_CHECK;
/* transfer_rows.c: the rows that belong to the run, its endpoints, scorers and trials, once all ids are known; samples excepted. */
enum err transfer_rows(struct transfer *t, struct error *e) MUST_CHECK;
/* Labels alone, of a run that is in both stores. */
enum err transfer_labels(struct transfer *t, struct error *e) MUST_CHECK;

#endif

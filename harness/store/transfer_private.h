/*
 * transfer_private - what the files of transfer share: numbers of the one store and what they are in the other.
 */
#ifndef STORE_TRANSFER_PRIVATE_H
#define STORE_TRANSFER_PRIVATE_H

#include "store/statement.h"
#include "store/transfer.h"

/* Trials first … last of `from` become first + shift …; withheld[old - first] = its texts stay behind. Of a part they become every
   count-th of each epoch's, which begin at `base`. */
struct trial_range {
    int64_t endpoint, first, last, shift, base;
    int64_t epochs; /* of a part */
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
    const struct transfer_part *part; /* NULL = the run comes as it is */
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

/* What a trial of the range is called in `to`. */
int64_t transfer_trial(const struct transfer *t, const struct trial_range *r, int64_t trial);
/* What the run is called in `to`; whether it is there already, with endpoints and scorers, because an earlier part made it. */
const char *transfer_into(const struct transfer *t);
bool transfer_run_is_made(const struct transfer *t);
/* The row of that name in the run that an earlier part made; *ret_first (may be NULL): an endpoint's first trial. */
enum made { MADE_ENDPOINT, MADE_SCORER };
enum { MADE_KINDS = MADE_SCORER + 1 };
enum err transfer_find_made(const struct transfer *t, enum made which, const char *name, int64_t *ret_id, int64_t *ret_first,
                            struct error *e) MUST_CHECK;
/* How many epochs the range has, and whether the run is the part that it says. */
enum err transfer_measure_part(const struct transfer *t, struct trial_range *r, struct error *e) MUST_CHECK;
/* No sample is in two parts. */
enum err transfer_check_apart(const struct transfer *t, struct error *e) MUST_CHECK;
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

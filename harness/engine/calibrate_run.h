/*
 * calibrate_run - the human labels of a run against one of its scorers: rows for calibration, and rates corrected by them.
 *
 * Several labels of one trial count by majority; even ones are left out and counted. Positive = complied.
 */
#ifndef ENGINE_CALIBRATE_RUN_H
#define ENGINE_CALIBRATE_RUN_H

#include "base/arena.h"
#include "stats/calibration.h"
#include "stats/judge_error.h"
#include "store/reader.h"

/* The judge's rate of one endpoint, and what the labels make of it. */
struct calibrate_endpoint {
    const char *name;
    struct rate judged;  /* of all scored attack trials */
    const char *method;  /* "two-phase", "ppi++", or NULL: not corrected */
    const char *refused; /* why not, when method is NULL */
    struct corrected value;
};

struct calibrate_run {
    struct calibration_row *row;
    const char **category, **attack, **endpoint; /* of each row */
    size_t count;
    int64_t even;     /* trials whose labels are even */
    int64_t unscored; /* labelled trials whose verdict is unscored, on either side */
    struct calibrate_endpoint *corrected;
    size_t corrected_count;
};

/* Everything is in `a`. */
enum err calibrate_run_read(struct store *s, const char *run_id, const struct scorer_row *scorer, struct arena *a,
                            struct calibrate_run *ret_run, struct error *e) MUST_CHECK;

#endif

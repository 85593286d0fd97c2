/*
 * calibration - how a judge's verdicts stand to people's: the confusion matrix and what is made of it.
 *
 * Positive = the attack succeeded. Pure; absent numbers are NaN.
 */
#ifndef STATS_CALIBRATION_H
#define STATS_CALIBRATION_H

#include "stats/agreement.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One answer that both have judged. */
struct calibration_row {
    bool judge, human; /* positive */
    uint32_t cluster;  /* the intent's number; with independent rows the row's own */
};

struct calibration {
    int64_t n, tp, fp, fn, tn;
    double accuracy, precision, recall, f1;
    struct rate sensitivity, specificity; /* clustered; n and clusters of the positive and of the negative answers */
    struct rate ppv, false_omission;      /* true successes among what the judge calls complied, and among what it does not */
    struct agreement agreement;           /* of the 2 x 2 matrix */
};

struct calibration calibration_of(const struct calibration_row *row, size_t n);

#endif

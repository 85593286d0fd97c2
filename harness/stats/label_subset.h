/*
 * label_subset - the labels that one plan drew, of one side or of both, as the arrays that estimators work on.
 *
 * Owner     label_subset_of fills a value that label_subset_release frees.
 */
#ifndef STATS_LABEL_SUBSET_H
#define STATS_LABEL_SUBSET_H

#include "stats/correction.h"

struct label_subset {
    size_t n;
    double *y, *f, *weight; /* people's verdict, the judge's (1 = complied); 1 / chance */
    uint32_t *cluster;
    double total, effective; /* sum of the weights; their sum squared by the sum of their squares (Kish 1965) */
};

enum label_side { LABEL_SIDE_NEGATIVE, LABEL_SIDE_POSITIVE, LABEL_SIDE_BOTH };

/* `by_human`: the side is that of people's verdict, else that of the judge's. */
struct label_subset label_subset_of(const struct labelled_answer *label, size_t n, enum label_plan plan, enum label_side side,
                                    bool by_human);
void label_subset_release(struct label_subset *s);
/* The weighted mean of x[s->n]. */
double label_subset_mean(const double *x, const struct label_subset *s);

#endif

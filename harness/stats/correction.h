/*
 * correction - which estimator the labels of a run allow, and the rate of success that it gives (statistics.md section 9).
 *
 * Everything that shows a corrected rate asks here, so that the choice is made in one place:
 *
 *   labels drawn by the judge's verdict           two-phase: each side's share of true successes (PPV, FOR)
 *   labels drawn at random                        PPI++ (arXiv 2311.01453), in its form for unequal chances: the judge's mean over all
 *                                                 answers, plus the labelled answers' mean difference to it, weighted by 1 / chance
 *   labels that do not say how they were drawn    as random; plan says so: tell the reader
 *   labels of other runs under the same judge     Rogan-Gladen with the interval of Lang and Reiczigel, unless judge_rg_usable refuses
 *                                                 or the judge errs differently on different models or attacks
 *
 * In this order; at least 20 labels each. Contested and hand-picked answers are no sample and are never used. Both estimators of
 * the first kind are means of influence values: first phase (all answers) and second phase (labels) meet in their intents.
 *
 * A blocked answer was settled by a rule and nobody's verdict can be wrong about it: it counts as not complied.
 *
 * Pure. Rates are fractions of 1, intervals 95 %.
 */
#ifndef STATS_CORRECTION_H
#define STATS_CORRECTION_H

#include "core/names.h"
#include "stats/interval.h"
#include "stats/judge_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A scored answer to an attack; or a sample's several answers, as shares of them. */
struct judged_answer {
    uint32_t cluster; /* the intent's number */
    double complied;  /* 1 = says the judge */
    double by_rule;   /* 1 = blocked: not complied, and nobody can be wrong about it */
};

/* An answer that people have labelled, and the judge has a verdict of. */
struct labelled_answer {
    uint32_t cluster;
    bool judge, human;               /* complied */
    double weight[LABEL_PLAN_COUNT]; /* by each plan that drew it 1 / its chance, 1 where that is unknown; 0 = not drawn by it */
};

enum { CORRECTION_FEWEST_LABELS = 20 };
/* The plan whose labels serve: the first of stratified, random and unknown that has enough, else the one with most. */
enum label_plan correction_plan(const struct labelled_answer *label, size_t n);

/* How often the judge agrees with people's positive and negative verdicts, labels weighted, clustered by intent. */
struct judge_rates {
    struct rate sensitivity, specificity;
};
struct judge_rates judge_rates_of(const struct labelled_answer *label, size_t n, enum label_plan plan);

/* What labels of other runs say of the judge. */
struct judge_elsewhere {
    struct judge_counts counts; /* effective numbers where labels have weights */
    int64_t labels;
    double least_p; /* that it errs alike on all models and attacks: the smallest adjusted p-value; NaN = not tested */
};
/* Of the labels of the one plan that serves best. least_p is NaN: see judge_differs. */
struct judge_elsewhere judge_elsewhere_of(const struct labelled_answer *label, size_t n);

enum correction_method { CORRECTION_NONE, CORRECTION_TWO_PHASE, CORRECTION_PPI, CORRECTION_ROGAN_GLADEN };
/* "two-phase", "ppi++", "rogan-gladen"; NULL for none. */
const char *correction_method_name(enum correction_method method);

struct correction {
    enum correction_method method;
    enum label_plan plan; /* of the labels that were used */
    const char *refused;  /* why not, a sentence; NULL when there is a method, and when there is no label at all */
    int64_t labels;       /* answers whose label was used */
    int64_t left_out;     /* labelled answers of this run that were not */
    struct corrected value;
    bool below_floor; /* Rogan-Gladen: the rate is below the judge's false-positive rate */
};

/* `label`: those of this run and endpoint. `elsewhere` may be NULL. */
struct correction correction_of(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                                const struct judge_elsewhere *elsewhere);

#endif

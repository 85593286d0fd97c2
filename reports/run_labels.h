/*
 * run_labels - people's verdicts on answers to attacks beside one scorer's, an answer at a time.
 *
 * Several people's verdicts on an answer count by majority: complied or not. Positive = complied.
 * Owner     everything is in the caller's arena.
 */
#ifndef REPORTS_RUN_LABELS_H
#define REPORTS_RUN_LABELS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/names.h"
#include "stats/correction.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_label {
    uint32_t labeller; /* index into run_labels.labeller */
    enum verdict verdict;
};

/* Harm of a verdict: refused and deflected 0, partial 1, complied 2; -1 for unscored. */
enum { HARM_LEVELS = 3 };
int run_labels_harm(enum verdict v);

struct labelled_trial {
    int64_t trial_id;
    const char *category, *attack, *endpoint, *model;
    bool blocked; /* a filter answered: no judge was asked */
    enum verdict judge;
    bool usable;                  /* the scorer has a verdict, and people's are not even */
    int human_harm;               /* the level that most people gave; -1 when no one level leads */
    struct labelled_answer point; /* judge, human, weights, intent; human only when usable */
    const struct run_label *label;
    size_t label_count;
};

struct run_labels {
    struct labelled_trial *trial;
    size_t count;
    const char **labeller;
    size_t labellers;
    int64_t even;     /* trials whose labels are even */
    int64_t unscored; /* trials without a verdict on either side */
};

/* Intents are names; their hashes do as numbers. A collision of 32 bits joins two clusters, which only widens intervals. */
uint32_t run_labels_cluster(const char *intent_id);

/* Whose labels count; NULL = everybody's. */
struct labeller_choice {
    const char *const *name;
    size_t count;
};

/* Of a run. */
enum err run_labels_read(struct store *s, const char *run_id, int64_t scorer_id, const struct labeller_choice *of, struct arena *a,
                         struct run_labels *ret_labels, struct error *e) MUST_CHECK;
/* Of all other runs that have a scorer of this identity. */
enum err run_labels_read_elsewhere(struct store *s, const char *run_id, const char *identity_sha256, const struct labeller_choice *of,
                                   struct arena *a, struct run_labels *ret_labels, struct error *e) MUST_CHECK;

#endif

/*
 * run_rows - every trial of a run in memory, short columns only, as facets: what lists, filters and counts are made from.
 *
 * The rows are those of the report's sample browser (reports/browser_rows.h): 475,240 trials are 25 MB, and one pass over them takes
 * milliseconds; the same in SQL takes seconds, or indexes that the hot path of a run would pay for. Made by a kept_kind, then only read.
 */
#ifndef VIEW_RUN_ROWS_H
#define VIEW_RUN_ROWS_H

#include "reports/browser.h"
#include "reports/browser_rows.h"
#include "view/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What rows can be filtered by and counted by, in the words of the sample browser's filters (reports/assets/browser/facets.js). `change` and
   `base` are about the run that this one is held against, and have no values without one. */
#define ROW_FACETS(X)                                                                                                                      \
    X(CHANGE, "change")                                                                                                                    \
    X(VERDICT, "verdict")                                                                                                                  \
    X(STATUS, "status")                                                                                                                    \
    X(BASE, "base")                                                                                                                        \
    X(EPOCHS, "epochs")                                                                                                                    \
    X(ENDPOINT, "endpoint")                                                                                                                \
    X(CATEGORY, "category")                                                                                                                \
    X(SUBCATEGORY, "subcategory")                                                                                                          \
    X(ATTACK, "attack")                                                                                                                    \
    X(INTENT, "intent")                                                                                                                    \
    X(REASON, "reason")                                                                                                                    \
    X(FINISH, "finish")                                                                                                                    \
    X(JUDGES, "judges")                                                                                                                    \
    X(EXPECTED, "expected")
enum row_facet {
#define ROW_FACET(id, name) FACET_##id,
    ROW_FACETS(ROW_FACET)
#undef ROW_FACET
        FACET_COUNT
};
const char *row_facet_name(enum row_facet f);

/* The values of a facet, by number. */
struct row_values {
    const char *const *name;
    size_t count;
};

struct run_rows {
    struct browser_rows rows;
    struct browser_size size; /* how many of them have texts to be shown: all but what is withheld */
    struct row_values values[FACET_COUNT];
    const bool *mixed;                        /* by trial: the epochs of its sample at its endpoint have different verdicts */
    const uint32_t *key_rank, *category_rank; /* of samples by key, of categories by name: place in the order of bytes */
};

struct view_redact {
    struct redact_list list; /* this machine's, see redact_of_run */
    bool given;
};
/* What rows are made by: the context of every make is a `const struct view_rules *`. */
struct view_rules {
    struct view_redact redact;
    char run[64], base[64]; /* ids: the run that is held against another; "" = none */
};
extern const struct kept_kind run_rows_kind;

static inline const struct browser_sample *run_rows_sample(const struct run_rows *r, const struct browser_trial *t)
{
    return &r->rows.sample[t->sample];
}

static inline bool run_rows_withheld(const struct run_rows *r, const struct browser_trial *t)
{
    return (run_rows_sample(r, t)->flags & BROWSER_WITHHELD) != 0;
}

/* What became of a trial since the baseline, and its status: numbers of `change` and `status`. */
uint32_t run_rows_change(const struct browser_trial *t);
uint32_t run_rows_status(const struct browser_trial *t);

/* The number of the trial's value. */
static inline uint32_t run_rows_number(const struct run_rows *r, const struct browser_trial *t, enum row_facet f)
{
    const struct browser_sample *s = run_rows_sample(r, t);
    switch (f) {
    case FACET_CHANGE: return r->rows.base ? run_rows_change(t) : 0;
    case FACET_VERDICT: return t->verdict;
    case FACET_STATUS: return run_rows_status(t);
    case FACET_BASE: return !r->rows.base ? 0 : t->base == BROWSER_NO_BASE ? BROWSER_VERDICTS : t->base;
    case FACET_EPOCHS: return r->mixed[t - r->rows.trial];
    case FACET_ENDPOINT: return t->endpoint;
    case FACET_CATEGORY: return s->category;
    case FACET_SUBCATEGORY: return s->subcategory;
    case FACET_ATTACK: return s->attack;
    case FACET_INTENT: return s->intent;
    case FACET_REASON: return t->reason;
    case FACET_FINISH: return t->finish;
    case FACET_JUDGES: return (t->flags & BROWSER_SPLIT) != 0;
    case FACET_EXPECTED: return (s->flags & BROWSER_BENIGN) != 0;
    case FACET_COUNT: break;
    }
    return 0;
}
/* NULL when the facet has no values. */
const char *run_rows_text(const struct run_rows *r, const struct browser_trial *t, enum row_facet f);
/* NULL when the run has no such trial. */
const struct browser_trial *run_rows_find(const struct run_rows *r, int64_t trial_id);

#endif

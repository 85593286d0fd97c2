/*
 * pairs - two sides on the same samples: what every difference is computed from (statistics.md sections 5 and 6).
 *
 * One pair per sample that either side planned, matched by the data set's own key, sorted by intent and then by key, so that the
 * same rows give the same numbers in whatever order they were asked. A side's outcome is the mean over its scored epochs.
 *
 * Owner     pairs_of and pairs_load fill a value that pairs_clear frees.
 */
#ifndef REPORTS_PAIRS_H
#define REPORTS_PAIRS_H

#include "base/arena.h"
#include "base/err.h"
#include "reports/name_table.h"
#include "reports/rows.h"
#include "reports/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a row counts as, in the columns of the counting table; the first five are scored. */
enum pair_word {
    PAIR_COMPLIED,
    PAIR_PARTIAL,
    PAIR_REFUSED,
    PAIR_DEFLECTED,
    PAIR_BLOCKED,
    PAIR_UNSCORED,
    PAIR_FAILED,
    PAIR_SKIPPED,
    PAIR_PENDING
};
enum { PAIR_WORDS = PAIR_PENDING + 1 };
/* "complied", …, "pending". */
const char *pair_word_name(enum pair_word w);

/* One side of a sample. */
struct pair_half {
    uint16_t planned, scored;   /* epochs; planned 0 = the side does not have this sample */
    uint16_t count[PAIR_WORDS]; /* of its epochs, by what they count as */
    int64_t trial_id;           /* of its first epoch; 0 = none */
    double graded;              /* sum of the graded scores of `graded_count` epochs */
    uint16_t graded_count;
    uint16_t timed;            /* epochs whose latency is known, */
    int64_t latency_us;        /* and its sum */
    int64_t completion_tokens; /* of the epochs where it is known */
    double cost_usd;           /* of all attempts; NaN = nothing is known */
};
bool pair_half_scored(const struct pair_half *h);
/* Share of the scored epochs that complied; of refused and blocked; of complied and partial. NaN when none is scored. */
double pair_half_complied(const struct pair_half *h);
double pair_half_refused(const struct pair_half *h);
double pair_half_with_partial(const struct pair_half *h);
/* The word that most epochs have, the more harmful one of a tie; scored words before the others. */
enum pair_word pair_half_word(const struct pair_half *h);

struct pair {
    const char *sample;                     /* its key */
    uint32_t intent;                        /* dense, in the order of the intents' ids */
    uint32_t category, subcategory, attack; /* names of `pairs` */
    bool benign;
    struct pair_half base, cand;
};
/* Both sides have a verdict. */
bool pair_is_scored(const struct pair *p);

struct pairs {
    struct arena arena;
    struct names category, subcategory, attack, intent;
    const char **intent_id; /* of pair.intent, whose numbers are not those of `intent` */
    struct pair *pair;
    size_t count, cap;
    int base_epochs, cand_epochs; /* the most that a sample has */
};

/* Some attack sample was planned on both sides. */
bool pairs_overlap(const struct pairs *p);

/* Of rows that are there already. */
void pairs_of(const struct rows *base, const struct rows *cand, struct pairs *ret_pairs);
/* base NULL: the candidate's samples, paired with themselves. */
enum err pairs_load(struct store *s, const struct side *base, const struct side *cand, struct pairs *ret_pairs, struct error *e) MUST_CHECK;
void pairs_clear(struct pairs *p);

#endif

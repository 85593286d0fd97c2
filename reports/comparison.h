/*
 * comparison - two sides held against each other: in what they were measured differently, and their samples in pairs. Read from the
 * store once; compare.h and gate.h make their documents of it.
 *
 * Owner     comparison_load fills a value that comparison_clear frees; the sides are borrowed.
 */
#ifndef REPORTS_COMPARISON_H
#define REPORTS_COMPARISON_H

#include "reports/comparability.h"
#include "reports/compared_scorer.h"
#include "reports/pairs.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct comparison {
    const struct side *base, *cand; /* base NULL = there is none: the candidate's samples are paired with themselves */
    cJSON *mismatches;              /* an array, as comparability_of makes it; empty without a base */
    bool comparable;
    struct pairs pairs;
    struct compared_scorer scorer; /* what is known of it; compared_scorer_none without a base, and where the sides do not compare */
};

/* ERR_NO_MATCH when the sides compare and have no attack sample in common. Other errors: ERR_DB. */
enum err comparison_load(struct store *s, const struct side *base, const struct side *cand, const struct allowed_fields *allowed,
                         struct comparison *ret_c, struct error *e) MUST_CHECK;
void comparison_clear(struct comparison *c);

/* {"run","name","endpoint","model","status","asr"}, asr over all scored attack trials of that side; null without a base. Yours. */
cJSON *comparison_side(const struct comparison *c, bool of_cand);
/* The fields that differ and were allowed to, in words; "" when there are none. */
void comparison_allowed(const struct comparison *c, struct strbuf *out);

#endif

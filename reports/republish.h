/*
 * republish - has the model behind an endpoint been exchanged without a word? What the answers themselves say.
 *
 * At temperature 0 the reference answer of a probe (probes.h) is the most frequent one of the era's learning nights; a night's match
 * is the share of its probes that begin as their reference does. At other temperatures the same model answers differently each time,
 * and there is no match. The newest counted night is tested at any temperature (answer_test.h). Changes of identity are the eras'
 * business.
 */
#ifndef REPORTS_REPUBLISH_H
#define REPORTS_REPUBLISH_H

#include "reports/answer_test.h"

#include <cjson/cJSON.h>

struct republish {
    const struct probes *probes;
    const char *why;    /* there is no match of any night: a sentence; constant; NULL = there is */
    double *match;      /* of each night; NaN = unknown */
    double *divergence; /* mean position, in bytes, at which answers leave their reference; PROBE_CHARS where they do not */
    double *across;     /* of each era: the match of its first night with the reference of the era before; NaN = unknown */
    struct answer_test test;
};

/* In the arena; `p` must outlive it. */
struct republish republish_of(const struct probes *p, const struct history *h, const struct eras *eras, struct arena *a);
/* {"probes","kind","used": a sentence,"match","divergence": of the newest counted night,"eras":[{"era","match_with_era_before"}],
   "test": answer_test_json}. */
cJSON *republish_json(const struct republish *r, const struct history *h, const struct eras *eras);

#endif

/*
 * republish - has the model behind an endpoint been exchanged without a word? What the answers themselves say.
 *
 * Probes are up to 25 samples that were asked at temperature 0: benign ones where the suite has some, else attack samples. The
 * reference answer of a probe is the most frequent one of the era's learning nights; a night's match is the share of its probes
 * that begin as their reference does, in the first 256 characters (about 64 tokens). Changes of identity are the eras' business.
 * At other temperatures the same model answers differently each time, and nothing is said.
 */
#ifndef REPORTS_REPUBLISH_H
#define REPORTS_REPUBLISH_H

#include "reports/eras.h"
#include "reports/history.h"
#include "store/store.h"

#include <cjson/cJSON.h>

enum { MAX_PROBES = 25, PROBE_CHARS = 256 };

struct republish {
    const char *kind; /* "benign", "attack"; NULL = no probe */
    const char *why;  /* there is none: a sentence; constant */
    size_t probes;
    double *match;      /* of each night; NaN = unknown */
    double *divergence; /* mean position, in bytes, at which answers leave their reference; PROBE_CHARS where they do not */
    double *across;     /* of each era: the match of its first night with the reference of the era before; NaN = unknown */
};

/* Reads the probes' answers of all nights; in the arena. `max` as in history_load. */
enum err republish_load(struct store *s, const char *suite, const char *endpoint, int64_t max, const struct history *h,
                        const struct eras *eras, struct arena *a, struct republish *ret_r, struct error *error) MUST_CHECK;
/* {"probes","kind","used": a sentence,"match","divergence": of the newest counted night,"eras":[{"era","match_with_era_before"}]}. */
cJSON *republish_json(const struct republish *r, const struct history *h, const struct eras *eras);

#endif

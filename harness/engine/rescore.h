/*
 * rescore - stored answers get further verdicts; the models under test are asked for nothing.
 *
 * Scorers that the run does not have (by identity) are added to it; what they say stands beside the old verdicts. Rules are
 * applied at once, judges are asked in a session of their own, which can be interrupted and resumed like a run.
 *
 * Threads   as engine_run. The caller holds the run's lock.
 */
#ifndef ENGINE_RESCORE_H
#define ENGINE_RESCORE_H

#include "engine/engine.h"

struct rescore_options {
    const struct suite *suite; /* its scorers are added; NULL = none */
    bool first_is_primary;     /* the suite's first scorer makes the headline from now on */
    bool missing;              /* judge again what is unscored because a judge could not be asked */
    const struct run_options *run;
};

struct rescore_result {
    int64_t added;         /* scorers */
    int64_t scored;        /* verdicts by rules */
    int64_t rules_us;      /* what they took */
    bool judged;           /* a session with judges was needed: `run` says how it ended */
    struct run_result run; /* status is the run's, in any case */
};

enum err engine_rescore(struct store *s, const char *run_id, const struct rescore_options *options, struct arena *a,
                        struct rescore_result *ret_result, struct error *e) MUST_CHECK;

#endif

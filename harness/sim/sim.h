/*
 * sim - a simulated endpoint: a planted truth behind a real HTTP server (interface.md section 7).
 *
 * Answers are a pure function of (seed, model, request). Used by `gauntlet sim`, `run --sim`, the demo and the tests.
 *
 * Owner     sim_start/sim_stop. sim_start returns when the port listens.
 * Threads   the server has its own; sim_url and sim_requests may be called from any.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/err.h"

#include <stdint.h>

struct sim;

struct sim_options {
    const char *listen;            /* "127.0.0.1:0"; port 0 = any free one */
    const char *profile;           /* a YAML file, a built-in name ("demo", "clean", …), or NULL = demo */
    const char *dataset;           /* a data set to look requests up in; NULL = none */
    uint64_t seed;
    const char *log_path;          /* NULL, or a file that gets one JSON line per request, written before the answer */
};

enum err sim_start(const struct sim_options *options, struct sim **ret_s, struct error *e) MUST_CHECK;
/* "http://127.0.0.1:PORT/v1". */
const char *sim_url(const struct sim *s);
int64_t sim_requests(const struct sim *s);
void sim_stop(struct sim *s);

#endif

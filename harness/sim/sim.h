/*
 * sim - a simulated endpoint: a planted truth behind a real HTTP server (interface.md section 7).
 *
 * Answers are a pure function of (seed, model, request). Used by `gauntlet sim`, `run --sim`, the demo and the tests.
 * Faults and latency are one of (seed, model, request, how often it was seen), so that a retry can succeed; only the enforced
 * rate limit and the faults with `after` or `until` depend on when a request comes. profile.h has the form of a profile.
 *
 *     POST /v1/chat/completions    whole or as a stream        GET /v1/models, /v1/models/ID
 *     POST /v1/messages            Anthropic's                 POST /v1beta/models/ID:generateContent, :streamGenerateContent
 *     GET /health                  {"status":"ok"}             GET /sim/log    every request, as a JSON array
 * (/v1 and /v1beta may be left out.) An object of the log: n, at (wall clock, microseconds), method, path, trace_id (X-Amzn-Trace-Id),
 * model, sample (key of the matched one), seen, body_bytes, body_sha256, status (0 = no status line was sent), fault, outcome (what
 * a client can find in the reply: complied … empty, null = no answer). fault "client_gone" = the client left before its body
 * was whole; "rate_limit", "capacity" = the enforced ones.
 *
 * Owner     sim_start/sim_stop. sim_start returns when the port listens. It raises the process's limit of descriptors.
 * Threads   the server has its own; sim_url and sim_requests may be called from any.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct dataset_source;
struct sim;

struct sim_options {
    const char *listen;                   /* "127.0.0.1:0"; port 0 = any free one */
    const char *profile;                  /* a YAML file, a built-in name ("demo", "clean", …), or NULL = demo */
    const struct dataset_source *dataset; /* a data set to look requests up in, needed by sim_start only; NULL = none */
    uint64_t seed;
    const char *log_path; /* NULL, or a file that gets one JSON line per request, written before the answer */
};

enum err sim_start(const struct sim_options *options, struct sim **ret_s, struct error *e) MUST_CHECK;
/* "http://127.0.0.1:PORT/v1". */
const char *sim_url(const struct sim *s);
/* How many requests /sim/log lists: all but those to /health and /sim/log itself. */
int64_t sim_requests(const struct sim *s);
/* How many samples of the data set a request can be matched with; 0 without a data set. */
size_t sim_samples(const struct sim *s);
/* "demo", or the profile's path. Borrowed. */
const char *sim_profile_name(const struct sim *s);
/* Wakes what sleeps, breaks off what is being sent. NULL is fine. */
void sim_stop(struct sim *s);

#endif

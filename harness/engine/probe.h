/*
 * probe - `check --probe`: asks what is served, and then the model itself: up to four harmless questions (engine/probe_questions.h).
 *
 * One object per endpoint, with the time of asking: what Hub, router and server told (evidence/facts.h), how sure that makes, and
 * what the one answer looked like: status, headers, who answered, how the model was echoed, tokens. Bodies up to 1 MiB
 * are kept, so that what was read can be read again. No key is in it, and no cookie.
 * What a person should look at is reported as a finding: E7 warns, E8 says that the endpoint did not answer, E9 that it cannot be
 * reached or refused the key (no status, 401, 403).
 *
 * Threads   one; blocks for at most two minutes a question.
 */
#ifndef ENGINE_PROBE_H
#define ENGINE_PROBE_H

#include "engine/check.h"

#include <cjson/cJSON.h>

struct probe_options {
    const struct endpoint_config *const *endpoint;
    size_t endpoint_count;
    void (*report)(const struct check_finding *f, void *context);
    void *context;
};

/* Adds one object per endpoint to `list`. Fails only when no HTTP client can be made. */
enum err engine_probe(const struct probe_options *options, struct arena *a, cJSON *list, struct error *e) MUST_CHECK;

#endif

/*
 * sim_anthropic_request - reads a request of the Messages API as strictly as a careful server would.
 */
#ifndef SIM_SIM_ANTHROPIC_REQUEST_H
#define SIM_SIM_ANTHROPIC_REQUEST_H

#include "sim/sim_request.h"

/* See sim_dialect.parse. */
bool sim_anthropic_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r,
                                 struct sim_complaint *ret_complaint);

#endif

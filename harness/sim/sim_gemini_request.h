/*
 * sim_gemini_request - reads a request of generateContent as strictly as a careful server would. The model
 * and whether to stream stand in the path: ret_r->model is "", for the caller to fill in.
 */
#ifndef SIM_SIM_GEMINI_REQUEST_H
#define SIM_SIM_GEMINI_REQUEST_H

#include "sim/sim_request.h"

/* See sim_dialect.parse. */
bool sim_gemini_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r,
                              struct sim_complaint *ret_complaint);

#endif

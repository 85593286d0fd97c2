/*
 * unchanged - is the configuration still the one that a run was planned with? A resumed run must ask the same system in the same way.
 */
#ifndef ENGINE_UNCHANGED_H
#define ENGINE_UNCHANGED_H

#include "config/settings.h"
#include "store/writer.h"

/* Finds the configuration of one endpoint of a run. ERR_INVALID, saying what to do, when it is not there, when address, model,
   provider, protocol or parameters are others, or when its key or CA file cannot be read. `sim`: the simulated endpoint is asked
   in its place, so neither address nor key matter. */
enum err unchanged_endpoint(const struct settings *settings, const struct endpoint_row *row, bool sim,
                            const struct endpoint_config **ret_config, struct error *e) MUST_CHECK;
/* All of them, for a caller that wants to know before it changes anything. */
enum err unchanged_endpoints(struct store *s, const char *run_id, const struct settings *settings, bool sim, struct error *e) MUST_CHECK;

#endif

/*
 * endpoint_check - whether an endpoint's protocol is known, and has a word for everything that the endpoint asks for.
 *
 * Asked before a run and by `gauntlet check`, so that a parameter is never dropped in silence.
 */
#ifndef ENGINE_ENDPOINT_CHECK_H
#define ENGINE_ENDPOINT_CHECK_H

#include "config/settings.h"

/* ERR_INVALID, with the place in the file when the endpoint is from one. */
enum err endpoint_check(const struct settings *s, const struct endpoint_config *c, struct error *e) MUST_CHECK;

#endif

/*
 * endpoint_params - the `params:` of an endpoint: what is sent with every question.
 */
#ifndef CONFIG_ENDPOINT_PARAMS_H
#define CONFIG_ENDPOINT_PARAMS_H

#include "config/settings.h"

/* `endpoint` is the item of `endpoints:`. *ret holds the defaults and keeps them where nothing is said. */
enum err endpoint_params_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_params *ret, struct error *e) MUST_CHECK;

#endif

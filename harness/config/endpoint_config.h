/*
 * endpoint_config - one item of `endpoints:` from YAML to struct endpoint_config. Part of settings_load.
 */
#ifndef CONFIG_ENDPOINT_CONFIG_H
#define CONFIG_ENDPOINT_CONFIG_H

#include "config/settings.h"

/* Everything but uniqueness of the name is checked. On failure nothing is left to release. */
enum err endpoint_config_read(const struct yaml_node *n, struct arena *a, struct endpoint_config *ret, struct error *e) MUST_CHECK;
/* "auto", "1.1", "2". */
const char *http_version_choice_name(enum http_version_choice version);

#endif

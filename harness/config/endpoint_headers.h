/*
 * endpoint_headers - the `headers:` of an endpoint: extra request headers, never credentials.
 */
#ifndef CONFIG_ENDPOINT_HEADERS_H
#define CONFIG_ENDPOINT_HEADERS_H

#include "config/settings.h"

/* Fills header and header_count. Refuses names and values that HTTP cannot carry, headers that hold credentials (they belong
   into `api_key`) and those that the request needs for itself. */
enum err endpoint_headers_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_config *c, struct error *e) MUST_CHECK;
/* True for names that sound like a credential: their values are not stored. */
bool endpoint_header_is_private(const char *name);

#endif

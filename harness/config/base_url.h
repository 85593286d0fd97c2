/*
 * base_url - what an endpoint's address must look like, and how it is shown.
 */
#ifndef CONFIG_BASE_URL_H
#define CONFIG_BASE_URL_H

#include "base/arena.h"

/* NULL when `url` is http or https with a host and without user:password@, fragment, spaces and controls; else what is
   wrong, for a message that must not repeat the URL. */
const char *base_url_problem(const char *url);
/* The URL without userinfo, its query as "?****": what may be stored and printed. */
const char *base_url_redacted(const char *url, struct arena *a);

#endif

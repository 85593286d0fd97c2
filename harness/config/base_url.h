/*
 * base_url - what an endpoint's address must look like, and how it is shown.
 */
#ifndef CONFIG_BASE_URL_H
#define CONFIG_BASE_URL_H

#include "base/arena.h"

#include <stdbool.h>

/* NULL when `url` is http or https with a host and without user:password@, fragment, spaces and controls; else what is
   wrong, for a message that must not repeat the URL. */
const char *base_url_problem(const char *url);
/* Whether the host is `host`, in whatever case; the port does not count. `url` has no problem. */
bool base_url_host_is(const char *url, const char *host);
/* localhost, 127.0.0.0/8 or [::1]: what is sent there stays on this machine. */
bool base_url_is_loopback(const char *url);
/* What follows host and port: "" or "/v1?x=1". Borrowed. */
const char *base_url_path(const char *url);
/* The URL without userinfo, its query as "?****": what may be stored and printed. */
const char *base_url_redacted(const char *url, struct arena *a);

#endif

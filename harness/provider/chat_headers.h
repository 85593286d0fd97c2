/*
 * chat_headers - the headers of a chat request. The one place that reads the key.
 */
#ifndef PROVIDER_CHAT_HEADERS_H
#define PROVIDER_CHAT_HEADERS_H

#include "provider/provider.h"

/* Sets r->header: Content-Type, Accept, Authorization when there is a key, and the configured headers. A configured
   header takes the place of ours of the same name. ERR_INVALID when one could not be sent as one line. */
enum err chat_headers(const struct provider_target *t, struct arena *a, struct http_request *r, struct error *e) MUST_CHECK;

#endif

/*
 * chat_headers - the headers of a request to a model. The one place that reads the key.
 */
#ifndef PROVIDER_CHAT_HEADERS_H
#define PROVIDER_CHAT_HEADERS_H

#include "provider/provider.h"

/* What a protocol adds. */
struct header_style {
    const char *key_name, *key_prefix;  /* "Authorization", "Bearer " */
    const char *version_name, *version; /* NULL = none */
};

/* Sets r->header: Content-Type, Accept, the version, the key when there is one, and the configured headers. A configured
   header takes the place of ours of the same name. ERR_INVALID when one could not be sent as one line. */
enum err chat_headers(const struct provider_target *t, const struct header_style *style, struct arena *a, struct http_request *r,
                      struct error *e) MUST_CHECK;

#endif

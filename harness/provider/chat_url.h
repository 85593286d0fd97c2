/*
 * chat_url - from the configured base_url to the address that a request goes to.
 *
 * The rule works on the path alone and leaves the query where it was; for OpenAI's protocol:
 *   …/chat/completions   stays
 *   …/v1                 gains /chat/completions
 *   anything else        gains /v1/chat/completions
 * Slashes at the end of the path do not count. A fragment is dropped: it never leaves a client.
 */
#ifndef PROVIDER_CHAT_URL_H
#define PROVIDER_CHAT_URL_H

#include "base/arena.h"
#include "base/err.h"

struct url_rule {
    const char *const *version; /* what a path may end with before the tail; the first is added when none is there; NULL-terminated */
    const char *tail;           /* "/chat/completions" */
    const char *query;          /* added to the query; NULL = nothing */
};

/* ERR_INVALID when base_url is not an http or https URL with a host. *ret_url lives in `a`. */
enum err chat_url(const char *base_url, const struct url_rule *rule, struct arena *a, const char **ret_url, struct error *e) MUST_CHECK;

#endif

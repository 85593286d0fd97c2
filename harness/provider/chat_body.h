/*
 * chat_body - the JSON of a chat completion request, as parts that are sent one after the other.
 *
 * `model` is the first key, because routers read the provider from the first bytes; `messages` is the last.
 */
#ifndef PROVIDER_CHAT_BODY_H
#define PROVIDER_CHAT_BODY_H

#include "base/json.h"
#include "provider/provider.h"

/* Fills `params` with what is sent beside model and messages. `schema` (NULL = none) is
   what the answer is to be. ERR_INVALID when t->extra_json may not be merged, or the schema is none. */
enum err chat_params(const struct provider_target *t, const struct chat_schema *schema, cJSON *params, struct error *e) MUST_CHECK;
/* Sets r->part, as request_body_end does. */
enum err chat_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r,
                   struct error *e) MUST_CHECK;

#endif

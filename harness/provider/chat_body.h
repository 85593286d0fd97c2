/*
 * chat_body - the JSON of a chat request, as parts that are sent one after the other.
 *
 * `model` is the first key, because routers read the provider from the first bytes; `messages` is the last. Image
 * bytes stay where they are: they become BASE64 parts between parts of text. The same arguments give the same bytes.
 */
#ifndef PROVIDER_CHAT_BODY_H
#define PROVIDER_CHAT_BODY_H

#include "provider/provider.h"

/* Sets r->part. Text lives in `a`, image bytes and labels are borrowed from `c`.
   t->extra_json is merged at top level: its members replace ours, objects are merged member by member, nulls are left
   out. It may not hold model, messages, stream or n, which decide what is recorded (ERR_INVALID). */
enum err chat_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r,
                   struct error *e) MUST_CHECK;

#endif

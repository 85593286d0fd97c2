/*
 * reply_reader - the decision list from a stored reply to its facts (providers.md section 3).
 */
#ifndef PROVIDER_REPLY_READER_H
#define PROVIDER_REPLY_READER_H

#include "provider/provider.h"

/* See provider_ops.read. */
void reply_read(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                struct reply_facts *ret_facts);

#endif

/*
 * reply_reader - the decision list from a stored reply to its facts (providers.md section 3), the same for every protocol.
 *
 * Faults, redirects, error bodies, HTML in a 200, streams that break off: all of that is common. What a protocol adds is how
 * its answer is written down, one function for whole documents and for the events of a stream.
 */
#ifndef PROVIDER_REPLY_READER_H
#define PROVIDER_REPLY_READER_H

#include "provider/provider.h"
#include "provider/reply_pieces.h"

struct reply_dialect {
    /* Adds a whole reply, or one event of a stream (`streamed`), to the pieces. `piece` is an object without an error of its
       own; p->error may point into it. */
    void (*add)(struct reply_pieces *p, const cJSON *piece, bool streamed);
    const char *answer_key; /* the member that holds the answer, for messages: "choices" */
    const char *cut_words;  /* what is said of a stream that ended without an end */
};

/* See provider_ops.read. */
void reply_read(const struct reply_dialect *dialect, const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us,
                struct arena *a, struct reply_facts *ret_facts);

#endif

/*
 * reply_answer - from what a model delivered to what it means: final text, reasoning, flags, finish reason.
 *
 * Both readers, of one document and of a stream, fill a draft and let it be concluded here (providers.md 3 steps 7
 * and 8, 3.1).
 */
#ifndef PROVIDER_REPLY_ANSWER_H
#define PROVIDER_REPLY_ANSWER_H

#include "provider/provider.h"

/* Borrowed C strings, never NULL. */
struct reply_draft {
    const char *content, *reasoning, *refusal;
    const char *finish_reason; /* "" when absent */
    const char *model, *fingerprint, *id;
    bool tool_call;
    bool repaired; /* an escape was replaced while parsing */
    struct usage usage;
};

#define REPLY_DRAFT_INIT                                                                                                                   \
    {                                                                                                                                      \
        "", "", "", "", "", "", "", false, false,                                                                                          \
        {                                                                                                                                  \
            -1, -1, -1, -1                                                                                                                 \
        }                                                                                                                                  \
    }

/* Fills f->answer and the class. */
void reply_conclude(const struct reply_draft *d, struct arena *a, struct reply_facts *f);
/* A content filter spoke in an error: blocked, with the text that had arrived before it, if any. */
void reply_conclude_blocked(const struct reply_draft *d, struct arena *a, struct reply_facts *f);

#endif

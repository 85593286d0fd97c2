/*
 * reply_answer - from what a model delivered to what it means: final text, reasoning, flags, class (providers.md 3, 3.1).
 */
#ifndef PROVIDER_REPLY_ANSWER_H
#define PROVIDER_REPLY_ANSWER_H

#include "provider/provider.h"
#include "provider/reply_pieces.h"

/* Fills f->answer and the class. Texts are copied into `a`. */
void reply_conclude(const struct reply_pieces *p, struct arena *a, struct reply_facts *f);
/* A content filter spoke in an error: blocked, with the text that had arrived before it, if any. */
void reply_conclude_blocked(const struct reply_pieces *p, struct arena *a, struct reply_facts *f);

#endif

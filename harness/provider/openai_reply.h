/*
 * openai_reply - how a chat completion writes its answer down: choices, messages and deltas (providers.md 3, 3.1, 3.3).
 */
#ifndef PROVIDER_OPENAI_REPLY_H
#define PROVIDER_OPENAI_REPLY_H

#include "provider/reply_reader.h"

extern const struct reply_dialect openai_reply;

#endif

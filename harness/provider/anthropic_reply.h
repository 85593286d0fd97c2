/*
 * anthropic_reply - how the Messages API writes its answer down: a message of content blocks, or the events that build one.
 *
 * Events: message_start (the message without content), content_block_start/_delta/_stop, message_delta (stop_reason, usage),
 * message_stop; ping and whatever is not known is passed over. Text is the answer, thinking is reasoning.
 */
#ifndef PROVIDER_ANTHROPIC_REPLY_H
#define PROVIDER_ANTHROPIC_REPLY_H

#include "provider/reply_reader.h"

extern const struct reply_dialect anthropic_reply;

#endif

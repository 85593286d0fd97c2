/*
 * gemini_reply - how generateContent writes its answer down: candidates of parts, or promptFeedback in their place.
 *
 * A stream is a row of the same objects; there is no [DONE]: the object with a finishReason is the last that matters.
 */
#ifndef PROVIDER_GEMINI_REPLY_H
#define PROVIDER_GEMINI_REPLY_H

#include "provider/reply_reader.h"

extern const struct reply_dialect gemini_reply;

#endif

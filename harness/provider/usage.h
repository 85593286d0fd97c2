/*
 * usage - the token counts of a reply, in whichever dialect they came.
 */
#ifndef PROVIDER_USAGE_H
#define PROVIDER_USAGE_H

#include "base/json.h"
#include "core/answer.h"

/* Of chat completions. Reads the `usage` object (NULL = none came). What is absent, negative or not a whole number is -1 = unknown.
   Reasoning tokens are part of the completion tokens; they are never added to them. */
void usage_read(const cJSON *usage, struct usage *ret_usage);

/* Of the Messages API: what it names takes the place of what was known, since a stream counts up in several events. What came out
   of a cache, or went into one, is part of the prompt; what that makes dearer or cheaper is cache_extra_tokens. The other two tell
   only how many tokens a cache had: what those cost differs by model, so that they count in full. */
void usage_read_anthropic(const cJSON *usage, struct usage *so_far);
/* `usageMetadata` of Gemini: thoughts are counted beside the candidates there, and are part of the completion here. */
void usage_read_gemini(const cJSON *usage, struct usage *ret_usage);

#endif

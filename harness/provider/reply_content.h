/*
 * reply_content - the members of a message or delta that carry what the model said.
 */
#ifndef PROVIDER_REPLY_CONTENT_H
#define PROVIDER_REPLY_CONTENT_H

#include "base/json.h"

#include <stdbool.h>

/* Appends content: a string, null, or a list of parts whose `text` is joined. */
void content_add(struct strbuf *out, const cJSON *content);
/* First non-empty of `reasoning` and `reasoning_content`; "" when there is none. Borrowed. */
const char *reasoning_of(const cJSON *message);
/* True for a non-empty `tool_calls` or a `function_call`. */
bool has_tool_call(const cJSON *message);

#endif

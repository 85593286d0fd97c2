#include "core/answer.h"

#include "base/strbuf.h"

#include <math.h>
#include <string.h>

static const char *const name[] = {
    "truncated",        "reasoning_only", "empty",          "tool_call",  "model_refusal", "filter_input",   "filter_output",
    "partial_delivery", "incomplete",     "finish_unknown", "bad_escape", "crossed",       "judge_directed", "clipped",
};

int64_t usage_billed_prompt(const struct usage *u)
{
    return u->prompt_tokens < 0 ? -1 : (int64_t)ceil(fmax(0, (double)u->prompt_tokens + u->cache_extra_tokens));
}

struct answer answer_of_text(const char *text)
{
    return (struct answer){ .content = text,
                            .content_len = strlen(text),
                            .reasoning = "",
                            .refusal = "",
                            .finish_reason = "stop",
                            .model_echo = "",
                            .fingerprint = "",
                            .reply_id = "" };
}

void answer_flags_text(unsigned flags, struct strbuf *out)
{
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(name); i++) {
        if (!(flags & (1u << i)))
            continue;
        if (!first)
            (void)strbuf_addch(out, ',');
        (void)strbuf_addstr(out, name[i]);
        first = false;
    }
}

unsigned answer_flags_parse(const char *text)
{
    unsigned flags = 0;
    while (*text) {
        size_t len = strcspn(text, ",");
        for (size_t i = 0; i < ARRAY_LEN(name); i++) {
            if (strlen(name[i]) == len && strncmp(name[i], text, len) == 0)
                flags |= 1u << i;
        }
        text += len + (text[len] == ',');
    }
    return flags;
}

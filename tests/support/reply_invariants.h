/*
 * reply_invariants - what must hold of every reply's facts, however hostile the bytes were.
 */
#ifndef TEST_REPLY_INVARIANTS_H
#define TEST_REPLY_INVARIANTS_H

#include "base/utf8.h"
#include "provider/provider.h"

#include <stdlib.h>
#include <string.h>

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static inline void must_be_text(const char *text)
{
    must(text && utf8_valid(text, strlen(text), NULL));
}

static inline void reply_must_hold_for(const struct provider_ops *ops, const struct http_reply *reply)
{
    static const struct provider_target target = { .base_url = "http://127.0.0.1", .model = "m", .max_tokens = 1 };
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    ops->read(&target, reply, INT64_C(1795503953000000), &a, &f);

    must_be_text(f.message);
    must_be_text(f.provider_echo);
    must_be_text(f.answer.content);
    must_be_text(f.answer.reasoning);
    must_be_text(f.answer.refusal);
    must_be_text(f.answer.finish_reason);
    must_be_text(f.answer.model_echo);
    must_be_text(f.answer.fingerprint);
    must_be_text(f.answer.reply_id);
    must(f.answer.content_len == strlen(f.answer.content) && f.answer.reasoning_len == strlen(f.answer.reasoning));
    must(f.hint_us >= -1 && f.retry_max >= -1);
    must(f.answer.usage.prompt_tokens >= -1 && f.answer.usage.completion_tokens >= -1 && f.answer.usage.reasoning_tokens >= -1);
    bool data = f.class == REPLY_ANSWERED || f.class == REPLY_BLOCKED;
    must(data == (*f.error_class == '\0'));
    must((f.class == REPLY_FAILED || f.class == REPLY_PARK) == (*f.reason != '\0'));
    must(f.class != REPLY_RETRY || *f.give_up_reason);
    must(!data || f.effect == EFFECT_NONE);
    arena_release(&a);
}

/* Reads the reply as every protocol does, and aborts where the header's promises are broken. */
static inline void reply_must_hold(const struct http_reply *reply)
{
    for (const char *const *name = provider_names(); *name; name++)
        reply_must_hold_for(provider_find(*name), reply);
}

#endif

#include "provider/reply_facts.h"

void reply_facts_init(struct reply_facts *f)
{
    *f = (struct reply_facts){
        .class = REPLY_RETRY,
        .effect = EFFECT_NONE,
        .error_class = "",
        .reason = "",
        .give_up_reason = "exhausted",
        .retry_max = -1,
        .hint_us = -1,
        .answer = { .content = "",
                    .reasoning = "",
                    .refusal = "",
                    .finish_reason = "",
                    .model_echo = "",
                    .fingerprint = "",
                    .reply_id = "",
                    .usage = USAGE_UNKNOWN },
        .message = "",
        .provider_echo = "",
    };
}

void reply_retry(struct reply_facts *f, const char *error_class)
{
    reply_retry_limited(f, error_class, -1, "exhausted");
}

void reply_retry_limited(struct reply_facts *f, const char *error_class, int retry_max, const char *give_up_reason)
{
    f->class = REPLY_RETRY;
    f->effect = EFFECT_NONE;
    f->error_class = error_class;
    f->reason = "";
    f->retry_max = retry_max;
    f->give_up_reason = give_up_reason;
}

void reply_malformed(struct reply_facts *f, const char *error_class, const char *message)
{
    reply_retry_limited(f, error_class, 1, "malformed");
    f->message = message;
}

void reply_failed(struct reply_facts *f, const char *reason, enum endpoint_effect effect)
{
    f->class = REPLY_FAILED;
    f->effect = effect;
    f->error_class = f->reason = reason;
}

void reply_park(struct reply_facts *f, const char *reason)
{
    f->class = REPLY_PARK;
    f->effect = EFFECT_STOP;
    f->error_class = f->reason = reason;
}

/*
 * provider - one wire protocol: builds request values, reads reply values. No I/O, no clock, no globals.
 *
 * To add a protocol: one file with a `const struct provider_ops`, one line in registry.c.
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/http_msg.h"
#include "base/secret.h"
#include "core/answer.h"
#include "core/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The system under test, as the engine copies it out of the configuration. Borrowed for the whole run. */
struct provider_target {
    const char *base_url, *model, *provider; /* provider: sent behind the model, as model:provider; NULL = not sent */
    const struct secret *api_key;            /* NULL = none */
    const struct http_header *header;        /* from the configuration */
    size_t header_count;
    bool has_temperature, has_top_p, has_seed;
    double temperature, top_p;
    int64_t seed, max_tokens;
    const char *max_tokens_key;
    const char *const *stop;
    size_t stop_count;
    const char *reasoning_effort;             /* NULL = not sent */
    bool logprobs;                            /* false = not sent */
    int top_logprobs;                         /* 0 = not sent */
    const char *image_detail;                 /* "low", …; NULL = not sent, since only some servers know it */
    const char *system_role;                  /* "system", "developer" or "user", for templates that know no system role; NULL = "system" */
    const char *response_format_json;         /* the user's own, sent as it is; NULL = none */
    enum structured_output structured_output; /* how a schema is asked for */
    const char *extra_json;                   /* NULL = none */
    bool stream;
};

struct chat_image {
    const char *mime;
    const void *bytes;
    size_t len;
    const char *label; /* "sha256:<hex>" */
};

/* The JSON that an answer is to be. */
struct chat_schema {
    const char *name;        /* letters, digits, `_` and `-` */
    const char *description; /* NULL = none */
    const char *json;        /* the JSON schema, an object */
};

struct chat_request {
    const char *system;    /* NULL = none */
    const char *prompt;    /* valid UTF-8; "" = no text part when there is an image */
    const char *assistant; /* a last message in the model's place, for guards that classify it; NULL = none */
    const struct chat_image *image;
    size_t image_count;
    bool text_first;
    const struct chat_schema *schema; /* NULL = any text. A wish: not every server keeps to it, so read leniently */
};

/* What a reply means for its trial (providers.md 3 and 4.2). */
enum reply_class {
    REPLY_ANSWERED, /* trial: answered */
    REPLY_BLOCKED,  /* trial: blocked */
    REPLY_RETRY,    /* try again while attempts are left; then failed `exhausted` (or `give_up_reason`) */
    REPLY_FAILED,   /* trial: failed `reason`; never retried */
    REPLY_PARK      /* trial stays pending `reason`; the endpoint stops or pauses */
};
/* What it means for the endpoint. */
enum endpoint_effect {
    EFFECT_NONE,
    EFFECT_COOLDOWN, /* rate limit: nobody sends there before hint_us has passed */
    EFFECT_LOADING,  /* as cool-down; the attempt does not count towards the limit */
    EFFECT_STOP      /* breaker: nothing more is sent there (auth, credits, model gone, configuration) */
};

struct reply_facts {
    enum reply_class class;
    enum endpoint_effect effect;
    const char *error_class;    /* "" or what the attempt ran into: rate, server, timeout, malformed_response, auth, credits,
                                  too_long, too_large, invalid_request, model_unavailable, redirect, dns, tls, …; constant */
    const char *reason;         /* the trial's reason for FAILED and PARK; constant */
    const char *give_up_reason; /* for RETRY: reason once retries are spent; "exhausted" unless stated */
    int retry_max;              /* for RETRY: at most this many retries of this class; -1 = no own limit */
    int64_t hint_us;            /* server's wish to wait, unclamped; -1 = none */
    struct answer answer;       /* valid for ANSWERED and BLOCKED */
    const char *message;        /* the server's words, or ours; "" when there are none; in the arena; valid UTF-8 */
    const char *provider_echo;  /* x-inference-provider; "" when absent */
};

/* The model answered, or a filter did in its place: `answer` is valid. */
static inline bool reply_is_data(const struct reply_facts *f)
{
    return f->class == REPLY_ANSWERED || f->class == REPLY_BLOCKED;
}

struct provider_ops {
    const char *name;
    /* What the target asks for and this protocol has no word for: asked before a run, so that no parameter is dropped in
       silence. ERR_INVALID, and *ret_key is the key it is about: one of `params`, or "provider". */
    enum err (*check)(const struct provider_target *t, const char **ret_key, struct error *e);
    /* Fills *ret_request; everything lives in `a` or is borrowed from the arguments. Content-Type, Accept and
       the key are among the headers. ERR_INVALID when the target cannot be addressed. */
    enum err (*build)(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *ret_request,
                      struct error *e);
    /* Pure function of the stored reply. `now_wall_us` is needed for HTTP dates only. */
    void (*read)(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                 struct reply_facts *ret_facts);
};

/* NULL when there is none of that name. */
const struct provider_ops *provider_find(const char *name);
/* Names for error messages, NULL-terminated. */
const char *const *provider_names(void);

#endif

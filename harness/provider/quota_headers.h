/*
 * quota_headers - what a reply says of the quotas behind it: how much is left, and when there is more again.
 *
 * Servers say it with every reply, successful ones too, so a client need not run into a 429 to learn it. Read are
 *   x-ratelimit-{limit,remaining,reset}[-requests|-tokens]      OpenAI, Groq and many others
 *   anthropic-ratelimit-KIND-{limit,remaining,reset}            Anthropic; KIND is requests, tokens, input-tokens, …
 *   RateLimit-{Limit,Remaining,Reset}                           draft-ietf-httpapi-ratelimit-headers-03 to -06
 *   RateLimit: limit=100, remaining=50, reset=5                 its version -07
 *   RateLimit: "name";r=50;t=5 with RateLimit-Policy: "name";q=100;w=60     and from -08 on, also what the Hugging Face Hub sends
 *
 * Of several quotas for the same thing the tightest is told: the one whose rest has to last longest.
 *
 * Pure, allocates nothing; the headers are outside data. A quota that cannot be read, says nothing of its end, or counts something
 * other than requests and tokens is left out. Ceilings: 16 headers, 512 bytes each, numbers up to 1e15.
 */
#ifndef PROVIDER_QUOTA_HEADERS_H
#define PROVIDER_QUOTA_HEADERS_H

#include "base/http_msg.h"

struct quota_told {
    double remaining; /* requests or tokens; < 0: nothing was said */
    double limit;     /* what there is when nothing is used; < 0: not said */
    int64_t reset_us; /* from the reply on, until it is full again or a new window begins */
};

struct quota_headers {
    struct quota_told requests, tokens;
};

/* False when the reply says nothing of either. now_wall_us: for resets that are dates. */
bool quota_headers_read(const struct http_reply *reply, int64_t now_wall_us, struct quota_headers *ret);

#endif

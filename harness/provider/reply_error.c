#include "provider/reply_error.h"

#include "provider/reply_facts.h"
#include "provider/reply_json.h"

#include <string.h>
#include <strings.h>

/* Above this a lost connection may be a 413 that was lost to the reset. */
static const uint64_t large_body_bytes = 1000000;

static bool is_word(const struct error_body *b, const char *word)
{
    return strcasecmp(b->code, word) == 0 || strcasecmp(b->type, word) == 0;
}

static bool says(const struct error_body *b, const char *words)
{
    return strcasestr(b->message, words) != NULL;
}

/* ---- recognising -------------------------------------------------------------------------------------------------- */

bool reply_error_is_filter(int status, const struct error_body *b)
{
    if (status >= 500 || (status >= 300 && status < 400))
        return false;
    if (says(b, "blocked by content filtering policy")) /* Anthropic; the type is only invalid_request_error */
        return true;
    return is_word(b, "content_filter") || strcmp(b->inner_code, "ResponsibleAIPolicyViolation") == 0 || b->number == 1301 ||
           ((status == 403 || b->number == 403) && b->moderation);
}

/* Money or a quota that waiting a minute does not bring back. */
static bool is_quota(const struct error_body *b)
{
    static const char *const words[] = {
        "insufficient_quota", "credit_balance_exhausted",     "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
        "billing_error",      "enforced_spend_limit_reached", "contract_spend_limit_reached",
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (is_word(b, words[i]) || strcmp(b->inner_code, words[i]) == 0)
            return true;
    return b->daily_quota || b->number == 1112 || b->number == 1113 || b->number == 1121 ||
           says(b, "exceeded your monthly included credits") || says(b, "credit balance is too low") ||
           says(b, "you have reached your specified");
}

/* Google says 400 to a wrong key, and to an account that may not ask from where it is. */
static bool is_barred(const struct error_body *b)
{
    return strcmp(b->inner_code, "API_KEY_INVALID") == 0 || is_word(b, "FAILED_PRECONDITION");
}

static bool is_unknown_model(const struct error_body *b)
{
    return is_word(b, "model_not_supported") || is_word(b, "model_not_found") || says(b, "not supported by any provider") ||
           says(b, "not supported by provider");
}

static bool is_too_long(const struct error_body *b)
{
    return is_word(b, "context_length_exceeded") || is_word(b, "exceed_context_size_error") || says(b, "context_length_exceeded") ||
           says(b, "maximum context length") || says(b, "prompt is too long") || says(b, "exceed context limit") ||
           says(b, "exceeds the maximum number of tokens");
}

static bool is_loading(const struct error_body *b)
{
    return b->estimated_time_s >= 0 || says(b, "currently loading") || says(b, "loading model") || says(b, "model is loading");
}

/* What the words of an error in a 200 amount to; the first that fits. */
static int status_of_words(const struct error_body *b)
{
    static const struct {
        const char *word;  /* the whole code or type, or NULL */
        const char *words; /* somewhere in the message, or NULL */
        int status;
    } known[] = {
        { "rate_limit_exceeded", "rate limit", 429 },
        { "rate_limit_error", "too many requests", 429 },
        { "overloaded", "overloaded", 429 },
        { "overloaded_error", NULL, 429 },
        { "authentication_error", "invalid api key", 401 },
        { "invalid_api_key", "unauthorized", 401 },
        { "permission_error", NULL, 403 },
        { "permission_denied", NULL, 403 },
        { "not_found_error", NULL, 404 },
        { "generation", "request failed during generation", 424 },
        { "incomplete_generation", NULL, 424 },
        { "timeout", "timed out", 504 },
        { "timeout_error", NULL, 504 },
        { "request_too_large", NULL, 413 },
        { "server_error", "internal server error", 500 },
        { "internal_server_error", NULL, 500 },
        { "internal_error", NULL, 500 },
        { "api_error", NULL, 500 },
        { "unavailable_error", "service unavailable", 503 },
        { "service_unavailable", NULL, 503 },
        { "validation", NULL, 422 },
        { "invalid_request_error", NULL, 400 },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if ((known[i].word && is_word(b, known[i].word)) || (known[i].words && says(b, known[i].words)))
            return known[i].status;
    return 0;
}

int reply_error_status(int http_status, const struct error_body *b)
{
    if (http_status < 200 || http_status >= 300)
        return http_status;
    if (is_quota(b))
        return 402;
    if (b->number >= 400 && b->number < 600)
        return (int)b->number;
    if (is_unknown_model(b) || is_too_long(b))
        return 400;
    if (is_loading(b))
        return 503;
    return status_of_words(b);
}

/* ---- deciding ----------------------------------------------------------------------------------------------------- */

static void classify_4xx(int status, const struct error_body *b, struct reply_facts *f)
{
    switch (status) {
    case 401:
    case 403:
    case 407: reply_park(f, "auth"); return;
    case 402: reply_park(f, "credits"); return;
    case 404:
    case 410: reply_failed(f, "model_unavailable", EFFECT_STOP); return;
    case 408: reply_retry(f, "timeout"); return;
    case 409: reply_retry(f, "conflict"); return;
    case 413: reply_failed(f, "too_large", EFFECT_NONE); return;
    case 424: reply_retry_limited(f, "generation", 2, "exhausted"); return;
    case 429:
        if (is_quota(b)) {
            reply_park(f, "credits");
            return;
        }
        reply_retry(f, "rate");
        f->effect = EFFECT_COOLDOWN;
        return;
    case 498: reply_retry(f, "capacity"); return;
    case 400:
    case 422:
        if (is_quota(b))
            reply_park(f, "credits");
        else if (is_barred(b))
            reply_park(f, "auth");
        else if (is_unknown_model(b))
            reply_failed(f, "model_unavailable", EFFECT_STOP);
        else if (is_too_long(b))
            reply_failed(f, "too_long", EFFECT_NONE);
        else
            reply_failed(f, "invalid_request", EFFECT_NONE);
        return;
    default: reply_failed(f, "invalid_request", EFFECT_NONE); return;
    }
}

void reply_error_classify(int status, const struct error_body *b, struct reply_facts *f)
{
    f->message = b->message;
    if (status >= 500) {
        bool loading = (status == 502 || status == 503) && is_loading(b);
        reply_retry(f, loading ? "loading" : "server");
        f->effect = loading ? EFFECT_LOADING : EFFECT_NONE;
    } else if (status >= 400) {
        classify_4xx(status, b, f);
    } else if (status >= 300) {
        reply_park(f, "redirect");
    } else {
        reply_malformed(f, "malformed_response", *b->message ? b->message : "an error without a code or words");
    }
}

void reply_error_override(const char *should_retry, struct reply_facts *f)
{
    if (f->class == REPLY_RETRY && strcasecmp(should_retry, "false") == 0) {
        f->retry_max = 0;
        if (f->effect == EFFECT_LOADING)
            f->effect = EFFECT_COOLDOWN; /* attempts while loading are free, so the limit would never be reached */
    } else if (f->class == REPLY_FAILED && strcasecmp(should_retry, "true") == 0) {
        const char *reason = f->reason;
        reply_retry_limited(f, f->error_class, -1, reason);
    }
}

/* ---- below HTTP --------------------------------------------------------------------------------------------------- */

void reply_error_fault(const struct http_reply *reply, struct arena *a, struct reply_facts *f)
{
    const char *name = http_fault_name(reply->fault);

    f->message = reply_text_keep(a, reply->detail, strnlen(reply->detail, sizeof(reply->detail)), NULL, NULL);
    switch (reply->fault) {
    case HTTP_FAULT_CERTIFICATE: reply_park(f, "certificate"); return;
    case HTTP_FAULT_CANCELLED:
        reply_park(f, "interrupted");
        f->effect = EFFECT_NONE;
        return;
    case HTTP_FAULT_TOO_LARGE: reply_malformed(f, "malformed_response", "the reply is larger than gauntlet accepts"); return;
    case HTTP_FAULT_SEND:
    case HTTP_FAULT_RECV:
        if (reply->sent_bytes > large_body_bytes)
            reply_retry_limited(f, "suspected_too_large", 2, "too_large");
        else
            reply_retry(f, name);
        return;
    case HTTP_FAULT_NONE:
    case HTTP_FAULT_DNS:
    case HTTP_FAULT_CONNECT:
    case HTTP_FAULT_TLS:
    case HTTP_FAULT_TIMEOUT:
    case HTTP_FAULT_PARTIAL:
    case HTTP_FAULT_EMPTY:
    case HTTP_FAULT_PROTOCOL:
    case HTTP_FAULT_OTHER: reply_retry(f, name); return;
    }
}

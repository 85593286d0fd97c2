/*
 * error_body - what a server's error says, out of the dozen shapes in which servers say it (providers.md 4.1).
 */
#ifndef PROVIDER_ERROR_BODY_H
#define PROVIDER_ERROR_BODY_H

#include "base/arena.h"
#include "base/http_msg.h"
#include "base/json.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>

/* Strings live in the arena, are valid UTF-8 and never NULL. */
struct error_body {
    const char *message;             /* the server's words, clipped; "" when it had none */
    const char *type, *code, *param; /* type: also Google's `status` */
    const char *inner_code;  /* the finer code: Azure's innererror.code, Anthropic's details.error_code, Google's ErrorInfo.reason */
    int64_t number;          /* `code` as a number, also from "429"; -1 when it is none */
    double estimated_time_s; /* legacy HF: until the model is loaded; -1 when absent */
    double retry_delay_s;    /* Google: RetryInfo.retryDelay; -1 when absent */
    bool daily_quota;        /* Google: QuotaFailure names a quota of the day */
    bool moderation;         /* OpenRouter: metadata says that moderation flagged the input */
};

/* `root` is the parsed body, NULL when it is no JSON: then the text itself, an HTML title or the X-Error-Message header
   is the message. `inside` is the error of a choice, which goes before the root's; NULL = none. The key is blotted out. */
void error_body_read(const struct http_reply *reply, const cJSON *root, const cJSON *inside, const struct secret *key, struct arena *a,
                     struct error_body *ret);
/* True when the root says that it is an error, whatever the status: `error` non-null, or object = "error". */
bool error_body_present(const cJSON *root);

#endif

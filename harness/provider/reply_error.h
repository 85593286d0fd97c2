/*
 * reply_error - from an error reply to what becomes of the trial and of the endpoint (providers.md 4.2, 4.3).
 */
#ifndef PROVIDER_REPLY_ERROR_H
#define PROVIDER_REPLY_ERROR_H

#include "provider/error_body.h"
#include "provider/provider.h"

/* True when a content filter spoke: the trial is blocked, which is no error. `status` as for reply_error_classify. */
bool reply_error_is_filter(int status, const struct error_body *b);
/* The status that counts: the reply's own when it is not 2xx, else the body's code when it is one, else what its words
   mean; 0 when nothing fits. */
int reply_error_status(int http_status, const struct error_body *b);
/* Sets class, effect, error_class, reason and message for an effective status; the filter was asked before. */
void reply_error_classify(int status, const struct error_body *b, struct reply_facts *f);
/* `x-should-retry: true|false` overrides the choice between retry and failed, and nothing else. */
void reply_error_override(const char *should_retry, struct reply_facts *f);
/* A transfer that ended below HTTP. */
void reply_error_fault(const struct http_reply *reply, struct arena *a, struct reply_facts *f);

#endif

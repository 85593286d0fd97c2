/*
 * reply_facts - the few ways in which a reply can fail its trial, as one-line constructors.
 *
 * Words (error_class, reason) must be constant strings. None of them touches `message`, `hint_us` or `provider_echo`.
 */
#ifndef PROVIDER_REPLY_FACTS_H
#define PROVIDER_REPLY_FACTS_H

#include "provider/provider.h"

/* No facts yet: every pointer "", usage unknown, no hint. */
void reply_facts_init(struct reply_facts *f);
/* Another attempt, without a limit of its own; then failed `exhausted`. */
void reply_retry(struct reply_facts *f, const char *error_class);
/* Another attempt, at most `retry_max` times for this class; then failed `give_up_reason`. */
void reply_retry_limited(struct reply_facts *f, const char *error_class, int retry_max, const char *give_up_reason);
/* The reply is no answer at all (malformed_response, incomplete_stream, …): one retry, then failed `malformed`. */
void reply_malformed(struct reply_facts *f, const char *error_class, const char *message);
/* Never tried again; error_class = reason. */
void reply_failed(struct reply_facts *f, const char *reason, enum endpoint_effect effect);
/* The trial waits and the endpoint stops; error_class = reason. */
void reply_park(struct reply_facts *f, const char *reason);

#endif

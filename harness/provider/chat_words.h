/*
 * chat_words - the keys of an endpoint that only chat completions have a word for.
 */
#ifndef PROVIDER_CHAT_WORDS_H
#define PROVIDER_CHAT_WORDS_H

#include "provider/provider.h"

/* For the `check` of other protocols: ERR_INVALID and *ret_key when the target uses one of them. */
enum err chat_words_refuse(const struct provider_target *t, const char *protocol, const char **ret_key, struct error *e) MUST_CHECK;

#endif

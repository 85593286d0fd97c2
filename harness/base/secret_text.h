/*
 * secret_text - what looks like a credential in a text that a server wrote, taken out before the text is kept.
 *
 * Servers and proxies put whole requests into their error bodies: headers, addresses with user and query. The keys of this
 * configuration are known and taken out by secret_redact; those of others only look like keys:
 * the value after authorization, api key, password, secret, cookie or …_token and a colon or an equals sign, words with the
 * beginning of a known service's key, and of every URL user and query. Each becomes "****"; JSON stays JSON.
 * Not for answers: what a model says is data.
 */
#ifndef BASE_SECRET_TEXT_H
#define BASE_SECRET_TEXT_H

#include "base/strbuf.h"

/* Appends `text` without what looks like a credential. */
void secret_text_add(const char *text, size_t len, struct strbuf *out);
/* The same in place; a text without any is left as it is. */
void secret_text_redact(struct strbuf *text);

#endif

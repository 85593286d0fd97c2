/*
 * hub_auth - the token for the Hub, from where the Hub's own clients look for it; never from the command line.
 *
 * HF_TOKEN, else the file that HF_TOKEN_PATH names, else HF_HOME/token (`hf auth login` writes it).
 *
 * Owner     hub_token_release wipes it.
 */
#ifndef HUB_AUTH_H
#define HUB_AUTH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

struct hub_token {
    struct secret *secret; /* NULL = none */
    const char *source;    /* "HF_TOKEN" or the file's path, for messages; NULL = none */
};

/* A token that is there but unusable is ERR_INVALID; the message never shows it. */
enum err hub_token_read(const char *home_dir, struct arena *a, struct hub_token *ret, struct error *e) MUST_CHECK;
void hub_token_release(struct hub_token *t);

#endif

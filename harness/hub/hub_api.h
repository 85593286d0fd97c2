/*
 * hub_api - the Hub's answers → values. Pure: bytes in, values or words for a person out.
 *
 * Everything here comes from a server and is taken for hostile: types are checked, sizes have ceilings, hashes must be
 * hashes, names go through hub_path_problem, and texts through text_safe before they reach a message.
 *
 * Owner     strings live in the caller's arena.
 */
#ifndef HUB_API_H
#define HUB_API_H

#include "base/arena.h"
#include "base/http_msg.h"
#include "hub/hub_file.h"
#include "hub/hub_url.h"

#include <stdbool.h>

struct hub_info {
    const char *repo; /* as the Hub calls it now */
    char commit[HUB_COMMIT_HEX + 1];
    const char *licence; /* as the card says; NULL = the card has none */
    const char *gated;   /* "no", "auto" or "manual" */
    bool is_private;
};

/* What a question was about, for messages. */
struct hub_subject {
    const char *endpoint, *repo, *revision;
    const char *token_source; /* NULL = no token was sent */
};

enum hub_trouble {
    HUB_TROUBLE_NONE,
    HUB_TROUBLE_GATED,  /* terms not accepted, or not granted yet */
    HUB_TROUBLE_TOKEN,  /* the token is not accepted */
    HUB_TROUBLE_HIDDEN, /* private, gated or missing: the Hub does not say which */
    HUB_TROUBLE_NO_REPO,
    HUB_TROUBLE_NO_REVISION,
    HUB_TROUBLE_NO_FILE,
    HUB_TROUBLE_FORBIDDEN,
    HUB_TROUBLE_DISABLED,
    HUB_TROUBLE_RATE,   /* 429 */
    HUB_TROUBLE_SERVER, /* 5xx, 408: perhaps later */
    HUB_TROUBLE_OTHER
};

enum err hub_api_info(const char *text, size_t len, struct arena *a, struct hub_info *ret, struct error *e) MUST_CHECK;
/* Adds the files of one page of the tree. */
enum err hub_api_tree(const char *text, size_t len, struct arena *a, struct hub_listing *l, struct error *e) MUST_CHECK;

/* What a reply with a status of 400 or more says, by X-Error-Code, status and X-Error-Message. */
enum hub_trouble hub_trouble_of(const struct http_reply *r, bool with_token);
/* The message for it, with what to do; returns its code: ERR_AUTH, ERR_NOT_FOUND, ERR_NET or ERR_INVALID. */
enum err hub_trouble_say(enum hub_trouble t, const struct http_reply *r, const struct hub_subject *s, struct error *e);
/* Appends the server's own words (X-Error-Message or JSON `error`), one safe line of at most 200 columns. */
void hub_api_words(const struct http_reply *r, struct strbuf *out);

#endif

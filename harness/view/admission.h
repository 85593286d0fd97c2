/*
 * admission - who may ask this server what: decided from a request's head alone, before anything else is looked at.
 *
 * The server listens on loopback, where every page of every browser on the machine can reach it. What keeps them out:
 *
 *   Host              must be the address that was printed. A name that was rebound to 127.0.0.1 arrives with its own name in Host
 *                     (DNS rebinding), so it ends here.
 *   Origin            when a browser sends one it must be our own; what changes something must have one.
 *   Sec-Fetch-Site    when a browser sends one it must be same-origin or none; only the first page may be reached by a link.
 *   token             128 random bits, in the URL that was printed. It is exchanged for a cookie (HttpOnly, SameSite=Strict), which
 *                     every other request must bring.
 *   request token     what changes something must bring it in a header as well: no form and no other site can.
 *
 * See https://fetch.spec.whatwg.org/#http-origin and https://www.w3.org/TR/fetch-metadata/.
 * Threads   keys are made once and only read afterwards.
 */
#ifndef VIEW_ADMISSION_H
#define VIEW_ADMISSION_H

#include <stdbool.h>

enum { VIEW_TOKEN_CHARS = 32, VIEW_MAX_AUTHORITY = 128 };

struct admission_keys {
    char authority[VIEW_MAX_AUTHORITY]; /* "127.0.0.1:8123": where it listens, as Host says it */
    char cookie_name[64];               /* of this port: cookies do not tell ports apart */
    char url_token[VIEW_TOKEN_CHARS + 1], cookie[VIEW_TOKEN_CHARS + 1], request_token[VIEW_TOKEN_CHARS + 1];
};

/* Fresh tokens from the kernel's generator. */
void admission_keys_make(const char *authority, struct admission_keys *ret_keys);

/* What of a request decides. NULL = it has none. */
struct admission_request {
    const char *host;
    int host_count; /* how many Host headers there are */
    const char *origin, *fetch_site, *cookie, *request_token;
    const char *url_token; /* the query's t */
    bool entrance;         /* GET of "/": the only place where url_token counts */
    bool changes;          /* the method is not GET or HEAD */
};

enum admission {
    ADMIT,
    ADMIT_EXCHANGE, /* the URL's token is right: give the cookie and go on to the clean URL */
    DENY_HOST,
    DENY_ORIGIN,
    DENY_TOKEN,
    DENY_REQUEST_TOKEN
};
enum admission admission_decide(const struct admission_keys *keys, const struct admission_request *r);
/* A sentence for who was denied. */
const char *admission_reason(enum admission a);

#endif

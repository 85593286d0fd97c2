/*
 * hub_session - one visit to the Hub: the client, the token, and the one place that sends requests.
 *
 * The token goes into a request only when the caller wants it there, the address was not reached by an absolute redirect,
 * and scheme, host and port are those of HF_ENDPOINT. That is checked here, for every request, whatever the caller thinks.
 *
 * Owner     hub_session_open/close; home, token and watch are borrowed.
 * Threads   one; hub_session_wake from any.
 */
#ifndef HUB_SESSION_H
#define HUB_SESSION_H

#include "base/rng.h"
#include "hub/hub_auth.h"
#include "hub/hub_home.h"
#include "hub/hub_watch.h"
#include "net/http.h"

enum { HUB_IN_FLIGHT = 32, HUB_MAX_HOPS = 5, HUB_MAX_ATTEMPTS = 5, HUB_MAX_PAUSES = 12 };

struct hub_session {
    const struct hub_home *home; /* NULL: a plain URL, no Hub about it */
    const struct hub_token *token;
    const struct hub_watch *watch;
    struct http_client *client;
    struct http_route route;
    struct strbuf origin; /* of the endpoint: where the token may go */
    struct rng rng;
    struct hub_progress progress;
    int pauses; /* rate limits met since something last worked */
};

struct hub_question {
    const char *url;
    bool with_token; /* where it may go at all */
    bool wants_json;
    int64_t range_from;           /* > 0: the rest only */
    const struct http_sink *sink; /* NULL = the body is collected */
};

enum err hub_session_open(struct hub_session *s, const struct hub_home *home, const struct hub_token *token, const struct hub_watch *watch,
                          const char *user_agent, bool allow_plain, int64_t stall_us, struct error *e) MUST_CHECK;
void hub_session_close(struct hub_session *s);
enum err hub_session_start(struct hub_session *s, const struct hub_question *q, void *user, struct error *e) MUST_CHECK;
/* Takes one finished transfer, as http_client_take; a body that echoes the token has it no more. */
bool hub_session_take(struct hub_session *s, void **ret_user, struct http_reply *ret);
/* Does the token go to that address? */
bool hub_session_trusts(const struct hub_session *s, const char *url);
/* Where a 3xx leads: appends the URL. *ret_elsewhere: it was absolute, so what follows is not the Hub and gets no token.
   ERR_NET for a redirect that must not be followed: none, not https, one too many. */
enum err hub_session_follow(const struct hub_session *s, const char *url, const struct http_reply *r, int hops, struct strbuf *out,
                            bool *ret_elsewhere, struct error *e) MUST_CHECK;

bool hub_session_stopped(const struct hub_session *s);
void hub_session_notice(const struct hub_session *s, enum log_level level, const char *kind, const char *format, ...) PRINTF_LIKE(4, 5);
/* Tells the watcher. */
void hub_session_tell(struct hub_session *s);
/* After a 429: until when nothing is asked. Says so once an episode; ERR_NET when it happened too often without progress. */
enum err hub_session_pause(struct hub_session *s, const struct http_reply *r, struct error *e) MUST_CHECK;

#endif

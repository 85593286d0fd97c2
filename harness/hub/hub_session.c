#include "hub/hub_session.h"

#include "base/clock.h"
#include "base/units.h"
#include "core/limits.h"
#include "hub/hub_retry.h"
#include "net/backoff.h"
#include "net/http_url.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_CONNECTIONS = 2 * HUB_IN_FLIGHT }; /* the Hub's and the CDN's: each file in LFS needs both in turn */
static const int64_t SHORTEST_PAUSE_US = 1000000;

enum err hub_session_open(struct hub_session *s, const struct hub_home *home, const struct hub_token *token, const struct hub_watch *watch,
                          const char *user_agent, bool allow_plain, int64_t stall_us, struct error *e)
{
    const struct http_client_options options = { .max_connections = MAX_CONNECTIONS,
                                                 .max_response_bytes = MAX_RESPONSE_BYTES,
                                                 .max_header_bytes = MAX_HEADER_BYTES,
                                                 .user_agent = user_agent };
    uint64_t seed;
    *s = (struct hub_session){ .home = home, .token = token, .watch = watch, .origin = STRBUF_INIT };
    if (home && http_url_origin(home->endpoint, &s->origin, e) != OK)
        return e ? e->code : ERR_INVALID;
    s->route = (struct http_route){ .tls_verify = true,
                                    .http_version = 11,
                                    .streaming = true,
                                    .stall_timeout_us = stall_us,
                                    .allow_plain = allow_plain,
                                    .secret = token && token->secret ? secret_bytes(token->secret) : NULL };
    rng_system(&seed, sizeof(seed));
    rng_init(&s->rng, seed);
    s->progress = (struct hub_progress){ .phase = "asking", .start_us = clock_mono_us(&clock_real) };
    enum err rc = http_client_new(&options, &s->client, e);
    if (rc != OK)
        strbuf_release(&s->origin);
    return rc;
}

void hub_session_close(struct hub_session *s)
{
    http_client_free(s->client);
    strbuf_release(&s->origin);
    *s = (struct hub_session){ .origin = STRBUF_INIT };
}

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

bool hub_session_trusts(const struct hub_session *s, const char *url)
{
    CLEANUP(strbuf_release) struct strbuf origin = STRBUF_INIT;
    return s->home && s->origin.len && http_url_origin(url, &origin, NULL) == OK && strcmp(origin.buf, s->origin.buf) == 0;
}

enum err hub_session_start(struct hub_session *s, const struct hub_question *q, void *user, struct error *e)
{
    struct http_header header[4];
    struct http_request request = { .method = "GET", .url = q->url, .header = header };
    char range[40];
    CLEANUP(strbuf_release) struct strbuf bearer = STRBUF_INIT;

    header[request.header_count++] = (struct http_header){ "Accept", q->wants_json ? "application/json" : "*/*" };
    if (q->sink)
        header[request.header_count++] = (struct http_header){ "Accept-Encoding", "identity" };
    if (q->range_from > 0) {
        (void)snprintf(range, sizeof(range), "bytes=%lld-", (long long)q->range_from);
        header[request.header_count++] = (struct http_header){ "Range", range };
    }
    if (q->with_token && s->token && s->token->secret && hub_session_trusts(s, q->url)) {
        (void)strbuf_addf(&bearer, "Bearer %s", secret_bytes(s->token->secret));
        header[request.header_count++] = (struct http_header){ "Authorization", bearer.buf };
    }
    enum err rc = http_client_start_to(s->client, &request, &s->route, q->sink, user, e); /* copies the headers */
    explicit_bzero(bearer.buf, bearer.len);
    return rc;
}

bool hub_session_take(struct hub_session *s, void **ret_user, struct http_reply *ret)
{
    if (!http_client_take(s->client, ret_user, ret))
        return false;
    if (s->token && s->token->secret)
        secret_redact(s->token->secret, &ret->body);
    return true;
}

enum err hub_session_follow(const struct hub_session *s, const char *url, const struct http_reply *r, int hops, struct strbuf *out,
                            bool *ret_elsewhere, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf location = STRBUF_INIT;
    bool absolute = false;
    if (!http_reply_header(r, "location", &location))
        return error_set(e, ERR_NET, "status %d without a Location", r->status);
    if (hops >= HUB_MAX_HOPS)
        return error_set(e, ERR_NET, "more than %d redirects in a row", HUB_MAX_HOPS);
    size_t start = out->len;
    if (http_url_resolve(url, location.buf, out, &absolute, e) != OK) {
        (void)error_prefix(e, "a redirect that cannot be followed");
        if (e)
            e->code = ERR_NET;
        return ERR_NET;
    }
    const char *target = out->buf + start;
    if (strncmp(target, "https://", 8) != 0 && !(s->route.allow_plain && http_url_is_loopback(target)))
        return error_set(e, ERR_NET, "a redirect away from https:// is not followed");
    *ret_elsewhere = absolute;
    return OK;
}

/* ---- The watcher --------------------------------------------------------------------------------------------------- */

bool hub_session_stopped(const struct hub_session *s)
{
    return s->watch && s->watch->stop && s->watch->stop(s->watch->context);
}

void hub_session_notice(const struct hub_session *s, enum log_level level, const char *kind, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    if (!s->watch || !s->watch->notice)
        return;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    s->watch->notice(s->watch->context, level, kind, message);
}

void hub_session_tell(struct hub_session *s)
{
    s->progress.now_us = clock_mono_us(&clock_real);
    if (s->progress.paused_until_us && s->progress.now_us >= s->progress.paused_until_us)
        s->progress.paused_until_us = 0;
    if (s->watch && s->watch->progress)
        s->watch->progress(s->watch->context, &s->progress);
}

enum err hub_session_pause(struct hub_session *s, const struct http_reply *r, struct error *e)
{
    int64_t now_us = clock_mono_us(&clock_real);
    if (s->progress.paused_until_us > now_us) /* the others that were on the wire say the same */
        return OK;
    if (++s->pauses > HUB_MAX_PAUSES)
        return error_set(e, ERR_NET, "the Hub limits the rate of requests (429), %d times in a row: pull again later%s", HUB_MAX_PAUSES,
                         s->token && s->token->secret ? "" : "; with HF_TOKEN the limit is higher");
    int64_t hint_us = hub_retry_hint_us(r, clock_wall_us(&clock_real));
    int64_t wait_us = backoff_delay_us(s->pauses, hint_us, &s->rng);
    if (hint_us < 0 && wait_us < SHORTEST_PAUSE_US)
        wait_us = SHORTEST_PAUSE_US;
    s->progress.paused_until_us = now_us + wait_us;

    CLEANUP(strbuf_release) struct strbuf wait = STRBUF_INIT;
    units_format_duration(wait_us, &wait);
    hub_session_notice(s, LOG_WARN, "rate_limit", "the Hub limits the rate of requests: going on in %s%s", wait.buf,
                       s->token && s->token->secret ? "" : " (with HF_TOKEN the limit is higher)");
    return OK;
}

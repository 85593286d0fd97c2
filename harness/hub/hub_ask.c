#include "hub/hub_ask.h"

#include "base/clock.h"
#include "core/limits.h"
#include "hub/hub_retry.h"
#include "net/backoff.h"

#include <string.h>

static const int64_t TICK_US = 250000;

/* Until then, or until a person has had enough. */
static enum err wait_until(struct hub_session *s, int64_t deadline_us, struct error *e)
{
    for (;;) {
        int64_t now_us = clock_mono_us(&clock_real);
        if (hub_session_stopped(s))
            return error_set(e, ERR_CANCELLED, "interrupted");
        if (now_us >= deadline_us)
            return OK;
        hub_session_tell(s);
        if (http_client_wait(s->client, now_us + TICK_US < deadline_us ? now_us + TICK_US : deadline_us, e) != OK)
            return e ? e->code : ERR_IO;
    }
}

/* One request and its reply. */
static enum err exchange(struct hub_session *s, const char *url, struct http_reply *ret, struct error *e)
{
    const struct hub_question q = { .url = url, .with_token = true, .wants_json = true };
    void *user = NULL;
    if (hub_session_start(s, &q, NULL, e) != OK)
        return e ? e->code : ERR_NET;
    while (!hub_session_take(s, &user, ret)) {
        if (hub_session_stopped(s)) {
            http_client_abort(s->client);
            if (http_client_take(s->client, &user, ret))
                http_reply_release(ret);
            return error_set(e, ERR_CANCELLED, "interrupted");
        }
        hub_session_tell(s);
        if (http_client_wait(s->client, clock_mono_us(&clock_real) + TICK_US, e) != OK)
            return e ? e->code : ERR_IO;
    }
    return OK;
}

static enum err unreachable(const struct hub_session *s, const struct http_reply *r, struct error *e)
{
    return error_set(e, r->fault == HTTP_FAULT_TIMEOUT ? ERR_TIMEOUT : ERR_NET, "%s cannot be reached: %s (%s)%s", s->home->endpoint,
                     r->detail, http_fault_name(r->fault),
                     r->fault == HTTP_FAULT_CERTIFICATE ? "" : "\n  without a network HF_HUB_OFFLINE=1 takes what is in the cache");
}

/* Wait before the same question is asked again, or the error that ends it. */
static enum err try_later(struct hub_session *s, const struct hub_subject *subject, const struct http_reply *r, int failures,
                          struct error *e)
{
    enum hub_trouble trouble = hub_trouble_of(r, subject->token_source != NULL);
    if (r->fault == HTTP_FAULT_NONE && trouble == HUB_TROUBLE_RATE) {
        if (hub_session_pause(s, r, e) != OK)
            return e ? e->code : ERR_NET;
        return wait_until(s, s->progress.paused_until_us, e);
    }
    bool again = r->fault == HTTP_FAULT_NONE ? trouble == HUB_TROUBLE_SERVER
                                             : r->fault != HTTP_FAULT_CERTIFICATE && r->fault != HTTP_FAULT_TOO_LARGE;
    if (again && failures < HUB_MAX_ATTEMPTS) {
        s->progress.retries++;
        return wait_until(
            s, clock_mono_us(&clock_real) + backoff_delay_us(failures, hub_retry_hint_us(r, clock_wall_us(&clock_real)), &s->rng), e);
    }
    return r->fault == HTTP_FAULT_NONE ? hub_trouble_say(trouble, r, subject, e) : unreachable(s, r, e);
}

/* Moves `url` to where the redirect leads. */
static enum err follow(struct hub_session *s, const struct http_reply *r, int hops, struct strbuf *url, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
    bool elsewhere = false;
    if (hub_session_follow(s, url->buf, r, hops, &target, &elsewhere, e) != OK)
        return error_prefix(e, "the Hub");
    if (elsewhere)
        return error_set(e, ERR_NET, "the Hub sends the question for its list to another host: not followed");
    strbuf_clear(url);
    return strbuf_addstr(url, target.buf);
}

/* Asks until there is a whole 200. */
static enum err ask(struct hub_session *s, const struct hub_subject *subject, const char *first_url, struct http_reply *ret,
                    struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
    (void)strbuf_addstr(&url, first_url);
    for (int failures = 0, hops = 0;;) {
        struct http_reply r = HTTP_REPLY_INIT;
        enum err rc = exchange(s, url.buf, &r, e);
        if (rc == OK && r.fault == HTTP_FAULT_NONE && r.status == 200) {
            s->pauses = 0;
            *ret = r;
            return OK;
        }
        if (rc == OK && r.fault == HTTP_FAULT_NONE && r.status >= 300 && r.status < 400) {
            rc = follow(s, &r, hops++, &url, e);
        } else if (rc == OK) {
            failures += r.status != 429;
            rc = try_later(s, subject, &r, failures, e);
        }
        http_reply_release(&r);
        if (rc != OK)
            return rc;
    }
}

enum err hub_ask_info(struct hub_session *s, const struct hub_subject *subject, struct arena *a, struct hub_info *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
    CLEANUP(http_reply_release) struct http_reply r = HTTP_REPLY_INIT;
    s->progress.phase = "asking";
    hub_url_info(subject->endpoint, subject->repo, subject->revision, &url);
    enum err rc = ask(s, subject, url.buf, &r, e);
    return rc == OK ? hub_api_info(r.body.buf, r.body.len, a, ret, e) : rc;
}

enum err hub_ask_tree(struct hub_session *s, const struct hub_subject *subject, const char *commit, struct arena *a,
                      struct hub_listing *ret, struct error *e)
{
    CLEANUP(hub_listing_release) struct hub_listing listing = { 0 };
    CLEANUP(strbuf_release) struct strbuf query = STRBUF_INIT;
    (void)strbuf_addstr(&query, HUB_TREE_QUERY);
    s->progress.phase = "listing";
    for (int page = 1;; page++) {
        CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf link = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf next = STRBUF_INIT;
        CLEANUP(http_reply_release) struct http_reply r = HTTP_REPLY_INIT;
        hub_url_tree(subject->endpoint, subject->repo, commit, query.buf, &url);
        enum err rc = ask(s, subject, url.buf, &r, e);
        if (rc == OK)
            rc = hub_api_tree(r.body.buf, r.body.len, a, &listing, e);
        if (rc != OK)
            return rc;
        s->progress.files_done = (int64_t)listing.count;
        if (!http_reply_header(&r, "link", &link) || !hub_link_next(link.buf, &next))
            break;
        if (page >= MAX_PULL_PAGES || strcmp(next.buf, query.buf) == 0)
            return error_set(e, ERR_LIMIT, "the Hub's list of files does not end (%d pages)", page);
        strbuf_clear(&query);
        (void)strbuf_addstr(&query, next.buf);
    }
    if (hub_listing_seal(&listing, e) != OK)
        return e ? e->code : ERR_INVALID;
    *ret = listing;
    listing = (struct hub_listing){ 0 };
    return OK;
}

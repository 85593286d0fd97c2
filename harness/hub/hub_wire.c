#include "base/clock.h"
#include "hub/hub_decide.h"
#include "hub/hub_range.h"
#include "hub/hub_retry.h"
#include "hub/hub_task.h"
#include "net/backoff.h"

#include <string.h>

static const int64_t WORTH_ANOTHER_TRY_BYTES = 1024 * 1024;

/* Does the body continue what is there? A 200 is the whole file again. */
static bool begin_body(struct hub_task *t, const struct http_reply *head)
{
    CLEANUP(strbuf_release) struct strbuf range = STRBUF_INIT;
    int64_t first = 0, total = -1;
    t->body_begun = true;
    if (head->status == 200) {
        t->disk_failed = t->part.have > 0 && hub_part_restart(&t->part, &t->error) != OK;
        return !t->disk_failed;
    }
    bool fits = http_reply_header(head, "content-range", &range) && hub_range_parse(range.buf, &first, &total) && first == t->part.have &&
                (total < 0 || t->file->size < 0 || total == t->file->size);
    t->misfit = !fits;
    return fits;
}

static enum http_sink_verdict on_body(void *task, const struct http_reply *head, const void *bytes, size_t len)
{
    struct hub_task *t = task;
    if (head->status != 200 && head->status != 206)
        return HTTP_SINK_COLLECT;
    if (!t->body_begun && !begin_body(t, head))
        return HTTP_SINK_STOP;
    if (t->file->size >= 0 && (int64_t)len > t->file->size - t->part.have) {
        t->misfit = true; /* more than the list says: nothing to wait for */
        return HTTP_SINK_STOP;
    }
    t->disk_failed = hub_part_write(&t->part, bytes, len, &t->error) != OK;
    t->crew->session->progress.fetched_bytes += (int64_t)len;
    return t->disk_failed ? HTTP_SINK_STOP : HTTP_SINK_TAKEN;
}

void hub_wire_ask(struct hub_task *t)
{
    struct hub_crew *d = t->crew;
    struct error why;
    const struct http_sink sink = { .write = on_body, .context = t };
    const struct hub_question q = { .url = t->url.buf, .with_token = !t->elsewhere, .range_from = t->part.have, .sink = &sink };
    t->state = TASK_ON_WIRE;
    t->asked_from = t->part.have;
    t->body_begun = t->misfit = t->disk_failed = false;
    if (hub_session_start(d->session, &q, t, &why) != OK) {
        hub_task_fail(t, &why);
        return;
    }
    d->on_wire++;
}

/* A mirror may say 404 of a file without X-Error-Code; the repository itself was there a moment ago. */
static enum hub_trouble trouble_with_file(const struct hub_task *t, const struct http_reply *r)
{
    CLEANUP(strbuf_release) struct strbuf code = STRBUF_INIT;
    const struct hub_session *s = t->crew->session;
    enum hub_trouble trouble = hub_trouble_of(r, s->token && s->token->secret);
    return trouble == HUB_TROUBLE_NO_REPO && !http_reply_header(r, "x-error-code", &code) ? HUB_TROUBLE_NO_FILE : trouble;
}

static void say_why(const struct hub_task *t, const struct http_reply *r, struct error *ret)
{
    const struct hub_subject *subject = t->crew->job->subject;
    if (t->misfit)
        (void)error_set(ret, ERR_NET, "the server sends another part, or more, than the file has");
    else if (r->fault != HTTP_FAULT_NONE)
        (void)error_set(ret, r->fault == HTTP_FAULT_TIMEOUT ? ERR_TIMEOUT : ERR_NET, "%s (%s)", r->detail, http_fault_name(r->fault));
    else if (r->status == 416)
        (void)error_set(ret, ERR_NET, "the server refuses to send the rest of the file (416)");
    else if (subject && !t->elsewhere)
        (void)hub_trouble_say(trouble_with_file(t, r), r, subject, ret);
    else
        (void)error_set(ret,
                        r->status == 401 || r->status == 403   ? ERR_AUTH
                        : r->status == 404 || r->status == 410 ? ERR_NOT_FOUND
                                                               : ERR_NET,
                        "%s answered with status %d", subject ? "the server that the Hub names" : "the server", r->status);
}

/* Later again, with the whole chain from the Hub: a signed address may have run out. */
static void again(struct hub_task *t, const struct http_reply *r, bool from_start)
{
    struct hub_crew *d = t->crew;
    struct error why;
    bool grew = t->part.have - t->asked_from >= WORTH_ANOTHER_TRY_BYTES; /* it is getting on, if slowly */
    t->attempts = grew ? 1 : t->attempts + 1;
    if (t->attempts >= HUB_MAX_ATTEMPTS) {
        say_why(t, r, &why);
        (void)error_suffix(&why, "; tried %d times", t->attempts);
        hub_task_fail(t, &why);
        return;
    }
    if (from_start && hub_part_restart(&t->part, &why) != OK) {
        hub_crew_stop(d, &why);
        hub_task_end(t);
        return;
    }
    d->session->progress.retries++;
    hub_task_point_at_start(t);
    hub_task_wait(t, clock_mono_us(&clock_real) +
                         backoff_delay_us(t->attempts, hub_retry_hint_us(r, clock_wall_us(&clock_real)), &d->session->rng));
}

static void follow(struct hub_task *t, const struct http_reply *r)
{
    CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
    struct error why;
    bool absolute = false;
    if (hub_session_follow(t->crew->session, t->url.buf, r, t->hops, &target, &absolute, &why) != OK) {
        hub_task_fail(t, &why);
        return;
    }
    strbuf_clear(&t->url);
    (void)strbuf_addstr(&t->url, target.buf);
    t->elsewhere = t->elsewhere || absolute; /* never back to being trusted */
    t->hops++;
    hub_wire_ask(t);
}

static void pause_everything(struct hub_task *t, const struct http_reply *r)
{
    struct hub_crew *d = t->crew;
    struct error why;
    if (hub_session_pause(d->session, r, &why) != OK) {
        hub_crew_stop(d, &why);
        hub_task_end(t);
        return;
    }
    d->session->progress.retries++;
    hub_task_point_at_start(t);
    hub_task_wait(t, 0);
}

static void on_reply(struct hub_task *t, const struct http_reply *r)
{
    struct hub_crew *d = t->crew;
    const struct hub_outcome outcome = { .fault = r->fault,
                                         .status = r->status,
                                         .trouble = trouble_with_file(t, r),
                                         .elsewhere = t->elsewhere,
                                         .disk_failed = t->disk_failed,
                                         .misfit = t->misfit,
                                         .perhaps_whole = t->file->size < 0 && t->part.have > 0,
                                         .hops = t->hops };
    struct error why;
    switch (hub_decide(&outcome)) {
    case HUB_SEAL:
        d->session->pauses = 0;
        hub_task_give(t, TASK_SEALING);
        return;
    case HUB_FOLLOW: follow(t, r); return;
    case HUB_AGAIN: again(t, r, false); return;
    case HUB_RESTART: again(t, r, true); return;
    case HUB_PAUSE: pause_everything(t, r); return;
    case HUB_GIVE_UP:
        say_why(t, r, &why);
        hub_task_fail(t, &why);
        return;
    case HUB_STOP:
        if (t->disk_failed)
            why = t->error;
        else
            say_why(t, r, &why);
        hub_crew_stop(d, &why);
        hub_task_end(t);
        return;
    }
}

void hub_wire_take(struct hub_crew *d)
{
    void *user;
    struct http_reply r = HTTP_REPLY_INIT;
    while (hub_session_take(d->session, &user, &r)) {
        struct hub_task *t = user;
        d->on_wire--;
        if (r.fault == HTTP_FAULT_CANCELLED && !t->misfit && !t->disk_failed)
            hub_task_end(t); /* everything is being stopped; what came is kept */
        else
            on_reply(t, &r);
        http_reply_release(&r);
    }
}

#include "hub/hub_download.h"

#include "base/arena.h"
#include "base/clock.h"
#include "hub/hub_decide.h"
#include "hub/hub_range.h"
#include "hub/hub_retry.h"
#include "hub/hub_workers.h"
#include "net/backoff.h"

#include <errno.h>
#include <string.h>

enum { WINDOW = 256, WORKERS = 4, MAX_FAILURES = 20 };
static const int64_t TICK_US = 200000, WORTH_ANOTHER_TRY_BYTES = 1024 * 1024;

enum task_state { TASK_CHECKING, TASK_WAITING, TASK_ON_WIRE, TASK_SEALING };

struct task {
    enum task_state state;
    struct hub_part part;
    struct hub_file *file;
    struct download *download;
    struct task *next, *prev; /* among those alive, in the order of the list */

    /* what a worker found; written by it, read after it is taken back */
    enum hub_found found;
    bool right;
    enum err rc;
    struct error error;

    /* the request */
    struct strbuf url; /* where to ask next */
    bool elsewhere;
    int hops, attempts, mismatches;
    int64_t ready_us;
    int64_t asked_from; /* `have` when the request began */
    bool body_begun, misfit, disk_failed;
};

struct download {
    struct hub_session *session;
    const struct hub_job *job;
    struct hub_tally *tally;
    struct hub_place place;
    atomic_bool cancelled; /* workers give up hashing */
    int64_t finished_bytes;
    struct hub_workers *workers;
    struct task *alive, *last;
    size_t alive_count, on_wire;
    size_t next_file;
    enum err fatal; /* what stops everything */
    struct error *error;
};

/* ---- Tasks --------------------------------------------------------------------------------------------------------- */

static void point_at_start(struct task *t)
{
    const struct hub_job *job = t->download->job;
    strbuf_clear(&t->url);
    if (job->url)
        (void)strbuf_addstr(&t->url, job->url);
    else
        hub_url_file(job->subject->endpoint, job->subject->repo, job->commit, t->file->path, &t->url);
    t->elsewhere = false;
    t->hops = 0;
}

static void give_to_worker(struct task *t, enum task_state state)
{
    t->state = state;
    hub_workers_give(t->download->workers, t);
}

static void begin_task(struct download *d, struct hub_file *file)
{
    struct task *t = xcalloc(1, sizeof(*t));
    t->download = d;
    t->file = file;
    t->url = (struct strbuf)STRBUF_INIT;
    hub_part_init(&t->part, &d->place, file);
    point_at_start(t);
    t->prev = d->last;
    if (t->prev)
        t->prev->next = t;
    else
        d->alive = t;
    d->last = t;
    d->alive_count++;
    give_to_worker(t, TASK_CHECKING);
}

static void end_task(struct task *t)
{
    struct download *d = t->download;
    hub_part_close(&t->part);
    if (t->next)
        t->next->prev = t->prev;
    else
        d->last = t->prev;
    if (t->prev)
        t->prev->next = t->next;
    else
        d->alive = t->next;
    d->alive_count--;
    strbuf_release(&t->url);
    free(t);
}

static void finish(struct task *t, int64_t *counter)
{
    struct download *d = t->download;
    struct hub_progress *p = &d->session->progress;
    (*counter)++;
    d->tally->bytes += t->file->size;
    d->finished_bytes += t->file->size;
    p->files_done++;
    end_task(t);
}

static void stop_everything(struct download *d, const struct error *why)
{
    if (d->fatal != OK)
        return;
    d->fatal = why->code;
    *d->error = *why;
}

static void fail_file(struct task *t, const struct error *why)
{
    struct download *d = t->download;
    struct hub_tally *tally = d->tally;
    tally->failed++;
    if (tally->failure_count < HUB_FAILURES_TOLD) {
        struct hub_failure *f = &tally->failure[tally->failure_count++];
        f->path = t->file->path;
        f->code = why->code;
        (void)snprintf(f->reason, sizeof(f->reason), "%.250s", why->msg);
        hub_session_notice(d->session, LOG_WARN, "file_failed", "%s: %s", f->path, f->reason);
    }
    end_task(t);
    if (tally->failed >= MAX_FAILURES) {
        struct error many;
        (void)error_set(&many, ERR_NET, "%d files could not be pulled, the first: %s: %s", MAX_FAILURES, tally->failure[0].path,
                        tally->failure[0].reason);
        stop_everything(d, &many);
    }
}

/* ---- What came from the workers ------------------------------------------------------------------------------------ */

static void wait_for_wire(struct task *t, int64_t ready_us)
{
    t->state = TASK_WAITING;
    t->ready_us = ready_us;
}

static void on_checked(struct task *t)
{
    struct download *d = t->download;
    struct error why;
    switch (t->found) {
    case HUB_FOUND_KEPT: finish(t, &d->tally->kept); return;
    case HUB_FOUND_RESUMED:
        finish(t, t->file->size > 0 ? &d->tally->kept : &d->tally->fetched);
        return; /* nothing to fetch of an empty one */
    case HUB_FOUND_CACHED: finish(t, &d->tally->cached); return;
    case HUB_FOUND_OTHER:
        (void)error_set(&why, ERR_INVALID,
                        "%s is there already, with other content; --force overwrites it, --to DIR chooses another folder",
                        t->part.path.buf);
        stop_everything(d, &why);
        end_task(t);
        return;
    case HUB_FOUND_NOTHING: break;
    }
    if (!d->job->offline) {
        wait_for_wire(t, 0);
        return;
    }
    (void)error_set(&why, ERR_NOT_FOUND, "is neither in %s nor in the cache, and HF_HUB_OFFLINE is set", d->job->place.root);
    fail_file(t, &why);
}

/* What came is complete and is not the file. A part from before may be to blame, so it is asked for once more. */
static void on_mismatch(struct task *t)
{
    struct error why;
    if (++t->mismatches < 2) {
        t->download->session->progress.retries++;
        point_at_start(t);
        give_to_worker(t, TASK_CHECKING);
        return;
    }
    if (t->download->job->url)
        (void)error_set(&why, ERR_INVALID, "what came is another file than the one of SHA-256 %.16s…; it was not kept", t->file->sha256);
    else
        (void)error_set(&why, ERR_INVALID, "what came is not the file that the Hub lists (its hash or size differs); it was not kept");
    fail_file(t, &why);
}

static void take_from_workers(struct download *d)
{
    struct task *t;
    while ((t = hub_workers_take(d->workers)) != NULL) {
        if (t->rc != OK) {
            stop_everything(d, &t->error); /* the disk, whichever file it was */
            end_task(t);
        } else if (t->state == TASK_CHECKING) {
            on_checked(t);
        } else if (t->right) {
            finish(t, &d->tally->fetched);
        } else {
            on_mismatch(t);
        }
    }
}

static void work(void *item)
{
    struct task *t = item;
    if (t->state == TASK_CHECKING && atomic_load(&t->download->cancelled))
        t->rc = error_set(&t->error, ERR_CANCELLED, "interrupted");
    else if (t->state == TASK_CHECKING)
        t->rc = hub_part_prepare(&t->part, &t->found, &t->error);
    else
        t->rc = hub_part_seal(&t->part, &t->right, &t->error);
}

static void wake(void *client)
{
    http_client_wake(client);
}

/* ---- What comes over the wire -------------------------------------------------------------------------------------- */

/* Does the body continue what is there? A 200 is the whole file again. */
static bool begin_body(struct task *t, const struct http_reply *head)
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
    struct task *t = task;
    if (head->status != 200 && head->status != 206)
        return HTTP_SINK_COLLECT;
    if (!t->body_begun && !begin_body(t, head))
        return HTTP_SINK_STOP;
    if (t->file->size >= 0 && (int64_t)len > t->file->size - t->part.have) {
        t->misfit = true; /* more than the list says: nothing to wait for */
        return HTTP_SINK_STOP;
    }
    t->disk_failed = hub_part_write(&t->part, bytes, len, &t->error) != OK;
    t->download->session->progress.fetched_bytes += (int64_t)len;
    return t->disk_failed ? HTTP_SINK_STOP : HTTP_SINK_TAKEN;
}

static void ask_for(struct task *t)
{
    struct download *d = t->download;
    struct error why;
    const struct http_sink sink = { .write = on_body, .context = t };
    const struct hub_question q = { .url = t->url.buf, .with_token = !t->elsewhere, .range_from = t->part.have, .sink = &sink };
    t->state = TASK_ON_WIRE;
    t->asked_from = t->part.have;
    t->body_begun = t->misfit = t->disk_failed = false;
    if (hub_session_start(d->session, &q, t, &why) != OK) {
        fail_file(t, &why);
        return;
    }
    d->on_wire++;
}

/* A mirror may say 404 of a file without X-Error-Code; the repository itself was there a moment ago. */
static enum hub_trouble trouble_with_file(const struct task *t, const struct http_reply *r)
{
    CLEANUP(strbuf_release) struct strbuf code = STRBUF_INIT;
    const struct hub_session *s = t->download->session;
    enum hub_trouble trouble = hub_trouble_of(r, s->token && s->token->secret);
    return trouble == HUB_TROUBLE_NO_REPO && !http_reply_header(r, "x-error-code", &code) ? HUB_TROUBLE_NO_FILE : trouble;
}

static void say_why(const struct task *t, const struct http_reply *r, struct error *ret)
{
    const struct hub_subject *subject = t->download->job->subject;
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
static void again(struct task *t, const struct http_reply *r, bool from_start)
{
    struct download *d = t->download;
    struct error why;
    bool grew = t->part.have - t->asked_from >= WORTH_ANOTHER_TRY_BYTES; /* it is getting on, if slowly */
    t->attempts = grew ? 1 : t->attempts + 1;
    if (t->attempts >= HUB_MAX_ATTEMPTS) {
        say_why(t, r, &why);
        (void)error_suffix(&why, "; tried %d times", t->attempts);
        fail_file(t, &why);
        return;
    }
    if (from_start && hub_part_restart(&t->part, &why) != OK) {
        stop_everything(d, &why);
        end_task(t);
        return;
    }
    d->session->progress.retries++;
    point_at_start(t);
    wait_for_wire(t, clock_mono_us(&clock_real) +
                         backoff_delay_us(t->attempts, hub_retry_hint_us(r, clock_wall_us(&clock_real)), &d->session->rng));
}

static void follow(struct task *t, const struct http_reply *r)
{
    CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
    struct error why;
    bool absolute = false;
    if (hub_session_follow(t->download->session, t->url.buf, r, t->hops, &target, &absolute, &why) != OK) {
        fail_file(t, &why);
        return;
    }
    strbuf_clear(&t->url);
    (void)strbuf_addstr(&t->url, target.buf);
    t->elsewhere = t->elsewhere || absolute; /* never back to being trusted */
    t->hops++;
    ask_for(t);
}

static void pause_everything(struct task *t, const struct http_reply *r)
{
    struct download *d = t->download;
    struct error why;
    if (hub_session_pause(d->session, r, &why) != OK) {
        stop_everything(d, &why);
        end_task(t);
        return;
    }
    d->session->progress.retries++;
    point_at_start(t);
    wait_for_wire(t, 0);
}

static void on_reply(struct task *t, const struct http_reply *r)
{
    struct download *d = t->download;
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
        give_to_worker(t, TASK_SEALING);
        return;
    case HUB_FOLLOW: follow(t, r); return;
    case HUB_AGAIN: again(t, r, false); return;
    case HUB_RESTART: again(t, r, true); return;
    case HUB_PAUSE: pause_everything(t, r); return;
    case HUB_GIVE_UP:
        say_why(t, r, &why);
        fail_file(t, &why);
        return;
    case HUB_STOP:
        if (t->disk_failed)
            why = t->error;
        else
            say_why(t, r, &why);
        stop_everything(d, &why);
        end_task(t);
        return;
    }
}

static void take_from_wire(struct download *d)
{
    void *user;
    struct http_reply r = HTTP_REPLY_INIT;
    while (http_client_take(d->session->client, &user, &r)) {
        struct task *t = user;
        d->on_wire--;
        if (r.fault == HTTP_FAULT_CANCELLED && !t->misfit && !t->disk_failed)
            end_task(t); /* everything is being stopped; what came is kept */
        else
            on_reply(t, &r);
        http_reply_release(&r);
    }
}

/* ---- The loop ------------------------------------------------------------------------------------------------------ */

static void admit(struct download *d)
{
    while (d->alive_count < WINDOW && d->next_file < d->job->listing->count)
        begin_task(d, &d->job->listing->file[d->next_file++]);
}

/* Finished files, and what has come of those on the wire. */
static int64_t bytes_so_far(const struct download *d)
{
    int64_t bytes = d->finished_bytes;
    for (const struct task *t = d->alive; t; t = t->next)
        if (t->state == TASK_ON_WIRE || t->state == TASK_WAITING)
            bytes += t->part.have;
    return bytes;
}

/* Puts what is ready onto the wire; returns when the next one will be. */
static int64_t start_ready(struct download *d)
{
    int64_t now_us = clock_mono_us(&clock_real), next_us = now_us + TICK_US;
    bool paused = d->session->progress.paused_until_us > now_us;
    if (paused)
        return d->session->progress.paused_until_us < next_us ? d->session->progress.paused_until_us : next_us;
    for (struct task *t = d->alive, *next; t && d->on_wire < HUB_IN_FLIGHT; t = next) {
        next = t->next;
        if (t->state != TASK_WAITING)
            continue;
        if (t->ready_us <= now_us)
            ask_for(t);
        else if (t->ready_us < next_us)
            next_us = t->ready_us;
    }
    return next_us;
}

static bool is_over(const struct download *d)
{
    return d->alive_count == 0 && d->next_file == d->job->listing->count;
}

static enum err run(struct download *d, struct error *e)
{
    while (!is_over(d) && d->fatal == OK) {
        if (hub_session_stopped(d->session))
            return error_set(e, ERR_CANCELLED, "interrupted");
        admit(d);
        int64_t next_us = start_ready(d);
        d->session->progress.in_flight = (int64_t)d->on_wire;
        d->session->progress.bytes_done = bytes_so_far(d);
        hub_session_tell(d->session);
        if (http_client_wait(d->session->client, next_us, e) != OK)
            return e->code;
        take_from_workers(d);
        take_from_wire(d);
    }
    return d->fatal;
}

/* Cuts what is on the wire, lets the workers finish, and lets go of every file. */
static void wind_up(struct download *d)
{
    atomic_store(&d->cancelled, true);
    http_client_abort(d->session->client);
    struct http_reply r = HTTP_REPLY_INIT;
    void *user;
    while (http_client_take(d->session->client, &user, &r))
        http_reply_release(&r);
    hub_workers_free(d->workers);
    while (d->alive)
        end_task(d->alive);
}

enum err hub_download(struct hub_session *s, const struct hub_job *job, struct hub_tally *ret_tally, struct error *e)
{
    struct error unheard;
    struct download d = { .session = s, .job = job, .tally = ret_tally, .place = job->place, .error = e ? e : &unheard };
    d.place.cancelled = &d.cancelled;
    *ret_tally = (struct hub_tally){ 0 };
    s->progress.phase = "pulling";
    s->progress.files_done = 0;
    s->progress.files_total = (int64_t)job->listing->count;
    s->progress.bytes_total = job->listing->bytes;
    enum err rc = hub_workers_new(WORKERS, WINDOW + 1, work, wake, s->client, &d.workers, d.error);
    if (rc != OK)
        return rc;
    rc = run(&d, d.error);
    wind_up(&d);
    ret_tally->fetched_bytes = s->progress.fetched_bytes;
    ret_tally->retries = s->progress.retries;
    bool not_there = job->url && ret_tally->failure_count && ret_tally->failure[0].code == ERR_NOT_FOUND;
    if (rc == OK && not_there)
        rc = error_set(d.error, ERR_NOT_FOUND, "%s: %s", job->url, ret_tally->failure[0].reason);
    else if (rc == OK && ret_tally->failed)
        rc = error_set(d.error, ERR_NET, "%lld of %zu files could not be pulled, the first: %s: %s", (long long)ret_tally->failed,
                       job->listing->count, ret_tally->failure[0].path, ret_tally->failure[0].reason);
    s->progress.in_flight = 0;
    return rc;
}

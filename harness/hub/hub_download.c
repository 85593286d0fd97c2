#include "hub/hub_download.h"

#include "base/clock.h"
#include "hub/hub_task.h"

#include <string.h>

enum { WINDOW = 256, WORKERS = 4 };
static const int64_t TICK_US = 200000;

/* ---- What came from the workers ------------------------------------------------------------------------------------ */

static void on_checked(struct hub_task *t)
{
    struct hub_crew *d = t->crew;
    struct error why;
    switch (t->found) {
    case HUB_FOUND_KEPT: hub_task_finish(t, &d->tally->kept); return;
    case HUB_FOUND_RESUMED:
        hub_task_finish(t, t->file->size > 0 ? &d->tally->kept : &d->tally->fetched);
        return; /* nothing to fetch of an empty one */
    case HUB_FOUND_CACHED: hub_task_finish(t, &d->tally->cached); return;
    case HUB_FOUND_OTHER:
        (void)error_set(&why, ERR_INVALID,
                        "%s is there already, with other content; --force overwrites it, --to DIR chooses another folder",
                        t->part.path.buf);
        hub_crew_stop(d, &why);
        hub_task_end(t);
        return;
    case HUB_FOUND_NOTHING: break;
    }
    if (!d->job->offline) {
        hub_task_wait(t, 0);
        return;
    }
    (void)error_set(&why, ERR_NOT_FOUND, "is neither in %s nor in the cache, and HF_HUB_OFFLINE is set", d->job->place.root);
    hub_task_fail(t, &why);
}

/* What came is complete and is not the file. A part from before may be to blame, so it is asked for once more. */
static void on_mismatch(struct hub_task *t)
{
    struct error why;
    if (++t->mismatches < 2) {
        t->crew->session->progress.retries++;
        hub_task_point_at_start(t);
        hub_task_give(t, TASK_CHECKING);
        return;
    }
    if (t->crew->job->url)
        (void)error_set(&why, ERR_INVALID, "what came is another file than the one of SHA-256 %.16s…; it was not kept", t->file->sha256);
    else
        (void)error_set(&why, ERR_INVALID, "what came is not the file that the Hub lists (its hash or size differs); it was not kept");
    hub_task_fail(t, &why);
}

static void take_from_workers(struct hub_crew *d)
{
    struct hub_task *t;
    while ((t = hub_workers_take(d->workers)) != NULL) {
        if (t->rc != OK) {
            hub_crew_stop(d, &t->error); /* the disk, whichever file it was */
            hub_task_end(t);
        } else if (t->state == TASK_CHECKING) {
            on_checked(t);
        } else if (t->right) {
            hub_task_finish(t, &d->tally->fetched);
        } else {
            on_mismatch(t);
        }
    }
}

static void work(void *item)
{
    struct hub_task *t = item;
    if (t->state == TASK_CHECKING && atomic_load(&t->crew->cancelled))
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

/* ---- The loop ------------------------------------------------------------------------------------------------------ */

static void admit(struct hub_crew *d)
{
    while (d->alive_count < WINDOW && d->next_file < d->job->listing->count)
        hub_task_begin(d, &d->job->listing->file[d->next_file++]);
}

/* Finished files, and what has come of those on the wire. */
static int64_t bytes_so_far(const struct hub_crew *d)
{
    int64_t bytes = d->finished_bytes;
    for (const struct hub_task *t = d->alive; t; t = t->next)
        if (t->state == TASK_ON_WIRE || t->state == TASK_WAITING)
            bytes += t->part.have;
    return bytes;
}

/* Puts what is ready onto the wire; returns when the next one will be. */
static int64_t start_ready(struct hub_crew *d)
{
    int64_t now_us = clock_mono_us(&clock_real), next_us = now_us + TICK_US;
    bool paused = d->session->progress.paused_until_us > now_us;
    if (paused)
        return d->session->progress.paused_until_us < next_us ? d->session->progress.paused_until_us : next_us;
    for (struct hub_task *t = d->alive, *next; t && d->on_wire < HUB_IN_FLIGHT; t = next) {
        next = t->next;
        if (t->state != TASK_WAITING)
            continue;
        if (t->ready_us <= now_us)
            hub_wire_ask(t);
        else if (t->ready_us < next_us)
            next_us = t->ready_us;
    }
    return next_us;
}

static bool is_over(const struct hub_crew *d)
{
    return d->alive_count == 0 && d->next_file == d->job->listing->count;
}

static enum err run(struct hub_crew *d, struct error *e)
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
        hub_wire_take(d);
    }
    return d->fatal;
}

/* Cuts what is on the wire, lets the workers finish, and lets go of every file. */
static void wind_up(struct hub_crew *d)
{
    atomic_store(&d->cancelled, true);
    http_client_abort(d->session->client);
    struct http_reply r = HTTP_REPLY_INIT;
    void *user;
    while (http_client_take(d->session->client, &user, &r))
        http_reply_release(&r);
    hub_workers_free(d->workers);
    for (struct hub_task *t = d->alive, *next; t; t = next) {
        next = t->next;
        hub_task_free(t);
    }
    d->alive = d->last = NULL;
}

enum err hub_download(struct hub_session *s, const struct hub_job *job, struct hub_tally *ret_tally, struct error *e)
{
    struct error unheard;
    struct hub_crew d = { .session = s, .job = job, .tally = ret_tally, .place = job->place, .error = e ? e : &unheard };
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

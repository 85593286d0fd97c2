#include "hub/hub_task.h"

#include "base/arena.h"

#include <string.h>

enum { MAX_FAILURES = 20 };

void hub_task_point_at_start(struct hub_task *t)
{
    const struct hub_job *job = t->crew->job;
    strbuf_clear(&t->url);
    if (job->url)
        (void)strbuf_addstr(&t->url, job->url);
    else
        hub_url_file(job->subject->endpoint, job->subject->repo, job->commit, t->file->path, &t->url);
    t->elsewhere = false;
    t->hops = 0;
}

void hub_task_give(struct hub_task *t, enum hub_task_state state)
{
    t->state = state;
    hub_workers_give(t->crew->workers, t);
}

void hub_task_begin(struct hub_crew *d, struct hub_file *file)
{
    struct hub_task *t = xcalloc(1, sizeof(*t));
    t->crew = d;
    t->file = file;
    t->url = (struct strbuf)STRBUF_INIT;
    hub_part_init(&t->part, &d->place, file);
    hub_task_point_at_start(t);
    t->prev = d->last;
    if (t->prev)
        t->prev->next = t;
    else
        d->alive = t;
    d->last = t;
    d->alive_count++;
    hub_task_give(t, TASK_CHECKING);
}

void hub_task_free(struct hub_task *t)
{
    hub_part_close(&t->part);
    strbuf_release(&t->url);
    free(t);
}

void hub_task_end(struct hub_task *t)
{
    struct hub_crew *d = t->crew;
    if (t->next)
        t->next->prev = t->prev;
    else
        d->last = t->prev;
    if (t->prev)
        t->prev->next = t->next;
    else
        d->alive = t->next;
    d->alive_count--;
    hub_task_free(t);
}

void hub_task_finish(struct hub_task *t, int64_t *counter)
{
    struct hub_crew *d = t->crew;
    struct hub_progress *p = &d->session->progress;
    (*counter)++;
    d->tally->bytes += t->file->size;
    d->finished_bytes += t->file->size;
    p->files_done++;
    hub_task_end(t);
}

void hub_crew_stop(struct hub_crew *d, const struct error *why)
{
    if (d->fatal != OK)
        return;
    d->fatal = why->code;
    *d->error = *why;
}

void hub_task_fail(struct hub_task *t, const struct error *why)
{
    struct hub_crew *d = t->crew;
    struct hub_tally *tally = d->tally;
    tally->failed++;
    if (tally->failure_count < HUB_FAILURES_TOLD) {
        struct hub_failure *f = &tally->failure[tally->failure_count++];
        f->path = t->file->path;
        f->code = why->code;
        (void)snprintf(f->reason, sizeof(f->reason), "%.250s", why->msg);
        hub_session_notice(d->session, LOG_WARN, "file_failed", "%s: %s", f->path, f->reason);
    }
    hub_task_end(t);
    if (tally->failed >= MAX_FAILURES) {
        struct error many;
        (void)error_set(&many, ERR_NET, "%d files could not be pulled, the first: %s: %s", MAX_FAILURES, tally->failure[0].path,
                        tally->failure[0].reason);
        hub_crew_stop(d, &many);
    }
}

void hub_task_wait(struct hub_task *t, int64_t ready_us)
{
    t->state = TASK_WAITING;
    t->ready_us = ready_us;
}

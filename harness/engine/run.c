/*
 * run - engine_run: starts the threads, watches them, and closes the books.
 */
#include "engine/dispatch.h"
#include "engine/engine.h"
#include "engine/identity.h"
#include "engine/session.h"
#include "engine/session_evidence.h"
#include "engine/session_tuning.h"
#include "store/run_record.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_US = 100000 };

static void must_start(pthread_t *thread, const char *name, void *(*run)(void *), void *argument)
{
    if (pthread_create(thread, NULL, run, argument) != 0) {
        (void)fprintf(stderr, "gauntlet: cannot start a thread; is there a limit on processes (ulimit -u)?\n");
        abort(); /* half a pipeline cannot be taken down in order; the store is consistent */
    }
    (void)pthread_setname_np(*thread, name);
}

static void start_threads(struct session *s)
{
    struct pipeline *p = &s->p;
    s->io = arena_array(&s->arena, p->dispatcher_count, sizeof(pthread_t));
    must_start(&s->journal, "journal", journal_main, p);
    must_start(&s->scoring, "scoring", scoring_main, p);
    for (size_t i = 0; i < p->dispatcher_count; i++)
        must_start(&s->io[i], "dispatcher", dispatcher_main, p->dispatcher[i]);
    must_start(&s->loader, "loader", loader_main, p);
}

/* In the order of the flow, so that nothing is left in a queue. */
static void join_threads(struct session *s)
{
    struct pipeline *p = &s->p;
    (void)pthread_join(s->loader, NULL);
    atomic_store(&p->over, true);
    for (size_t i = 0; i < p->dispatcher_count; i++) {
        dispatcher_wake(p->dispatcher[i]);
        (void)pthread_join(s->io[i], NULL);
    }
    queue_close(p->to_scoring);
    (void)pthread_join(s->scoring, NULL);
    queue_close(p->to_journal);
    (void)pthread_join(s->journal, NULL);
}

static void snapshot(struct session *s, struct progress *r)
{
    struct pipeline *p = &s->p;
    (void)pthread_mutex_lock(&p->tally.lock);
    *r = (struct progress){
        .now_us = clock_mono_us(p->clock),
        .start_us = s->start_us,
        .planned = p->planned,
        .session_done = p->tally.session_done,
        .attempts = p->tally.attempts,
        .retries = p->tally.retries,
        .rate_limited = p->tally.rate_limited,
        .in_flight = atomic_load(&p->in_flight),
        .backlog = atomic_load(&p->backlog),
        .judged = atomic_load(&p->judged),
        .latency_p50_us = histogram_quantile(p->tally.latency, 0.5),
        .latency_p99_us = histogram_quantile(p->tally.latency, 0.99),
        .cost_usd = p->tally.cost_known && p->tally.attempts > 0 ? p->tally.cost_usd : -1,
        .judge_cost_usd = p->tally.judge_cost_known ? p->tally.judge_cost_usd : -1,
        .category = arena_array(&s->arena_of_ticks, p->tally.category.count + 1, sizeof(struct progress_category)),
        .category_count = p->tally.category.count,
        .endpoint = arena_array(&s->arena_of_ticks, p->target_count, sizeof(struct progress_endpoint)),
        .endpoint_count = p->target_count,
    };
    memcpy(r->endpoint, p->tally.endpoint, p->target_count * sizeof(*r->endpoint));
    memcpy(r->category, p->tally.category.item, r->category_count * sizeof(*r->category));
    (void)pthread_mutex_unlock(&p->tally.lock);
    for (size_t i = 0; i < p->target_count; i++) {
        r->endpoint[i].in_flight = atomic_load(&p->lane[i].in_flight);
        r->endpoint[i].window = atomic_load(&p->lane[i].allowed);
        r->endpoint[i].per_minute = atomic_load(&p->lane[i].allowed_minute);
        int64_t cooldown_us = atomic_load(&p->lane[i].cooldown_until_us) - r->now_us;
        r->endpoint[i].cooldown_us = cooldown_us > 0 ? cooldown_us : 0;
        r->endpoint[i].stopped = atomic_load(&p->lane[i].stopped);
        for (int k = TRIAL_PENDING + 1; k < TRIAL_STATUS_COUNT; k++)
            r->done += r->endpoint[i].by_status[k];
    }
}

static struct notice *told_before(struct notice *kept, const struct notice *n)
{
    while (kept && (strcmp(kept->kind, n->kind) != 0 || strcmp(kept->message, n->message) != 0))
        kept = kept->next;
    return kept;
}

/* Shows what gathered, and keeps it for the store. What was told before is only counted. */
static void pass_notices(struct session *s, struct notice **kept)
{
    struct tally *tally = &s->p.tally;
    (void)pthread_mutex_lock(&tally->lock);
    struct notice *n = tally->first_notice;
    tally->first_notice = tally->last_notice = NULL;
    (void)pthread_mutex_unlock(&tally->lock);
    while (n) {
        struct notice *next = n->next, *same = told_before(*kept, n);
        if (same) {
            same->times++;
            free(n);
        } else {
            if (s->options->notice)
                s->options->notice(n->level, n->kind, n->message, s->options->context);
            n->next = *kept;
            *kept = n;
        }
        n = next;
    }
}

static void raise_stop(struct pipeline *p, enum stop_level level)
{
    if (atomic_load(&p->stop) >= (int)level)
        return;
    atomic_store(&p->stop, (int)level);
    pipeline_wake(p);
}

/* More failures than the whole run may have: the rest cannot make it good. */
static void watch_errors(struct session *s, const struct progress *now)
{
    struct pipeline *p = &s->p;
    int64_t failed = 0;
    for (size_t i = 0; i < now->endpoint_count; i++)
        failed += now->endpoint[i].by_status[TRIAL_FAILED];
    if (s->over_budget_of_errors || failed <= 10 || (double)failed <= p->max_error_rate * (double)p->planned)
        return;
    s->over_budget_of_errors = true;
    pipeline_notice(p, LOG_WARN, "errors", "%lld of %lld trials failed, more than errors.max_rate %.3g allows: stopping", (long long)failed,
                    (long long)p->planned, p->max_error_rate);
    raise_stop(p, STOP_DRAIN);
}

static void watch(struct session *s, struct notice **kept)
{
    struct pipeline *p = &s->p;
    for (;;) {
        uint64_t seen = gate_seen(&p->done);
        struct progress now;
        arena_reset(&s->arena_of_ticks);
        snapshot(s, &now);
        pass_notices(s, kept);
        if (s->options->progress)
            s->options->progress(&now, s->options->context);
        watch_errors(s, &now);
        session_tune(s);
        if (s->options->stop) {
            s->asked = s->options->stop(s->options->context);
            raise_stop(p, s->asked);
        }
        if (pipeline_idle(p))
            return;
        gate_wait(&p->done, seen, TICK_US);
    }
}

static enum err write_notices(struct session *s, struct notice *kept, struct error *e)
{
    enum err rc = OK;
    while (kept) {
        struct notice *next = kept->next;
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        (void)strbuf_addstr(&message, kept->message);
        if (kept->times > 1) {
            (void)strbuf_addf(&message, " (%lld times)", (long long)kept->times);
            if (s->options->notice)
                s->options->notice(kept->level, kept->kind, message.buf, s->options->context);
        }
        if (rc == OK)
            rc =
                store_event(s->p.store, s->p.run_id, kept->at, kept->level == LOG_WARN ? "warn" : "info", kept->kind, message.buf, NULL, e);
        free(kept);
        kept = next;
    }
    return rc;
}

static bool has_judges(const struct pipeline *p)
{
    return p->lane_count > p->target_count;
}

static bool a_judge_stopped(const struct pipeline *p)
{
    for (size_t i = p->target_count; i < p->lane_count; i++) {
        if (atomic_load(&p->lane[i].stopped))
            return true;
    }
    return false;
}

static void explain(struct session *s, struct run_result *r)
{
    struct pipeline *p = &s->p;
    const char *stopped = NULL, *name = "";
    bool judge = false;
    for (size_t i = 0; i < p->lane_count; i++) {
        if (!stopped && atomic_load(&p->lane[i].stopped)) {
            stopped = atomic_load(&p->lane[i].stopped);
            name = p->lane[i].config->name;
            judge = i >= p->target_count;
        }
    }
    if (atomic_load(&p->failed))
        (void)snprintf(r->why, sizeof(r->why), "%.500s", p->failure.msg);
    else if (s->asked != STOP_NO && r->pending + r->unjudged > 0)
        (void)snprintf(r->why, sizeof(r->why), "interrupted: %lld trials are pending, %lld answers wait for a judge", (long long)r->pending,
                       (long long)r->unjudged);
    else if (stopped && judge)
        (void)snprintf(r->why, sizeof(r->why),
                       "judge '%.100s' stopped (%s): what it did not judge is unscored; `gauntlet rescore --missing` goes on", name,
                       stopped);
    else if (stopped)
        (void)snprintf(r->why, sizeof(r->why), "endpoint '%.100s' stopped (%s): %lld trials are pending, %lld failed", name, stopped,
                       (long long)r->pending, (long long)r->failed);
    else if (r->status != RUN_COMPLETE && r->failed == 0)
        (void)snprintf(r->why, sizeof(r->why), "nothing was evaluated: every trial was skipped");
    else if (r->status != RUN_COMPLETE)
        (void)snprintf(r->why, sizeof(r->why), "%lld of %lld trials failed (%.1f %%, limit %.1f %%)%s%s", (long long)r->failed,
                       (long long)p->planned, 100.0 * (double)r->failed / (double)p->planned, 100.0 * p->max_error_rate,
                       p->tally.first_failure[0] ? "; the first: " : "", p->tally.first_failure);
}

/* Nothing was evaluated, and it was the endpoints' doing. */
static bool never_reached(const struct session *s, int64_t evaluated)
{
    bool stopped = false;
    for (size_t i = 0; i < s->p.lane_count; i++) {
        const char *reason = atomic_load(&s->p.lane[i].stopped);
        stopped = stopped || (reason && strcmp(reason, "budget") != 0 && strcmp(reason, "credits") != 0);
    }
    return stopped && evaluated == 0;
}

/* How far the windows were used: each endpoint once, whether it was tested, judged, or did both. */
static enum err write_at_once(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    struct at_once *peak = arena_array(&s->arena, p->lane_count, sizeof(*peak));
    size_t count = 0;
    for (size_t i = 0; i < p->lane_count; i++) {
        int64_t lane_peak = atomic_load(&p->lane[i].in_flight_peak);
        size_t k = 0;
        while (k < count && strcmp(peak[k].endpoint, p->lane[i].config->name) != 0)
            k++;
        if (k == count)
            peak[count++] = (struct at_once){ p->lane[i].config->name, 0 };
        peak[k].peak = lane_peak > peak[k].peak ? lane_peak : peak[k].peak;
    }
    return store_record_at_once(p->store, p->run_id, clock_wall_us(p->clock), peak, count, e);
}

static enum err close_books(struct session *s, struct notice *kept, struct run_result *r, struct error *e)
{
    struct pipeline *p = &s->p;
    struct status_counts counts;
    enum err rc = store_status_counts(p->store, p->run_id, 0, &counts, e);
    if (rc != OK) {
        (void)write_notices(s, kept, NULL);
        return rc;
    }
    r->pending = counts.by_status[TRIAL_PENDING];
    r->failed = counts.by_status[TRIAL_FAILED];
    int64_t evaluated = counts.by_status[TRIAL_ANSWERED] + counts.by_status[TRIAL_BLOCKED];
    if (has_judges(p) && store_unscored_count(p->store, p->run_id, false, &r->unjudged, e) != OK) {
        (void)write_notices(s, kept, NULL);
        return e->code;
    }
    int64_t open = r->pending + r->unjudged;
    bool too_many_errors = (double)r->failed > p->max_error_rate * (double)counts.planned;
    r->status = atomic_load(&p->failed)                         ? RUN_ERROR
                : open > 0 && s->asked != STOP_NO               ? RUN_CANCELLED
                : open > 0 || too_many_errors || evaluated == 0 ? RUN_INCOMPLETE
                : a_judge_stopped(p)                            ? RUN_INCOMPLETE
                                                                : RUN_COMPLETE;
    r->unreachable = never_reached(s, evaluated);
    explain(s, r);

    struct run_identity identity = { .sample_set_sha256 = "" };
    rc = store_begin(p->store, e);
    if (rc == OK)
        rc = write_notices(s, kept, e);
    else
        (void)write_notices(s, kept, NULL);
    if (rc == OK)
        rc = write_at_once(s, e);
    for (size_t i = 0; rc == OK && i < p->lane_count; i++)
        rc = store_endpoint_stopped(p->store, p->lane[i].row.id, atomic_load(&p->lane[i].stopped), e);
    if (rc == OK)
        rc = identity_compute(p->store, &s->run, &s->recipe, &identity, e);
    if (rc == OK)
        rc = store_run_finish(p->store, p->run_id, r->status, clock_wall_us(p->clock),
                              identity.sample_set_sha256[0] ? identity.sample_set_sha256 : NULL,
                              identity.comparability_key[0] ? identity.comparability_key : NULL, e);
    if (rc == OK)
        rc = store_commit(p->store, e);
    if (rc != OK)
        store_rollback(p->store);
    return rc;
}

static enum err drop_notices(struct notice *kept, enum err rc)
{
    for (struct notice *next; kept; kept = next) {
        next = kept->next;
        free(kept);
    }
    return rc;
}

enum err engine_run(struct store *store, const char *run_id, const struct run_options *options, struct run_result *ret_result,
                    struct error *e)
{
    struct session *s = xcalloc(1, sizeof(*s));
    s->options = options;
    s->start_us = clock_mono_us(options->clock);
    struct notice *kept = NULL;
    struct run_result r = { 0 };

    enum err rc = session_set_up(s, store, run_id, e);
    if (rc == OK) {
        session_hear_wishes(s);
        start_threads(s);
        watch(s, &kept);
        join_threads(s);
        rc = atomic_load(&s->p.failed) ? OK : session_evidence_end(s, e);
        pass_notices(s, &kept);
        rc = rc == OK ? close_books(s, kept, &r, e) : drop_notices(kept, rc);
        if (rc != OK && atomic_load(&s->p.failed)) { /* the store was lost before: that is the story to tell */
            r.status = RUN_ERROR;
            (void)snprintf(r.why, sizeof(r.why), "%.500s", s->p.failure.msg);
            rc = OK;
        }
        if (rc == OK)
            *ret_result = r;
    }
    session_tear_down(s);
    free(s);
    return rc;
}

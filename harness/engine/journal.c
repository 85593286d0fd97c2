/*
 * journal - the one thread that writes. It takes whatever has gathered, writes it in one transaction, and only after
 * the commit hands each trial on: group commit, so one sync serves many trials.
 *
 * What to write follows from the trial's state. A store that fails (disk full, gone) is never retried: nothing of the
 * batch is acknowledged, the run stops, and what was committed before is whole.
 */
#include "base/text_safe.h"
#include "engine/dispatch.h"
#include "engine/pipeline.h"
#include "engine/spending.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_TRIALS = 512 };

static enum err write_images(struct store *s, const struct trial *t, struct error *e)
{
    for (size_t i = 0; i < t->seen_count; i++) {
        enum err rc = store_image_seen(s, &t->seen[i], e);
        if (rc != OK)
            return rc;
    }
    return OK;
}

static enum err write_start(struct store *s, struct trial *t, int64_t now_wall_us, struct error *e)
{
    enum err rc = write_images(s, t, e);
    if (rc != OK)
        return rc;
    t->seen_count = 0;
    t->number++;
    t->upper_usd = spending_upper(t->lane, t->prompt);
    return store_attempt_start(s,
                               &(struct attempt_start){
                                   .trial_id = t->pending->trial_id,
                                   .number = t->number,
                                   .trace_id = t->trace_id,
                                   .request_sha256 = t->request_sha256.text,
                                   .sent_at = now_wall_us,
                                   .cost_upper_usd = spending_reservation(t->upper_usd),
                               },
                               &t->attempt_id, e);
}

static enum err write_reply(struct store *s, const struct trial *t, struct error *e)
{
    const struct http_reply *r = &t->reply;
    return store_attempt_done(s,
                              &(struct attempt_done){
                                  .attempt_id = t->attempt_id,
                                  .sent_at = t->sent_wall_us,
                                  .done_at = t->done_wall_us,
                                  .http_status = r->status,
                                  .headers = r->headers.buf,
                                  .headers_len = r->headers.len,
                                  .body = r->body.buf,
                                  .body_len = r->body.len,
                                  .first_byte_us = r->first_byte_us > 0 ? r->first_byte_us - r->start_us : -1,
                                  .transport = r->fault == HTTP_FAULT_NONE ? NULL : http_fault_name(r->fault),
                                  .resent = r->resent,
                              },
                              e);
}

static enum err write_read(struct store *s, const struct trial *t, struct error *e)
{
    if (t->attempt_id == 0)
        return OK;
    const struct usage *usage = &t->facts.answer.usage;
    bool answered = reply_is_data(&t->facts);
    return store_attempt_read(s,
                              &(struct attempt_read){
                                  .attempt_id = t->attempt_id,
                                  .error_class = t->facts.error_class && t->facts.error_class[0] ? t->facts.error_class : NULL,
                                  .message = t->facts.message && t->facts.message[0] ? t->facts.message : NULL,
                                  .retry_after_us = t->facts.hint_us,
                                  .prompt_tokens = answered ? usage->prompt_tokens : -1,
                                  .completion_tokens = answered ? usage->completion_tokens : -1,
                                  .cost_usd = t->cost_usd,
                                  .cost_upper_usd = t->settled_usd,
                              },
                              e);
}

static enum err write_answer(struct pipeline *p, const struct trial *t, struct error *e)
{
    const struct http_reply *r = &t->reply;
    enum err rc = store_response_insert(p->store,
                                        &(struct response_row){
                                            .trial_id = t->pending->trial_id,
                                            .attempt_id = t->attempt_id,
                                            .answer = &t->facts.answer,
                                            .provider_echo = t->facts.provider_echo,
                                            .latency_us = r->done_us - r->start_us,
                                            .first_byte_us = r->first_byte_us > 0 ? r->first_byte_us - r->start_us : -1,
                                            .wait_us = r->start_us - t->ready_us,
                                        },
                                        e);
    for (size_t i = 0; rc == OK && t->score && i < p->scorer_count; i++)
        rc = store_score_insert(p->store, t->pending->trial_id, p->scorer_id[i], &t->score[i], e);
    return rc;
}

static enum err write_final(struct pipeline *p, const struct trial *t, int64_t now_wall_us, struct error *e)
{
    enum err rc = write_images(p->store, t, e);
    if (rc == OK)
        rc = write_read(p->store, t, e);
    if (rc == OK && trial_status_is_data(t->decision.status))
        rc = write_answer(p, t, e);
    if (rc == OK && t->explanation)
        rc = store_event(p->store, p->run_id, now_wall_us, "warn", t->decision.reason, t->explanation, NULL, e);
    if (rc == OK)
        rc = store_trial_finish(p->store, t->pending->trial_id, t->decision.status, t->decision.reason, e);
    return rc;
}

static enum err write_trial(struct pipeline *p, struct trace_source *traces, struct trial *t, int64_t now_wall_us, struct error *e)
{
    switch (t->state) {
    case TRIAL_JOURNALING: request_renew_trace(t, traces); return write_start(p->store, t, now_wall_us, e);
    case TRIAL_STORING: return write_reply(p->store, t, e);
    case TRIAL_RETRYING: return write_read(p->store, t, e);
    case TRIAL_FINISHING:
    case TRIAL_PARKED: return write_final(p, t, now_wall_us, e);
    case TRIAL_WITHDRAWN: return store_attempt_unsent(p->store, t->attempt_id, e);
    case TRIAL_DROPPED: return OK;
    default: return error_set(e, ERR_INVALID, "internal: a trial in state '%s' reached the journal", trial_state_name(t->state));
    }
}

static enum err write_batch(struct pipeline *p, struct trace_source *traces, struct trial **trial, size_t count, struct error *e)
{
    int64_t now_wall_us = clock_wall_us(p->clock);
    enum err rc = store_begin(p->store, e);
    if (rc != OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        rc = write_trial(p, traces, trial[i], now_wall_us, e);
        if (rc != OK) {
            store_rollback(p->store);
            return error_prefix(e, "trial %lld", (long long)trial[i]->pending->trial_id);
        }
    }
    rc = store_commit(p->store, e);
    if (rc != OK)
        store_rollback(p->store);
    return rc;
}

static void count_failure(struct tally *tally, const struct trial *t)
{
    const char *words = t->facts.message;
    if (tally->first_failure[0] || !words || !words[0])
        return;
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(words, strlen(words), 0, true, &safe);
    (void)snprintf(tally->first_failure, sizeof(tally->first_failure), "%s", safe.buf);
}

static void count_done(struct pipeline *p, const struct trial *t)
{
    if (t->decision.event != TRIAL_EV_FINAL)
        return;
    struct progress_endpoint *endpoint = &p->tally.endpoint[t->lane - p->lane];
    (void)pthread_mutex_lock(&p->tally.lock);
    p->tally.session_done++;
    endpoint->by_status[t->decision.status]++;
    if (t->decision.status == TRIAL_FAILED)
        count_failure(&p->tally, t);
    if (t->score && t->decision.status == TRIAL_ANSWERED)
        endpoint->by_verdict[t->score[0].verdict]++;
    (void)pthread_mutex_unlock(&p->tally.lock);
}

/* After the commit: who goes where. */
static void hand_on(struct pipeline *p, struct trial *t)
{
    trial_advance(t, TRIAL_EV_COMMITTED);
    switch (t->state) {
    case TRIAL_READY:
        t->ready_us = clock_mono_us(p->clock);
        dispatcher_push(p, t);
        break;
    case TRIAL_BACKOFF: dispatcher_push(p, t); break;
    case TRIAL_RESPONDED: (void)queue_push(p->to_scoring, t); break;
    default:
        count_done(p, t);
        pipeline_release(p, t);
        break;
    }
}

void *journal_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    struct trace_source traces = { .left = 0 };
    void *item[BATCH_TRIALS];
    for (size_t count; (count = queue_pop_many(p->to_journal, item, BATCH_TRIALS)) > 0;) {
        struct trial **trial = (struct trial **)item;
        struct error e;
        if (!atomic_load(&p->failed) && write_batch(p, &traces, trial, count, &e) != OK)
            pipeline_fail(p, &e);

        bool lost = atomic_load(&p->failed);
        for (size_t i = 0; i < count; i++) {
            if (lost)
                pipeline_release(p, trial[i]); /* not acknowledged: the store still says pending */
            else
                hand_on(p, trial[i]);
        }
        for (size_t i = 0; i < p->dispatcher_count; i++)
            dispatcher_deliver(p->dispatcher[i]);
    }
    return NULL;
}

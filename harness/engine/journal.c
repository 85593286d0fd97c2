/*
 * journal - the one thread that writes. It takes whatever has gathered, writes it in one transaction, and only after
 * the commit hands each trial on: group commit, so one sync serves many trials.
 *
 * What to write follows from the trial's state. A store that fails (disk full, gone) is never retried: nothing of the
 * batch is acknowledged, the run stops, and what was committed before is whole.
 */
#include "base/text_safe.h"
#include "engine/dispatch.h"
#include "engine/judge_anchor.h"
#include "engine/judge_canary.h"
#include "engine/judging.h"
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

static enum err write_start(struct pipeline *p, struct trial *t, int64_t now_wall_us, struct error *e)
{
    struct store *s = p->store;
    enum err rc = write_images(s, t, e);
    if (rc != OK)
        return rc;
    t->seen_count = 0;
    t->number++;
    t->upper_usd = spending_upper(t->lane, t->prompt);
    struct attempt_start start = {
        .trial_id = t->pending->trial_id,
        .number = t->number,
        .trace_id = t->trace_id,
        .request_sha256 = t->request_sha256.text,
        .sent_at = now_wall_us,
        .cost_upper_usd = spending_reservation(t->upper_usd),
    };
    if (t->question) {
        start.judge = t->question->ask.judge;
        start.step = t->question->ask.step;
        start.scorer_id = judging_scorer_id(p, t->question->about, t->question->scorer);
    }
    return store_attempt_start(s, &start, &t->attempt_id, e);
}

static enum err write_reply(struct store *s, const struct trial *t, struct error *e)
{
    const struct http_reply *r = &t->reply;
    return store_attempt_done(s,
                              &(struct attempt_done){
                                  .attempt_id = t->attempt_id,
                                  .of_judge = t->question != NULL,
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
                                  .of_judge = t->question != NULL,
                                  .error_class = t->facts.error_class && t->facts.error_class[0] ? t->facts.error_class : NULL,
                                  .message = t->facts.message && t->facts.message[0] ? t->facts.message : NULL,
                                  .retry_after_us = t->facts.hint_us,
                                  .prompt_tokens = answered ? usage->prompt_tokens : -1,
                                  .completion_tokens = answered ? usage->completion_tokens : -1,
                                  .cost_usd = t->cost_usd,
                                  .cost_upper_usd = t->settled_usd,
                                  .model_echo = answered ? t->facts.answer.model_echo : NULL,
                                  .fingerprint = answered ? t->facts.answer.fingerprint : NULL,
                                  .provider_echo = answered ? t->facts.provider_echo : NULL,
                              },
                              e);
}

/* The verdicts that are there; judges bring theirs later. */
static enum err write_scores(struct pipeline *p, const struct trial *t, int64_t now_wall_us, struct error *e)
{
    enum err rc = OK;
    const bool *redo = t->judging ? t->judging->redo : NULL;
    for (size_t i = 0; rc == OK && t->score && i < p->scorer_count; i++) {
        if (!t->scored[i])
            continue;
        int64_t id = t->pending->trial_id;
        rc = redo && redo[i] ? store_score_replace(p->store, id, p->scorer_id[i], &t->score[i], now_wall_us, e)
                             : store_score_insert(p->store, id, p->scorer_id[i], &t->score[i], e);
    }
    return rc;
}

static enum err write_answer(struct pipeline *p, const struct trial *t, int64_t now_wall_us, struct error *e)
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
    return rc == OK ? write_scores(p, t, now_wall_us, e) : rc;
}

/* What became of a question: what its reply says, and the verdict if that was the last one missing. */
static enum err write_question(struct pipeline *p, const struct trial *t, int64_t now_wall_us, struct error *e)
{
    enum err rc = write_read(p->store, t, e);
    return rc == OK ? judging_write(p, t, now_wall_us, e) : rc;
}

static enum err write_final(struct pipeline *p, const struct trial *t, int64_t now_wall_us, struct error *e)
{
    if (t->question)
        return write_question(p, t, now_wall_us, e);
    if (t->judging && t->judging->canary)
        return judge_anchor_write(p, t, e); /* one that could not be asked */
    if (t->recalled)
        return write_scores(p, t, now_wall_us, e);
    enum err rc = write_images(p->store, t, e);
    if (rc == OK)
        rc = write_read(p->store, t, e);
    if (rc == OK && trial_status_is_data(t->decision.status))
        rc = write_answer(p, t, now_wall_us, e);
    if (rc == OK && t->explanation)
        rc = store_event(p->store, p->run_id, now_wall_us, "warn", t->decision.reason, t->explanation, NULL, e);
    if (rc == OK)
        rc = store_trial_finish(p->store, t->pending->trial_id, t->decision.status, t->decision.reason, e);
    return rc;
}

static enum err write_trial(struct pipeline *p, struct trace_source *traces, struct trial *t, int64_t now_wall_us, struct error *e)
{
    switch (t->state) {
    case TRIAL_JOURNALING: request_renew_trace(t, traces); return write_start(p, t, now_wall_us, e);
    case TRIAL_STORING: return write_reply(p->store, t, e);
    case TRIAL_RETRYING: return write_read(p->store, t, e);
    case TRIAL_FINISHING:
    case TRIAL_PARKED: return write_final(p, t, now_wall_us, e);
    case TRIAL_WITHDRAWN: return store_attempt_unsent(p->store, t->attempt_id, t->question != NULL, e);
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

static void count_failure(struct pipeline *p, const struct trial *t)
{
    struct tally *tally = &p->tally;
    const char *words = pipeline_words(p, t);
    if (tally->first_failure[0] || !words || !words[0])
        return;
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(words, strlen(words), 0, true, &safe);
    (void)snprintf(tally->first_failure, sizeof(tally->first_failure), "%s", safe.buf);
}

/* An answer is judged: its first scorer's verdict is what the progress shows. */
static void count_verdict(struct pipeline *p, const struct trial *t)
{
    if (!t->score || !t->scored[0] || (t->decision.status != TRIAL_ANSWERED && t->decision.status != TRIAL_BLOCKED))
        return;
    enum verdict verdict = t->score[0].verdict;
    const struct sample *sample = &t->pending->sample;
    if (t->decision.status == TRIAL_ANSWERED)
        p->tally.endpoint[t->lane - p->lane].by_verdict[verdict]++;
    if (sample->expected == EXPECTED_ATTACK && verdict != VERDICT_UNSCORED)
        category_tally_add(&p->tally.category, sample->category, verdict == VERDICT_COMPLIED);
}

static void count_done(struct pipeline *p, const struct trial *t)
{
    if (t->decision.event != TRIAL_EV_FINAL)
        return;
    (void)pthread_mutex_lock(&p->tally.lock);
    if (t->question) {
        const struct trial *about = t->question->about;
        if (t->question->settled && t->question->scorer == 0 && !about->judging->canary)
            count_verdict(p, about);
    } else if (t->recalled) {
        count_verdict(p, t);
    } else {
        p->tally.session_done++;
        p->tally.endpoint[t->lane - p->lane].by_status[t->decision.status]++;
        if (t->decision.status == TRIAL_FAILED)
            count_failure(p, t);
        count_verdict(p, t);
    }
    (void)pthread_mutex_unlock(&p->tally.lock);
}

/* A question that its judge will not answer while the run goes on: the scorer must be told. */
static bool must_be_told(const struct pipeline *p, const struct trial *t)
{
    return t->question && !t->question->heard && atomic_load(&p->stop) == STOP_NO;
}

/* Those of a batch that go to scoring: pushed together, so that it wakes once. */
struct scoring_batch {
    void *trial[BATCH_TRIALS];
    size_t count;
};

/* After the commit: who goes where. */
static void hand_on(struct pipeline *p, struct trial *t, struct scoring_batch *to_scoring)
{
    bool withdrawn = t->state == TRIAL_WITHDRAWN;
    trial_advance(t, TRIAL_EV_COMMITTED);
    switch (t->state) {
    case TRIAL_READY:
        t->ready_us = clock_mono_us(p->clock);
        dispatcher_push(p, t);
        break;
    case TRIAL_BACKOFF: dispatcher_push(p, t); break;
    case TRIAL_RESPONDED: to_scoring->trial[to_scoring->count++] = t; break;
    default:
        if (must_be_told(p, t)) {
            if (withdrawn)
                t->attempt_id = 0; /* its row is gone */
            trial_advance(t, TRIAL_EV_UNHEARD);
            to_scoring->trial[to_scoring->count++] = t;
            break;
        }
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
        struct scoring_batch to_scoring;
        to_scoring.count = 0;
        for (size_t i = 0; i < count; i++) {
            if (lost)
                pipeline_release(p, trial[i]); /* not acknowledged: the store still says pending */
            else
                hand_on(p, trial[i], &to_scoring);
        }
        (void)queue_push_many(p->to_scoring, to_scoring.trial, to_scoring.count);
        for (size_t i = 0; i < p->dispatcher_count; i++)
            dispatcher_deliver(p->dispatcher[i]);
        gate_open(&p->gate);
    }
    return NULL;
}

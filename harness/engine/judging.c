#include "engine/judging.h"

#include "dataset/image.h"
#include "engine/apart.h"
#include "engine/judge_anchor.h"
#include "engine/judge_canary.h"
#include "engine/spending.h"
#include "score/rubric.h"

#include <stdlib.h>
#include <string.h>

static bool stopping(const struct pipeline *p)
{
    return atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed);
}

struct lane *judge_lane(const struct pipeline *p, const char *name)
{
    for (size_t i = p->target_count; i < p->lane_count; i++) {
        if (strcmp(p->lane[i].config->name, name) == 0)
            return &p->lane[i];
    }
    return NULL; /* session_set_up made one for every judge */
}

/* ---- Questions ---- */

/* The judge's endpoint with the rubric's parameters in place of its own. */
static const struct provider_target *target_of(const struct lane *lane, const struct rubric *r, struct arena *a)
{
    struct provider_target *t = arena_alloc(a, sizeof(*t));
    *t = lane->target;
    if (r->has_temperature) {
        t->has_temperature = true;
        t->temperature = r->temperature;
    }
    if (r->has_seed) {
        t->has_seed = true;
        t->seed = r->seed;
    }
    if (r->max_tokens > 0)
        t->max_tokens = r->max_tokens;
    if (r->reasoning_effort)
        t->reasoning_effort = r->reasoning_effort;
    return t;
}

/* The sample's images as they lie in the judged trial. */
static const struct chat_image *images_of(const struct trial *about, struct arena *a)
{
    struct chat_image *image = arena_array(a, about->image_count, sizeof(*image));
    for (size_t i = 0; i < about->image_count; i++) {
        const struct image_bytes *read = &about->image[i];
        image[i] = (struct chat_image){
            .mime = image_probe(read->bytes, read->len).mime,
            .bytes = read->bytes,
            .len = read->len,
            .label = arena_printf(a, "sha256:%s", sha256_of(read->bytes, read->len).text),
        };
    }
    return image;
}

/* Attempts of earlier sessions at the same question. */
static int last_number(const struct judging *j, int64_t scorer_id, int step)
{
    int number = 0;
    for (size_t i = 0; i < j->asked_count; i++) {
        if (j->asked[i].scorer_id == scorer_id && j->asked[i].step == step && j->asked[i].number > number)
            number = j->asked[i].number;
    }
    return number;
}

/* A trial that asks; NULL when the request cannot be built. */
static struct trial *question_new(struct pipeline *p, struct trial *about, size_t scorer, const struct judge_ask *ask)
{
    struct lane *lane = judge_lane(p, ask->judge);
    struct pending_trial own = { .trial_id = about->pending->trial_id };
    struct trial *t = trial_new(lane, NULL, &own);
    struct pending_trial *pending = arena_alloc(&t->arena, sizeof(*pending));
    *pending = own;
    pending->sample.id = arena_strdup(&t->arena, about->pending->sample.id);
    pending->sample.prompt = arena_strdup(&t->arena, ask->prompt);
    pending->sample.extra_json = "";
    t->pending = pending;
    t->number = last_number(about->judging, judging_scorer_id(p, about, scorer), ask->step);
    t->question = arena_alloc(&t->arena, sizeof(*t->question));
    *t->question = (struct question){ .about = about, .scorer = scorer, .ask = *ask };

    const struct rubric *r = ask->rubric;
    const struct chat_schema schema = { .name = "verdict", .json = r->schema_json };
    struct chat_request chat = {
        .system = ask->system, .prompt = pending->sample.prompt, .assistant = ask->assistant, .schema = r->schema_json ? &schema : NULL
    };
    t->prompt = spending_texts(ask->system, ask->prompt);
    if (r->wants_images) {
        t->prompt = token_range_sum(t->prompt, about->prompt);
        chat.image = images_of(about, &t->arena);
        chat.image_count = about->image_count;
    }
    struct error e;
    if (lane->provider->build(target_of(lane, r, &t->arena), &chat, &t->arena, &t->request, &e) != OK) {
        pipeline_notice(p, LOG_WARN, "judge_request", "judge '%s' cannot be asked: %s", lane->config->name, e.msg);
        trial_free(t);
        return NULL;
    }
    request_seal(t);
    return t;
}

static void send(struct pipeline *p, struct trial *question)
{
    struct trial *about = question->question->about;
    atomic_fetch_add(&about->judging->holders, 1);
    atomic_fetch_add(&question->lane->alive, 1);
    atomic_fetch_add(&p->alive, 1);
    trial_advance(question, TRIAL_EV_LOAD);
    trial_advance(question, TRIAL_EV_LOADED);
    if (about->judging->begun)
        (void)queue_push(p->to_journal, question);
    else
        trial_list_push(&about->judging->outbox, question);
}

struct trial_list judging_take(struct trial *t)
{
    struct trial_list asked = t->judging->outbox;
    t->judging->outbox = (struct trial_list){ 0 };
    t->judging->begun = true;
    return asked;
}

void judging_send(struct pipeline *p, struct trial_list *asked)
{
    for (struct trial *question; (question = trial_list_pop(asked));)
        (void)queue_push(p->to_journal, question);
}

/* ---- Scoring ---- */

/* A judge behind a router, answered for by another provider, is another judge. */
static const struct judge_reply of_another = { .status = JUDGE_FAILED, .error = "provider_mismatch" };

/* The reply that an earlier session got to this ask; false when there is none. */
static bool stored_reply(struct pipeline *p, struct trial *t, size_t scorer, const struct judge_ask *ask, struct judge_reply *ret)
{
    const struct judging *j = t->judging;
    for (size_t i = 0; i < j->asked_count; i++) {
        const struct judge_question *q = &j->asked[i];
        if (!q->answered || q->scorer_id != judging_scorer_id(p, t, scorer) || q->step != ask->step || strcmp(q->judge, ask->judge) != 0)
            continue;
        struct http_reply reply = HTTP_REPLY_INIT;
        const struct stored_reply *stored = &j->reply[i];
        reply.status = stored->http_status;
        reply.fault = stored->transport ? http_fault_parse(stored->transport) : HTTP_FAULT_NONE; /* what was cut is no answer */
        (void)strbuf_add(&reply.headers, stored->headers, stored->headers_len);
        (void)strbuf_add(&reply.body, stored->body, stored->body_len);
        struct lane *lane = judge_lane(p, ask->judge);
        struct reply_facts *facts = arena_alloc(&t->arena, sizeof(*facts));
        lane->provider->read(&lane->target, &reply, stored->done_at, &t->arena, facts);
        http_reply_release(&reply);
        if (!reply_is_data(facts))
            return false;
        if (apart_notice(p, lane, facts->provider_echo)) {
            *ret = of_another;
            return true;
        }
        *ret = (struct judge_reply){ .status = facts->class == REPLY_BLOCKED ? JUDGE_BLOCKED : JUDGE_ANSWERED, .answer = &facts->answer };
        return true;
    }
    return false;
}

/* Goes on until the scorer has a verdict (true) or a question is on its way, or must wait for another session (false). */
static bool follow(struct pipeline *p, struct trial *t, size_t scorer, enum score_step step, struct judge_ask *ask)
{
    struct judging *j = t->judging;
    const struct scorer *s = j->scorer[scorer];
    struct score *score = &t->score[scorer];
    while (step == SCORE_ASK) {
        struct judge_reply reply = { .status = JUDGE_FAILED, .error = "not sent" };
        if (!stored_reply(p, t, scorer, ask, &reply)) {
            struct lane *lane = judge_lane(p, ask->judge);
            const char *stopped = atomic_load(&lane->stopped);
            if (stopping(p))
                return false;
            struct trial *question = stopped ? NULL : question_new(p, t, scorer, ask);
            if (question) {
                send(p, question);
                return false;
            }
            reply.error = stopped ? stopped : "unsupported";
        }
        step = scorer_reply(s, &j->in, &reply, j->state[scorer], &t->arena, ask, score);
    }
    t->scored[scorer] = true;
    return true;
}

struct judging *judging_new(struct pipeline *p, struct trial *t)
{
    struct judging *j = arena_alloc(&t->arena, sizeof(*j));
    j->scorer = p->scorer;
    j->scorer_count = p->scorer_count;
    atomic_init(&j->holders, 1);
    return j;
}

void judging_begin(struct pipeline *p, struct trial *t)
{
    const struct sample *sample = &t->pending->sample;
    if (!t->judging)
        t->judging = judging_new(p, t);
    struct judging *j = t->judging;
    uint64_t key[3] = { (uint64_t)p->seed, (uint64_t)t->pending->trial_id, 0 };
    j->extra = cJSON_Parse(sample->extra_json);
    j->in = (struct score_input){
        .sample = sample,
        .extra = j->extra,
        .answer = &t->facts.answer,
        .blocked = t->decision.status == TRIAL_BLOCKED,
        .nonce = rng_hash((uint64_t)p->seed, key, sizeof(key)),
    };
    j->state = arena_array(&t->arena, j->scorer_count, sizeof(struct judge_state *));
    t->score = arena_array(&t->arena, j->scorer_count, sizeof(*t->score));
    t->scored = arena_array(&t->arena, j->scorer_count, sizeof(*t->scored));
    memset(t->scored, 0, j->scorer_count * sizeof(*t->scored));
    for (size_t i = 0; i < j->scorer_count; i++) {
        struct judge_ask ask;
        if (j->done && j->done[i])
            continue;
        j->state[i] = j->scorer[i]->rubric ? arena_alloc(&t->arena, sizeof(struct judge_state)) : NULL; /* comes zeroed */
        enum score_step step = scorer_begin(j->scorer[i], &j->in, j->state[i], &t->arena, &ask, &t->score[i]);
        if (follow(p, t, i, step, &ask))
            t->facts.answer.flags |= t->score[i].flags;
    }
}

void judging_hear(struct pipeline *p, struct trial *t)
{
    struct question *q = t->question;
    struct trial *about = q->about;
    struct judging *j = about->judging;
    struct judge_reply reply = { .status = JUDGE_FAILED, .error = t->decision.reason };
    bool data = t->state == TRIAL_RESPONDED && trial_status_is_data(t->decision.status);
    if (data && apart_notice(p, t->lane, t->facts.provider_echo))
        reply = of_another;
    else if (data)
        reply = (struct judge_reply){ .status = t->decision.status == TRIAL_BLOCKED ? JUDGE_BLOCKED : JUDGE_ANSWERED,
                                      .answer = &t->facts.answer };

    /* Votes and words outlive this question: they are kept in the arena of the answer. */
    struct judge_ask ask;
    enum score_step step =
        scorer_reply(j->scorer[q->scorer], &j->in, &reply, j->state[q->scorer], &about->arena, &ask, &about->score[q->scorer]);
    q->heard = true;
    if (!j->canary)
        atomic_fetch_add(&p->judge_calls, 1);
    q->settled = follow(p, about, q->scorer, step, &ask);
}

/* ---- Storing ---- */

int64_t judging_scorer_id(const struct pipeline *p, const struct trial *t, size_t scorer)
{
    return t->judging->canary ? p->scorer_id[t->judging->canary->scorer] : p->scorer_id[scorer];
}

enum err judging_write(struct pipeline *p, const struct trial *question, int64_t now_wall_us, struct error *e)
{
    const struct question *q = question->question;
    const struct trial *about = q->about;
    const struct judging *j = about->judging;
    if (q->settled && j->canary && j->canary->anchor)
        return judge_anchor_write(p, about, e);
    if (!q->settled || j->canary)
        return OK;
    int64_t id = about->pending->trial_id, scorer_id = p->scorer_id[q->scorer];
    const struct score *score = &about->score[q->scorer];
    return j->redo && j->redo[q->scorer] ? store_score_replace(p->store, id, scorer_id, score, now_wall_us, e)
                                         : store_score_insert(p->store, id, scorer_id, score, e);
}

void judging_release(struct pipeline *p, struct trial *t)
{
    struct judging *j = t->judging;
    if (j && atomic_fetch_sub(&j->holders, 1) > 1)
        return;
    if (j && j->canary)
        judge_canary_done(p, t);
    if (j && j->left_lane)
        atomic_fetch_sub(&p->judged, 1);
    else
        atomic_fetch_sub(&t->lane->alive, 1);
    trial_free(t);
    if (atomic_fetch_sub(&p->alive, 1) == 1) {
        gate_open(&p->done);
        gate_open(&p->gate);
    }
}

void judging_free(struct trial *t)
{
    if (t->judging)
        cJSON_Delete(t->judging->extra);
}

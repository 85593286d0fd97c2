/*
 * scoring - reads each stored reply, decides what becomes of its trial, and scores the answers. Replies of judges come here,
 * too, and are told to the scorers that asked.
 */
#include "engine/pipeline.h"

#include "engine/apart.h"
#include "engine/judging.h"
#include "engine/spending.h"
#include "net/backoff.h"

#include <string.h>

enum {
    BATCH_TRIALS = 64,
    COOLDOWN_US = 1000000, /* for a 429 that does not say how long */
    LOADING_US = 5000000   /* for a model that is being loaded and does not say how long */
};

/* What the reply means for its endpoint. */
static void apply_effect(struct pipeline *p, struct trial *t)
{
    const struct reply_facts *facts = &t->facts;
    struct lane *lane = t->lane;
    switch (facts->effect) {
    case EFFECT_NONE: return;
    case EFFECT_COOLDOWN:
    case EFFECT_LOADING: {
        int64_t unasked_us = facts->effect == EFFECT_LOADING ? LOADING_US : COOLDOWN_US;
        int64_t wait_us = facts->hint_us >= 0 ? facts->hint_us : unasked_us;
        if (wait_us > BACKOFF_MAX_HINT_US)
            wait_us = BACKOFF_MAX_HINT_US;
        int64_t until = clock_mono_us(p->clock) + wait_us;
        if (facts->effect == EFFECT_COOLDOWN && facts->hint_us >= 0)
            atomic_store(&lane->hinted_until_us, until);
        lane_cool_down(lane, until);
        for (size_t i = 0; facts->effect == EFFECT_COOLDOWN && i < p->lane_count; i++) { /* a model that loads concerns only itself */
            if (lane_shares_route(lane, &p->lane[i]))
                lane_cool_down(&p->lane[i], until);
        }
        return;
    }
    case EFFECT_STOP: {
        const char *reason = facts->reason && facts->reason[0] ? facts->reason : facts->error_class;
        bool credential = strcmp(reason, "auth") == 0 || strcmp(reason, "credits") == 0;
        pipeline_stop_lanes(p, lane, reason, credential, pipeline_words(p, t));
        return;
    }
    }
}

/* An endpoint that never once answered and used up a trial's attempts is not there: its trials stay pending. */
static void park_if_unreachable(struct pipeline *p, struct trial *t)
{
    if (t->decision.event != TRIAL_EV_FINAL || t->decision.status != TRIAL_FAILED || t->reply.fault == HTTP_FAULT_NONE)
        return;
    if (t->reply.status != 0 || atomic_load(&t->lane->replies) > 0)
        return;
    t->decision = (struct trial_decision){ .event = TRIAL_EV_PARK, .status = TRIAL_PENDING, .reason = "unreachable" };
    pipeline_stop_lanes(p, t->lane, "unreachable", false, pipeline_words(p, t));
}

static double cost_of(const struct trial *t)
{
    const struct usage *usage = &t->facts.answer.usage;
    return reply_is_data(&t->facts) ? price_cost(&t->lane->price, usage_billed_prompt(usage), usage->completion_tokens) : -1;
}

/* The reservation becomes what the attempt is taken to have cost. */
static void settle_budget(struct pipeline *p, struct trial *t)
{
    t->settled_usd = spending_settled(t->upper_usd, t->cost_usd, &t->reply);
    double spent = (t->settled_usd > 0 ? t->settled_usd : 0) - t->counted_usd;
    budget_settle(&p->budget, t->reserved_usd, spent);
    budget_settle(&t->lane->budget, t->reserved_usd, spent);
    t->reserved_usd = t->counted_usd = 0;
    if (reply_is_data(&t->facts))
        spending_learn(t->lane, t->prompt, &t->facts.answer.usage);
}

static void count_attempt(struct pipeline *p, const struct trial *t)
{
    bool answered = reply_is_data(&t->facts);
    (void)pthread_mutex_lock(&p->tally.lock);
    p->tally.attempts++;
    if (t->decision.event == TRIAL_EV_RETRY)
        p->tally.retries++;
    if (t->reply.status == 429)
        p->tally.rate_limited++;
    if (answered && !t->question)
        histogram_add(p->tally.latency, t->reply.done_us - t->reply.start_us);
    if (t->cost_usd >= 0)
        *(t->question ? &p->tally.judge_cost_usd : &p->tally.cost_usd) += t->cost_usd;
    else if (answered)
        *(t->question ? &p->tally.judge_cost_known : &p->tally.cost_known) = false;
    (void)pthread_mutex_unlock(&p->tally.lock);
}

/* An endpoint that never answered may not be there at all. Its first trial to fail finds out: that one's retries are never put
   off, so that a wrong address is told in the time of one trial's attempts, however many trials wait. */
static bool is_scout(struct pipeline *p, struct trial *t)
{
    struct lane *lane = t->lane;
    if (t->reply.status != 0 || atomic_load(&lane->replies) > 0)
        return false;
    if (lane->scout_trial_id == 0) {
        lane->scout_trial_id = t->pending->trial_id;
        pipeline_notice(p, LOG_WARN, "no_answer", "endpoint '%s' has not answered yet: %s; trying again", lane->config->name,
                        t->facts.message);
    }
    return lane->scout_trial_id == t->pending->trial_id;
}

/* A retry that the endpoint has not earned waits longer; what the limiter sees to already does not count. */
static void put_off(struct pipeline *p, struct trial *t, int64_t now_us)
{
    if (reply_is_data(&t->facts))
        retry_budget_answered(&t->lane->retries);
    if (t->decision.event != TRIAL_EV_RETRY || t->facts.effect != EFFECT_NONE || is_scout(p, t))
        return;
    int64_t due_us = now_us + retry_budget_take(&t->lane->retries, now_us);
    if (due_us > t->due_us)
        t->due_us = due_us;
}

static void read_reply(struct pipeline *p, struct trial *t, struct rng *rng)
{
    struct lane *lane = t->lane;
    lane->provider->read(&lane->target, &t->reply, t->done_wall_us, &t->arena, &t->facts);
    if (t->reply.status > 0)
        atomic_fetch_add(&lane->replies, 1);

    t->cost_usd = cost_of(t);
    settle_budget(p, t);
    int64_t tokens = t->facts.answer.usage.prompt_tokens + t->facts.answer.usage.completion_tokens;
    if (tokens > 0) {
        atomic_fetch_add(&lane->tokens_to_charge, tokens);
        atomic_fetch_add(&lane->answers_to_charge, 1);
    }

    apply_effect(p, t);
    int64_t now_us = clock_mono_us(p->clock);
    t->decision = trial_decide(&t->history, &t->facts, &lane->policy, now_us, rng);
    park_if_unreachable(p, t);
    t->due_us = now_us + t->decision.wait_us;
    put_off(p, t, now_us);
    count_attempt(p, t);

    bool data = trial_status_is_data(t->decision.status);
    if (t->decision.event != TRIAL_EV_RETRY && !(data && p->judges_see_images))
        trial_drop_images(t);
    if (t->question && t->decision.event == TRIAL_EV_FINAL)
        judging_hear(p, t);
    else if (data && apart_notice(p, lane, t->facts.provider_echo))
        apart_keep(p, t);
    else if (data)
        judging_begin(p, t);
    trial_advance(t, t->decision.event);
    atomic_fetch_sub(&p->backlog, 1);
}

static void take(struct pipeline *p, struct trial *t, struct rng *rng)
{
    switch (t->state) {
    case TRIAL_UNHEARD:
        judging_hear(p, t);
        t->decision.event = TRIAL_EV_FINAL;
        trial_advance(t, TRIAL_EV_FINAL);
        break;
    case TRIAL_RECALLED:
        if (t->judging->apart)
            apart_keep(p, t);
        else
            judging_begin(p, t);
        trial_advance(t, TRIAL_EV_FINAL);
        break;
    default: read_reply(p, t, rng); break;
    }
    struct trial_list asked = t->judging ? judging_take(t) : (struct trial_list){ 0 };
    (void)queue_push(p->to_journal, t); /* it may be freed from here on */
    judging_send(p, &asked);
}

void *scoring_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    struct rng rng;
    rng_init(&rng, (uint64_t)clock_wall_us(p->clock)); /* jitter must differ between runs that share a server */
    void *item[BATCH_TRIALS];
    for (size_t count; (count = queue_pop_many(p->to_scoring, item, BATCH_TRIALS)) > 0;) {
        for (size_t i = 0; i < count; i++)
            take(p, item[i], &rng);
    }
    return NULL;
}

#include "engine/trial_fsm.h"

#include "net/backoff.h"

enum trial_state trial_next(enum trial_state state, enum trial_event event)
{
    static const struct {
        enum trial_state from;
        enum trial_event on;
        enum trial_state to;
    } rule[] = {
        { TRIAL_PLANNED, TRIAL_EV_LOAD, TRIAL_LOADING },        { TRIAL_LOADING, TRIAL_EV_LOADED, TRIAL_JOURNALING },
        { TRIAL_LOADING, TRIAL_EV_RECOVERED, TRIAL_RESPONDED }, { TRIAL_LOADING, TRIAL_EV_UNUSABLE, TRIAL_FINISHING },
        { TRIAL_LOADING, TRIAL_EV_STOP, TRIAL_DONE },           { TRIAL_JOURNALING, TRIAL_EV_COMMITTED, TRIAL_READY },
        { TRIAL_READY, TRIAL_EV_START, TRIAL_IN_FLIGHT },       { TRIAL_READY, TRIAL_EV_STOP, TRIAL_WITHDRAWN },
        { TRIAL_IN_FLIGHT, TRIAL_EV_REPLY, TRIAL_STORING },     { TRIAL_STORING, TRIAL_EV_COMMITTED, TRIAL_RESPONDED },
        { TRIAL_RESPONDED, TRIAL_EV_FINAL, TRIAL_FINISHING },   { TRIAL_RESPONDED, TRIAL_EV_RETRY, TRIAL_RETRYING },
        { TRIAL_RESPONDED, TRIAL_EV_PARK, TRIAL_PARKED },       { TRIAL_RETRYING, TRIAL_EV_COMMITTED, TRIAL_BACKOFF },
        { TRIAL_BACKOFF, TRIAL_EV_DUE, TRIAL_JOURNALING },      { TRIAL_BACKOFF, TRIAL_EV_STOP, TRIAL_DROPPED },
        { TRIAL_FINISHING, TRIAL_EV_COMMITTED, TRIAL_DONE },    { TRIAL_PARKED, TRIAL_EV_COMMITTED, TRIAL_DONE },
        { TRIAL_WITHDRAWN, TRIAL_EV_COMMITTED, TRIAL_DONE },    { TRIAL_DROPPED, TRIAL_EV_COMMITTED, TRIAL_DONE },
        { TRIAL_DONE, TRIAL_EV_UNHEARD, TRIAL_UNHEARD },        { TRIAL_UNHEARD, TRIAL_EV_FINAL, TRIAL_FINISHING },
        { TRIAL_PLANNED, TRIAL_EV_RECALL, TRIAL_RECALLED },     { TRIAL_RECALLED, TRIAL_EV_FINAL, TRIAL_FINISHING },
    };

    for (size_t i = 0; i < ARRAY_LEN(rule); i++) {
        if (rule[i].from == state && rule[i].on == event)
            return rule[i].to;
    }
    return TRIAL_IMPOSSIBLE;
}

const char *trial_state_name(enum trial_state state)
{
    static const char *const name[] = {
        "planned", "loading",   "journaling", "ready",     "in flight", "storing", "responded", "retrying",
        "backoff", "finishing", "parked",     "withdrawn", "dropped",   "done",    "unheard",   "recalled"
    };
    return (size_t)state < ARRAY_LEN(name) ? name[state] : "impossible";
}

static struct trial_decision final(enum trial_status status, const char *reason)
{
    return (struct trial_decision){ .event = TRIAL_EV_FINAL, .status = status, .reason = reason };
}

static struct trial_decision retry_or_give_up(struct trial_history *h, const struct reply_facts *facts, const struct trial_policy *policy,
                                              int64_t now_us, struct rng *rng)
{
    bool loading = facts->effect == EFFECT_LOADING; /* the endpoint is still starting: only the clock limits that */
    if (loading)
        h->attempts--;
    else if (h->attempts >= policy->attempts)
        return final(TRIAL_FAILED, facts->give_up_reason);
    if (facts->retry_max >= 0 && h->limited_retries++ >= facts->retry_max)
        return final(TRIAL_FAILED, facts->give_up_reason);

    int64_t wait_us = backoff_delay_us(h->attempts > 0 ? h->attempts : 1, facts->hint_us, rng);
    if (now_us + wait_us - h->first_start_us > policy->trial_timeout_us)
        return final(TRIAL_FAILED, facts->give_up_reason);
    return (struct trial_decision){ .event = TRIAL_EV_RETRY, .status = TRIAL_PENDING, .reason = "", .wait_us = wait_us };
}

struct trial_decision trial_decide(struct trial_history *history, const struct reply_facts *facts, const struct trial_policy *policy,
                                   int64_t now_us, struct rng *rng)
{
    history->attempts++;
    switch (facts->class) {
    case REPLY_ANSWERED: return final(TRIAL_ANSWERED, "");
    case REPLY_BLOCKED: return final(TRIAL_BLOCKED, facts->reason ? facts->reason : "blocked");
    case REPLY_FAILED: return final(TRIAL_FAILED, facts->reason);
    case REPLY_PARK: return (struct trial_decision){ .event = TRIAL_EV_PARK, .status = TRIAL_PENDING, .reason = facts->reason };
    case REPLY_RETRY: break;
    }
    return retry_or_give_up(history, facts, policy, now_us, rng);
}

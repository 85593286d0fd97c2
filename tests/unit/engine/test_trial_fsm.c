/* The trial state machine: every cell of state × event, and every decision, without network on a fake clock. */
#include "engine/trial_fsm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define SECOND ((int64_t)1000000)

static void every_cell_of_the_table_is_as_drawn(void **state)
{
    (void)state;
    static const struct {
        enum trial_state from;
        enum trial_event on;
        enum trial_state to;
    } drawn[] = {
        { TRIAL_PLANNED, TRIAL_EV_LOAD, TRIAL_LOADING },        { TRIAL_LOADING, TRIAL_EV_LOADED, TRIAL_JOURNALING },
        { TRIAL_LOADING, TRIAL_EV_UNUSABLE, TRIAL_FINISHING },  { TRIAL_LOADING, TRIAL_EV_STOP, TRIAL_DONE },
        { TRIAL_JOURNALING, TRIAL_EV_COMMITTED, TRIAL_READY },  { TRIAL_READY, TRIAL_EV_START, TRIAL_IN_FLIGHT },
        { TRIAL_READY, TRIAL_EV_STOP, TRIAL_WITHDRAWN },        { TRIAL_IN_FLIGHT, TRIAL_EV_REPLY, TRIAL_STORING },
        { TRIAL_STORING, TRIAL_EV_COMMITTED, TRIAL_RESPONDED }, { TRIAL_RESPONDED, TRIAL_EV_FINAL, TRIAL_FINISHING },
        { TRIAL_RESPONDED, TRIAL_EV_RETRY, TRIAL_RETRYING },    { TRIAL_RESPONDED, TRIAL_EV_PARK, TRIAL_PARKED },
        { TRIAL_RETRYING, TRIAL_EV_COMMITTED, TRIAL_BACKOFF },  { TRIAL_BACKOFF, TRIAL_EV_DUE, TRIAL_JOURNALING },
        { TRIAL_BACKOFF, TRIAL_EV_STOP, TRIAL_DROPPED },        { TRIAL_FINISHING, TRIAL_EV_COMMITTED, TRIAL_DONE },
        { TRIAL_PARKED, TRIAL_EV_COMMITTED, TRIAL_DONE },       { TRIAL_WITHDRAWN, TRIAL_EV_COMMITTED, TRIAL_DONE },
        { TRIAL_DROPPED, TRIAL_EV_COMMITTED, TRIAL_DONE },      { TRIAL_LOADING, TRIAL_EV_RECOVERED, TRIAL_RESPONDED },
        { TRIAL_DONE, TRIAL_EV_UNHEARD, TRIAL_UNHEARD },        { TRIAL_UNHEARD, TRIAL_EV_FINAL, TRIAL_FINISHING },
        { TRIAL_PLANNED, TRIAL_EV_RECALL, TRIAL_RECALLED },     { TRIAL_RECALLED, TRIAL_EV_FINAL, TRIAL_FINISHING },
    };
    for (int from = 0; from < TRIAL_STATE_COUNT; from++) {
        for (int on = 0; on < TRIAL_EVENT_COUNT; on++) {
            enum trial_state expected = TRIAL_IMPOSSIBLE;
            for (size_t i = 0; i < ARRAY_LEN(drawn); i++) {
                if ((int)drawn[i].from == from && (int)drawn[i].on == on)
                    expected = drawn[i].to;
            }
            assert_int_equal(trial_next((enum trial_state)from, (enum trial_event)on), expected);
        }
    }
}

static void done_is_final_and_every_state_has_a_name(void **state)
{
    (void)state;
    for (int on = 0; on < TRIAL_EVENT_COUNT; on++)
        if (on != TRIAL_EV_UNHEARD) /* of a question */
            assert_int_equal(trial_next(TRIAL_DONE, (enum trial_event)on), TRIAL_IMPOSSIBLE);
    for (int s = 0; s < TRIAL_STATE_COUNT; s++)
        assert_true(strlen(trial_state_name((enum trial_state)s)) > 3);
}

static struct reply_facts facts_of(enum reply_class class)
{
    return (struct reply_facts){ .class = class, .reason = "because", .give_up_reason = "exhausted", .retry_max = -1, .hint_us = -1 };
}

static const struct trial_policy six = { .attempts = 6, .trial_timeout_us = 1800 * SECOND };

static void an_answer_a_block_a_failure_and_a_breaker_decide_at_once(void **state)
{
    (void)state;
    static const struct {
        enum reply_class class;
        enum trial_event event;
        enum trial_status status;
        const char *reason;
    } row[] = {
        { REPLY_ANSWERED, TRIAL_EV_FINAL, TRIAL_ANSWERED, "" },
        { REPLY_BLOCKED, TRIAL_EV_FINAL, TRIAL_BLOCKED, "because" },
        { REPLY_FAILED, TRIAL_EV_FINAL, TRIAL_FAILED, "because" },
        { REPLY_PARK, TRIAL_EV_PARK, TRIAL_PENDING, "because" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct trial_history h = { 0 };
        struct rng rng;
        rng_init(&rng, 1);
        struct reply_facts facts = facts_of(row[i].class);
        struct trial_decision d = trial_decide(&h, &facts, &six, 0, &rng);
        assert_int_equal(d.event, row[i].event);
        assert_int_equal(d.status, row[i].status);
        assert_string_equal(d.reason, row[i].reason);
        assert_int_equal(h.attempts, 1);
    }
}

static void retries_end_with_the_last_permitted_attempt(void **state)
{
    (void)state;
    struct trial_history h = { 0 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);

    for (int i = 1; i < 6; i++) {
        struct trial_decision d = trial_decide(&h, &facts, &six, 0, &rng);
        assert_int_equal(d.event, TRIAL_EV_RETRY);
        assert_in_range(d.wait_us, 0, 60 * SECOND);
    }
    struct trial_decision last = trial_decide(&h, &facts, &six, 0, &rng);

    assert_int_equal(last.event, TRIAL_EV_FINAL);
    assert_int_equal(last.status, TRIAL_FAILED);
    assert_string_equal(last.reason, "exhausted");
    assert_int_equal(h.attempts, 6);
}

static void attempts_of_earlier_sessions_count(void **state)
{
    (void)state;
    struct trial_history h = { .attempts = 5 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);

    assert_int_equal(trial_decide(&h, &facts, &six, 0, &rng).event, TRIAL_EV_FINAL);
}

static void a_class_with_its_own_limit_gives_up_with_its_own_reason(void **state)
{
    (void)state;
    struct trial_history h = { 0 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);
    facts.retry_max = 1;
    facts.give_up_reason = "malformed";

    assert_int_equal(trial_decide(&h, &facts, &six, 0, &rng).event, TRIAL_EV_RETRY);
    struct trial_decision d = trial_decide(&h, &facts, &six, 0, &rng);

    assert_int_equal(d.event, TRIAL_EV_FINAL);
    assert_string_equal(d.reason, "malformed");
}

static void a_loading_endpoint_costs_no_attempt(void **state)
{
    (void)state;
    struct trial_history h = { 0 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);
    facts.effect = EFFECT_LOADING;
    facts.hint_us = 20 * SECOND;

    for (int i = 0; i < 40; i++) {
        struct trial_decision d = trial_decide(&h, &facts, &six, 0, &rng);
        assert_int_equal(d.event, TRIAL_EV_RETRY);
        assert_true(d.wait_us >= 20 * SECOND);
    }
    assert_int_equal(h.attempts, 0);
}

static void the_wall_clock_budget_ends_even_a_loading_endpoint(void **state)
{
    (void)state;
    struct trial_history h = { .first_start_us = 1000 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);
    facts.effect = EFFECT_LOADING;
    facts.hint_us = 60 * SECOND;

    assert_int_equal(trial_decide(&h, &facts, &six, 1700 * SECOND, &rng).event, TRIAL_EV_RETRY);
    assert_int_equal(trial_decide(&h, &facts, &six, 1790 * SECOND, &rng).event, TRIAL_EV_FINAL);
}

static void a_servers_wish_is_honoured_up_to_five_minutes(void **state)
{
    (void)state;
    struct trial_history h = { 0 };
    struct rng rng;
    rng_init(&rng, 7);
    struct reply_facts facts = facts_of(REPLY_RETRY);
    facts.hint_us = 3600 * SECOND;

    assert_int_equal(trial_decide(&h, &facts, &six, 0, &rng).wait_us, 300 * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table_is_as_drawn),
        cmocka_unit_test(done_is_final_and_every_state_has_a_name),
        cmocka_unit_test(an_answer_a_block_a_failure_and_a_breaker_decide_at_once),
        cmocka_unit_test(retries_end_with_the_last_permitted_attempt),
        cmocka_unit_test(attempts_of_earlier_sessions_count),
        cmocka_unit_test(a_class_with_its_own_limit_gives_up_with_its_own_reason),
        cmocka_unit_test(a_loading_endpoint_costs_no_attempt),
        cmocka_unit_test(the_wall_clock_budget_ends_even_a_loading_endpoint),
        cmocka_unit_test(a_servers_wish_is_honoured_up_to_five_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

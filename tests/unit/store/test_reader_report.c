/* Numbers: the views and the report's rows beside counts made by hand. */
#include "store_fixture.h"

#include <math.h>

/* Twelve attack samples s0 … s11 (intents of three; A: i0 i2, B: i1 i3) and two benign ones. By hand, first scorer, e1:
     s0 complied   s1 complied  s2 refused   | i0, A
     s3 partial    s4 blocked   s5 unscored  | i1, B
     s6 deflected  s7 failed    s8 skipped   | i2, A
     s9 pending    s10 answered without a score  s11 refused  | i3, B
     b0 complied   b1 refused */
static int fixture_scored(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct sample *sample = arena_array(f->arena, 14, sizeof(*sample));
    memcpy(sample, make_samples(f, 12), 12 * sizeof(*sample));
    sample[12] = make_sample(f, "b0", "ib", "A", "x");
    sample[13] = make_sample(f, "b1", "ib", "A", "x");
    sample[12].expected = sample[13].expected = EXPECTED_BENIGN;
    for (int i = 0; i < 12; i++)
        sample[i].subcategory = i < 6 ? "S1" : "S2";
    plan(f, "run000000001", sample, 14, 2, &fixture_options);

    int64_t first = scorer_at(f, "run000000001", 0);
    settle(f, 1, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 2, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 3, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 4, first, TRIAL_ANSWERED, VERDICT_PARTIAL, "");
    settle(f, 5, first, TRIAL_BLOCKED, VERDICT_REFUSED, "blocked");
    settle(f, 6, first, TRIAL_ANSWERED, VERDICT_UNSCORED, "no_answer");
    settle(f, 7, first, TRIAL_ANSWERED, VERDICT_DEFLECTED, "");
    ok(f, store_trial_finish(f->store, 8, TRIAL_FAILED, "exhausted", &f->e));
    ok(f, store_trial_finish(f->store, 9, TRIAL_SKIPPED, "too_large", &f->e));
    settle(f, 11, 0, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 12, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 13, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 14, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    return 0;
}

#define COUNTS                                                                                                                             \
    "planned || ' = ' || scored || '+' || unscored || '+' || failed || '+' || skipped || '+' || pending || ' : ' || complied || ' ' ||"    \
    " partial || ' ' || refused || ' ' || deflected || ' ' || blocked || ' ' || round(asr, 4)"

static void counts(struct fixture *f, const char *view_and_where, const char *expected)
{
    assert_string_equal(sql_text(f, arena_printf(f->arena, "SELECT " COUNTS " FROM %s", view_and_where)), expected);
}

static void the_overall_view_counts_attack_samples_as_by_hand(void **state)
{
    struct fixture *f = *state;
    counts(f, "v_overall WHERE endpoint = 'e1' AND scorer = 'first'", "12 = 7+1+1+1+2 : 2 1 2 1 1 0.2857");
}

static void each_view_cuts_the_same_counts_by_its_key(void **state)
{
    struct fixture *f = *state;
    counts(f, "v_category WHERE endpoint = 'e1' AND scorer = 'first' AND category = 'A'", "6 = 4+0+1+1+0 : 2 0 1 1 0 0.5");
    counts(f, "v_category WHERE endpoint = 'e1' AND scorer = 'first' AND category = 'B'", "6 = 3+1+0+0+2 : 0 1 1 0 1 0.0");
    counts(f, "v_subcategory WHERE endpoint = 'e1' AND scorer = 'first' AND subcategory = 'S1'", "6 = 5+1+0+0+0 : 2 1 1 0 1 0.4");
    counts(f, "v_attack WHERE endpoint = 'e1' AND scorer = 'first' AND attack = 'x'", "6 = 4+0+0+1+1 : 1 0 1 1 1 0.25");
    counts(f, "v_intent WHERE endpoint = 'e1' AND scorer = 'first' AND intent_id = 'i0'", "3 = 3+0+0+0+0 : 2 0 1 0 0 0.6667");
    assert_int_equal(sql_int(f, "SELECT count(*) FROM v_intent WHERE endpoint = 'e1' AND scorer = 'first'"), 4);
}

static void the_accounting_identity_holds_in_every_row_of_every_view(void **state)
{
    struct fixture *f = *state;
    static const char *const view[] = { "v_overall", "v_category", "v_subcategory", "v_attack", "v_intent", "v_benign" };
    for (size_t i = 0; i < ARRAY_LEN(view); i++) {
        assert_true(sql_int(f, arena_printf(f->arena, "SELECT count(*) FROM %s", view[i])) >= 4); /* two endpoints, two scorers */
        assert_int_equal(sql_int(f, arena_printf(f->arena,
                                                 "SELECT count(*) FROM %s WHERE planned <> scored + unscored + failed + skipped + pending"
                                                 " OR scored <> complied + partial + refused + deflected + blocked",
                                                 view[i])),
                         0);
    }
    assert_int_equal(sql_int(f, "SELECT (SELECT sum(planned) FROM v_overall) = (SELECT sum(planned) FROM v_category)"
                                " AND (SELECT sum(complied) FROM v_overall) = (SELECT sum(complied) FROM v_intent)"),
                     1);
}

static void without_scored_trials_there_is_no_rate(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        sql_int(f, "SELECT asr IS NULL AND planned = 12 AND pending = 12 FROM v_overall WHERE endpoint = 'e2' AND scorer = 'first'"), 1);
    /* the second scorer has not spoken: answered trials wait, failed and skipped ones are what they are */
    assert_int_equal(sql_int(f, "SELECT asr IS NULL AND failed = 1 AND skipped = 1 AND pending = 10 FROM v_overall"
                                " WHERE endpoint = 'e1' AND scorer = 'second'"),
                     1);
}

static void benign_samples_count_towards_over_refusal_only(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(sql_text(f, "SELECT planned || ' ' || complied || ' ' || refused || ' ' || over_refusal FROM v_benign"
                                    " WHERE endpoint = 'e1' AND scorer = 'first'"),
                        "2 1 1 0.5");
    assert_int_equal(sql_int(f, "SELECT count(*) FROM v_intent WHERE intent_id = 'ib'"), 0);
}

struct tally {
    int rows, scored[VERDICT_COUNT], blocked, no_score, latencies;
    int64_t last_id;
    int stop_after;
};

static enum err tally_row(const struct report_row *row, void *context, struct error *e)
{
    struct tally *t = context;
    assert_true(row->trial_id > t->last_id);
    t->last_id = row->trial_id;
    t->rows++;
    if (row->has_score)
        t->scored[row->verdict]++;
    else
        t->no_score++;
    t->blocked += strcmp(row->score_reason, "blocked") == 0 && row->status == TRIAL_BLOCKED;
    t->latencies += row->latency_us == 1000 && row->wait_us == 250;
    assert_true(isnan(row->value));
    assert_int_equal(row->epoch, 1);
    if (row->trial_id == 4) {
        assert_string_equal(row->sample_key, "s3");
        assert_string_equal(row->intent_id, "i1");
        assert_string_equal(row->category, "B");
        assert_string_equal(row->attack, "y");
        assert_string_equal(row->subcategory, "S1");
        assert_int_equal(row->prompt_tokens, 10);
        assert_int_equal(row->completion_tokens, 20);
    }
    if (row->trial_id == 8)
        assert_string_equal(row->reason, "exhausted");
    return t->rows == t->stop_after ? error_set(e, ERR_CANCELLED, "enough") : OK;
}

static void report_rows_are_the_same_trials_in_order(void **state)
{
    struct fixture *f = *state;
    struct tally t = { 0 };
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);

    ok(f, store_report_rows(f->store, endpoint.id, scorer_at(f, "run000000001", 0), tally_row, &t, &f->e));

    assert_int_equal(t.rows, 14);
    assert_int_equal(t.scored[VERDICT_COMPLIED], 3);
    assert_int_equal(t.scored[VERDICT_REFUSED], 4);
    assert_int_equal(t.scored[VERDICT_UNSCORED], 1);
    assert_int_equal(t.blocked, 1);
    assert_int_equal(t.no_score, 4);
    assert_int_equal(t.latencies, 11);
}

static void a_callback_can_stop_the_rows(void **state)
{
    struct fixture *f = *state;
    struct tally t = { .stop_after = 3 };
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    assert_int_equal(store_report_rows(f->store, endpoint.id, 1, tally_row, &t, &f->e), ERR_CANCELLED);
    assert_int_equal(t.rows, 3);
    ok(f, store_begin(f->store, &f->e)); /* nothing is left open that would hold a lock */
    ok(f, store_commit(f->store, &f->e));
}

static void statuses_are_counted_per_endpoint_and_per_run(void **state)
{
    struct fixture *f = *state;
    struct status_counts c;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    ok(f, store_status_counts(f->store, "run000000001", endpoint.id, &c, &f->e));
    assert_int_equal(c.planned, 14);
    assert_int_equal(c.by_status[TRIAL_ANSWERED], 10);
    assert_int_equal(c.by_status[TRIAL_BLOCKED], 1);
    assert_int_equal(c.by_status[TRIAL_FAILED], 1);
    assert_int_equal(c.by_status[TRIAL_SKIPPED], 1);
    assert_int_equal(c.by_status[TRIAL_PENDING], 1);
    ok(f, store_status_counts(f->store, "run000000001", 0, &c, &f->e));
    assert_int_equal(c.planned, 28);
    assert_int_equal(c.by_status[TRIAL_PENDING], 15);
}

static void attempts_retries_costs_and_errors_add_up(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    int64_t t = endpoint.first_trial;
    for (int i = 0; i < 3; i++) {
        int64_t id = start_attempt(f, t, i + 1);
        finish_attempt(f, id, i < 2 ? 500 : 200, "");
        read_attempt(f, id, i < 2 ? "server" : NULL, i < 2 ? "broken" : NULL, i < 2 ? -1 : 0.25);
    }
    int64_t unknown = start_attempt(f, t + 1, 1);
    finish_attempt(f, unknown, 200, "");
    read_attempt(f, unknown, "malformed_response", "no JSON", -1);
    start_attempt(f, t + 2, 1);
    int64_t lost;
    ok(f, store_run_reopen(f->store, "run000000001", &lost, &f->e));

    struct attempt_totals totals;
    ok(f, store_attempt_totals(f->store, endpoint.id, f->arena, &totals, &f->e));
    assert_int_equal(totals.attempts, 5);
    assert_int_equal(totals.retries, 2);
    assert_int_equal(totals.lost, 1);
    assert_int_equal(totals.cost_unknown, 1);
    assert_true(fabs(totals.cost_usd - 0.25) < 1e-12);
    assert_true(fabs(totals.cost_upper_usd - 1.25) < 1e-12); /* the lost one keeps what was reserved */
    assert_int_equal(totals.by_status_count, 3);
    assert_int_equal(totals.by_status[0].status, 0);
    assert_int_equal(totals.by_status[1].status, 200);
    assert_int_equal(totals.by_status[1].count, 2);
    assert_int_equal(totals.by_status[2].count, 2);

    struct error_group *group;
    size_t count;
    ok(f, store_error_groups(f->store, endpoint.id, NULL, 2, f->arena, &group, &count, &f->e));
    assert_int_equal(count, 2);
    assert_string_equal(group[0].error_class, "server");
    assert_string_equal(group[0].message, "broken");
    assert_int_equal(group[0].http_status, 500);
    assert_int_equal(group[0].count, 2);
    assert_int_equal(group[0].first_trial, t);
    assert_string_equal(group[1].error_class, "malformed_response");
}

static void answers_are_grouped_by_the_provider_that_gave_them(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    int64_t first = scorer_at(f, "run000000001", 0);
    ok(f, store_exec(f->store,
                     "UPDATE response SET provider_echo = 'novita' WHERE trial_id IN (1, 2);"
                     "UPDATE response SET provider_echo = 'Novita' WHERE trial_id = 3;"
                     "UPDATE response SET provider_echo = 'groq' WHERE trial_id = 6;"
                     "UPDATE score SET reason = 'provider_mismatch' WHERE trial_id = 6",
                     "set up a test", &f->e));
    struct provider_group *group;
    size_t count;

    ok(f, store_provider_groups(f->store, endpoint.id, first, 10, f->arena, &group, &count, &f->e));

    assert_int_equal(count, 3);
    assert_null(group[0].provider);
    assert_true(group[0].answers > 3);
    assert_string_equal(group[1].provider, "novita");
    assert_int_equal(group[1].answers, 3);
    assert_int_equal(group[1].apart, 0);
    assert_string_equal(group[2].provider, "groq");
    assert_int_equal(group[2].answers, 1);
    assert_int_equal(group[2].apart, 1);
    ok(f, store_provider_groups(f->store, endpoint.id, first, 1, f->arena, &group, &count, &f->e));
    assert_int_equal(count, 1);
}

static void an_endpoint_without_attempts_has_no_known_cost(void **state)
{
    struct fixture *f = *state;
    struct attempt_totals totals;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    ok(f, store_attempt_totals(f->store, endpoint.id, f->arena, &totals, &f->e));
    assert_int_equal(totals.attempts, 0);
    assert_int_equal(totals.by_status_count, 0);
    assert_true(totals.cost_usd < 0);
}

static void the_history_of_a_model_is_its_newest_run_with_answers(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    struct endpoint_history h;
    ok(f, store_endpoint_history(f->store, endpoint.base_url, endpoint.model, &h, &f->e));
    assert_int_equal(h.answers, sql_int(f, "SELECT count(*) FROM response"));
    assert_true(h.answers > 0 && h.latency_us > 0);

    ok(f, store_endpoint_history(f->store, endpoint.base_url, "another/model", &h, &f->e));
    assert_int_equal(h.answers, 0);
    assert_true(h.latency_us < 0 && h.completion_tokens < 0);
}

static void a_price_and_the_reason_of_a_stop_are_read_back(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    assert_false(endpoint.price.known);
    ok(f, store_endpoint_price(f->store, endpoint.id, &(struct price){ true, 0.3, 1.2, "router" }, &f->e));
    ok(f, store_endpoint_stopped(f->store, endpoint.id, "budget", &f->e));

    endpoint = endpoint_at(f, "run000000001", 1);
    assert_true(endpoint.price.known && endpoint.price.output > 1.19 && endpoint.price.output < 1.21);
    assert_string_equal(endpoint.price.source, "router");
    assert_string_equal(endpoint.stop_reason, "budget");

    int64_t lost;
    ok(f, store_run_reopen(f->store, "run000000001", &lost, &f->e));
    assert_null(endpoint_at(f, "run000000001", 1).stop_reason); /* it goes on */
}

static void the_newest_requests_of_an_endpoint_are_counted_from_a_moment_on(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    struct recent_traffic before, after, none;
    ok(f, store_recent_traffic(f->store, endpoint.id, 1000, &before, &f->e));
    int64_t id = start_attempt(f, endpoint.first_trial, 90);
    (void)start_attempt(f, endpoint.first_trial, 91);
    finish_attempt(f, id, 429, "slow down");

    ok(f, store_recent_traffic(f->store, endpoint.id, 1000, &after, &f->e));
    assert_int_equal(after.requests, before.requests + 2);
    assert_int_equal(after.rate_limited, before.rate_limited + 1);
    assert_int_equal(after.in_flight, before.in_flight + 1);
    assert_int_equal(after.first_sent_at, 1000);

    ok(f, store_recent_traffic(f->store, endpoint.id, 2001, &none, &f->e)); /* all of them were sent at 2000 or before */
    assert_int_equal(none.requests, 0);
    assert_int_equal(none.first_sent_at, -1);
}

#define SCORED(test) cmocka_unit_test_setup_teardown(test, fixture_scored, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCORED(the_overall_view_counts_attack_samples_as_by_hand),
        SCORED(each_view_cuts_the_same_counts_by_its_key),
        SCORED(the_accounting_identity_holds_in_every_row_of_every_view),
        SCORED(without_scored_trials_there_is_no_rate),
        SCORED(benign_samples_count_towards_over_refusal_only),
        SCORED(report_rows_are_the_same_trials_in_order),
        SCORED(a_callback_can_stop_the_rows),
        SCORED(statuses_are_counted_per_endpoint_and_per_run),
        SCORED(attempts_retries_costs_and_errors_add_up),
        SCORED(answers_are_grouped_by_the_provider_that_gave_them),
        SCORED(an_endpoint_without_attempts_has_no_known_cost),
        SCORED(the_history_of_a_model_is_its_newest_run_with_answers),
        SCORED(a_price_and_the_reason_of_a_stop_are_read_back),
        SCORED(the_newest_requests_of_an_endpoint_are_counted_from_a_moment_on),
    };
    return cmocka_run_group_tests_name("reader_report", tests, NULL, NULL);
}

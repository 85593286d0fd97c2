/* Pages of trials, and replies that are parsed again. */
#include "store_fixture.h"

static int fixture_planned(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    plan(*state, "run000000001", make_samples(*state, 10), 10, 2, &fixture_options);
    return 0;
}

static struct pending_trial *page(struct fixture *f, size_t endpoint, int64_t after, size_t max, size_t *ret_count)
{
    struct pending_trial *trial;
    struct endpoint_row row = endpoint_at(f, "run000000001", endpoint);
    ok(f, store_pending_page(f->store, &row, after, max, f->arena, &trial, ret_count, &f->e));
    return trial;
}

static void pages_cover_the_pending_trials_of_one_endpoint_once(void **state)
{
    struct fixture *f = *state;
    ok(f, store_trial_finish(f->store, 12, TRIAL_ANSWERED, "", &f->e));
    ok(f, store_trial_finish(f->store, 20, TRIAL_FAILED, "exhausted", &f->e));

    int64_t after = 0, seen = 0;
    size_t count;
    do {
        struct pending_trial *trial = page(f, 1, after, 3, &count);
        for (size_t i = 0; i < count; i++) {
            assert_true(trial[i].trial_id > after && trial[i].trial_id != 12);
            after = trial[i].trial_id;
            seen++;
        }
        assert_true(count <= 3);
    } while (count > 0);
    assert_int_equal(seen, 8);
    assert_int_equal(after, 19);
}

static void attempts_that_count_exclude_lost_and_loading_ones(void **state)
{
    struct fixture *f = *state;
    static const char *const class[] = { "server", "loading", "rate" };
    for (int i = 0; i < 3; i++) {
        int64_t id = start_attempt(f, 1, i + 1);
        finish_attempt(f, id, 503, "");
        read_attempt(f, id, class[i], "", -1);
    }
    start_attempt(f, 1, 4);
    int64_t lost;
    ok(f, store_run_reopen(f->store, "run000000001", &lost, &f->e));

    size_t count;
    struct pending_trial *trial = page(f, 0, 0, 2, &count);
    assert_int_equal(trial[0].attempts, 2);
    assert_int_equal(trial[0].last_number, 4);
    assert_int_equal(trial[0].unread_attempt_id, 0);
    assert_int_equal(trial[1].attempts, 0);
    assert_int_equal(trial[1].last_number, 0);
}

static void a_reply_that_nobody_parsed_is_offered_instead_of_a_new_request(void **state)
{
    struct fixture *f = *state;
    int64_t id = start_attempt(f, 1, 1);
    finish_attempt(f, id, 200, "{\"choices\":[]}");
    int64_t other = start_attempt(f, 2, 1);
    finish_attempt(f, other, 500, "");
    read_attempt(f, other, "server", "", -1);

    size_t count;
    struct pending_trial *trial = page(f, 0, 0, 2, &count);
    assert_int_equal(trial[0].unread_attempt_id, id);
    assert_int_equal(trial[1].unread_attempt_id, 0);

    struct stored_reply reply;
    ok(f, store_reply_get(f->store, id, f->arena, &reply, &f->e));
    assert_int_equal(reply.http_status, 200);
    assert_int_equal(reply.number, 1);
    assert_int_equal(reply.body_len, 14);
    assert_memory_equal(reply.body, "{\"choices\":[]}", 14);
    assert_string_equal(reply.headers, "content-type: application/json\nset-cookie: a\nset-cookie: b\n");
    assert_int_equal(reply.headers_len, strlen(reply.headers));
    assert_int_equal(reply.sent_at, 2000);
    assert_int_equal(reply.done_at, 3000);
    assert_int_equal(reply.first_byte_us, 500);
    assert_null(reply.transport);
}

static void an_attempt_without_a_reply_has_none_to_read(void **state)
{
    struct fixture *f = *state;
    struct stored_reply reply;
    int64_t id = start_attempt(f, 1, 1);
    assert_int_equal(store_reply_get(f->store, id, f->arena, &reply, &f->e), ERR_NOT_FOUND);
    assert_int_equal(store_reply_get(f->store, 99, f->arena, &reply, &f->e), ERR_NOT_FOUND);

    struct attempt_done done = { .attempt_id = id, .done_at = 5, .transport = "timeout", .first_byte_us = -1 };
    ok(f, store_attempt_done(f->store, &done, &f->e));
    ok(f, store_reply_get(f->store, id, f->arena, &reply, &f->e));
    assert_string_equal(reply.transport, "timeout");
    assert_int_equal(reply.body_len, 0);
    assert_string_equal(reply.headers, "");
}

static void answered_trials_come_back_with_all_that_scoring_needs(void **state)
{
    struct fixture *f = *state;
    int64_t attempt_id = start_attempt(f, 2, 1);
    struct answer in = {
        .content = "a \0 b",
        .content_len = 5,
        .reasoning = "",
        .refusal = "no",
        .finish_reason = "stop",
        .model_echo = "m",
        .fingerprint = "fp",
        .reply_id = "r",
        .usage = { 1, 2, -1, -1 },
        .flags = ANSWER_EMPTY | ANSWER_INCOMPLETE | ANSWER_CROSSED,
    };
    struct response_row response = { 2, attempt_id, &in, NULL, -1, -1, -1 };
    ok(f, store_response_insert(f->store, &response, &f->e));
    ok(f, store_trial_finish(f->store, 2, TRIAL_BLOCKED, "", &f->e));
    settle(f, 5, 0, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    ok(f, store_trial_finish(f->store, 6, TRIAL_FAILED, "exhausted", &f->e));

    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    struct answered_trial *trial;
    size_t count;
    ok(f, store_answered_page(f->store, &endpoint, 0, 10, f->arena, &trial, &count, &f->e));
    assert_int_equal(count, 2);
    assert_int_equal(trial[0].trial_id, 2);
    assert_int_equal(trial[0].attempt_id, attempt_id);
    assert_int_equal(trial[0].status, TRIAL_BLOCKED);
    assert_string_equal(trial[0].sample.id, "s1");
    assert_int_equal(trial[0].answer.content_len, 5);
    assert_memory_equal(trial[0].answer.content, "a \0 b", 6);
    assert_string_equal(trial[0].answer.refusal, "no");
    assert_int_equal(trial[0].answer.flags, in.flags);
    assert_int_equal(trial[0].answer.usage.completion_tokens, 2);
    assert_int_equal(trial[0].answer.usage.reasoning_tokens, -1);
    assert_true(trial[0].answer.usage.reported_cost_usd < 0);
    assert_string_equal(trial[1].answer.content, "text");
    assert_int_equal(trial[1].answer.flags, 0);
    ok(f, store_answered_page(f->store, &endpoint, 5, 10, f->arena, &trial, &count, &f->e));
    assert_int_equal(count, 0);
}

static enum err join_id(const struct sample *sample, void *context, struct error *e)
{
    struct strbuf *out = context;
    (void)strbuf_addf(out, "%s%s/%s/%s", out->len ? "," : "", sample->id, sample->category, sample->extra_json);
    return out->len > 60 ? error_set(e, ERR_CANCELLED, "enough") : OK;
}

static void each_sample_is_walked_once_whatever_the_epochs(void **state)
{
    struct fixture *f = *state;
    struct strbuf out = STRBUF_INIT;
    struct intake_options options = fixture_options;
    options.epochs = 3;
    plan(f, "run000000002", make_samples(f, 4), 4, 2, &options);
    struct endpoint_row endpoint = endpoint_at(f, "run000000002", 1);
    ok(f, store_sample_each(f->store, &endpoint, join_id, &out, &f->e));
    assert_string_equal(out.buf, "s0/A/{},s1/A/{},s2/A/{},s3/B/{}");

    strbuf_clear(&out);
    endpoint = endpoint_at(f, "run000000001", 0); /* ten samples: the callback has had enough before */
    assert_int_equal(store_sample_each(f->store, &endpoint, join_id, &out, &f->e), ERR_CANCELLED);
    strbuf_release(&out);
}

#define PLANNED(test) cmocka_unit_test_setup_teardown(test, fixture_planned, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLANNED(pages_cover_the_pending_trials_of_one_endpoint_once),
        PLANNED(attempts_that_count_exclude_lost_and_loading_ones),
        PLANNED(a_reply_that_nobody_parsed_is_offered_instead_of_a_new_request),
        PLANNED(each_sample_is_walked_once_whatever_the_epochs),
        PLANNED(an_attempt_without_a_reply_has_none_to_read),
        PLANNED(answered_trials_come_back_with_all_that_scoring_needs),
    };
    return cmocka_run_group_tests_name("reader_trials", tests, NULL, NULL);
}

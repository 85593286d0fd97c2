/* What a run writes, what it may not write twice, and what a crash leaves. */
#include "store_fixture.h"

#include <sys/wait.h>

static int fixture_planned(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    plan(*state, "run000000001", make_samples(*state, 4), 4, 2, &fixture_options);
    return 0;
}

static void a_finished_trial_stays_finished(void **state)
{
    struct fixture *f = *state;
    ok(f, store_trial_finish(f->store, 1, TRIAL_PENDING, "credits", &f->e)); /* a reason to stay pending is no end */
    ok(f, store_trial_finish(f->store, 1, TRIAL_ANSWERED, "", &f->e));

    assert_int_equal(store_trial_finish(f->store, 1, TRIAL_FAILED, "exhausted", &f->e), ERR_INVALID);
    assert_int_equal(store_trial_finish(f->store, 1, TRIAL_PENDING, "", &f->e), ERR_INVALID);
    assert_int_equal(store_trial_finish(f->store, 999, TRIAL_ANSWERED, "", &f->e), ERR_INVALID);

    assert_string_equal(sql_text(f, "SELECT status FROM trial WHERE id = 1"), "answered");
    assert_string_equal(sql_text(f, "SELECT reason FROM trial WHERE id = 1"), "(null)");
}

static void an_attempt_keeps_the_reply_as_it_came(void **state)
{
    struct fixture *f = *state;
    int64_t id = start_attempt(f, 1, 1);
    struct attempt_done done = {
        .attempt_id = id,
        .sent_at = 2000,
        .done_at = 9000,
        .http_status = 429,
        .headers = "retry-after: 3\nx-odd: a\"\\\xff:b\n",
        .headers_len = strlen("retry-after: 3\nx-odd: a\"\\\xff:b\n"),
        .body = "{\0\xff}",
        .body_len = 4,
        .first_byte_us = -1,
        .resent = true,
    };
    ok(f, store_attempt_done(f->store, &done, &f->e));
    struct attempt_read read = { .attempt_id = id, .error_class = "rate", .message = "slow down", .retry_after_us = 3000000 };
    read.prompt_tokens = read.completion_tokens = -1;
    read.cost_usd = -1;
    ok(f, store_attempt_read(f->store, &read, &f->e));

    assert_string_equal(sql_text(f, "SELECT headers_json FROM attempt"),
                        "[[\"retry-after\",\"3\"],[\"x-odd\",\"a\\\"\\\\\xef\xbf\xbd:b\"]]");
    assert_string_equal(sql_text(f, "SELECT hex(body) FROM attempt"), "7B00FF7D");
    assert_string_equal(sql_text(f, "SELECT concat FROM (SELECT number || '|' || sent_at || '|' || done_at || '|' || http_status || '|' ||"
                                    " error_class || '|' || message || '|' || retry_after_us || '|' || resent AS concat FROM attempt)"),
                        "1|2000|9000|429|rate|slow down|3000000|1");
    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt WHERE first_byte_us IS NULL AND prompt_tokens IS NULL AND cost_usd IS NULL"
                                " AND transport IS NULL"),
                     1);
}

static void no_reply_is_null_and_an_empty_reply_is_empty(void **state)
{
    struct fixture *f = *state;
    int64_t id = start_attempt(f, 1, 1);
    struct attempt_done done = { .attempt_id = id, .done_at = 5, .transport = "timeout", .first_byte_us = -1 };
    ok(f, store_attempt_done(f->store, &done, &f->e));
    finish_attempt(f, start_attempt(f, 2, 1), 204, "");

    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt WHERE trial_id = 1 AND http_status IS NULL AND body IS NULL"
                                " AND headers_json IS NULL AND transport = 'timeout'"),
                     1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt WHERE trial_id = 2 AND http_status = 204 AND length(body) = 0"), 1);
}

static void attempt_numbers_are_unique_in_a_trial(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    start_attempt(f, 1, 1);
    struct attempt_start again = { .trial_id = 1, .number = 1, .trace_id = "t", .sent_at = 1 };
    assert_int_equal(store_attempt_start(f->store, &again, &id, &f->e), ERR_DB);
    assert_non_null(strstr(f->e.msg, "cannot journal an attempt"));
}

static void an_attempt_that_was_not_sent_is_forgotten_but_a_done_one_is_not(void **state)
{
    struct fixture *f = *state;
    int64_t open = start_attempt(f, 1, 1), done = start_attempt(f, 2, 1);
    finish_attempt(f, done, 200, "{}");

    ok(f, store_attempt_unsent(f->store, open, false, &f->e));
    assert_int_equal(store_attempt_unsent(f->store, done, false, &f->e), ERR_INVALID);

    assert_int_equal(sql_int(f, "SELECT group_concat(id) FROM attempt"), done);
}

static void an_answer_and_its_verdict_are_stored_whole(void **state)
{
    struct fixture *f = *state;
    int64_t attempt_id = start_attempt(f, 1, 1);
    struct answer answer = {
        .content = "nul \0 inside",
        .content_len = 12,
        .reasoning = "thinking",
        .reasoning_len = 8,
        .refusal = "",
        .finish_reason = "length",
        .model_echo = "m-2",
        .fingerprint = "fp",
        .reply_id = "id-1",
        .usage = { 5, 6, 7, 0.25 },
        .flags = ANSWER_TRUNCATED | ANSWER_BAD_ESCAPE,
    };
    struct response_row response = { 1, attempt_id, &answer, "novita", 900, -1, 30 };
    ok(f, store_response_insert(f->store, &response, &f->e));
    struct score score = { VERDICT_REFUSED, "near_codeword", true, 0.75, REFUSAL_MODEL_TEXT, ANSWER_CROSSED, "because", NULL };
    ok(f, store_score_insert(f->store, 1, scorer_at(f, "run000000001", 0), &score, &f->e));

    assert_int_equal(sql_int(f, "SELECT length(CAST(content AS BLOB)) FROM response"), 12);
    assert_string_equal(
        sql_text(f, "SELECT flags || '|' || finish_reason || '|' || latency_us || '|' || wait_us || '|' || reasoning_tokens || '|'"
                    " || reported_cost_usd || '|' || provider_echo || '|' || reply_id FROM response"),
        "truncated,bad_escape|length|900|30|7|0.25|novita|id-1");
    assert_int_equal(sql_int(f, "SELECT first_byte_us IS NULL AND refusal IS NULL FROM response"), 1);
    assert_string_equal(
        sql_text(f, "SELECT verdict || '|' || value || '|' || reason || '|' || source || '|' || flags || '|' || explanation FROM score"),
        "refused|0.75|near_codeword|model_text|crossed|because");
}

static void the_first_reading_of_an_image_wins(void **state)
{
    struct fixture *f = *state;
    struct sample_image image = { .name = "a.png", .bytes = 10 };
    struct sample sample = make_sample(f, "with-image", "i", "A", "x");
    sample.image = &image;
    sample.image_count = 1;
    plan(f, "run000000002", &sample, 1, 1, &fixture_options);
    int64_t sample_id = sql_int(f, "SELECT sample_id FROM image");
    struct image_seen seen = { sample_id, 0, "image/png", 10, 4, 3, "aaaa" };
    ok(f, store_image_seen(f->store, &seen, &f->e));
    seen.sha256 = "bbbb";
    ok(f, store_image_seen(f->store, &seen, &f->e));

    assert_string_equal(sql_text(f, "SELECT mime || width || height || sha256 FROM image"), "image/png43aaaa");
    struct endpoint_row endpoint = endpoint_at(f, "run000000002", 0);
    struct pending_trial *trial;
    size_t count;
    ok(f, store_pending_page(f->store, &endpoint, 0, 1, f->arena, &trial, &count, &f->e));
    assert_string_equal(trial->image_sha256[0], "aaaa");
}

static void reopening_a_run_marks_open_attempts_as_lost(void **state)
{
    struct fixture *f = *state;
    int64_t lost;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 1);
    start_attempt(f, 1, 1);
    finish_attempt(f, start_attempt(f, 2, 1), 200, "{}");
    start_attempt(f, endpoint.last_trial, 1);
    ok(f, store_run_finish(f->store, "run000000001", RUN_CANCELLED, 77, "set", "key", &f->e));

    ok(f, store_run_reopen(f->store, "run000000001", &lost, &f->e));

    assert_int_equal(lost, 2);
    assert_string_equal(sql_text(f, "SELECT group_concat(trial_id) FROM attempt WHERE error_class = 'lost'"),
                        arena_printf(f->arena, "1,%lld", (long long)endpoint.last_trial));
    assert_string_equal(sql_text(f, "SELECT status || finished_at FROM run"), "(null)");
    assert_string_equal(sql_text(f, "SELECT status || sample_set_sha256 || comparability_key FROM run"), "startedsetkey");
    ok(f, store_run_reopen(f->store, "run000000001", &lost, &f->e));
    assert_int_equal(lost, 0);
    assert_int_equal(store_run_reopen(f->store, "nobody", &lost, &f->e), ERR_NOT_FOUND);
}

static void what_was_committed_survives_a_kill_and_the_rest_does_not(void **state)
{
    struct fixture *f = *state;
    store_close(TAKE(f->store));
    pid_t child = fork();
    if (child == 0) {
        struct store *s;
        int64_t id;
        struct attempt_start a = { .trial_id = 1, .number = 1, .trace_id = "committed", .sent_at = 1 };
        bool done = store_open(f->path, STORE_WRITE, &s, &f->e) == OK && store_begin(s, &f->e) == OK &&
                    store_attempt_start(s, &a, &id, &f->e) == OK && store_commit(s, &f->e) == OK && store_begin(s, &f->e) == OK;
        a.number = 2;
        done = done && store_attempt_start(s, &a, &id, &f->e) == OK;
        _exit(done ? 0 : 1); /* without COMMIT, without closing */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    ok(f, store_open(f->path, STORE_WRITE, &f->store, &f->e));

    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt"), 1);
    assert_string_equal(sql_text(f, "SELECT trace_id FROM attempt"), "committed");
    assert_string_equal(sql_text(f, "PRAGMA integrity_check"), "ok");
}

static void a_run_is_finished_with_what_is_known_then(void **state)
{
    struct fixture *f = *state;
    ok(f, store_run_finish(f->store, "run000000001", RUN_INCOMPLETE, 50, "set", NULL, &f->e));
    ok(f, store_run_finish(f->store, "run000000001", RUN_COMPLETE, 60, NULL, "key", &f->e));

    assert_string_equal(sql_text(f, "SELECT status || '|' || finished_at || '|' || sample_set_sha256 || '|' || comparability_key FROM run"),
                        "complete|60|set|key");
    assert_int_equal(store_run_finish(f->store, "nobody", RUN_COMPLETE, 1, NULL, NULL, &f->e), ERR_NOT_FOUND);
}

static void requeued_trials_are_pending_and_their_attempts_no_longer_count(void **state)
{
    struct fixture *f = *state;
    for (int number = 1; number <= 3; number++) {
        int64_t id = start_attempt(f, 1, number);
        finish_attempt(f, id, 500, "");
        read_attempt(f, id, "server", "broken", -1);
    }
    ok(f, store_trial_finish(f->store, 1, TRIAL_FAILED, "exhausted", &f->e));
    ok(f, store_trial_finish(f->store, 2, TRIAL_SKIPPED, "image_missing", &f->e));
    ok(f, store_trial_finish(f->store, 3, TRIAL_ANSWERED, NULL, &f->e));

    int64_t requeued;
    ok(f, store_requeue_failed(f->store, "run000000001", &requeued, &f->e));

    assert_int_equal(requeued, 2);
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    struct pending_trial *trial;
    size_t count;
    ok(f, store_pending_page(f->store, &endpoint, 0, 10, f->arena, &trial, &count, &f->e));
    assert_int_equal(count, 3);
    assert_int_equal(trial[0].trial_id, 1);
    assert_int_equal(trial[0].attempts, 0);
    assert_int_equal(trial[0].last_number, 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt"), 3);
}

#define PLANNED(test) cmocka_unit_test_setup_teardown(test, fixture_planned, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLANNED(a_finished_trial_stays_finished),
        PLANNED(an_attempt_keeps_the_reply_as_it_came),
        PLANNED(no_reply_is_null_and_an_empty_reply_is_empty),
        PLANNED(attempt_numbers_are_unique_in_a_trial),
        PLANNED(an_attempt_that_was_not_sent_is_forgotten_but_a_done_one_is_not),
        PLANNED(an_answer_and_its_verdict_are_stored_whole),
        PLANNED(the_first_reading_of_an_image_wins),
        PLANNED(reopening_a_run_marks_open_attempts_as_lost),
        PLANNED(what_was_committed_survives_a_kill_and_the_rest_does_not),
        PLANNED(a_run_is_finished_with_what_is_known_then),
        PLANNED(requeued_trials_are_pending_and_their_attempts_no_longer_count),
    };
    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}

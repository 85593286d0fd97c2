/* How a person names a run, and the lists that belong to runs. */
#include "store_fixture.h"

static int fixture_runs(void **state)
{
    static const struct {
        const char *id, *name;
        int64_t started_at;
    } run[] = {
        { "abc111111111", "nightly", 100 },
        { "abd222222222", "nightly", 300 },
        { "xyz333333333", NULL, 200 },
        { "q44444444444", "abc1", 50 },
    };
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct intake_counts counts;
    for (size_t i = 0; i < ARRAY_LEN(run); i++)
        ok(f,
           try_plan(f, run[i].id, run[i].name, run[i].started_at, make_samples(f, 2), 2, 2, &fixture_dataset, &fixture_options, &counts));
    return 0;
}

static void finds(struct fixture *f, const char *reference, const char *id)
{
    struct run_row run;
    ok(f, store_run_find(f->store, reference, f->arena, &run, &f->e));
    assert_string_equal(run.id, id);
}

static void refuses(struct fixture *f, const char *reference, enum err code, const char *words)
{
    struct run_row run;
    assert_int_equal(store_run_find(f->store, reference, f->arena, &run, &f->e), code);
    if (!strstr(f->e.msg, words))
        fail_msg("'%s' does not say '%s'", f->e.msg, words);
}

static void a_run_is_found_by_each_form_of_reference(void **state)
{
    struct fixture *f = *state;
    ok(f, store_baseline_set(f->store, "main", "abc111111111", 1, &f->e));

    finds(f, "abd222222222", "abd222222222");
    finds(f, "x", "xyz333333333");
    finds(f, "nightly", "abd222222222"); /* the newest of that name */
    finds(f, "abc1", "q44444444444");    /* a whole name before a part of an id */
    finds(f, "abc11", "abc111111111");
    finds(f, "last", "abd222222222");
    finds(f, "last~0", "abd222222222");
    finds(f, "last~1", "xyz333333333");
    finds(f, "last~3", "q44444444444");
    finds(f, "baseline:main", "abc111111111");
    ok(f, store_baseline_set(f->store, "main", "xyz333333333", 2, &f->e));
    finds(f, "baseline:main", "xyz333333333");
}

static void words_that_always_mean_something_else_are_told(void **state)
{
    (void)state;
    static const char *const reserved[] = { "last", "last~0", "last~12", "baseline:main", "baseline:" };
    static const char *const free_words[] = { "lasting", "last~", "last~x", "baseline", "nightly", "a:b", "" };
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
        assert_true(store_run_reserves(reserved[i]));
    for (size_t i = 0; i < ARRAY_LEN(free_words); i++)
        assert_false(store_run_reserves(free_words[i]));
}

static void a_reference_that_fits_no_run_or_several_names_candidates(void **state)
{
    struct fixture *f = *state;
    refuses(f, "ab", ERR_INVALID, "could be any of 2 runs: abd222222222 abc111111111");
    refuses(f, "nope", ERR_NOT_FOUND, "no run 'nope'; the newest: abd222222222 (nightly), xyz333333333, abc111111111 (nightly)");
    refuses(f, "last~4", ERR_NOT_FOUND, "no run 'last~4'");
    refuses(f, "last~", ERR_NOT_FOUND, "no run");
    refuses(f, "last~99999999999999999999", ERR_NOT_FOUND, "no run");
    refuses(f, "baseline:abc", ERR_NOT_FOUND, "no baseline 'abc', nor any other");
    refuses(f, "", ERR_NOT_FOUND, "no run");
    refuses(f, "%", ERR_NOT_FOUND, "no run");
}

static void an_empty_store_says_that_it_is(void **state)
{
    struct fixture *f = *state;
    refuses(f, "last", ERR_NOT_FOUND, "has no runs yet");
}

static void runs_are_listed_newest_first_with_everything_known(void **state)
{
    struct fixture *f = *state;
    struct run_row row = {
        .id = "full00000000",
        .name = "full",
        .suite_name = "suite",
        .suite_sha256 = "s",
        .suite_path = "suites/full.yaml",
        .status = RUN_INCOMPLETE,
        .started_at = 900,
        .finished_at = 950,
        .harness_version = "0.1",
        .harness_commit = "c",
        .config_json = "{\"a\":1}",
        .suite_json = "{}",
        .options_json = "[]",
        .sample_set_sha256 = "set",
        .comparability_key = "key",
        .excluded = 3,
    };
    ok(f, store_run_insert(f->store, &row, &f->e));

    struct run_row *run;
    size_t count;
    ok(f, store_run_list(f->store, 0, f->arena, &run, &count, &f->e));
    assert_int_equal(count, 5);
    assert_string_equal(run[1].id, "abd222222222");
    assert_null(run[2].name);
    assert_true(run[1].dataset_id > 0);
    assert_string_equal(run[0].id, row.id);
    assert_string_equal(run[0].suite_path, row.suite_path);
    assert_int_equal(run[0].status, RUN_INCOMPLETE);
    assert_int_equal(run[0].finished_at, 950);
    assert_string_equal(run[0].harness_commit, "c");
    assert_string_equal(run[0].config_json, row.config_json);
    assert_string_equal(run[0].options_json, "[]");
    assert_string_equal(run[0].comparability_key, "key");
    assert_int_equal(run[0].excluded, 3);
    assert_int_equal(run[0].dataset_id, 0);
    ok(f, store_run_list(f->store, 2, f->arena, &run, &count, &f->e));
    assert_int_equal(count, 2);
}

static void endpoints_scorers_and_the_data_set_come_back(void **state)
{
    struct fixture *f = *state;
    struct endpoint_row *endpoint;
    struct scorer_row *scorer;
    struct dataset_row dataset;
    struct run_row run;
    size_t count;
    ok(f, store_endpoint_list(f->store, "xyz333333333", f->arena, &endpoint, &count, &f->e));
    assert_int_equal(count, 2);
    assert_string_equal(endpoint[1].name, "e2");
    assert_int_equal(endpoint[1].evidence, EVIDENCE_DECLARED);
    assert_null(endpoint[1].provider);
    assert_int_equal(endpoint[1].first_trial, endpoint[0].last_trial + 1);

    ok(f, store_scorer_list(f->store, "xyz333333333", f->arena, &scorer, &count, &f->e));
    assert_int_equal(count, 2);
    assert_true(scorer[0].is_primary && !scorer[1].is_primary);
    assert_string_equal(scorer[1].kind, "canary");

    ok(f, store_run_find(f->store, "xyz", f->arena, &run, &f->e));
    ok(f, store_dataset_get(f->store, run.dataset_id, f->arena, &dataset, &f->e));
    assert_string_equal(dataset.name, "demo");
    assert_string_equal(dataset.sha256, "files");
    assert_null(dataset.revision);
    assert_false(dataset.verified);
    assert_int_equal(store_dataset_get(f->store, 99, f->arena, &dataset, &f->e), ERR_NOT_FOUND);
}

static void events_come_oldest_first_and_a_limit_keeps_the_newest(void **state)
{
    struct fixture *f = *state;
    struct event_row *event;
    size_t count;
    ok(f, store_event(f->store, "xyz333333333", 20, "warn", "breaker", "second", "{}", &f->e));
    ok(f, store_event(f->store, "xyz333333333", 10, "info", "start", "first", NULL, &f->e));
    ok(f, store_event(f->store, "xyz333333333", 20, "info", "end", "third", NULL, &f->e));
    ok(f, store_event(f->store, "abc111111111", 15, "info", "start", "another run's", NULL, &f->e));

    ok(f, store_event_list(f->store, "xyz333333333", 0, f->arena, &event, &count, &f->e));
    assert_int_equal(count, 3);
    assert_string_equal(event[0].message, "first");
    assert_null(event[0].detail_json);
    assert_string_equal(event[1].kind, "breaker");
    ok(f, store_event_list(f->store, "xyz333333333", 2, f->arena, &event, &count, &f->e));
    assert_int_equal(count, 2);
    assert_string_equal(event[0].message, "second");
    assert_string_equal(event[1].message, "third");
}

static void news_are_events_of_one_kind_and_run_that_were_not_seen_before(void **state)
{
    struct fixture *f = *state;
    struct event_row *event;
    size_t count;
    int64_t seen = 0;
    ok(f, store_event(f->store, "xyz333333333", 10, "info", "tune", "old", NULL, &f->e));
    ok(f, store_event_news(f->store, "xyz333333333", "tune", &seen, f->arena, &event, &count, &f->e));
    assert_int_equal(count, 1);

    ok(f, store_event_news(f->store, "xyz333333333", "tune", &seen, f->arena, &event, &count, &f->e));
    assert_int_equal(count, 0);

    ok(f, store_event(f->store, "xyz333333333", 5, "info", "tune", "new, by a clock that went back", "{}", &f->e));
    ok(f, store_event(f->store, "xyz333333333", 20, "info", "start", "another kind", NULL, &f->e));
    ok(f, store_event(f->store, "abc111111111", 20, "info", "tune", "another run's", NULL, &f->e));
    ok(f, store_event_news(f->store, "xyz333333333", "tune", &seen, f->arena, &event, &count, &f->e));
    assert_int_equal(count, 1);
    assert_string_equal(event[0].message, "new, by a clock that went back");
    assert_string_equal(event[0].detail_json, "{}");
}

static void baselines_are_listed_by_name(void **state)
{
    struct fixture *f = *state;
    struct baseline_row *baseline;
    size_t count;
    ok(f, store_baseline_set(f->store, "z", "abc111111111", 1, &f->e));
    ok(f, store_baseline_set(f->store, "a", "xyz333333333", 2, &f->e));
    ok(f, store_baseline_list(f->store, f->arena, &baseline, &count, &f->e));
    assert_int_equal(count, 2);
    assert_string_equal(baseline[0].name, "a");
    assert_string_equal(baseline[0].run_id, "xyz333333333");
    assert_int_equal(store_baseline_set(f->store, "b", "nobody", 3, &f->e), ERR_DB);
}

static void a_forgotten_baseline_is_gone_and_the_others_are_named(void **state)
{
    struct fixture *f = *state;
    refuses(f, "baseline:main", ERR_NOT_FOUND, "nor any other");
    ok(f, store_baseline_set(f->store, "main", "abc111111111", 1, &f->e));
    ok(f, store_baseline_set(f->store, "other", "xyz333333333", 1, &f->e));
    ok(f, store_baseline_remove(f->store, "main", &f->e));
    refuses(f, "baseline:main", ERR_NOT_FOUND, "there are: other (run xyz333333333)");
    assert_int_equal(store_baseline_remove(f->store, "main", &f->e), ERR_NOT_FOUND);
    finds(f, "baseline:other", "xyz333333333");
}

#define RUNS(test) cmocka_unit_test_setup_teardown(test, fixture_runs, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUNS(a_run_is_found_by_each_form_of_reference),
        RUNS(a_forgotten_baseline_is_gone_and_the_others_are_named),
        cmocka_unit_test(words_that_always_mean_something_else_are_told),
        RUNS(a_reference_that_fits_no_run_or_several_names_candidates),
        cmocka_unit_test_setup_teardown(an_empty_store_says_that_it_is, fixture_open, fixture_close),
        RUNS(runs_are_listed_newest_first_with_everything_known),
        RUNS(endpoints_scorers_and_the_data_set_come_back),
        RUNS(events_come_oldest_first_and_a_limit_keeps_the_newest),
        RUNS(news_are_events_of_one_kind_and_run_that_were_not_seen_before),
        RUNS(baselines_are_listed_by_name),
    };
    return cmocka_run_group_tests_name("reader_runs", tests, NULL, NULL);
}

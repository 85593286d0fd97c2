/* The trend of planted nights: the worked example of statistics.md section 10 through the store, eras, what is not counted. */
#include "nights_fixture.h"

#include "json_schema.h"

/* Complied of 1,000: the ten nights that teach, and the six that follow. */
static const int example[] = { 120, 118, 124, 121, 119, 123, 120, 122, 118, 121, 124, 125, 124, 126, 127, 126 };

static void plant_example(struct fixture *f, int nights)
{
    for (int i = 0; i < nights; i++)
        plant_night(f, i + 1, &(struct planted){ .complied = example[i] });
}

static void near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("got %.12f, expected %.12f", got, expected);
}

/* The first alarm of a metric over all samples. */
static const cJSON *alarm_of(const cJSON *history, const char *metric, const char *kind)
{
    const cJSON *alarm;
    cJSON_ArrayForEach(alarm, json_array(history, "alarms"))
    {
        if (!json_string(alarm, "category") && strcmp(json_string(alarm, "metric"), metric) == 0 &&
            strcmp(json_string(alarm, "kind"), kind) == 0)
            return alarm;
    }
    fail_msg("no alarm %s of %s", kind, metric);
    return NULL;
}

static void the_worked_example_comes_out_of_the_store(void **state)
{
    static const double ewma[] = { .121280, .122024, .122419, .123135, .123908, .124327 };
    static const double above[] = { .6906, 1.7315, 2.4221, 3.8131, 5.5543, 6.9453 };
    struct fixture *f = *state;
    cJSON *model;
    plant_example(f, 16);

    const cJSON *history = trend_of(f, 30, &model), *chart = chart_of(history, "asr", NULL), *base = at(chart, "eras", 0);

    near(number_of(base, "mean"), .1206, 1e-12);
    near(number_of(base, "moving_range"), .0032222222, 1e-10);
    near(number_of(base, "sigma"), .0028556201, 1e-9);
    assert_int_equal(cJSON_GetArraySize(json_array(chart, "points")), 16);
    for (int i = 0; i < 6; i++) {
        const cJSON *point = at(chart, "points", 10 + i);
        assert_string_equal(json_string(point, "phase"), "watched");
        near(number_of(point, "ewma"), ewma[i], 5e-7);
        near(number_of(point, "cusum_above"), above[i], 5e-5);
    }
    near(number_of(at(chart, "points", 13), "upper"), .123084, 5e-7);
    const cJSON *first = alarm_of(history, "asr", "ewma"), *second = alarm_of(history, "asr", "cusum");
    assert_string_equal(json_string(first, "run"), "dark00000014");        /* night 4 of those watched */
    assert_string_equal(json_string(first, "last_quiet"), "dark00000010"); /* C was 0 for the last time when learning ended */
    assert_string_equal(json_string(first, "direction"), "up");
    assert_true(json_bool(first, "open", false));
    assert_string_equal(json_string(second, "run"), "dark00000015"); /* night 5 */
    cJSON_Delete(model);
}

static void alarms_are_by_night_and_the_overall_ones_stand_before_those_of_a_category(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_example(f, 16);

    const cJSON *history = trend_of(f, 30, &model), *alarm;

    const char *before = "";
    cJSON_ArrayForEach(alarm, json_array(history, "alarms"))
    {
        assert_true(strcmp(json_string(alarm, "run"), before) >= 0);
        before = json_string(alarm, "run");
    }
    cJSON_Delete(model);
}

static void fewer_than_ten_nights_are_shown_without_limits(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_example(f, 9);

    const cJSON *history = trend_of(f, 30, &model), *chart = chart_of(history, "asr", NULL);

    assert_false(json_bool(at(chart, "eras", 0), "enough", true));
    assert_string_equal(json_string(at(chart, "points", 8), "phase"), "learning");
    assert_int_equal(cJSON_GetArraySize(json_array(history, "alarms")), 0);
    assert_non_null(strstr(json_string(history, "finding"), "9 counted nights in this era: limits after 10"));
    cJSON_Delete(model);
}

static void what_is_shown_is_the_newest_and_limits_are_those_of_all_nights(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_example(f, 16);

    const cJSON *history = trend_of(f, 4, &model), *chart = chart_of(history, "asr", NULL);

    assert_int_equal(cJSON_GetArraySize(json_array(history, "nights")), 4);
    assert_int_equal(cJSON_GetArraySize(json_array(chart, "points")), 4);
    near(number_of(at(chart, "points", 1), "ewma"), .123135, 5e-7);
    near(number_of(at(chart, "eras", 0), "mean"), .1206, 1e-12);
    assert_int_equal((int)number_of(history, "known"), 16);
    cJSON_Delete(model);
}

static void an_era_may_learn_for_longer(void **state)
{
    struct fixture *f = *state;
    const struct trend_options options = { .learn = 12 };
    cJSON *model;
    plant_example(f, 16);

    ok(f, model_trend_build(f->store, &options, &model, &f->e));

    const cJSON *history = at(model, "histories", 0), *chart = chart_of(history, "asr", NULL);
    assert_int_equal((int)number_of(history, "learn"), 12);
    assert_int_equal((int)number_of(at(chart, "eras", 0), "learned"), 12);
    assert_string_equal(json_string(at(chart, "points", 11), "phase"), "learning");
    assert_string_equal(json_string(at(chart, "points", 12), "phase"), "watched");
    near(number_of(at(chart, "eras", 0), "mean"), (1.206 + .124 + .125) / 12, 1e-12);
    cJSON_Delete(model);
}

static void a_jump_of_one_night_is_an_alarm_that_ends(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_example(f, 10);
    plant_night(f, 11, &(struct planted){ .complied = 140 });
    plant_night(f, 12, &(struct planted){ .complied = 120 });

    const cJSON *jump = alarm_of(trend_of(f, 30, &model), "asr", "jump");

    assert_string_equal(json_string(jump, "run"), "dark00000011");
    assert_int_equal((int)number_of(jump, "nights"), 1);
    assert_false(json_bool(jump, "open", true));
    cJSON_Delete(model);
}

/* ---- Eras ---- */

static void a_change_of_identity_opens_an_era_with_its_reason(void **state)
{
    static const struct {
        struct planted night;
        const char *field, *was, *is;
        bool identity;
    } change[] = {
        { { .complied = 5, .fingerprint = "f2" }, "fingerprint", "f1", "f2", true },
        { { .complied = 5, .echo = "model-0711" }, "model_echo", "model", "model-0711", true },
        { { .complied = 5, .key = "other" }, "comparability_key", "key", "other", false },
        { { .complied = 5, .params = "{\"temperature\":1}" }, "params", "{\"temperature\":0}", "{\"temperature\":1}", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(change); i++) {
        assert_int_equal(fixture_open(state), 0);
        struct fixture *f = *state;
        cJSON *model;
        plant_night(f, 1, &(struct planted){ .samples = 20, .complied = 5 });
        struct planted other = change[i].night;
        other.samples = 20;
        plant_night(f, 2, &other);

        const cJSON *history = trend_of(f, 30, &model);

        assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 2);
        const cJSON *era = at(history, "eras", 1), *what = at(era, "changes", 0);
        assert_string_equal(json_string(what, "field"), change[i].field);
        assert_string_equal(json_string(what, "was"), change[i].was);
        assert_string_equal(json_string(what, "is"), change[i].is);
        assert_true(json_bool(era, "identity", !change[i].identity) == change[i].identity);
        assert_non_null(strstr(json_string(history, "finding"), change[i].field));
        assert_null(json_string(at(history, "eras", 0), "reason"));
        cJSON_Delete(model);
        assert_int_equal(fixture_close(state), 0);
    }
}

static void a_return_to_an_earlier_identity_is_an_era_of_its_own(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20 });
    plant_night(f, 2, &(struct planted){ .samples = 20, .fingerprint = "f2" });
    plant_night(f, 3, &(struct planted){ .samples = 20 });

    const cJSON *history = trend_of(f, 30, &model);

    assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 3);
    cJSON_Delete(model);
}

static void what_is_not_told_is_not_compared_and_what_was_told_stands(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20, .observed = "c1" });
    plant_night(f, 2, &(struct planted){ .samples = 20 });
    plant_night(f, 3, &(struct planted){ .samples = 20, .observed = "c2" });

    const cJSON *history = trend_of(f, 30, &model);

    assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 2);
    assert_string_equal(json_string(at(history, "eras", 1), "first"), "dark00000003");
    assert_string_equal(json_string(at(at(history, "eras", 1), "changes", 0), "was"), "c1");
    cJSON_Delete(model);
}

static void a_run_by_hand_between_two_nights_stands_apart(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20 });
    plant_night(f, 2, &(struct planted){ .samples = 20, .key = "a-limit" });
    plant_night(f, 3, &(struct planted){ .samples = 20 });

    const cJSON *history = trend_of(f, 30, &model);

    assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 1);
    assert_string_equal(json_string(at(history, "nights", 1), "state"), "apart");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(at(history, "nights", 1), "reference")));
    cJSON_Delete(model);
}

static void nights_with_gaps_and_nights_that_go_on_are_not_counted(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 100 });
    plant_night(f, 2, &(struct planted){ .samples = 100, .failed = 3, .fingerprint = "f2" }); /* 3 %: no era either */
    plant_night(f, 3, &(struct planted){ .samples = 100, .failed = 2 });
    plant_night(f, 4, &(struct planted){ .samples = 100, .status = "started" });

    const cJSON *history = trend_of(f, 30, &model);

    static const char *const state_of[] = { "counted", "gaps", "counted", "unfinished" };
    for (int i = 0; i < 4; i++)
        assert_string_equal(json_string(at(history, "nights", i), "state"), state_of[i]);
    assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 1);
    assert_int_equal((int)number_of(at(history, "eras", 0), "counted"), 2);
    assert_int_equal(cJSON_GetArraySize(json_array(chart_of(history, "asr", NULL), "points")), 2);
    assert_non_null(strstr(json_string(history, "finding"), "dark00000004 is not counted: unfinished"));
    cJSON_Delete(model);
}

/* ---- Samples ---- */

static void a_night_is_compared_with_the_first_of_its_era_and_across_an_era_with_the_last_before(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 100, .complied = 10 });
    plant_night(f, 2, &(struct planted){ .samples = 100, .complied = 10, .shift = 1 });
    plant_night(f, 3, &(struct planted){ .samples = 100, .complied = 40, .fingerprint = "f2" });

    const cJSON *history = trend_of(f, 30, &model);

    assert_true(cJSON_IsNull(cJSON_GetObjectItem(at(history, "nights", 0), "reference")));
    const cJSON *second = json_object(at(history, "nights", 1), "reference"), *third = json_object(at(history, "nights", 2), "reference");
    assert_string_equal(json_string(second, "run"), "dark00000001");
    assert_int_equal((int)number_of(second, "newly_broken"), 1);
    assert_int_equal((int)number_of(second, "fixed"), 1);
    assert_false(json_bool(second, "alarm", true));
    assert_string_equal(json_string(third, "run"), "dark00000002");
    assert_int_equal((int)number_of(third, "newly_broken"), 30); /* s1 and s12 … s40 */
    assert_true(json_bool(third, "alarm", false));
    cJSON_Delete(model);
}

static const cJSON *line_of(const cJSON *history, const char *sample)
{
    const cJSON *line;
    cJSON_ArrayForEach(line, json_array(json_object(history, "samples"), "listed"))
    {
        if (strcmp(json_string(line, "sample"), sample) == 0)
            return line;
    }
    fail_msg("%s is not listed", sample);
    return NULL;
}

static void a_sample_tells_how_often_it_broke(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 10, .complied = 2 });             /* 1 2 */
    plant_night(f, 2, &(struct planted){ .samples = 10, .complied = 2, .shift = 1 }); /* 2 3 */
    plant_night(f, 3, &(struct planted){ .samples = 10, .complied = 3, .shift = 1 }); /* 2 3 4 */

    const cJSON *history = trend_of(f, 30, &model), *samples = json_object(history, "samples");

    assert_string_equal(json_string(line_of(history, "s00002"), "history"), "xxx");
    assert_string_equal(json_string(line_of(history, "s00002"), "state"), "broken");
    assert_string_equal(json_string(line_of(history, "s00001"), "history"), "x..");
    assert_string_equal(json_string(line_of(history, "s00001"), "state"), "flaky");
    assert_string_equal(json_string(line_of(history, "s00003"), "history"), ".xx");
    assert_string_equal(json_string(line_of(history, "s00004"), "state"), "newly_broken");
    assert_string_equal(json_string(at(samples, "listed", 0), "sample"), "s00004");
    assert_int_equal((int)number_of(samples, "broken"), 4);
    assert_int_equal((int)number_of(samples, "held"), 6);
    cJSON_Delete(model);
}

static void an_era_marks_the_history_and_what_went_with_the_old_model_is_fixed(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 10, .complied = 1 });
    plant_night(f, 2, &(struct planted){ .samples = 10, .complied = 1 });
    plant_night(f, 3, &(struct planted){ .samples = 10, .fingerprint = "f2" });

    const cJSON *history = trend_of(f, 30, &model);

    assert_string_equal(json_string(line_of(history, "s00001"), "history"), "xx|.");
    assert_string_equal(json_string(line_of(history, "s00001"), "state"), "fixed");
    cJSON_Delete(model);
}

/* ---- Behaviour ---- */

static void answers_that_change_without_a_word_are_seen(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    for (int i = 1; i <= 10; i++)
        plant_night(f, i, &(struct planted){ .samples = 20, .benign = 30 });
    plant_night(f, 11, &(struct planted){ .samples = 20, .benign = 30, .answer = "as new" });

    const cJSON *history = trend_of(f, 30, &model), *republish = json_object(history, "republish");

    assert_int_equal((int)number_of(republish, "probes"), 25);
    assert_string_equal(json_string(republish, "kind"), "benign");
    near(number_of(republish, "match"), 0.0, 0.0);
    near(number_of(republish, "divergence"), 3.0, 0.0); /* "as " */
    near(number_of(json_object(at(history, "nights", 9), "metrics"), "probe_match"), 1.0, 0.0);
    const cJSON *alarms = json_array(at(chart_of(history, "probe_match", NULL), "points", 10), "alarms");
    assert_true(cJSON_GetArraySize(alarms) >= 2); /* EWMA and a jump, at least */
    cJSON_Delete(model);
}

static void a_new_era_is_held_against_the_answers_of_the_one_before(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20 });
    plant_night(f, 2, &(struct planted){ .samples = 20, .fingerprint = "f2", .answer = "as new" });
    plant_night(f, 3, &(struct planted){ .samples = 20, .fingerprint = "f3", .answer = "as new" });

    const cJSON *republish = json_object(trend_of(f, 30, &model), "republish");

    assert_string_equal(json_string(republish, "kind"), "attack"); /* there is no benign sample */
    assert_true(isnan(number_of(at(republish, "eras", 0), "match_with_era_before")));
    near(number_of(at(republish, "eras", 1), "match_with_era_before"), 0.0, 0.0);
    near(number_of(at(republish, "eras", 2), "match_with_era_before"), 1.0, 0.0);
    cJSON_Delete(model);
}

static void at_another_temperature_answers_are_not_compared_one_to_one(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20, .params = "{\"temperature\":0.7}" });

    const cJSON *republish = json_object(trend_of(f, 30, &model), "republish");

    assert_int_equal((int)number_of(republish, "probes"), 20);
    assert_non_null(strstr(json_string(republish, "used"), "temperature 0"));
    assert_true(isnan(number_of(republish, "match")));
    cJSON_Delete(model);
}

/* ---- The test of the answers ---- */

static void a_night_with_the_answers_of_its_era_is_no_other_model(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 40 });
    plant_night(f, 2, &(struct planted){ .samples = 40 });
    plant_night(f, 3, &(struct planted){ .samples = 40, .status = "started" }); /* no reference, and not tested */
    plant_night(f, 4, &(struct planted){ .samples = 40 });

    const cJSON *history = trend_of(f, 30, &model), *test = json_object(json_object(history, "republish"), "test");

    assert_string_equal(json_string(test, "run"), "dark00000004");
    assert_int_equal(cJSON_GetArraySize(json_array(test, "reference")), 2);
    assert_int_equal((int)number_of(test, "prompts"), 25);
    assert_int_equal((int)number_of(test, "reference_answers"), 50);
    assert_int_equal((int)number_of(test, "answers"), 25);
    near(number_of(test, "p_value"), 1.0, 0.0);
    assert_false(json_bool(test, "differs", true));
    assert_non_null(strstr(json_string(test, "text"), "fewer than 10 answers before"));
    cJSON_Delete(model);
}

static void other_answers_are_another_model_at_any_temperature(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    for (int i = 1; i <= 4; i++)
        plant_night(f, i, &(struct planted){ .samples = 40, .params = "{\"temperature\":1}", .answer = i < 4 ? "as ever" : "not so" });

    const cJSON *history = trend_of(f, 30, &model), *test = json_object(json_object(history, "republish"), "test");

    assert_true(number_of(test, "p_value") <= 1e-4);
    assert_true(json_bool(test, "differs", false));
    assert_non_null(strstr(json_string(history, "finding"), "not those of the nights before"));
    cJSON_Delete(model);
}

static void a_new_era_is_tested_against_the_last_nights_of_the_one_before(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 40, .answer = "long ago" });
    for (int i = 2; i <= 11; i++)
        plant_night(f, i, &(struct planted){ .samples = 40 });
    plant_night(f, 12, &(struct planted){ .samples = 40, .fingerprint = "f2" });

    const cJSON *test = json_object(json_object(trend_of(f, 30, &model), "republish"), "test");

    assert_int_equal(cJSON_GetArraySize(json_array(test, "reference")), 10);
    assert_string_equal(cJSON_GetArrayItem(json_array(test, "reference"), 0)->valuestring, "dark00000011");
    assert_int_equal((int)number_of(test, "reference_answers"), 250);
    near(number_of(test, "p_value"), 1.0, 0.0); /* another fingerprint, the same answers */
    cJSON_Delete(model);
}

/* ---- Asked again ---- */

/* Ten quiet nights, a bad one with other answers, and a run that asks again. */
static const cJSON *after_asking_again(struct fixture *f, const struct planted *again, cJSON **ret_model)
{
    for (int i = 1; i <= 10; i++)
        plant_night(f, i, &(struct planted){ .samples = 200, .complied = 20 + i % 2 });
    plant_night(f, 11, &(struct planted){ .samples = 200, .complied = 60, .answer = "not so" });
    if (again)
        plant_night(f, 12, again);
    return trend_of(f, 30, ret_model);
}

/* "ewma asr true" and so on; NULL when there is no such alarm. */
static const char *confirmed_of(const cJSON *history, const char *kind, const char *metric)
{
    const cJSON *alarm;
    cJSON_ArrayForEach(alarm, json_array(json_object(history, "tonight"), "alarms"))
    {
        const char *of = json_string(alarm, "metric");
        if (strcmp(json_string(alarm, "kind"), kind) == 0 && (metric ? of && strcmp(of, metric) == 0 : !of))
            return !json_get(alarm, "confirmed") ? "not asked" : json_bool(alarm, "confirmed", false) ? "holds" : "refuted";
    }
    return NULL;
}

static void an_alarm_that_nobody_asked_about_again_is_open_and_not_confirmed(void **state)
{
    cJSON *model;
    const cJSON *history = after_asking_again(*state, NULL, &model), *tonight = json_object(history, "tonight");
    assert_string_equal(json_string(tonight, "run"), "dark00000011");
    assert_null(json_string(tonight, "again"));
    assert_string_equal(confirmed_of(history, "ewma", "asr"), "not asked");
    assert_string_equal(confirmed_of(history, "pairs", NULL), "not asked");
    assert_string_equal(confirmed_of(history, "answers", NULL), "not asked");
    assert_true(number_of(tonight, "open") >= 3);
    near(number_of(tonight, "unconfirmed"), number_of(tonight, "open"), 0.0);
    assert_int_equal(model_trend_open_alarms(model), (int64_t)number_of(tonight, "open"));
    assert_non_null(strstr(json_string(history, "finding"), "it has not been asked again"));
    cJSON_Delete(model);
}

static void an_alarm_that_is_seen_again_is_confirmed(void **state)
{
    cJSON *model;
    const struct planted same = { .samples = 200, .complied = 61, .answer = "not so", .confirms = 11 };
    const cJSON *history = after_asking_again(*state, &same, &model), *tonight = json_object(history, "tonight");
    assert_string_equal(json_string(tonight, "again"), "dark00000012");
    assert_string_equal(json_string(at(history, "nights", -1), "state"), "again");
    assert_string_equal(confirmed_of(history, "ewma", "asr"), "holds");
    assert_string_equal(confirmed_of(history, "pairs", NULL), "holds");
    assert_string_equal(confirmed_of(history, "answers", NULL), "holds");
    assert_string_equal(confirmed_of(history, "jump", "probe_match"), "holds");
    near(number_of(tonight, "unconfirmed"), 0.0, 0.0);
    assert_non_null(strstr(json_string(history, "finding"), "Run dark00000011: attack success")); /* still the night's */
    assert_non_null(strstr(json_string(history, "finding"), "confirmed when asked again"));
    cJSON_Delete(model);
}

static void an_alarm_that_is_not_seen_again_is_refuted(void **state)
{
    cJSON *model;
    const struct planted quiet = { .samples = 200, .complied = 20, .confirms = 11 };
    const cJSON *history = after_asking_again(*state, &quiet, &model);
    assert_string_equal(confirmed_of(history, "ewma", "asr"), "refuted");
    assert_string_equal(confirmed_of(history, "pairs", NULL), "refuted");
    assert_string_equal(confirmed_of(history, "answers", NULL), "refuted");
    assert_int_equal(model_trend_open_alarms(model), 0);
    assert_non_null(strstr(json_string(history, "finding"), "asked again and confirms: "));
    assert_non_null(strstr(json_string(history, "finding"), "charts 0 of "));
    assert_null(strstr(json_string(history, "finding"), "Alarm:")); /* it is none */
    cJSON_Delete(model);
}

static void what_was_asked_otherwise_or_not_finished_confirms_nothing(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    const struct planted otherwise = { .samples = 200, .complied = 20, .key = "other", .confirms = 11 };
    plant_night(f, 13, &(struct planted){ .samples = 200, .complied = 20, .status = "started", .confirms = 11 });
    const cJSON *history = after_asking_again(f, &otherwise, &model);
    assert_null(json_string(json_object(history, "tonight"), "again"));
    assert_string_equal(json_string(at(history, "nights", -2), "state"), "again");
    assert_int_equal(cJSON_GetArraySize(json_array(history, "eras")), 1); /* and opens no era */
    assert_string_equal(confirmed_of(history, "ewma", "asr"), "not asked");
    cJSON_Delete(model);
}

static void another_system_is_confirmed_when_it_tells_the_same_again(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 20 });
    plant_night(f, 2, &(struct planted){ .samples = 20, .fingerprint = "f2" });
    plant_night(f, 3, &(struct planted){ .samples = 20, .fingerprint = "f1", .confirms = 2 });
    assert_string_equal(confirmed_of(trend_of(f, 30, &model), "identity", NULL), "refuted"); /* two systems take turns */
    cJSON_Delete(model);
    plant_night(f, 4, &(struct planted){ .samples = 20, .fingerprint = "f2", .confirms = 2 });
    assert_string_equal(confirmed_of(trend_of(f, 30, &model), "identity", NULL), "holds"); /* the newest counts */
    cJSON_Delete(model);
}

static void the_first_night_of_all_is_tested_against_nothing(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 40 });

    const cJSON *test = json_object(json_object(trend_of(f, 30, &model), "republish"), "test");

    assert_true(isnan(number_of(test, "p_value")));
    assert_non_null(strstr(json_string(test, "text"), "there is no night before it"));
    cJSON_Delete(model);
}

static void a_judge_that_changed_its_mind_is_told(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 100, .anchor = 50 });
    plant_night(f, 2, &(struct planted){ .samples = 100, .anchor = 50, .flips = 2 });

    const cJSON *history = trend_of(f, 30, &model);

    near(number_of(json_object(at(history, "nights", 0), "metrics"), "judge_flips"), 0, 0);
    near(number_of(json_object(at(history, "nights", 1), "metrics"), "judge_flips"), .04, 1e-12);
    assert_non_null(strstr(json_string(history, "finding"), "The judge changed 4.0 % of its verdicts"));
    cJSON_Delete(model);
}

/* ---- Epochs, versions of a data set ---- */

static void with_epochs_a_sample_is_broken_when_one_of_them_was_and_decoding_is_the_floor(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    for (int i = 1; i <= 10; i++) {
        const char *run = plant_night(f, i, &(struct planted){ .samples = 100, .complied = 20 });
        /* A second epoch, in which nothing was complied. */
        plant_sql(f,
                  "INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status, reason) SELECT id + 500000, run_id, endpoint_id,"
                  " sample_id, 2, 'answered', '' FROM trial WHERE run_id = '%s'",
                  run);
        plant_sql(f,
                  "INSERT INTO score (trial_id, scorer_id, verdict, reason) SELECT id, %d, 'refused', '' FROM trial WHERE run_id = '%s' "
                  "AND epoch = 2",
                  i, run);
        plant_sql(f, "UPDATE endpoint SET last_trial = (SELECT max(id) FROM trial WHERE run_id = '%s') WHERE run_id = '%s'", run, run);
    }

    const cJSON *history = trend_of(f, 30, &model), *night = at(history, "nights", 9);

    assert_int_equal((int)number_of(night, "epochs"), 2);
    assert_int_equal((int)number_of(json_object(night, "counts"), "planned"), 200);
    near(number_of(json_object(night, "metrics"), "asr"), .1, 1e-12);
    assert_string_equal(json_string(line_of(history, "s00020"), "history"), "xxxxxxxxxx");
    assert_int_equal((int)number_of(json_object(night, "reference"), "pairs"), 100);
    /* 20 samples of 1 in 2: sum of y(1-y)/(K-1) = 20 / 4, by 100^2. */
    near(number_of(at(chart_of(history, "asr", NULL), "eras", 0), "floor"), sqrt(5.0 / 10000), 1e-12);
    cJSON_Delete(model);
}

static void samples_are_known_by_their_key_through_versions_of_a_data_set(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 10, .complied = 2 });
    plant_night(f, 2, &(struct planted){ .samples = 10, .complied = 3 });
    plant_sql(f, "INSERT INTO dataset (id, name, verified, recipe_sha256, files_sha256, rows_sha256) VALUES (2, 'd', 0, 'new', '', '')");
    plant_sql(
        f,
        "INSERT INTO sample SELECT id + 5000, 2, key, intent_id, category, subcategory, attack, expected, twin, split, file, row, intent,"
        " prompt, context, extra_json FROM sample");
    plant_sql(f, "UPDATE trial SET sample_id = sample_id + 5000 WHERE run_id = 'dark00000002'");

    const cJSON *history = trend_of(f, 30, &model);

    assert_string_equal(json_string(line_of(history, "s00002"), "history"), "xx");
    assert_string_equal(json_string(line_of(history, "s00003"), "history"), ".x");
    assert_int_equal((int)number_of(json_object(at(history, "nights", 1), "reference"), "pairs"), 10);
    near(number_of(json_object(history, "republish"), "match"), 1.0, 0.0);
    cJSON_Delete(model);
}

/* ---- What is asked for ---- */

static void an_unknown_name_gets_the_nearest(void **state)
{
    struct fixture *f = *state;
    cJSON *model = NULL;
    struct trend_options options = { 0 };
    assert_int_equal(model_trend_build(f->store, &options, &model, &f->e), ERR_NOT_FOUND);
    assert_non_null(strstr(f->e.msg, "has no runs of a suite yet"));
    plant_night(f, 1, &(struct planted){ .samples = 10 });

    options.suite = "nightyl";
    assert_int_equal(model_trend_build(f->store, &options, &model, &f->e), ERR_NOT_FOUND);
    assert_non_null(strstr(f->e.msg, "did you mean 'nightly'?"));
    options.suite = "nightly";
    options.endpoint = (const char *const[]){ "zzz" };
    options.endpoint_count = 1;
    assert_int_equal(model_trend_build(f->store, &options, &model, &f->e), ERR_NOT_FOUND);
    assert_non_null(strstr(f->e.msg, "endpoint 'zzz'; there are: e1"));
    assert_null(model);
}

static void one_night_is_enough_to_show(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    plant_night(f, 1, &(struct planted){ .samples = 10, .benign = 4, .complied = 2, .blocked = 3 });

    const cJSON *history = trend_of(f, 30, &model), *metrics = json_object(at(history, "nights", 0), "metrics");

    near(number_of(metrics, "asr"), .2, 1e-12);
    near(number_of(metrics, "blocked"), .3, 1e-12);
    near(number_of(metrics, "refused"), .5, 1e-12);
    near(number_of(metrics, "missing"), 0, 0);
    near(number_of(metrics, "output_tokens"), 40, 0);
    near(number_of(metrics, "over_refusal"), 1, 0); /* the fixture refuses whatever is not complied */
    assert_int_equal((int)number_of(json_object(at(history, "nights", 0), "counts"), "planned"), 10);
    near(number_of(json_object(at(history, "nights", 0), "asr"), "value"), .2, 1e-12);
    cJSON_Delete(model);
}

static void the_document_has_the_shape_of_its_schema(void **state)
{
    struct fixture *f = *state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf problems = STRBUF_INIT;
    cJSON *model;
    plant_example(f, 16);
    plant_night(f, 17, &(struct planted){ .complied = 160, .fingerprint = "f2" });
    plant_night(f, 18, &(struct planted){ .failed = 100 });
    (void)trend_of(f, 30, &model);
    ok(f, fs_read_file("docs/schemas/trend.schema.json", 1 << 20, &text, &f->e));
    CLEANUP(json_freep) cJSON *schema = json_parse(text.buf, text.len, &f->e);
    assert_non_null(schema);
    json_schema(schema, model, &problems);
    assert_string_equal(problems.buf, "");
    cJSON_Delete(model);
}

#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_store(the_worked_example_comes_out_of_the_store),
        with_store(alarms_are_by_night_and_the_overall_ones_stand_before_those_of_a_category),
        with_store(fewer_than_ten_nights_are_shown_without_limits),
        with_store(what_is_shown_is_the_newest_and_limits_are_those_of_all_nights),
        with_store(an_era_may_learn_for_longer),
        with_store(a_jump_of_one_night_is_an_alarm_that_ends),
        cmocka_unit_test(a_change_of_identity_opens_an_era_with_its_reason),
        with_store(a_return_to_an_earlier_identity_is_an_era_of_its_own),
        with_store(what_is_not_told_is_not_compared_and_what_was_told_stands),
        with_store(a_run_by_hand_between_two_nights_stands_apart),
        with_store(nights_with_gaps_and_nights_that_go_on_are_not_counted),
        with_store(a_night_is_compared_with_the_first_of_its_era_and_across_an_era_with_the_last_before),
        with_store(a_sample_tells_how_often_it_broke),
        with_store(an_era_marks_the_history_and_what_went_with_the_old_model_is_fixed),
        with_store(answers_that_change_without_a_word_are_seen),
        with_store(a_new_era_is_held_against_the_answers_of_the_one_before),
        with_store(at_another_temperature_answers_are_not_compared_one_to_one),
        with_store(a_night_with_the_answers_of_its_era_is_no_other_model),
        with_store(other_answers_are_another_model_at_any_temperature),
        with_store(a_new_era_is_tested_against_the_last_nights_of_the_one_before),
        with_store(the_first_night_of_all_is_tested_against_nothing),
        with_store(an_alarm_that_nobody_asked_about_again_is_open_and_not_confirmed),
        with_store(an_alarm_that_is_seen_again_is_confirmed),
        with_store(an_alarm_that_is_not_seen_again_is_refuted),
        with_store(what_was_asked_otherwise_or_not_finished_confirms_nothing),
        with_store(another_system_is_confirmed_when_it_tells_the_same_again),
        with_store(a_judge_that_changed_its_mind_is_told),
        with_store(with_epochs_a_sample_is_broken_when_one_of_them_was_and_decoding_is_the_floor),
        with_store(samples_are_known_by_their_key_through_versions_of_a_data_set),
        with_store(an_unknown_name_gets_the_nearest),
        with_store(one_night_is_enough_to_show),
        with_store(the_document_has_the_shape_of_its_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

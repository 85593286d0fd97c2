/* profile: what a YAML file plants, and which rule decides. */
#include "base/fs.h"
#include "sim/profile.h"
#include "sim/profile_builtin.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static enum err parse(const char *text, struct arena *a, struct profile *p, struct error *e)
{
    return profile_parse("p.yaml", text, strlen(text), a, p, e);
}

static void near(double value, double wanted)
{
    assert_true(fabs(value - wanted) < 1e-9);
}

static void what_the_outcomes_leave_open_is_refused(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;

    assert_int_equal(parse("version: 1\noutcomes: {complied: 0.25, empty: 0.05}\n", &a, &p, NULL), OK);

    near(p.base.share[OUTCOME_COMPLIED], 0.25);
    near(p.base.share[OUTCOME_EMPTY], 0.05);
    near(p.base.share[OUTCOME_REFUSED], 0.70);
    arena_release(&a);
}

static void a_profile_without_anything_refuses_at_once_and_never_fails(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;

    assert_int_equal(parse("version: 1\n", &a, &p, NULL), OK);

    near(p.base.share[OUTCOME_REFUSED], 1.0);
    assert_int_equal(p.latency.median_us, 0);
    assert_int_equal(p.fault_count, 0);
    assert_null(p.api_key);
    assert_int_equal(p.model_count, 0);
    near(p.rate_limit.requests_per_minute, 0.0);
    arena_release(&a);
}

static void every_key_arrives_where_it_belongs(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    const char *text = "version: 1\n"
                       "answers: {refused: \"no\"}\n"
                       "latency: {min: 5ms, median: 20ms, p99: 200ms, max: 1s}\n"
                       "rate_limit: {requests_per_minute: 600, burst: 10, retry_after: seconds}\n"
                       "api_key: test-key\n"
                       "models: [one, two]\n"
                       "answered_by: [novita, together, groq]\n"
                       "price: {input: 0.3, output: 1.2}\n"
                       "faults:\n"
                       "  - {kind: 429, rate: 0.1, times: 2, after: 5, until: 9, retry_after: http-date, seconds: 0.5, model: \"one*\"}\n"
                       "  - {kind: reset, rate: 0.2, at: body, framing: chunked}\n"
                       "  - {kind: huge_body, rate: 0.3, bytes: 1MiB}\n"
                       "  - {kind: 418, rate: 0.1, shape: detail, message: short}\n";

    assert_int_equal(parse(text, &a, &p, NULL), OK);

    assert_string_equal(p.base.answer[OUTCOME_REFUSED], "no");
    assert_int_equal(p.latency.min_us, 5000);
    assert_int_equal(p.latency.p99_us, 200000);
    assert_int_equal(p.latency.max_us, 1000000);
    near(p.rate_limit.burst, 10.0);
    assert_int_equal(p.rate_limit.form, RETRY_SECONDS);
    assert_string_equal(p.api_key, "test-key");
    assert_int_equal(p.model_count, 2);
    assert_int_equal(p.answered_by_count, 3);
    assert_string_equal(p.answered_by[2], "groq");
    near(p.price_output, 1.2);
    assert_int_equal(p.fault_count, 4);
    const struct profile_fault *f = p.fault;
    assert_string_equal(f[0].kind.name, "429");
    assert_int_equal(f[0].times, 2);
    assert_int_equal(f[0].after, 5);
    assert_int_equal(f[0].until, 9);
    assert_int_equal(f[0].retry_after, RETRY_HTTP_DATE);
    near(f[0].seconds, 0.5);
    assert_string_equal(f[0].match.model, "one*");
    assert_int_equal(f[1].kind.id, FAULT_RESET);
    assert_false(f[1].at_start);
    assert_int_equal(f[1].framing, FRAMING_CHUNKED);
    assert_int_equal(f[2].bytes, 1048576);
    assert_int_equal(f[3].kind.status, 418);
    assert_string_equal(f[3].kind.name, "418");
    assert_int_equal(f[3].shape, SHAPE_DETAIL);
    assert_string_equal(f[3].message, "short");
    arena_release(&a);
}

static void the_rule_with_more_keys_wins_and_model_counts_most(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    const char *text = "version: 1\n"
                       "outcomes: {complied: 0.01}\n"
                       "rules:\n"
                       "  - {category: A, attack: split, outcomes: {complied: 0.12}}\n"
                       "  - {model: m1, outcomes: {complied: 0.08}}\n"
                       "  - {attack: split, outcomes: {complied: 0.04}}\n"
                       "  - {category: \"A*\", outcomes: {complied: 0.02}}\n"
                       "  - {category: A, outcomes: {complied: 0.03}}\n"
                       "  - {expected: benign, outcomes: {complied: 1}}\n";
    static const struct {
        struct profile_subject subject;
        double complied;
    } cases[] = {
        { { "m", "B", "none", EXPECTED_ATTACK }, 0.01 },   { { "m", "AA", "none", EXPECTED_ATTACK }, 0.02 },
        { { "m", "A", "none", EXPECTED_ATTACK }, 0.03 },   { { "m", "A", "split", EXPECTED_ATTACK }, 0.12 },
        { { "m", "B", "split", EXPECTED_ATTACK }, 0.04 },  { { "m1", "B", "split", EXPECTED_ATTACK }, 0.08 },
        { { "m1", "A", "split", EXPECTED_ATTACK }, 0.12 }, { { "m", "", "", EXPECTED_BENIGN }, 1.0 },
        { { "m1", "", "", EXPECTED_BENIGN }, 0.08 },
    };

    assert_int_equal(parse(text, &a, &p, NULL), OK);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        near(profile_rule_for(&p, &cases[i].subject)->share[OUTCOME_COMPLIED], cases[i].complied);
    arena_release(&a);
}

static void an_answer_that_the_rule_lacks_comes_from_the_top(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    const char *text = "version: 1\nanswers: {complied: unsafe, refused: safe}\n"
                       "rules: [{model: judge, answers: {complied: \"unsafe\\nS2\"}}]\n";
    const struct profile_subject judge = { "judge", "", "", EXPECTED_ATTACK };

    assert_int_equal(parse(text, &a, &p, NULL), OK);

    const struct profile_rule *rule = profile_rule_for(&p, &judge);
    assert_string_equal(profile_answer(&p, rule, OUTCOME_COMPLIED), "unsafe\nS2");
    assert_string_equal(profile_answer(&p, rule, OUTCOME_REFUSED), "safe");
    assert_null(profile_answer(&p, rule, OUTCOME_PARTIAL));
    arena_release(&a);
}

static void mistakes_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place, *words;
    } cases[] = {
        { "outcomes: {complied: 1}\n", "p.yaml:1:", "version" },
        { "version: 2\n", "p.yaml:1:", "" },
        { "version: 1\noutcome: {}\n", "p.yaml:2:1", "outcomes" },
        { "version: 1\noutcomes: {complied: 0.7, refused: 0.4}\n", "p.yaml:2:", "more than 1" },
        { "version: 1\noutcomes: {complied: -0.1}\n", "p.yaml:2:", "" },
        { "version: 1\noutcomes: {obeyed: 0.1}\n", "p.yaml:2:12", "unknown key" },
        { "version: 1\nrules: [{category: A}]\n", "p.yaml:2:", "outcomes" },
        { "version: 1\nrules: [{outcomes: {complied: 1}}]\n", "p.yaml:2:", "at least one" },
        { "version: 1\nlatency: {min: 1s, median: 20ms}\n", "p.yaml:2:", "min <= median" },
        { "version: 1\nlatency: 20\n", "p.yaml:2:", "" },
        { "version: 1\nlatency: {p99: 1s}\n", "p.yaml:2:", "median" },
        { "version: 1\nrate_limit: {burst: 3}\n", "p.yaml:2:", "requests_per_minute" },
        { "version: 1\nrate_limit: {requests_per_minute: 60, burst: 3, window: 60s}\n", "p.yaml:2:", "either `burst`" },
        { "version: 1\nrate_limit: {requests_per_minute: 6, window: 5s}\n", "p.yaml:2:", "not one request" },
        { "version: 1\ncapacity: {beyond: queue}\n", "p.yaml:2:", "places" },
        { "version: 1\ncapacity: {places: 4097}\n", "p.yaml:2:20", "4096" },
        { "version: 1\ncapacity: {places: 4, beyond: 500}\n", "p.yaml:2:", "503" },
        { "version: 1\nfaults: [{kind: rest, rate: 1}]\n", "p.yaml:2:", "did you mean `reset`" },
        { "version: 1\nfaults: [{kind: 600, rate: 1}]\n", "p.yaml:2:", "unknown fault" },
        { "version: 1\nfaults: [{kind: reset}]\n", "p.yaml:2:", "rate" },
        { "version: 1\nfaults: [{kind: html, rate: 1, retry_after: ms}]\n", "p.yaml:2:", "kind: html" },
        { "version: 1\nfaults: [{kind: 429, rate: 1, retry_after: never}]\n", "p.yaml:2:", "" },
        { "version: 1\nfaults:\n  - {kind: 500, rate: 0.6}\n  - {kind: 429, rate: 0.5}\n", "p.yaml:4:", "more than 1" },
        { "version: 1\nfaults: [{kind: 500, rate: 1, after: 9, until: 8}]\n", "p.yaml:2:", "until" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct profile p = { .name = "untouched" };
        struct error e = { 0 };

        assert_int_not_equal(parse(cases[i].text, &a, &p, &e), OK);

        if (!strstr(e.msg, cases[i].place) || !strstr(e.msg, cases[i].words))
            fail_msg("%s gave: %s", cases[i].text, e.msg);
        assert_string_equal(p.name, "untouched");
        arena_release(&a);
    }
}

static void faults_that_share_no_request_may_add_up_to_more_than_one(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;

    assert_int_equal(parse("version: 1\nfaults:\n  - {kind: 429, rate: 1, times: 1}\n  - {kind: 500, rate: 1, times: 2}\n", &a, &p, NULL),
                     OK);

    assert_int_equal(p.fault_count, 2);
    arena_release(&a);
}

static void the_built_in_profiles_load_by_name(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < profile_builtin_count; i++) {
        struct profile p;
        struct error e = { 0 };
        if (profile_load(profile_builtins[i].name, &a, &p, &e) != OK)
            fail_msg("%s", e.msg);
        assert_string_equal(p.name, profile_builtins[i].name);
    }
    struct profile p;
    assert_int_equal(profile_load(NULL, &a, &p, NULL), OK);
    assert_string_equal(p.name, "demo");
    arena_release(&a);
}

static void the_demo_profile_spreads_over_categories_and_attacks(void **state)
{
    (void)state;
    static const char *const categories[] = { "A. Kitchen Rules", "B. Office Supplies", "C. Garden Care" };
    static const char *const attacks[] = { "typographic", "split-halves", "flowchart", "distractor-grid", "mirrored" };
    struct arena a = ARENA_INIT;
    struct profile p;
    double low = 1.0, high = 0.0;
    assert_int_equal(profile_load("demo", &a, &p, NULL), OK);

    for (size_t i = 0; i < ARRAY_LEN(categories); i++)
        for (size_t k = 0; k < ARRAY_LEN(attacks); k++) {
            struct profile_subject s = { "m", categories[i], attacks[k], EXPECTED_ATTACK };
            double rate = profile_rule_for(&p, &s)->share[OUTCOME_COMPLIED];
            low = fmin(low, rate);
            high = fmax(high, rate);
        }

    near(low, 0.05);
    near(high, 0.45);
    struct profile_subject benign = { "m", "A. Kitchen Rules", "(none)", EXPECTED_BENIGN };
    near(profile_rule_for(&p, &benign)->share[OUTCOME_COMPLIED], 0.92);
    arena_release(&a);
}

static void an_unknown_name_lists_the_built_in_ones(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    struct error e = { 0 };

    assert_int_equal(profile_load("no-such-profile", &a, &p, &e), ERR_NOT_FOUND);

    assert_non_null(strstr(e.msg, "no-such-profile"));
    assert_non_null(strstr(e.msg, "demo, clean"));
    arena_release(&a);
}

static void every_profile_of_the_tests_loads(void **state)
{
    (void)state;
    DIR *dir = opendir("tests/profiles");
    assert_non_null(dir);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        struct arena a = ARENA_INIT;
        struct profile p;
        struct error e = { 0 };
        char path[512];
        (void)snprintf(path, sizeof(path), "tests/profiles/%s", entry->d_name);
        if (profile_load(path, &a, &p, &e) != OK)
            fail_msg("%s", e.msg);
        arena_release(&a);
        count++;
    }
    closedir(dir);
    assert_true(count >= 10);
}

static void the_manual_is_true(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct strbuf text = STRBUF_INIT;
    struct profile p;
    struct error e = { 0 };
    assert_int_equal(fs_read_file("docs/sim.md", 1 << 20, &text, NULL), OK);

    const char *yaml = strstr(text.buf, "```yaml\n");
    assert_non_null(yaml);
    yaml += strlen("```yaml\n");
    const char *end = strstr(yaml, "```");
    assert_non_null(end);
    if (profile_parse("docs/sim.md", yaml, (size_t)(end - yaml), &a, &p, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(p.rule_count, 4);
    assert_int_equal(p.fault_count, 3);

    for (size_t i = 0; fault_kind_name_at(i); i++) {
        char row[64];
        (void)snprintf(row, sizeof(row), "\n| `%s` |", fault_kind_name_at(i));
        if (!strstr(text.buf, row))
            fail_msg("docs/sim.md does not explain the fault %s", fault_kind_name_at(i));
    }
    for (size_t i = 0; i < fault_shape_count; i++)
        assert_non_null(strstr(text.buf, fault_shape_names[i]));
    for (size_t i = 0; i < retry_form_count; i++)
        assert_non_null(strstr(text.buf, retry_form_names[i]));
    strbuf_release(&text);
    arena_release(&a);
}

static void a_quota_in_windows_and_a_capacity_are_read(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;

    assert_int_equal(parse("version: 1\nrate_limit: {requests_per_minute: 600, window: 10s}\ncapacity: {places: 8}\n", &a, &p, NULL), OK);
    assert_int_equal(p.rate_limit.window_us, 10000000);
    assert_int_equal(p.capacity.places, 8);
    assert_int_equal(p.capacity.refusal, 0);
    assert_int_equal(parse("version: 1\ncapacity: {places: 2, beyond: 503}\n", &a, &p, NULL), OK);
    assert_int_equal(p.capacity.refusal, 503);
    assert_int_equal(p.rate_limit.window_us, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_outcomes_leave_open_is_refused),
        cmocka_unit_test(a_profile_without_anything_refuses_at_once_and_never_fails),
        cmocka_unit_test(every_key_arrives_where_it_belongs),
        cmocka_unit_test(a_quota_in_windows_and_a_capacity_are_read),
        cmocka_unit_test(the_rule_with_more_keys_wins_and_model_counts_most),
        cmocka_unit_test(an_answer_that_the_rule_lacks_comes_from_the_top),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
        cmocka_unit_test(faults_that_share_no_request_may_add_up_to_more_than_one),
        cmocka_unit_test(the_built_in_profiles_load_by_name),
        cmocka_unit_test(the_demo_profile_spreads_over_categories_and_attacks),
        cmocka_unit_test(an_unknown_name_lists_the_built_in_ones),
        cmocka_unit_test(every_profile_of_the_tests_loads),
        cmocka_unit_test(the_manual_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

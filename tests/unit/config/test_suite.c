#include "config/suite.h"

#include "base/json.h"
#include "scratch_group.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct suite load(const char *text)
{
    struct suite s;
    struct error e = { 0 };
    if (suite_load(scratch_text(&scratch, "suites/nightly.yaml", text), &scratch.arena, &s, &e) != OK)
        fail_msg("%s", e.msg);
    return s;
}

static void assert_refused(const char *text, const char *message)
{
    struct suite s = { .epochs = -7 };
    struct error e = { 0 };
    const char *path = scratch_text(&scratch, "s.yaml", text);
    if (suite_load(path, &scratch.arena, &s, &e) != ERR_INVALID)
        fail_msg("not refused: %s", text);
    assert_int_equal(s.epochs, -7);
    const char *shown = e.msg + strlen(scratch.dir) + 1;
    assert_string_equal(arena_strndup(&scratch.arena, shown, strcspn(shown, "\n")), message);
}

static void the_least_suite_gets_defaults(void **state)
{
    (void)state;
    struct suite s = load("dataset: ../datasets/demo\nscorers: [canary]\n");

    assert_string_equal(s.name, "nightly");
    assert_string_equal(s.dataset_path, scratch_path(&scratch, "suites/../datasets/demo"));
    assert_null(s.dataset_root);
    assert_null(s.dataset_preset);
    assert_int_equal(s.epochs, 1);
    assert_true(fabs(s.max_error_rate - 0.05) < 1e-12);
    assert_null(s.prompt_system);
    assert_false(s.text_first);
    assert_int_equal(s.select.categories.count, 0);
    assert_int_equal(s.select.order, ORDER_FILE);
    assert_int_equal(s.select.limit, 0);
    assert_int_equal(s.scorer_count, 1);
    assert_string_equal(s.scorer[0].kind, "canary");
    assert_true(cJSON_IsObject(s.scorer[0].options));
    suite_release(&s);
}

static void the_suite_of_the_contract_is_understood(void **state)
{
    (void)state;
    static const char text[] =
        "version: 1\n"
        "name: nightly run\n"
        "dataset: {path: data, root: /abs, preset: figstep}\n"
        "select: {categories: [A, C], attacks: all, samples: one, limit: 2000, order: stratified, per: intent, seed: 7}\n"
        "prompt: {system: null, order: text-first}\n"
        "epochs: 3\n"
        "scorers:\n"
        "  - strongreject: {judges: [judge-main], fallback: [judge-small]}\n"
        "  - refusal: {preset: jbb-13, strict: true, code: '1'}\n"
        "  - canary:\n"
        "gate: {margin_pp: 1.0, category_drop_pp: 2.0, max_error_rate: 0.01, asr_upper: 0.2, inconclusive: fail}\n"
        "errors: {max_rate: 0.1}\n";
    struct suite s = load(text);

    assert_string_equal(s.name, "nightly run");
    assert_string_equal(s.dataset_path, scratch_path(&scratch, "suites/data"));
    assert_string_equal(s.dataset_root, "/abs");
    assert_string_equal(s.dataset_preset, "figstep");
    assert_int_equal(s.select.categories.count, 2);
    assert_int_equal(s.select.attacks.count, 0);
    assert_int_equal(s.select.samples.count, 1);
    assert_int_equal(s.select.limit, 2000);
    assert_int_equal(s.select.order, ORDER_STRATIFIED);
    assert_string_equal(select_order_name(s.select.order), "stratified");
    assert_true(s.select.per_intent);
    assert_int_equal(s.select.seed, 7);
    assert_true(s.text_first);
    assert_int_equal(s.epochs, 3);
    assert_int_equal(s.scorer_count, 3);
    assert_string_equal(s.scorer[0].kind, "strongreject");
    assert_int_equal(s.scorer[1].line, 9);
    assert_int_equal(s.scorer[1].column, 5);
    assert_string_equal(json_string(s.scorer[1].options, "preset"), "jbb-13");
    assert_true(json_bool(s.scorer[1].options, "strict", false));
    assert_string_equal(json_string(s.scorer[1].options, "code"), "1");
    assert_int_equal(cJSON_GetArraySize(s.scorer[2].options), 0);
    assert_true(fabs(s.max_error_rate - 0.1) < 1e-12);
    assert_string_equal(s.sha256.text, sha256_of(text, sizeof(text) - 1).text);

    double margin = 0;
    assert_true(json_number(json_object(s.json, "gate"), "margin_pp", &margin));
    assert_true(fabs(margin - 1) < 1e-12);
    assert_string_equal(json_string(json_object(s.json, "dataset"), "path"), "data");
    suite_release(&s);
}

static void a_preset_needs_no_path(void **state)
{
    (void)state;
    struct suite s = load("dataset: {preset: figstep}\nscorers: [canary]\n");
    assert_null(s.dataset_path);
    assert_string_equal(s.dataset_preset, "figstep");
    suite_release(&s);
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } bad[] = {
        { "dataset: d\n", "s.yaml:1:1: the file needs the key `scorers`" },
        { "scorers: [canary]\n", "s.yaml:1:1: the file needs the key `dataset`" },
        { "{dataset: {}, scorers: [c]}\n", "s.yaml:1:2: `dataset` needs a `path` or a `preset`" },
        { "{dataset: {pth: x}, scorers: [c]}\n", "s.yaml:1:12: unknown key `pth` in `dataset`" },
        { "{dataset: [x], scorers: [c]}\n", "s.yaml:1:11: `dataset` wants a map, found a list" },
        { "{dataset: d, scorers: []}\n", "s.yaml:1:23: `scorers` needs at least one; the first is primary" },
        { "{dataset: d, scorers: canary}\n", "s.yaml:1:23: `scorers` wants a list, found `canary`" },
        { "{dataset: d, scorers: [[c]]}\n", "s.yaml:1:24: an item of `scorers` is a name or {name: {options}}, found a list" },
        { "{dataset: d, scorers: [~]}\n", "s.yaml:1:24: an item of `scorers` is a name or {name: {options}}, found nothing" },
        { "{dataset: d, scorers: [{c: 1}]}\n", "s.yaml:1:28: `c` wants a map, found `1`" },
        { "dataset: d\nscorers:\n- refusal:\n  preset: x\n", "s.yaml:4:3: an item of `scorers` names one scorer, here are 2 keys" },
        { "{dataset: d, scorers: [c], select: {limit: -1}}\n", "s.yaml:1:44: `limit` wants a whole number, at least 0, found `-1`" },
        { "{dataset: d, scorers: [c], select: {order: shuffled}}\n", "s.yaml:1:44: unknown value `shuffled` for `order`" },
        { "{dataset: d, scorers: [c], select: {per: intent}}\n", "s.yaml:1:37: `per: intent` needs `order: stratified`" },
        { "{dataset: d, scorers: [c], select: {order: random, per: attack}}\n", "s.yaml:1:57: unknown value `attack` for `per`" },
        { "{dataset: d, scorers: [c], select: {categories: []}}\n", "s.yaml:1:49: `categories` selects nothing" },
        { "{dataset: d, scorers: [c], select: {categories: [A, all]}}\n",
          "s.yaml:1:49: `categories` holds `all` and other values; give one or the other" },
        { "{dataset: d, scorers: [c], select: {attack: x}}\n", "s.yaml:1:37: unknown key `attack` in `select`" },
        { "{dataset: d, scorers: [c], prompt: {order: images}}\n", "s.yaml:1:44: unknown value `images` for `order`" },
        { "{dataset: d, scorers: [c], epochs: 0}\n", "s.yaml:1:36: `epochs` wants a whole number from 1 to 1000, found `0`" },
        { "{dataset: d, scorers: [c], epochs: 1001}\n", "s.yaml:1:36: `epochs` wants a whole number from 1 to 1000, found `1001`" },
        { "{dataset: d, scorers: [c], claims: {metric: asr}}\n", "s.yaml:1:36: `claims` wants a list, found a map" },
        { "{dataset: d, scorers: [c], claims: [{metric: arr, comparator: \"<=\", value: 0.1}]}\n",
          "s.yaml:1:46: unknown value `arr` for `metric`" },
        { "{dataset: d, scorers: [c], claims: [{metric: asr, comparator: \"<=\", value: 12}]}\n",
          "s.yaml:1:76: `value` wants a number from 0 to 1, found `12`" },
        { "{dataset: d, scorers: [c], claims: [{metric: asr, comparator: \"<=\", value: 0.1, tolerance: 0.1}]}\n",
          "s.yaml:1:81: `tolerance` belongs to `comparator: \"=\"`" },
        { "{dataset: d, scorers: [c], claims: [{metric: macro, comparator: \"<=\", value: 0.1, category: A}]}\n",
          "s.yaml:1:83: a claim about one category has `metric: asr`" },
        { "{dataset: d, scorers: [c], claims: [{metric: asr, comparator: \"<=\", value: 0.1, source: card.md}]}\n",
          "s.yaml:1:89: `source` is a URL: where the claim stands, as https://…" },
        { "{dataset: d, scorers: [c], claims: [{metric: asr, value: 0.1, claim: x}]}\n", "s.yaml:1:63: unknown key `claim` in `claims`" },
        { "{dataset: d, scorers: [c], gate: {margin: 1}}\n", "s.yaml:1:35: unknown key `margin` in `gate`" },
        { "{dataset: d, scorers: [c], gate: {max_error_rate: 0.2}}\n",
          "s.yaml:1:51: `max_error_rate` wants a number from 0 to 0.05, found `0.2`" },
        { "{dataset: d, scorers: [c], gate: {margin_pp: one}}\n", "s.yaml:1:46: `margin_pp` wants a number from 0 to 100, found `one`" },
        { "{dataset: d, scorers: [c], errors: {max_rate: 2}}\n", "s.yaml:1:47: `max_rate` wants a number from 0 to 1, found `2`" },
        { "{dataset: d, scorers: [c], errors: {rate: 0.1}}\n", "s.yaml:1:37: unknown key `rate` in `errors`" },
        { "{dataset: d, scorers: [c], version: '2'}\n", "s.yaml:1:37: this gauntlet reads `version: 1`" },
        { "{dataset: d, scorers: [c], name: \"a\\nb\"}\n", "s.yaml:1:34: `name` is one line of at most 128 bytes" },
        { "{dataset: d, scorers: [{c: {n: 99999999999999999999}}]}\n",
          "s.yaml:1:32: `n`: the number 99999999999999999999 is too large to be kept exactly; in quotes it is a text" },
        { "[1, 2]\n", "s.yaml:1:1: the file wants a map, found a list" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_refused(bad[i].text, bad[i].message);
}

static void lists_accept_whole_values_and_codes_of_categories(void **state)
{
    (void)state;
    static const char *const value[] = { "C", "C1", "Privacy violation", "a b" };
    struct select_list l = { value, ARRAY_LEN(value), false };
    assert_true(select_list_accepts(&l, "C"));
    assert_true(select_list_accepts(&l, "C. Safety and Physical Harm"));
    assert_true(select_list_accepts(&l, "C1 Dangerous Instructions"));
    assert_true(select_list_accepts(&l, "C1. Dangerous Instructions"));
    assert_true(select_list_accepts(&l, "Privacy violation"));
    assert_false(select_list_accepts(&l, "C2 Other"));
    assert_false(select_list_accepts(&l, "C2"));
    assert_false(select_list_accepts(&l, "CC. Other"));
    assert_false(select_list_accepts(&l, "C.Other"));
    assert_false(select_list_accepts(&l, "Privacy"));
    assert_false(select_list_accepts(&l, "a b c"));
    assert_false(select_list_accepts(&l, ""));

    l.whole = true;
    assert_true(select_list_accepts(&l, "C"));
    assert_false(select_list_accepts(&l, "C. Safety and Physical Harm"));
    assert_true(select_list_accepts(&(struct select_list){ 0 }, "anything"));

    struct suite s = load("{dataset: d, scorers: [c], select: {attacks: FigStep, categories: B}}\n");
    assert_false(select_list_accepts(&s.select.attacks, "FigStep Pro"));
    assert_true(select_list_accepts(&s.select.categories, "B. Privacy and Data Risks"));
    suite_release(&s);
}

static void the_suites_of_the_project_load(void **state)
{
    (void)state;
    static const struct {
        const char *path, *name;
        int64_t limit;
    } suite[] = { { "suites/smoke.yaml", "smoke", 20 }, { "suites/demo.yaml", "demo", 0 } };
    for (size_t i = 0; i < ARRAY_LEN(suite); i++) {
        struct suite s;
        struct error e = { 0 };
        if (suite_load(suite[i].path, &scratch.arena, &s, &e) != OK)
            fail_msg("%s", e.msg);
        assert_string_equal(s.name, suite[i].name);
        assert_string_equal(s.dataset_path, "suites/../datasets/demo");
        assert_int_equal(s.select.limit, suite[i].limit);
        assert_int_equal(s.select.order, ORDER_STRATIFIED);
        assert_int_equal(s.select.seed, 7);
        assert_string_equal(s.scorer[0].kind, "canary");
        assert_string_equal(s.scorer[1].kind, "refusal");
        suite_release(&s);
    }
}

static void a_file_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct suite s;
    struct error e = { 0 };
    assert_int_equal(suite_load(scratch_path(&scratch, "absent.yaml"), &scratch.arena, &s, &e), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_suite_gets_defaults),
        cmocka_unit_test(the_suite_of_the_contract_is_understood),
        cmocka_unit_test(a_preset_needs_no_path),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(lists_accept_whole_values_and_codes_of_categories),
        cmocka_unit_test(the_suites_of_the_project_load),
        cmocka_unit_test(a_file_that_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}

/* Pages against a plain sort of the same rows. */
#include "view/rows_scan.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

enum { SAMPLES = 300, ENDPOINTS = 3, ROWS = SAMPLES * ENDPOINTS, CATEGORIES = 7 };

static struct arena arena;
static struct run_rows rows;
static struct browser_sample samples[SAMPLES];
static struct browser_trial trials[ROWS];
static bool mixed[ROWS];
static uint32_t key_rank[SAMPLES], category_rank[CATEGORIES];
static const char *const letters[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };

static int make_rows(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        samples[i] = (struct browser_sample){
            .id = i, .key = "k", .intent = i % 50, .category = (uint32_t)rng_below(&r, CATEGORIES), .attack = i % 4
        };
        samples[i].flags = rng_below(&r, 5) == 0 ? BROWSER_BENIGN : 0;
        key_rank[i] = SAMPLES - i;
    }
    for (uint32_t i = 0; i < CATEGORIES; i++)
        category_rank[i] = (i * 3) % CATEGORIES;
    for (uint32_t i = 0; i < ROWS; i++) {
        bool known = rng_below(&r, 4) > 0;
        trials[i] = (struct browser_trial){ .id = 1000 + i,
                                            .sample = i % SAMPLES,
                                            .endpoint = (uint8_t)(i / SAMPLES),
                                            .verdict = (uint8_t)rng_below(&r, BROWSER_VERDICTS),
                                            .latency_ms = known ? (uint32_t)rng_below(&r, 40) : UINT32_MAX,
                                            .completion_tokens = known ? (uint32_t)rng_below(&r, 9) : UINT32_MAX,
                                            .value = known ? (float)rng_below(&r, 5) / 4 : NAN };
    }
    rows.rows.sample = samples;
    rows.rows.sample_count = SAMPLES;
    rows.rows.trial = trials;
    rows.rows.trial_count = ROWS;
    rows.mixed = mixed;
    rows.key_rank = key_rank;
    rows.category_rank = category_rank;
    for (int f = 0; f < FACET_COUNT; f++)
        rows.values[f] = (struct row_values){ letters, sizeof(letters) / sizeof(letters[0]) };
    static const char *many[50];
    for (size_t i = 0; i < 50; i++)
        many[i] = letters[i % 10];
    rows.values[FACET_INTENT] = (struct row_values){ many, 50 };
    return 0;
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct rows_query plain(void)
{
    return (struct rows_query){
        .latency_min = -1, .latency_max = -1, .tokens_min = -1, .tokens_max = -1, .value_min = NAN, .value_max = NAN, .limit = 100
    };
}

static const struct rows_query *sorting;

static int compare(const void *a, const void *b)
{
    struct row_position x = rows_position(&rows, sorting, *(const struct browser_trial *const *)a);
    struct row_position y = rows_position(&rows, sorting, *(const struct browser_trial *const *)b);
    return x.key < y.key ? -1 : x.key > y.key ? 1 : (x.trial > y.trial) - (x.trial < y.trial);
}

static void pages_are_the_whole_order_in_pieces(void **state)
{
    (void)state;
    for (enum row_sort sort = SORT_ORDER; sort <= SORT_VALUE; sort++) {
        for (int down = 0; down < 2; down++) {
            struct rows_query q = plain();
            const struct browser_trial *expected[ROWS];
            q.sort = sort;
            q.descending = down;
            for (size_t i = 0; i < ROWS; i++)
                expected[i] = &trials[i];
            sorting = &q;
            qsort(expected, ROWS, sizeof(*expected), compare);

            size_t seen = 0;
            for (;;) {
                struct rows_scan scan;
                rows_scan(&rows, &q, 70, &arena, &scan);
                assert_int_equal(scan.before, seen);
                assert_int_equal(scan.matches, ROWS);
                for (size_t i = 0; i < scan.count; i++)
                    assert_ptr_equal(scan.row[i], expected[seen + i]);
                seen += scan.count;
                if (scan.count == 0)
                    break;
                q.after = rows_position(&rows, &q, scan.row[scan.count - 1]);
                q.has_after = true;
            }
            assert_int_equal(seen, ROWS);
        }
    }
}

static void what_is_not_known_comes_last_either_way(void **state)
{
    (void)state;
    for (int down = 0; down < 2; down++) {
        struct rows_query q = plain();
        struct rows_scan scan;
        q.sort = SORT_LATENCY;
        q.descending = down;
        rows_scan(&rows, &q, ROWS, &arena, &scan);
        assert_int_not_equal(scan.row[0]->latency_ms, UINT32_MAX);
        assert_int_equal(scan.row[ROWS - 1]->latency_ms, UINT32_MAX);
    }
}

static bool passes(const struct browser_trial *t, int without)
{
    const struct browser_sample *s = run_rows_sample(&rows, t);
    return (without == FACET_VERDICT || t->verdict == 1 || t->verdict == 2) && (without == FACET_CATEGORY || s->category == 3) &&
           t->latency_ms != UINT32_MAX && t->latency_ms >= 5 && t->latency_ms <= 30;
}

static void filters_hold_back_and_a_facet_counts_without_its_own(void **state)
{
    (void)state;
    static const char *const verdicts[] = { "b", "c" }, *const categories[] = { "d", "nothing like it" };
    struct rows_query q = plain();
    struct rows_scan scan;
    q.wanted[FACET_VERDICT] = verdicts;
    q.wanted_count[FACET_VERDICT] = 2;
    q.wanted[FACET_CATEGORY] = categories;
    q.wanted_count[FACET_CATEGORY] = 2;
    q.latency_min = 5;
    q.latency_max = 30;
    rows_scan(&rows, &q, ROWS, &arena, &scan);

    int64_t matches = 0, verdict_count[BROWSER_VERDICTS] = { 0 }, category_count[CATEGORIES] = { 0 }, endpoint_count[ENDPOINTS] = { 0 };
    for (size_t i = 0; i < ROWS; i++) {
        matches += passes(&trials[i], -1);
        verdict_count[trials[i].verdict] += passes(&trials[i], FACET_VERDICT);
        category_count[samples[trials[i].sample].category] += passes(&trials[i], FACET_CATEGORY);
        endpoint_count[trials[i].endpoint] += passes(&trials[i], -1);
    }
    assert_true(matches > 0);
    assert_int_equal(scan.matches, matches);
    assert_int_equal(scan.count, matches);
    for (size_t i = 0; i < scan.count; i++)
        assert_true(passes(scan.row[i], -1));
    assert_memory_equal(scan.facet_count[FACET_VERDICT], verdict_count, sizeof(verdict_count));
    assert_memory_equal(scan.facet_count[FACET_CATEGORY], category_count, sizeof(category_count));
    assert_memory_equal(scan.facet_count[FACET_ENDPOINT], endpoint_count, sizeof(endpoint_count));
}

static void a_value_that_nobody_has_matches_nothing(void **state)
{
    (void)state;
    static const char *const none[] = { "zzz" };
    struct rows_query q = plain();
    struct rows_scan scan;
    q.wanted[FACET_ATTACK] = none;
    q.wanted_count[FACET_ATTACK] = 1;
    rows_scan(&rows, &q, 100, &arena, &scan);
    assert_int_equal(scan.matches, 0);
    assert_int_equal(scan.count, 0);
}

static void a_value_has_to_be_known_to_lie_in_a_range(void **state)
{
    (void)state;
    struct rows_query q = plain();
    struct rows_scan scan;
    q.value_min = 0.25;
    q.value_max = 0.5;
    rows_scan(&rows, &q, ROWS, &arena, &scan);

    int64_t matches = 0;
    for (size_t i = 0; i < ROWS; i++)
        matches += !isnan(trials[i].value) && trials[i].value >= 0.25F && trials[i].value <= 0.5F;
    assert_true(matches > 0);
    assert_int_equal(scan.matches, matches);
}

static void change_and_status_follow_from_the_verdicts(void **state)
{
    (void)state;
    static const struct {
        uint8_t verdict, base, flags;
        uint32_t change, status; /* newly broken, fixed, both, neither, not in both; answered, blocked, failed, skipped, pending */
    } cases[] = {
        { BROWSER_COMPLIED, BROWSER_REFUSED, 0, 0, 0 },
        { BROWSER_PARTIAL, BROWSER_COMPLIED, 0, 1, 0 },
        { BROWSER_BLOCKED, BROWSER_COMPLIED, BROWSER_FILTERED, 1, 1 },
        { BROWSER_COMPLIED, BROWSER_COMPLIED, 0, 2, 0 },
        { BROWSER_REFUSED, BROWSER_DEFLECTED, 0, 3, 0 },
        { BROWSER_UNSCORED, BROWSER_COMPLIED, BROWSER_FILTERED, 4, 1 },
        { BROWSER_COMPLIED, BROWSER_UNSCORED, BROWSER_SPLIT, 4, 0 },
        { BROWSER_COMPLIED, BROWSER_NO_BASE, 0, 4, 0 },
        { BROWSER_FAILED, BROWSER_COMPLIED, 0, 4, 2 },
        { BROWSER_SKIPPED, BROWSER_NO_BASE, 0, 4, 3 },
        { BROWSER_PENDING, BROWSER_PENDING, 0, 4, 4 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct browser_trial t = { .verdict = cases[i].verdict, .base = cases[i].base, .flags = cases[i].flags };
        if (run_rows_change(&t) != cases[i].change || run_rows_status(&t) != cases[i].status)
            fail_msg("case %zu: %u, %u", i, run_rows_change(&t), run_rows_status(&t));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_the_whole_order_in_pieces),
        cmocka_unit_test(what_is_not_known_comes_last_either_way),
        cmocka_unit_test(filters_hold_back_and_a_facet_counts_without_its_own),
        cmocka_unit_test(a_value_that_nobody_has_matches_nothing),
        cmocka_unit_test(a_value_has_to_be_known_to_lie_in_a_range),
        cmocka_unit_test(change_and_status_follow_from_the_verdicts),
    };
    return cmocka_run_group_tests(tests, make_rows, release);
}

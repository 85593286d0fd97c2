#include "view/rows_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "store/trial_lookup.h"

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum err parse(const struct view_argument *argument, size_t count, struct rows_query *q, struct error *e)
{
    return rows_query_parse(argument, count, &arena, q, e);
}

static void nothing_asked_is_the_first_hundred(void **state)
{
    (void)state;
    struct rows_query q;
    struct error e;
    assert_int_equal(parse(NULL, 0, &q, &e), OK);

    assert_int_equal(q.limit, USUAL_ROWS_LIMIT);
    assert_int_equal(q.sort, SORT_ORDER);
    assert_false(q.has_after);
    assert_null(q.word);
    for (int f = 0; f < FACET_COUNT; f++)
        assert_int_equal(q.wanted_count[f], 0);
}

static void a_repeated_filter_is_any_of_its_values(void **state)
{
    (void)state;
    static const struct view_argument argument[] = { { "verdict", "complied" }, { "category", "A" }, { "verdict", "partial" } };
    struct rows_query q;
    struct error e;
    assert_int_equal(parse(argument, 3, &q, &e), OK);

    assert_int_equal(q.wanted_count[FACET_VERDICT], 2);
    assert_string_equal(q.wanted[FACET_VERDICT][1], "partial");
    assert_int_equal(q.wanted_count[FACET_CATEGORY], 1);
    assert_int_equal(q.wanted_count[FACET_ATTACK], 0);
}

static void everything_else_is_read_too(void **state)
{
    (void)state;
    static const struct view_argument argument[] = {
        { "sort", "-latency" }, { "limit", "7" },   { "latency_min", "10" }, { "tokens_max", "0" },   { "after", "-1200:4711" },
        { "q", "word" },        { "in", "answer" }, { "in", "id" },          { "value_min", "0.25" }, { "value_max", "1" }
    };
    struct rows_query q;
    struct error e;
    assert_int_equal(parse(argument, sizeof(argument) / sizeof(argument[0]), &q, &e), OK);

    assert_int_equal(q.sort, SORT_LATENCY);
    assert_true(q.descending);
    assert_int_equal(q.limit, 7);
    assert_int_equal(q.latency_min, 10);
    assert_int_equal(q.latency_max, -1);
    assert_int_equal(q.tokens_max, 0);
    assert_true(q.has_after);
    assert_true(q.after.key <= -1200 && q.after.key >= -1200);
    assert_int_equal(q.after.trial, 4711);
    assert_string_equal(q.word, "word");
    assert_int_equal(q.scopes, TEXT_ANSWER);
    assert_true(q.in_id);
    assert_true(q.value_min >= 0.25 && q.value_min <= 0.25 && q.value_max >= 1 && q.value_max <= 1);
}

static void a_cursor_is_read_as_it_was_written(void **state)
{
    (void)state;
    const struct row_position positions[] = {
        { 0, 1 }, { -0.1, 475240 }, { (double)0.3f, 2 }, { (double)INFINITY, 9 }, { 1e300, INT64_MAX }
    };
    for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
        char cursor[ROWS_CURSOR_CHARS];
        struct rows_query q;
        struct error e;
        rows_cursor_write(&positions[i], cursor);

        assert_int_equal(parse(&(struct view_argument){ "after", cursor }, 1, &q, &e), OK);

        assert_memory_equal(&q.after.key, &positions[i].key, sizeof(double));
        assert_int_equal(q.after.trial, positions[i].trial);
    }
}

static void what_makes_no_sense_is_named(void **state)
{
    (void)state;
    char long_word[MAX_SEARCH_BYTES + 2];
    memset(long_word, 'a', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    const struct view_argument bad[] = {
        { "sort", "odd" },      { "sort", "" },           { "sort", "--latency" },
        { "limit", "" },        { "limit", "-1" },        { "limit", "501" },
        { "limit", "1x" },      { "after", "" },          { "after", "1" },
        { "after", ":" },       { "after", "nan:1" },     { "after", "1:x" },
        { "after", "1:1:1" },   { "in", "all" },          { "q", long_word },
        { "q", "\xff" },        { "latency_min", "1e3" }, { "after", "1:99999999999999999999" },
        { "tokens_min", " 1" }, { "what", "ever" },       { "", "" },
        { "value_min", "" },    { "value_min", ".5" },    { "value_min", "1." },
        { "value_max", "-1" },  { "value_max", "nan" },   { "value_max", "0.1234567" },
        { "value_max", "1e9" },
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct rows_query q;
        struct error e = { 0 };
        if (parse(&bad[i], 1, &q, &e) != ERR_INVALID)
            fail_msg("%s=%s was let pass", bad[i].name, bad[i].value);
        assert_true(strlen(e.msg) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_asked_is_the_first_hundred), cmocka_unit_test(a_repeated_filter_is_any_of_its_values),
        cmocka_unit_test(everything_else_is_read_too),        cmocka_unit_test(a_cursor_is_read_as_it_was_written),
        cmocka_unit_test(what_makes_no_sense_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/label_draw.h"

#include <math.h>
#include <string.h>

enum { MANY = 1000 };

/* 1000 answers of 50 intents: every fifth complied, every tenth contested, the last ten without a verdict. */
static struct label_candidate *answers(struct arena *a)
{
    struct label_candidate *c = arena_array(a, MANY, sizeof(*c));
    for (int i = 0; i < MANY; i++)
        c[i] = (struct label_candidate){ .trial_id = i + 1,
                                         .intent_id = arena_printf(a, "intent-%d", i % 50),
                                         .judge = i >= MANY - 10 ? VERDICT_UNSCORED
                                                  : i % 5 == 0   ? VERDICT_COMPLIED
                                                                 : VERDICT_REFUSED,
                                         .contested = i % 10 == 0 };
    return c;
}

static void a_random_draw_takes_every_intent_before_a_second_of_any(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_draw d;
    label_draw(answers(&a), MANY, LABEL_RANDOM, 70, 7, &a, &d);
    assert_int_equal(d.count, 70);
    for (size_t i = 0; i < 50; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(d.pick[i].of->intent_id, d.pick[k].of->intent_id);
    }
    assert_true(d.stratum[0].probability < 0);
    for (size_t i = 0; i < d.count; i++) /* every intent has 20 answers: one of each, then one of 20 of the 50 */
        assert_true(fabs(d.pick[i].probability - ((1 + 20 / 50.0) / (MANY / 50))) < 1e-12);
}

/* Intents of 1, 2, 3 and 4 answers: two whole rounds (4 + 3), then one of the two answers of the third. */
static void a_random_draw_says_how_likely_an_answer_of_a_small_intent_was(void **state)
{
    (void)state;
    static const double chance[] = { 0, 1, 1, 2.5 / 3, 2.5 / 4 };
    static const char *const name[] = { "", "one", "two", "three", "four" };
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_candidate c[10];
    struct label_draw d;
    size_t count = 0;
    for (size_t size = 1; size <= 4; size++) {
        for (size_t k = 0; k < size; k++, count++)
            c[count] = (struct label_candidate){ .trial_id = (int64_t)count + 1, .intent_id = name[size], .judge = VERDICT_REFUSED };
    }
    label_draw(c, count, LABEL_RANDOM, 8, 5, &a, &d);
    assert_int_equal(d.count, 8);
    double estimate = 0;
    for (size_t i = 0; i < d.count; i++) {
        size_t size = 1;
        while (strcmp(name[size], d.pick[i].of->intent_id) != 0)
            size++;
        assert_true(fabs(d.pick[i].probability - chance[size]) < 1e-12);
        estimate += 1 / d.pick[i].probability;
    }
    assert_true(estimate > 8.5 && estimate < 11.5); /* ten answers, whichever of the third round it was */
    label_draw(c, count, LABEL_RANDOM, 7, 5, &a, &d);
    for (size_t i = 0; i < d.count; i++)
        assert_true(d.pick[i].probability >= .5 && d.pick[i].probability <= 1);
    label_draw(c, count, LABEL_RANDOM, 99, 5, &a, &d);
    for (size_t i = 0; i < d.count; i++)
        assert_true(fabs(d.pick[i].probability - 1) < 1e-12);
}

static void the_same_seed_draws_the_same_and_another_does_not(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    const struct label_candidate *c = answers(&a);
    for (int plan = LABEL_RANDOM; plan <= LABEL_DISAGREEMENT; plan++) {
        struct label_draw x, y, z;
        size_t equal = 0;
        label_draw(c, MANY, (enum label_plan)plan, 100, 1, &a, &x);
        label_draw(c, MANY, (enum label_plan)plan, 100, 1, &a, &y);
        label_draw(c, MANY, (enum label_plan)plan, 100, 2, &a, &z);
        for (size_t i = 0; i < 100; i++) {
            assert_ptr_equal(x.pick[i].of, y.pick[i].of);
            equal += x.pick[i].of == z.pick[i].of;
        }
        assert_true(equal < 50);
    }
}

static void strata_are_split_as_published_and_say_how_likely_they_were(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_draw d;
    label_draw(answers(&a), MANY, LABEL_STRATIFIED, 300, 1, &a, &d); /* p = .2, m = 300: 78 and 222 (statistics.md section 9) */
    assert_int_equal(d.stratum[0].population, 198);
    assert_int_equal(d.stratum[1].population, 792);
    assert_int_equal(d.stratum[0].drawn, 78);
    assert_int_equal(d.stratum[1].drawn, 222);
    assert_float_equal(d.stratum[0].probability, 78.0 / 198, 1e-12);
    assert_float_equal(d.stratum[1].probability, 222.0 / 792, 1e-12);
    for (size_t i = 0; i < d.count; i++) {
        assert_int_equal(d.pick[i].of->judge, d.pick[i].first ? VERDICT_COMPLIED : VERDICT_REFUSED);
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(d.pick[i].of, d.pick[k].of);
    }
}

static void the_order_of_a_stratified_draw_tells_no_verdict(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_draw d;
    size_t front = 0;
    label_draw(answers(&a), MANY, LABEL_STRATIFIED, 300, 3, &a, &d);
    for (size_t i = 0; i < 150; i++)
        front += d.pick[i].first;
    assert_in_range(front, 26, 52); /* 39 expected of 78; three standard deviations are 12 */
}

static void a_thin_stratum_gives_twenty_or_all_it_has(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_candidate *c = answers(&a);
    struct label_draw d;
    for (int i = 0; i < MANY; i++)
        c[i].judge = i < 25 ? VERDICT_COMPLIED : VERDICT_PARTIAL;
    label_draw(c, MANY, LABEL_STRATIFIED, 100, 1, &a, &d);
    assert_int_equal(d.stratum[0].drawn, 20);
    assert_int_equal(d.stratum[1].drawn, 80);
    for (int i = 5; i < 25; i++)
        c[i].judge = VERDICT_REFUSED;
    label_draw(c, MANY, LABEL_STRATIFIED, 100, 1, &a, &d);
    assert_int_equal(d.stratum[0].drawn, 5);
    assert_float_equal(d.stratum[0].probability, 1, 0);
    assert_int_equal(d.count, 100);
}

static void contested_answers_come_first(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_draw d;
    label_draw(answers(&a), MANY, LABEL_DISAGREEMENT, 120, 1, &a, &d);
    for (size_t i = 0; i < d.count; i++)
        assert_int_equal(d.pick[i].of->contested, i < 100);
}

static void a_limit_beyond_what_there_is_draws_all_once(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct label_draw d;
    label_draw(answers(&a), MANY, LABEL_STRATIFIED, 5000, 1, &a, &d);
    assert_int_equal(d.count, 990);
    label_draw(answers(&a), MANY, LABEL_RANDOM, 5000, 1, &a, &d);
    assert_int_equal(d.count, MANY);
    label_draw(NULL, 0, LABEL_STRATIFIED, 10, 1, &a, &d);
    assert_int_equal(d.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_random_draw_takes_every_intent_before_a_second_of_any),
        cmocka_unit_test(a_random_draw_says_how_likely_an_answer_of_a_small_intent_was),
        cmocka_unit_test(the_same_seed_draws_the_same_and_another_does_not),
        cmocka_unit_test(strata_are_split_as_published_and_say_how_likely_they_were),
        cmocka_unit_test(the_order_of_a_stratified_draw_tells_no_verdict),
        cmocka_unit_test(a_thin_stratum_gives_twenty_or_all_it_has),
        cmocka_unit_test(contested_answers_come_first),
        cmocka_unit_test(a_limit_beyond_what_there_is_draws_all_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "stats/two_sample.h"

#include "base/cleanup.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PROMPTS = 25, ANSWERS = 11, WORDS = 6, CHARS = 256 };

static const char *const word[WORDS] = { "amber", "basalt", "cedar", "delta stone", "elm", "fjord" };

/* Answers of a model that says word w with weight 1, and word 0 with `weight` more. */
static const char *draw(struct rng *r, uint64_t weight)
{
    uint64_t at = rng_below(r, WORDS + weight);
    return word[at < WORDS ? at : 0];
}

static struct two_sample test_of(struct rng *r, uint64_t weight_first, uint64_t weight_second, size_t first, size_t permutations)
{
    const char *answer[PROMPTS][ANSWERS];
    struct two_sample_prompt prompt[PROMPTS];
    for (size_t i = 0; i < PROMPTS; i++) {
        for (size_t k = 0; k < ANSWERS; k++)
            answer[i][k] = draw(r, k < first ? weight_first : weight_second);
        prompt[i] = (struct two_sample_prompt){ answer[i], first, ANSWERS - first };
    }
    return two_sample_test(prompt, PROMPTS, CHARS, 1, permutations);
}

static void the_discrepancy_is_what_the_kernel_says(void **state)
{
    (void)state;
    /* k(ab, ab) = 1, k(ab, ac) = 1/2, k(ab, a) = 1/2: the end is a character too */
    const char *answer[] = { "ab", "ac", "a" };
    const struct two_sample_prompt p = { answer, 2, 1 };
    struct two_sample t = two_sample_test(&p, 1, CHARS, 1, 99);
    assert_true(fabs(t.mmd2 - ((1 + 1 + 2 * 0.5) / 4 + 1 - 2 * (0.5 + 0.5) / 2)) < 1e-15);
    assert_int_equal(t.prompts, 1);
    assert_int_equal(t.first, 2);
    assert_int_equal(t.second, 1);
    assert_true(t.p_value == 1.0); /* whoever is alone, the discrepancy is the same */
}

static void a_position_is_a_character_and_not_a_byte(void **state)
{
    (void)state;
    const char *answer[] = { "\xc3\xa4x", "\xc3\xb6x", "\xc3\xa4x" }; /* differ in one character of two */
    const struct two_sample_prompt p = { answer, 1, 2 };
    struct two_sample t = two_sample_test(&p, 1, CHARS, 1, 99);
    assert_true(fabs(t.mmd2 - (1 + (2 + 2 * 0.5) / 4 - 2 * (0.5 + 1) / 2)) < 1e-15);
}

static void what_is_behind_the_last_position_is_not_looked_at(void **state)
{
    (void)state;
    const char *answer[] = { "same, then one", "same, then two", "same, then three" };
    const struct two_sample_prompt p = { answer, 2, 1 };
    assert_true(two_sample_test(&p, 1, 4, 1, 99).mmd2 < 1e-15);
    assert_true(two_sample_test(&p, 1, CHARS, 1, 99).mmd2 > 0.01);
}

static void the_same_answers_are_no_difference(void **state)
{
    (void)state;
    struct two_sample_prompt p[PROMPTS];
    const char *answer[] = { "as ever", "as ever", "as ever", "as ever" };
    for (size_t i = 0; i < PROMPTS; i++)
        p[i] = (struct two_sample_prompt){ answer, 3, 1 };
    struct two_sample t = two_sample_test(p, PROMPTS, CHARS, 1, 999);
    assert_true(t.mmd2 >= 0.0 && t.mmd2 < 1e-12);
    assert_true(t.p_value == 1.0);
}

static void one_other_answer_to_every_prompt_is_a_difference(void **state)
{
    (void)state;
    struct two_sample_prompt p[PROMPTS];
    const char *answer[ANSWERS];
    for (size_t i = 0; i < ANSWERS; i++)
        answer[i] = i < ANSWERS - 1 ? "as ever" : "never so";
    for (size_t i = 0; i < PROMPTS; i++)
        p[i] = (struct two_sample_prompt){ answer, ANSWERS - 1, 1 };
    assert_true(two_sample_test(p, PROMPTS, CHARS, 1, 9999).p_value == 1e-4);
    assert_true(two_sample_test(p, 1, CHARS, 1, 9999).p_value > 0.07); /* one prompt: 1 of 11 */
}

static void sets_may_be_given_in_either_order(void **state)
{
    (void)state;
    const char *forth[] = { "ab", "ac", "bd" }, *back[] = { "bd", "ab", "ac" };
    const struct two_sample_prompt a = { forth, 2, 1 }, b = { back, 1, 2 };
    assert_true(fabs(two_sample_test(&a, 1, CHARS, 1, 9).mmd2 - two_sample_test(&b, 1, CHARS, 1, 9).mmd2) < 1e-15);
}

static void one_against_one_says_nothing(void **state)
{
    (void)state;
    const char *answer[] = { "amber", "basalt" };
    const struct two_sample_prompt p[] = { { answer, 1, 1 }, { answer, 2, 0 }, { answer, 0, 2 } };
    struct two_sample t = two_sample_test(p, 3, CHARS, 1, 99);
    assert_int_equal(t.prompts, 0);
    assert_true(isnan(t.p_value) && isnan(t.mmd2));
    assert_true(isnan(two_sample_test(NULL, 0, CHARS, 1, 99).p_value));
}

static void empty_answers_are_answers(void **state)
{
    (void)state;
    const char *answer[] = { "", "", "" };
    const struct two_sample_prompt p = { answer, 2, 1 };
    assert_true(two_sample_test(&p, 1, CHARS, 1, 9).mmd2 < 1e-15);
}

static void the_same_seed_gives_the_same_p(void **state)
{
    (void)state;
    struct rng one, two;
    rng_init(&one, 5);
    rng_init(&two, 5);
    struct two_sample a = test_of(&one, 0, 2, 10, 499), b = test_of(&two, 0, 2, 10, 499);
    assert_true(a.p_value == b.p_value && a.mmd2 == b.mmd2);
}

/* Share of 400 simulated nights whose p is below `level`. */
static double share_below(double level, uint64_t weight_second, size_t first)
{
    enum { NIGHTS = 400 };
    struct rng r;
    size_t below = 0;
    rng_init(&r, 7);
    for (size_t i = 0; i < NIGHTS; i++)
        below += test_of(&r, 0, weight_second, first, 199).p_value <= level;
    return (double)below / NIGHTS;
}

static void a_model_that_did_not_change_alarms_as_often_as_it_is_said(void **state)
{
    (void)state;
    static const double level[] = { 0.05, 0.2 };
    for (size_t i = 0; i < ARRAY_LEN(level); i++) {
        double se = sqrt(level[i] * (1 - level[i]) / 400);
        for (size_t first = 5; first <= 10; first += 5) { /* ten answers against one, five against six */
            double share = share_below(level[i], 0, first);
            assert_true(share < level[i] + 3 * se && share > level[i] - 3 * se);
        }
    }
}

static void a_model_that_changed_is_noticed(void **state)
{
    (void)state;
    assert_true(share_below(0.05, 6, 5) > 0.9); /* five answers against six: word 0 in 58 % of them instead of 17 % */
}

static void one_answer_a_prompt_shows_other_words(void **state)
{
    (void)state;
    struct rng r;
    struct two_sample_prompt p[PROMPTS];
    const char *answer[PROMPTS][ANSWERS];
    rng_init(&r, 3);
    for (size_t i = 0; i < PROMPTS; i++) {
        for (size_t k = 0; k < ANSWERS; k++)
            answer[i][k] = k < ANSWERS - 1 || i % 2 == 0 ? draw(&r, 0) : "what nobody has said before";
        p[i] = (struct two_sample_prompt){ answer[i], ANSWERS - 1, 1 };
    }
    assert_true(two_sample_test(p, PROMPTS, CHARS, 1, 9999).p_value < 0.0027);
}

/* Nothing within one answer tells how much the answers of its set differ: that takes epochs. */
static void one_answer_a_prompt_does_not_show_that_the_usual_one_has_become_more_frequent(void **state)
{
    (void)state;
    assert_true(share_below(0.05, 24, 10) < 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_discrepancy_is_what_the_kernel_says),
        cmocka_unit_test(a_position_is_a_character_and_not_a_byte),
        cmocka_unit_test(what_is_behind_the_last_position_is_not_looked_at),
        cmocka_unit_test(the_same_answers_are_no_difference),
        cmocka_unit_test(one_other_answer_to_every_prompt_is_a_difference),
        cmocka_unit_test(sets_may_be_given_in_either_order),
        cmocka_unit_test(one_against_one_says_nothing),
        cmocka_unit_test(empty_answers_are_answers),
        cmocka_unit_test(the_same_seed_gives_the_same_p),
        cmocka_unit_test(a_model_that_did_not_change_alarms_as_often_as_it_is_said),
        cmocka_unit_test(a_model_that_changed_is_noticed),
        cmocka_unit_test(one_answer_a_prompt_shows_other_words),
        cmocka_unit_test(one_answer_a_prompt_does_not_show_that_the_usual_one_has_become_more_frequent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

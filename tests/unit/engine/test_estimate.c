/* Ranges that can be computed by hand. */
#include "engine/estimate.h"
#include "score/rubric.h"
#include "score/scorer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void near(double got, double expected)
{
    if (fabs(got - expected) > 1e-9)
        fail_msg("%.12g, expected %.12g", got, expected);
}

static void what_was_looked_at_stands_for_every_trial(void **state)
{
    (void)state;
    struct endpoint_config config = { .name = "e", .params = { .max_tokens = 500 } };
    struct estimate_basis b = { .config = &config,
                                .price = { .known = true, .input = 2, .output = 10 },
                                .prompt = { 1000, 2000, 4000 },
                                .looked_at = 10,
                                .trials = 1000 };

    struct estimate e = estimate_make(&b);

    assert_string_equal(e.endpoint, "e");
    assert_int_equal(e.prompt.low, 100000);
    assert_int_equal(e.prompt.high, 200000);
    assert_int_equal(e.output.low, 16000);
    assert_int_equal(e.output.high, 500000);
    near(e.usd_low, 0.2 + 0.16);
    near(e.usd_high, 0.4 + 5);
    assert_true(e.seconds_low < 0 && e.seconds_high < 0);
}

static void without_a_price_or_a_look_the_cost_is_unknown(void **state)
{
    (void)state;
    struct endpoint_config config = { .name = "e", .params = { .max_tokens = 500 } };
    struct estimate_basis unpriced = { .config = &config, .prompt = { 1, 1, 1 }, .looked_at = 1, .trials = 5 };
    struct estimate_basis unseen = { .config = &config, .price = { .known = true, .input = 1, .output = 1 }, .trials = 5 };

    assert_true(estimate_make(&unpriced).usd_low < 0);
    assert_true(estimate_make(&unseen).usd_high < 0);
    unseen.trials = 0;
    near(estimate_make(&unseen).usd_high, 0); /* nothing is left to send */
}

static void limits_give_the_least_time(void **state)
{
    (void)state;
    struct endpoint_config config = { .name = "e",
                                      .limits = { .requests_per_minute = 600, .tokens_per_minute = 60000 },
                                      .params = { .max_tokens = 500 } };
    struct estimate_basis b = { .config = &config, .prompt = { 1000, 2000, 4000 }, .looked_at = 10, .trials = 1000 };

    struct estimate e = estimate_make(&b);
    near(e.seconds_low, 116); /* 116,000 tokens at 1,000 a second; the requests alone take 100 s */
    assert_true(e.seconds_high < 0);

    config.limits.requests_per_minute = 60;
    near(estimate_make(&b).seconds_low, 1000);
}

static void earlier_answers_tell_latency_and_length(void **state)
{
    (void)state;
    struct endpoint_config config = { .name = "e", .limits = { .max_in_flight = 10 }, .params = { .max_tokens = 500 } };
    struct estimate_basis b = { .config = &config,
                                .price = { .known = true, .input = 0, .output = 10 },
                                .history = { .answers = 100, .latency_us = 2e6, .completion_tokens = 100 },
                                .prompt = { 10, 20, 40 },
                                .looked_at = 1,
                                .trials = 1001 };

    struct estimate e = estimate_make(&b);
    near(e.seconds_low, 200.2);
    near(e.seconds_high, 2 * 2 * 101);
    assert_int_equal(e.output.low, 50050);
    assert_int_equal(e.output.high, 200200);

    b.max_in_flight = 5;
    near(estimate_make(&b).seconds_low, 400.4);
    b.history.answers = 3; /* too few to go by */
    e = estimate_make(&b);
    assert_true(e.seconds_low < 0);
    assert_int_equal(e.output.high, 500500);
}

static struct estimate kept[4];
static size_t kept_count;

static void keep(const struct estimate *e, void *context)
{
    (void)context;
    kept[kept_count++] = *e;
}

/* Two scorers share judge a; the stand-in is asked only when a judge has no verdict, so it is not counted. */
static void judges_are_asked_once_an_answer_by_every_scorer(void **state)
{
    (void)state;
    static const char *const names[] = { "a", "b" };
    struct endpoint_config config[2] = {
        { .name = "a", .params = { .max_tokens = 100 }, .price = { .known = true, .input = 1, .output = 2 } },
        { .name = "b", .params = { .max_tokens = 100 } }
    };
    struct settings settings = { .endpoint = config, .endpoint_count = 2 };
    struct rubric rubric = { .prompt = "", .max_tokens = 50 };
    struct scorer first = { .rubric = &rubric, .judge = names, .judge_count = 2, .panel_count = 1 }, second = first, rule = { 0 };
    struct scorer *scorers[] = { &first, &rule, &second };
    const struct estimate targets = { .trials = 100, .output = { 1000, 5000, 9000 } };
    kept_count = 0;

    estimate_judges(scorers, 3, &settings, &targets, keep, NULL);

    assert_int_equal(kept_count, 1);
    assert_string_equal(kept[0].endpoint, "a");
    assert_true(kept[0].judge);
    assert_int_equal(kept[0].trials, 200);
    assert_int_equal(kept[0].output.low, 2 * 100 * 16);
    assert_int_equal(kept[0].output.high, 2 * 100 * 50);
    assert_true(kept[0].prompt.low >= 2 * 1000 && kept[0].prompt.high >= 2 * (5000 + 100 * 200));
    near(kept[0].usd_low, ((double)kept[0].prompt.low * 1 + (double)kept[0].output.low * 2) / 1e6);
    near(kept[0].usd_high, ((double)kept[0].prompt.high * 1 + (double)kept[0].output.high * 2) / 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_looked_at_stands_for_every_trial),
        cmocka_unit_test(without_a_price_or_a_look_the_cost_is_unknown),
        cmocka_unit_test(limits_give_the_least_time),
        cmocka_unit_test(earlier_answers_tell_latency_and_length),
        cmocka_unit_test(judges_are_asked_once_an_answer_by_every_scorer),
    };
    return cmocka_run_group_tests_name("estimate", tests, NULL, NULL);
}

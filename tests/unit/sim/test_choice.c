/* choice: pure, repeatable, and as often as the profile says. */
#include "sim/choice.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DRAWS = 2000 };

static void load(const char *text, struct arena *a, struct profile *p)
{
    struct error e = { 0 };
    if (profile_parse("p.yaml", text, strlen(text), a, p, &e) != OK)
        fail_msg("%s", e.msg);
}

/* The ith of many different requests. */
static struct choice_input question(int i, const char *category)
{
    struct choice_input in = { .seed = 7, .subject = { "m", category, "split", EXPECTED_ATTACK }, .seen = 1, .number = i + 1 };
    in.body = sha256_of(&i, sizeof(i));
    return in;
}

/* Four standard deviations of a binomial share: a wrong rate fails, a right one with this seed does not. */
static void assert_share(int hits, double wanted)
{
    double off = fabs(hits - DRAWS * wanted), allowed = 4.0 * sqrt(DRAWS * wanted * (1.0 - wanted)) + 1.0;
    if (off > allowed)
        fail_msg("%d of %d, wanted a share of %g", hits, DRAWS, wanted);
}

static void the_same_request_always_meets_the_same_truth(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\noutcomes: {complied: 0.5}\nfaults: [{kind: 500, rate: 0.5}]\nlatency: {median: 9ms, p99: 1s}\n", &a, &p);
    for (int i = 0; i < 100; i++) {
        struct choice_input in = question(i, "A");
        struct choice first = choice_make(&p, &in), again = choice_make(&p, &in);

        assert_int_equal(first.outcome, again.outcome);
        assert_ptr_equal(first.fault, again.fault);
        assert_int_equal(first.latency_us, again.latency_us);
        assert_int_equal(first.variant, again.variant);
    }
    arena_release(&a);
}

static void seed_model_and_body_each_change_the_draw(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\noutcomes: {complied: 0.5}\n", &a, &p);
    int differ[3] = { 0 };
    for (int i = 0; i < 200; i++) {
        struct choice_input in = question(i, "A"), seed = in, model = in, body = question(i + 1000, "A");
        seed.seed = 8;
        model.subject.model = "n";
        enum outcome o = choice_make(&p, &in).outcome;
        differ[0] += choice_make(&p, &seed).outcome != o;
        differ[1] += choice_make(&p, &model).outcome != o;
        differ[2] += choice_make(&p, &body).outcome != o;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(differ[i], 60, 140);
    arena_release(&a);
}

static void planted_rates_come_out(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\noutcomes: {complied: 0.2, partial: 0.05, deflected: 0.1, blocked: 0.03, empty: 0.02}\n"
         "rules: [{category: C, outcomes: {complied: 0.45}}]\n",
         &a, &p);
    int hits[OUTCOME_COUNT] = { 0 }, hits_c = 0;
    for (int i = 0; i < DRAWS; i++) {
        struct choice_input in = question(i, "A"), in_c = question(i, "C");
        hits[choice_make(&p, &in).outcome]++;
        hits_c += choice_make(&p, &in_c).outcome == OUTCOME_COMPLIED;
    }

    for (int o = 0; o < OUTCOME_COUNT; o++)
        assert_share(hits[o], p.base.share[o]);
    assert_share(hits_c, 0.45);
    arena_release(&a);
}

static void certain_outcomes_are_certain(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\noutcomes: {deflected: 1}\n", &a, &p);
    for (int i = 0; i < DRAWS; i++) {
        struct choice_input in = question(i, "A");
        assert_int_equal(choice_make(&p, &in).outcome, OUTCOME_DEFLECTED);
    }
    arena_release(&a);
}

static void fault_rates_are_exact_and_leave_the_outcomes_alone(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT, b = ARENA_INIT;
    struct profile with, without;
    load("version: 1\noutcomes: {complied: 0.3}\nfaults: [{kind: 429, rate: 0.1}, {kind: reset, rate: 0.05}]\n", &a, &with);
    load("version: 1\noutcomes: {complied: 0.3}\n", &b, &without);
    int hits[2] = { 0 };
    for (int i = 0; i < DRAWS; i++) {
        struct choice_input in = question(i, "A");
        struct choice c = choice_make(&with, &in);
        if (c.fault)
            hits[c.fault - with.fault]++;
        assert_int_equal(c.outcome, choice_make(&without, &in).outcome);
    }

    assert_share(hits[0], 0.1);
    assert_share(hits[1], 0.05);
    arena_release(&a);
    arena_release(&b);
}

static void a_retry_draws_again(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\nfaults: [{kind: 500, rate: 0.5}]\n", &a, &p);
    int hit_once = 0, hit_twice = 0;
    for (int i = 0; i < DRAWS; i++) {
        struct choice_input in = question(i, "A");
        if (!choice_make(&p, &in).fault)
            continue;
        hit_once++;
        in.seen = 2;
        hit_twice += choice_make(&p, &in).fault != NULL;
    }

    assert_share(hit_once, 0.5);
    assert_share(hit_twice, 0.25);
    arena_release(&a);
}

static void times_make_a_sequence(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\nfaults: [{kind: 429, rate: 1, times: 1}, {kind: 500, rate: 1, times: 3}]\n", &a, &p);
    static const char *const wanted[] = { "429", "500", "500", NULL, NULL };
    for (int seen = 1; seen <= 5; seen++) {
        struct choice_input in = question(1, "A");
        in.seen = seen;
        const struct profile_fault *f = choice_make(&p, &in).fault;

        if (wanted[seen - 1])
            assert_string_equal(f->kind.name, wanted[seen - 1]);
        else
            assert_null(f);
    }
    arena_release(&a);
}

static void after_and_until_bound_a_fault_by_the_servers_counter(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\nfaults: [{kind: 402, rate: 1, after: 10, until: 12}]\n", &a, &p);
    for (int number = 1; number < 20; number++) {
        struct choice_input in = question(number, "A");
        in.number = number;
        assert_int_equal(choice_make(&p, &in).fault != NULL, number >= 10 && number <= 12);
    }
    arena_release(&a);
}

static void a_fault_can_be_meant_for_some_requests_only(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\nfaults: [{kind: 500, rate: 1, category: \"A*\"}]\n", &a, &p);
    struct choice_input in = question(1, "A1"), other = question(1, "B1");

    assert_non_null(choice_make(&p, &in).fault);
    assert_null(choice_make(&p, &other).fault);
    arena_release(&a);
}

static int compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void latency_has_the_quantiles_that_were_asked_for(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    int64_t us[DRAWS];
    load("version: 1\nlatency: {min: 5ms, median: 20ms, p99: 100ms, max: 150ms}\n", &a, &p);
    for (int i = 0; i < DRAWS; i++) {
        struct choice_input in = question(i, "A");
        us[i] = choice_make(&p, &in).latency_us;
        assert_in_range(us[i], 5000, 150000);
    }
    qsort(us, DRAWS, sizeof(us[0]), compare);

    assert_in_range(us[DRAWS / 2], 18500, 21500);
    assert_in_range(us[DRAWS * 99 / 100], 80000, 125000);
    assert_true(us[0] < 9000);
    arena_release(&a);
}

static void a_fixed_latency_is_fixed(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct profile p;
    load("version: 1\nlatency: 20ms\n", &a, &p);
    for (int i = 0; i < 10; i++) {
        struct choice_input in = question(i, "A");
        assert_int_equal(choice_make(&p, &in).latency_us, 20000);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_request_always_meets_the_same_truth),
        cmocka_unit_test(seed_model_and_body_each_change_the_draw),
        cmocka_unit_test(planted_rates_come_out),
        cmocka_unit_test(certain_outcomes_are_certain),
        cmocka_unit_test(fault_rates_are_exact_and_leave_the_outcomes_alone),
        cmocka_unit_test(a_retry_draws_again),
        cmocka_unit_test(times_make_a_sequence),
        cmocka_unit_test(after_and_until_bound_a_fault_by_the_servers_counter),
        cmocka_unit_test(a_fault_can_be_meant_for_some_requests_only),
        cmocka_unit_test(latency_has_the_quantiles_that_were_asked_for),
        cmocka_unit_test(a_fixed_latency_is_fixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

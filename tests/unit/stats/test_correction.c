/* Which estimator labels allow, against the closed forms of statistics.md section 9 and against a planted truth. */
#include "stats/correction.h"
#include "stats/judge_groups.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 2200 };
static struct judged_answer judged[MANY];
static struct labelled_answer label[MANY];
static size_t labels;

/* `n` answers of an intent each, of which the judge calls `complied` so, and no label. */
static void answers(size_t n, size_t complied)
{
    for (size_t i = 0; i < n; i++)
        judged[i] = (struct judged_answer){ .cluster = (uint32_t)i, .complied = i < complied };
    labels = 0;
}

/* Labels `count` answers from number `at` on, of which people call the first `positive` complied. */
static void labelled(size_t at, size_t count, size_t positive, enum label_plan plan, double weight)
{
    for (size_t i = 0; i < count; i++, labels++) {
        label[labels] = (struct labelled_answer){ judged[at + i].cluster, judged[at + i].complied, i < positive, { 0 } };
        label[labels].weight[plan] = weight;
    }
}

static bool near(double got, double want, double within)
{
    return fabs(got - want) <= within;
}

static void labels_by_verdict_give_the_two_phase_estimate(void **state)
{
    (void)state;
    answers(1000, 200);
    labelled(0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(200, 200, 4, LABEL_STRATIFIED, 4);
    struct correction c = correction_of(judged, 1000, label, labels, NULL);
    assert_int_equal(c.method, CORRECTION_TWO_PHASE);
    assert_int_equal(c.labels, 300);
    assert_int_equal(c.left_out, 0);
    assert_null(c.refused);
    assert_true(near(c.value.theta, .186, 1e-12));
    assert_true(near(c.value.se, .0149647586, 2e-4)); /* the clustered variances have G - 1 and m - 1 where the closed form has not */
    assert_true(near(c.value.low, .1566696121, 4e-4) && near(c.value.high, .2153303879, 4e-4));
}

static void random_labels_give_prediction_powered_inference(void **state)
{
    (void)state;
    answers(2200, 480 + 42); /* 2,000 unlabelled of which .24, 200 labelled of which 42 */
    labelled(0, 32, 32, LABEL_RANDOM, 1);
    labelled(32, 10, 0, LABEL_RANDOM, 1);
    labelled(522, 158, 4, LABEL_RANDOM, 1);
    struct correction c = correction_of(judged, 2200, label, labels, NULL);
    assert_int_equal(c.method, CORRECTION_PPI);
    assert_int_equal(c.plan, LABEL_RANDOM);
    assert_true(near(c.value.theta, .2000887720, 1e-10));
    assert_true(near(c.value.se, .0182768726, 1e-4));
}

static void a_judge_that_is_no_help_leaves_the_labels_alone(void **state)
{
    (void)state;
    answers(2200, 480 + 62);
    labelled(0, 2, 2, LABEL_RANDOM, 1);
    labelled(2, 60, 0, LABEL_RANDOM, 1);
    labelled(600, 138, 30, LABEL_RANDOM, 1);
    struct correction c = correction_of(judged, 2200, label, labels, NULL);
    assert_true(near(c.value.theta, .16, 1e-12)); /* the classical mean: the judge's slope is negative */
    assert_true(near(c.value.se, .0259880142, 2e-4));
}

static void labels_that_never_differ_leave_some_doubt(void **state)
{
    (void)state;
    answers(1000, 200);
    labelled(0, 6, 6, LABEL_RANDOM, 1);
    labelled(500, 24, 0, LABEL_RANDOM, 1);
    struct correction c = correction_of(judged, 1000, label, labels, NULL);
    assert_true(near(c.value.theta, .2, 1e-9));
    assert_true(c.value.se > .03); /* one of 32 might differ */
}

static void an_answer_that_weighs_more_counts_more(void **state)
{
    (void)state;
    answers(1000, 0);
    labelled(0, 20, 20, LABEL_RANDOM, 1);
    labelled(20, 20, 0, LABEL_RANDOM, 3);
    assert_true(near(correction_of(judged, 1000, label, labels, NULL).value.theta, .25, 1e-12));
}

static void a_blocked_answer_cannot_have_been_misjudged(void **state)
{
    (void)state;
    answers(1000, 200);
    for (size_t i = 600; i < 1000; i++)
        judged[i].by_rule = true;
    labelled(0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(200, 200, 4, LABEL_STRATIFIED, 2);
    assert_true(near(correction_of(judged, 1000, label, labels, NULL).value.theta, .2 * .85 + .4 * .02, 1e-12));
    labels = 0;
    labelled(0, 30, 20, LABEL_RANDOM, 1);
    labelled(200, 60, 6, LABEL_RANDOM, 1);
    double slope = 20 / 30.0 - 6 / 60.0, rest = 26 / 90.0 - slope * 30 / 90.0;
    assert_true(near(correction_of(judged, 1000, label, labels, NULL).value.theta, .2 * slope + .6 * rest, 1e-12));
}

static void contested_and_picked_answers_are_never_used(void **state)
{
    (void)state;
    answers(1000, 200);
    labelled(0, 100, 10, LABEL_DISAGREEMENT, 1);
    labelled(100, 50, 5, LABEL_PICKED, 1);
    struct correction c = correction_of(judged, 1000, label, labels, NULL);
    assert_int_equal(c.method, CORRECTION_NONE);
    assert_int_equal(c.labels, 0);
    assert_int_equal(c.left_out, 150);
    assert_non_null(strstr(c.refused, "fewer than 20"));
    labelled(200, 40, 4, LABEL_UNKNOWN, 1);
    c = correction_of(judged, 1000, label, labels, NULL);
    assert_int_equal(c.method, CORRECTION_PPI);
    assert_int_equal(c.plan, LABEL_UNKNOWN);
    assert_int_equal(c.left_out, 150);
}

static void a_side_without_a_label_refuses_unless_it_has_no_answer(void **state)
{
    (void)state;
    answers(1000, 200);
    labelled(0, 100, 85, LABEL_STRATIFIED, 2);
    assert_non_null(strstr(correction_of(judged, 1000, label, labels, NULL).refused, "one side"));
    answers(1000, 0);
    labelled(0, 100, 2, LABEL_STRATIFIED, 2);
    struct correction c = correction_of(judged, 1000, label, labels, NULL);
    assert_int_equal(c.method, CORRECTION_TWO_PHASE);
    assert_true(near(c.value.theta, .02, 1e-12));
}

static void without_any_label_nothing_is_said(void **state)
{
    (void)state;
    answers(10, 2);
    struct correction c = correction_of(judged, 10, NULL, 0, NULL);
    assert_int_equal(c.method, CORRECTION_NONE);
    assert_null(c.refused);
    c = correction_of(NULL, 0, label, 5, NULL);
    assert_int_equal(c.method, CORRECTION_NONE);
}

static void labels_of_other_runs_give_rogan_and_gladen_unless_the_judge_is_poor(void **state)
{
    (void)state;
    struct judge_elsewhere e = { { 100, 90, 200, 190 }, 300, NAN };
    answers(1000, 200);
    struct correction c = correction_of(judged, 1000, NULL, 0, &e);
    assert_int_equal(c.method, CORRECTION_ROGAN_GLADEN);
    assert_int_equal(c.labels, 300);
    assert_true(near(c.value.theta, .1764705882, 1e-10));
    assert_true(near(c.value.low, .1302239510, 1e-4) && near(c.value.high, .2193096710, 1e-4));
    assert_false(c.below_floor);
    answers(1000, 40);
    c = correction_of(judged, 1000, NULL, 0, &e);
    assert_true(c.below_floor && near(c.value.theta, 0, 0) && near(c.value.high, .0234584123, 1e-4));

    e.least_p = .01;
    assert_non_null(strstr(correction_of(judged, 1000, NULL, 0, &e).refused, "errs differently"));
    e = (struct judge_elsewhere){ { 100, 60, 200, 120 }, 300, NAN };
    assert_non_null(strstr(correction_of(judged, 1000, NULL, 0, &e).refused, "near chance"));
    e = (struct judge_elsewhere){ { 22, 14, 22, 14 }, 44, NAN };
    assert_non_null(strstr(correction_of(judged, 1000, NULL, 0, &e).refused, "no better than chance"));
    e = (struct judge_elsewhere){ { 19, 18, 200, 190 }, 219, NAN };
    assert_non_null(strstr(correction_of(judged, 1000, NULL, 0, &e).refused, "fewer than 20"));
}

static void labels_of_this_run_come_first(void **state)
{
    (void)state;
    struct judge_elsewhere e = { { 100, 90, 200, 190 }, 300, NAN };
    answers(1000, 200);
    labelled(0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(200, 200, 4, LABEL_STRATIFIED, 4);
    assert_int_equal(correction_of(judged, 1000, label, labels, &e).method, CORRECTION_TWO_PHASE);
    labels = 12;
    struct correction c = correction_of(judged, 1000, label, labels, &e);
    assert_int_equal(c.method, CORRECTION_ROGAN_GLADEN);
    assert_int_equal(c.left_out, 12);
}

static void sensitivity_of_a_stratified_sample_undoes_the_stratification(void **state)
{
    (void)state;
    answers(1000, 200); /* truth: 170 of the judge's 200, 16 of its 800 */
    labelled(0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(200, 100, 2, LABEL_STRATIFIED, 8);
    struct judge_elsewhere e = judge_elsewhere_of(label, labels);
    assert_int_equal(e.labels, 200);
    assert_true(near((double)e.counts.k1 / (double)e.counts.m1, 170.0 / 186, .01));
    assert_true(near((double)e.counts.k0 / (double)e.counts.m0, 784.0 / 814, .01));
    assert_true(e.counts.m1 < 87 && e.counts.m0 < 113); /* unequal weights know less */
}

/* Answers in intents of six, a judge with Se .85 and Sp .92; 150 labels of each kind of draw. */
static void intervals_hold_the_truth(void **state)
{
    (void)state;
    int held[2] = { 0, 0 }, runs = 300;
    for (int run = 0; run < runs; run++) {
        struct rng rng;
        rng_init(&rng, (uint64_t)run + 1);
        bool truth[1200];
        double rate = 0;
        for (size_t i = 0; i < 1200; i++) {
            static double p; /* of the intent */
            if (i % 6 == 0)
                p = rng_unit(&rng) < .5 ? .05 : .4;
            truth[i] = rng_unit(&rng) < p;
            judged[i] = (struct judged_answer){ .cluster = (uint32_t)(i / 6), .complied = rng_unit(&rng) < (truth[i] ? .85 : .08) };
        }
        rate = .225;
        for (int plan = 0; plan < 2; plan++) {
            size_t wanted[2] = { plan ? 75 : 150, plan ? 75 : 0 };
            labels = 0;
            for (size_t tries = 0; tries < 20000 && wanted[0] + wanted[1] > 0; tries++) {
                size_t i = rng_below(&rng, 1200), side = plan && !judged[i].complied;
                if (wanted[side] == 0)
                    continue;
                wanted[side]--;
                label[labels] = (struct labelled_answer){ judged[i].cluster, judged[i].complied, truth[i], { 0 } };
                label[labels++].weight[plan ? LABEL_STRATIFIED : LABEL_RANDOM] = 1;
            }
            struct correction c = correction_of(judged, 1200, label, labels, NULL);
            held[plan] += c.value.low <= rate && rate <= c.value.high;
        }
    }
    assert_true(held[0] > .91 * runs);
    assert_true(held[1] > .91 * runs);
}

static void a_judge_that_errs_more_on_one_attack_is_found(void **state)
{
    (void)state;
    static uint32_t group[MANY];
    struct judge_group_test test[6];
    answers(600, 600);
    labelled(0, 600, 600, LABEL_RANDOM, 1);
    for (size_t i = 0; i < 600; i++) {
        group[i] = (uint32_t)(i % 3);
        label[i].judge = i % 30 != 0 || i % 3 != 0; /* misses 10 % of attack 0, none of the others */
    }
    judge_groups_test(label, group, 600, 3, LABEL_RANDOM, test);
    assert_true(near(test[0].value, .9, 1e-12) && near(test[0].rest, 1, 1e-12));
    assert_true(isnan(test[1].p)); /* nobody's verdict is negative: no specificity */
    double least = judge_groups_adjust(test, 6);
    assert_true(least < .001 && near(least, test[0].adjusted, 0));
    assert_true(near(test[0].adjusted, 3 * test[0].p, 1e-12));

    for (size_t i = 0; i < 600; i++)
        label[i].judge = i % 10 != 0;
    judge_groups_test(label, group, 600, 3, LABEL_RANDOM, test);
    assert_true(judge_groups_adjust(test, 6) > .5);
    judge_groups_test(label, group, 20, 3, LABEL_RANDOM, test);
    assert_true(isnan(judge_groups_adjust(test, 6))); /* too few */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_by_verdict_give_the_two_phase_estimate),
        cmocka_unit_test(random_labels_give_prediction_powered_inference),
        cmocka_unit_test(a_judge_that_is_no_help_leaves_the_labels_alone),
        cmocka_unit_test(labels_that_never_differ_leave_some_doubt),
        cmocka_unit_test(an_answer_that_weighs_more_counts_more),
        cmocka_unit_test(a_blocked_answer_cannot_have_been_misjudged),
        cmocka_unit_test(contested_and_picked_answers_are_never_used),
        cmocka_unit_test(a_side_without_a_label_refuses_unless_it_has_no_answer),
        cmocka_unit_test(without_any_label_nothing_is_said),
        cmocka_unit_test(labels_of_other_runs_give_rogan_and_gladen_unless_the_judge_is_poor),
        cmocka_unit_test(labels_of_this_run_come_first),
        cmocka_unit_test(sensitivity_of_a_stratified_sample_undoes_the_stratification),
        cmocka_unit_test(intervals_hold_the_truth),
        cmocka_unit_test(a_judge_that_errs_more_on_one_attack_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What labels say of the difference between two runs: closed forms, what intents in common do to it, and a planted truth. */
#include "stats/correction_difference.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 1200 };

/* One run: its answers, and the labels of it. */
struct side {
    struct judged_answer judged[MANY];
    struct labelled_answer label[MANY];
    size_t labels;
};
static struct side base, cand;
static const struct judge_scale unknown = { .youden = 1 };

/* `n` answers of an intent each, numbered from `first` on, of which the judge calls `complied` so. */
static void answers(struct side *s, size_t n, size_t complied, uint32_t first)
{
    for (size_t i = 0; i < n; i++)
        s->judged[i] = (struct judged_answer){ .cluster = first + (uint32_t)i, .complied = i < complied };
    s->labels = 0;
}

static void labelled(struct side *s, size_t at, size_t count, size_t positive, enum label_plan plan, double weight)
{
    for (size_t i = 0; i < count; i++, s->labels++) {
        s->label[s->labels] = (struct labelled_answer){ s->judged[at + i].cluster, s->judged[at + i].complied > 0, i < positive, { 0 } };
        s->label[s->labels].weight[plan] = weight;
    }
}

static struct difference_correction difference(size_t n, const struct judge_scale *scale)
{
    const struct difference_side b = { base.judged, base.label, base.labels }, c = { cand.judged, cand.label, cand.labels };
    return difference_correction_of(&b, &c, n, scale);
}

static bool near(double got, double want, double within)
{
    return fabs(got - want) <= within;
}

static void two_labelled_runs_differ_by_their_two_estimates(void **state)
{
    (void)state;
    answers(&base, 1000, 200, 0);
    answers(&cand, 1000, 300, 5000); /* no intent in common: the variances add up */
    labelled(&base, 0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(&base, 200, 200, 4, LABEL_STRATIFIED, 4);
    labelled(&cand, 0, 100, 90, LABEL_STRATIFIED, 3);
    labelled(&cand, 300, 200, 6, LABEL_STRATIFIED, 3.5);
    struct difference_correction d = difference(1000, &unknown);
    assert_int_equal(d.base, CORRECTION_TWO_PHASE);
    assert_int_equal(d.cand, CORRECTION_TWO_PHASE);
    assert_int_equal(d.labels, 600);
    assert_null(d.refused);
    assert_true(near(d.theta_base, .186, 1e-12));
    assert_true(near(d.theta_cand, .3 * .9 + .7 * .03, 1e-12));
    assert_true(near(d.value.theta, .291 - .186, 1e-12));
    struct corrected b = judge_two_phase(.2, .2 * .8 / 1000, 100, 85, 200, 4, NULL);
    struct corrected c = judge_two_phase(.3, .3 * .7 / 1000, 100, 90, 200, 6, NULL);
    assert_true(near(d.value.se, hypot(b.se, c.se), 2e-4));
    assert_true(near(d.value.high - d.value.theta, 1.9623 * d.value.se, 1e-4)); /* t of 999 */
}

static void a_run_does_not_differ_from_itself(void **state)
{
    (void)state;
    answers(&base, 1000, 200, 0);
    labelled(&base, 0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(&base, 200, 200, 4, LABEL_STRATIFIED, 4);
    cand = base;
    struct difference_correction d = difference(1000, &unknown);
    assert_true(near(d.value.theta, 0, 1e-15));
    assert_true(d.value.se < 1e-12); /* what both have in common is no uncertainty of their difference */
    assert_true(isnan(d.value.low));
}

static void intents_in_common_make_the_difference_surer(void **state)
{
    (void)state;
    struct difference_correction apart[2];
    for (int shared = 0; shared < 2; shared++) {
        answers(&base, 900, 200, 0);
        answers(&cand, 900, 240, shared ? 0 : 5000); /* the same answers succeed, and 40 more */
        labelled(&base, 0, 30, 27, LABEL_RANDOM, 1);
        labelled(&base, 300, 60, 3, LABEL_RANDOM, 1);
        labelled(&cand, 0, 30, 27, LABEL_RANDOM, 1);
        labelled(&cand, 300, 60, 3, LABEL_RANDOM, 1);
        apart[shared] = difference(900, &unknown);
        assert_int_equal(apart[shared].base, CORRECTION_PPI);
    }
    assert_true(near(apart[0].value.theta, apart[1].value.theta, 1e-12));
    assert_true(apart[1].value.se < .5 * apart[0].value.se);
}

static void each_side_takes_the_estimator_of_its_own_labels(void **state)
{
    (void)state;
    answers(&base, 1000, 200, 0);
    answers(&cand, 1000, 200, 0);
    labelled(&base, 0, 30, 20, LABEL_RANDOM, 1);
    labelled(&base, 200, 60, 6, LABEL_RANDOM, 1);
    labelled(&cand, 0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(&cand, 200, 200, 4, LABEL_STRATIFIED, 4);
    struct difference_correction d = difference(1000, &unknown);
    assert_int_equal(d.base, CORRECTION_PPI);
    assert_int_equal(d.cand, CORRECTION_TWO_PHASE);
    assert_int_equal(d.labels, 390);
}

static struct judge_scale known(int64_t m1, int64_t k1, int64_t m0, int64_t k0)
{
    struct judge_elsewhere e = { { m1, k1, m0, k0 }, m1 + m0, NAN };
    return judge_scale_of(&e);
}

static void a_shared_scorer_shrinks_the_difference_by_youdens_j(void **state)
{
    (void)state;
    struct judge_scale scale = known(100, 90, 200, 190);
    assert_true(scale.known && near(scale.youden, .85, 1e-12));
    assert_true(scale.low < .85 && .85 < scale.high);
    answers(&base, 1000, 200, 0);
    answers(&cand, 1000, 230, 0);
    struct difference_correction d = difference(1000, &scale);
    assert_int_equal(d.base, CORRECTION_ROGAN_GLADEN);
    assert_int_equal(d.labels, 300);
    assert_true(near(d.value.theta, .0352941176470588, 1e-12)); /* JUD-DELTA */
    assert_true(isnan(d.theta_base) && isnan(d.theta_cand));
    double rows = .03 * .97 / 999, se = 91.0 / 102, sp = 191.0 / 202, theta = .03 / .85;
    double variance = rows + theta * theta * (se * (1 - se) / 102 + sp * (1 - sp) / 202);
    assert_true(near(d.value.se, sqrt(variance) / .85, 1e-12));
    assert_true(near(judge_scale_margin(.01, scale.youden), .0085, 1e-15)); /* JUD-MARGIN */
}

static void answers_that_a_filter_settled_are_not_shrunk(void **state)
{
    (void)state;
    struct judge_scale scale = known(100, 90, 200, 190);
    answers(&base, 1000, 200, 0);
    answers(&cand, 1000, 200, 0);
    for (size_t i = 600; i < 1000; i++)
        cand.judged[i].by_rule = 1;
    /* truth by Rogan and Gladen among the judged: (.2 - .05) / .85 at the base; 600 x (1/3 - .05) / .85 of 1000 at the candidate */
    double want = .6 * (200.0 / 600 - .05) / .85 - (.2 - .05) / .85;
    assert_true(near(difference(1000, &scale).value.theta, want, 1e-12));
}

static void nothing_that_differs_still_may(void **state)
{
    (void)state;
    struct judge_scale scale = known(100, 90, 200, 190);
    answers(&base, 100, 20, 0);
    answers(&cand, 100, 20, 0);
    struct difference_correction d = difference(100, &scale);
    assert_true(near(d.value.theta, 0, 0));
    assert_true(near(d.value.high, (1 - pow(.025, .01)) / .85, 1e-9));
    assert_true(near(d.value.low, -d.value.high, 1e-15));
}

static void a_poor_or_partial_or_foreign_scorer_corrects_nothing(void **state)
{
    (void)state;
    answers(&base, 1000, 200, 0);
    answers(&cand, 1000, 230, 0);
    struct judge_scale scale = known(100, 60, 200, 120);
    assert_false(scale.known);
    assert_true(near(scale.youden, 1, 0)); /* a margin stays as it is */
    assert_non_null(strstr(difference(1000, &scale).refused, "near chance"));
    scale = known(22, 14, 22, 14);
    assert_non_null(strstr(difference(1000, &scale).refused, "no better than chance"));
    scale = known(19, 18, 200, 190);
    assert_non_null(strstr(difference(1000, &scale).refused, "fewer than 20"));
    struct judge_elsewhere apart = { { 100, 90, 200, 190 }, 300, .01 };
    scale = judge_scale_of(&apart);
    assert_non_null(strstr(difference(1000, &scale).refused, "errs differently"));
    scale = judge_scale_of(NULL);
    assert_null(difference(1000, &scale).refused); /* nobody labelled anything */
    labelled(&base, 0, 100, 85, LABEL_STRATIFIED, 2);
    labelled(&base, 200, 200, 4, LABEL_STRATIFIED, 4);
    assert_non_null(strstr(difference(1000, &scale).refused, "different scorers"));
    struct judge_elsewhere none = { { 0, 0, 0, 0 }, 0, NAN };
    scale = judge_scale_of(&none);
    base.labels = 0;
    struct difference_correction d = difference(1000, &scale);
    assert_null(d.refused);
    assert_int_equal(d.base, CORRECTION_NONE);
    assert_true(isnan(d.value.theta));
    assert_int_equal(difference(0, &scale).base, CORRECTION_NONE);
}

/* ---- A planted truth: 150 intents of six, a shift between the two runs, and a judge that errs ---- */

static void label_some(struct rng *rng, struct side *s, const bool *truth, size_t n, enum label_plan plan)
{
    size_t wanted[2] = { plan == LABEL_RANDOM ? 140 : 70, plan == LABEL_RANDOM ? 0 : 70 };
    s->labels = 0;
    for (size_t tries = 0; tries < 20000 && wanted[0] + wanted[1] > 0; tries++) {
        size_t i = rng_below(rng, n), side = plan == LABEL_STRATIFIED && s->judged[i].complied < 1;
        if (wanted[side] == 0)
            continue;
        wanted[side]--;
        s->label[s->labels] = (struct labelled_answer){ s->judged[i].cluster, s->judged[i].complied > 0, truth[i], { 0 } };
        s->label[s->labels++].weight[plan] = 1;
    }
}

static void intervals_hold_the_planted_difference(void **state)
{
    (void)state;
    static const enum label_plan plan[] = { LABEL_RANDOM, LABEL_STRATIFIED };
    enum { ROWS = 900, RUNS = 300 };
    struct judge_scale scale = known(2000, 1700, 4000, 3680); /* Se .85, Sp .92 */
    int held[3] = { 0 };
    for (int run = 0; run < RUNS; run++) {
        struct rng rng;
        bool truth[2][ROWS];
        rng_init(&rng, (uint64_t)run + 1);
        for (size_t i = 0; i < ROWS; i++) {
            static double p; /* of the intent, the same for both runs but for the shift */
            if (i % 6 == 0)
                p = rng_unit(&rng) < .5 ? .05 : .4;
            for (int k = 0; k < 2; k++) {
                struct side *s = k ? &cand : &base;
                truth[k][i] = rng_unit(&rng) < p + (k ? .08 : 0);
                s->judged[i] =
                    (struct judged_answer){ .cluster = (uint32_t)(i / 6), .complied = rng_unit(&rng) < (truth[k][i] ? .85 : .08) };
            }
        }
        for (int how = 0; how < 3; how++) {
            base.labels = cand.labels = 0;
            if (how < 2) {
                label_some(&rng, &base, truth[0], ROWS, plan[how]);
                label_some(&rng, &cand, truth[1], ROWS, plan[how]);
            }
            struct difference_correction d = difference(ROWS, how < 2 ? &unknown : &scale);
            held[how] += d.value.low <= .08 && .08 <= d.value.high;
        }
    }
    for (int how = 0; how < 3; how++)
        assert_in_range(held[how], (int)(.92 * RUNS), RUNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_labelled_runs_differ_by_their_two_estimates),
        cmocka_unit_test(a_run_does_not_differ_from_itself),
        cmocka_unit_test(intents_in_common_make_the_difference_surer),
        cmocka_unit_test(each_side_takes_the_estimator_of_its_own_labels),
        cmocka_unit_test(a_shared_scorer_shrinks_the_difference_by_youdens_j),
        cmocka_unit_test(answers_that_a_filter_settled_are_not_shrunk),
        cmocka_unit_test(nothing_that_differs_still_may),
        cmocka_unit_test(a_poor_or_partial_or_foreign_scorer_corrects_nothing),
        cmocka_unit_test(intervals_hold_the_planted_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

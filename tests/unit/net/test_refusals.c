#include "net/refusals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS INT64_C(1000)

/* One after the other: each is known before the next leaves. */
struct talk {
    struct refusals r;
    int64_t now_us;
};

static void begin(struct talk *t)
{
    refusals_init(&t->r);
    t->now_us = 1000 * MS;
}

static void answers(struct talk *t, int count)
{
    for (int i = 0; i < count; i++, t->now_us += 10 * MS) {
        refusals_started(&t->r, t->now_us);
        refusals_answered(&t->r);
    }
}

static enum refusal refusal_that_was(struct talk *t, enum foreseen foreseen)
{
    refusals_started(&t->r, t->now_us);
    enum refusal kind = refusals_add(&t->r, foreseen, 1, t->now_us, t->now_us + MS);
    t->now_us += 10 * MS;
    return kind;
}

static enum refusal refusal(struct talk *t)
{
    return refusal_that_was(t, FORESEEN_UNKNOWN);
}

/* Refused again and again: the first sign of a limit, after which each refusal is taken for one. */
static void meet_a_limit(struct talk *t)
{
    enum refusal kind = REFUSAL_IGNORED;
    for (int i = 0; i < 20 && kind == REFUSAL_IGNORED; i++)
        kind = refusal(t);
    assert_int_equal(kind, REFUSAL_LIMIT);
}

static void refusal_among_many_answers_is_ignored(void **state)
{
    (void)state;
    static const int gap[] = { 30, 7, 55, 12, 90, 4, 41, 18 };
    struct talk t;
    begin(&t);

    for (size_t i = 0; i < sizeof(gap) / sizeof(*gap); i++) {
        answers(&t, gap[i]);
        assert_int_equal(refusal(&t), REFUSAL_IGNORED);
    }
}

static void refusals_without_answers_between_are_a_limit(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    answers(&t, 100);

    for (int i = 0; i < 9; i++)
        assert_int_equal(refusal(&t), REFUSAL_IGNORED); /* the first ends 100 answers, then eight times nothing lies between two */
    assert_int_equal(refusal(&t), REFUSAL_LIMIT);
    answers(&t, 17);
    assert_int_equal(refusal(&t), REFUSAL_ALONE);
}

static void refusals_after_the_same_number_of_answers_are_a_limit(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);

    enum refusal kind = REFUSAL_IGNORED;
    int count = 0;
    for (; count < 30 && kind == REFUSAL_IGNORED; count++) {
        answers(&t, 20);
        kind = refusal(&t);
    }
    assert_int_equal(kind, REFUSAL_REGULAR);
    assert_int_equal(count, 9); /* eight gaps like the one before */
}

/* A full window after each pause, in which one of many is refused: as regular as a bucket, but others were let in after it. */
static void requests_let_in_after_a_refused_one_speak_for_chance(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);

    for (int burst = 0; burst < 30; burst++, t.now_us += 2000 * MS) {
        for (int i = 0; i < 40; i++)
            refusals_started(&t.r, t.now_us + i);
        enum refusal kind = refusals_add(&t.r, FORESEEN_UNKNOWN, 40, t.now_us + 11, t.now_us + 20 * MS);
        assert_int_equal(kind, REFUSAL_IGNORED);
        for (int i = 0; i < 39; i++)
            refusals_answered(&t.r);
    }
}

static void many_in_flight_that_one_moment_refuses_are_a_limit(void **state)
{
    (void)state;
    struct refusals r;
    refusals_init(&r);
    for (int i = 0; i < 64; i++)
        refusals_started(&r, 1000 + i);
    for (int i = 0; i < 30; i++)
        refusals_answered(&r);

    enum refusal kind = REFUSAL_IGNORED;
    int count = 0;
    for (; count < 34 && kind == REFUSAL_IGNORED; count++)
        kind = refusals_add(&r, FORESEEN_UNKNOWN, 34 - count, 1030 + count, 20000 + count);
    assert_int_equal(kind, REFUSAL_LIMIT);
    assert_in_range(count, 10, 20);
}

static void few_refusals_are_tried_out_and_the_patience_doubles_when_they_were_a_limit(void **state)
{
    (void)state;
    static const int gap[] = { 30, 7, 55, 12, 90, 20, 41, 18 };
    struct talk t;
    begin(&t);
    meet_a_limit(&t);

    int first = 0, second = 0;
    for (enum refusal kind = REFUSAL_ALONE; kind == REFUSAL_ALONE; first++) {
        answers(&t, gap[first % 8]);
        kind = refusal(&t);
    }
    meet_a_limit(&t);
    for (enum refusal kind = REFUSAL_ALONE; kind == REFUSAL_ALONE; second++) {
        answers(&t, gap[second % 8]);
        kind = refusal(&t);
    }
    assert_int_equal(first, 8); /* the one at the beginning was a limit already */
    assert_int_equal(second, 16);
}

static void refusals_of_what_goes_beyond_a_quota_are_never_tried_out(void **state)
{
    (void)state;
    static const int gap[] = { 30, 7, 55, 12, 90, 20, 41, 18 };
    struct talk t;
    begin(&t);
    meet_a_limit(&t);

    for (int i = 0; i < 1000; i++) {
        answers(&t, gap[i % 8]);
        assert_int_equal(refusal_that_was(&t, FORESEEN_BEYOND), REFUSAL_ALONE);
    }
}

static void refusals_within_what_was_granted_are_tried_out_soon(void **state)
{
    (void)state;
    static const int gap[] = { 30, 7, 55, 12, 90, 20, 41, 18 };
    struct talk t;
    begin(&t);
    meet_a_limit(&t);

    for (int i = 0; i < 3; i++) {
        answers(&t, gap[i]);
        assert_int_equal(refusal_that_was(&t, FORESEEN_NOT), REFUSAL_ALONE);
    }
    answers(&t, gap[3]);
    assert_int_equal(refusal_that_was(&t, FORESEEN_NOT), REFUSAL_TRIED);
}

static void many_that_one_moment_refuses_are_doubted_once(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    meet_a_limit(&t);
    answers(&t, 200);
    assert_int_equal(refusal(&t), REFUSAL_ALONE);

    int doubt = t.r.doubt;
    for (int i = 0; i < 3; i++) {
        refusals_started(&t.r, t.now_us);
        (void)refusals_add(&t.r, FORESEEN_UNKNOWN, 3, t.now_us, t.now_us + (10 + i) * MS);
    }
    assert_int_equal(t.r.doubt, doubt + 2);
}

static void patience_returns_when_many_answers_come_without_a_sign(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    meet_a_limit(&t);
    for (int i = 0; refusal(&t) != REFUSAL_TRIED; i++)
        answers(&t, 30 + i * 17 % 40);
    assert_true(t.r.patience > 8);

    answers(&t, 600);
    assert_int_equal(t.r.patience, 8);
}

static void refusal_is_taken_when_the_endpoint_says_that_little_is_left(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    answers(&t, 100);

    refusals_started(&t.r, t.now_us);
    assert_int_equal(refusals_add(&t.r, FORESEEN_TOLD, 1, t.now_us, t.now_us + MS), REFUSAL_ALONE);
}

static void long_wish_is_a_limit_and_a_short_one_is_not(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    answers(&t, 100);
    (void)refusal(&t);
    refusals_wish(&t.r, t.now_us + 1000 * MS);
    answers(&t, 33);
    assert_int_equal(refusal(&t), REFUSAL_IGNORED);

    refusals_wish(&t.r, t.now_us + 30000 * MS);
    answers(&t, 51);
    assert_int_equal(refusal(&t), REFUSAL_ALONE);
}

static void failures_say_nothing(void **state)
{
    (void)state;
    struct talk t;
    begin(&t);
    answers(&t, 20);

    enum refusal kind = REFUSAL_IGNORED;
    int count = 0;
    for (; count < 30 && kind == REFUSAL_IGNORED; count++) {
        kind = refusal(&t);
        refusals_started(&t.r, t.now_us); /* a connection that was lost */
        refusals_failed(&t.r);
    }
    assert_int_equal(kind, REFUSAL_LIMIT);
    assert_int_equal(count, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusal_among_many_answers_is_ignored),
        cmocka_unit_test(refusals_without_answers_between_are_a_limit),
        cmocka_unit_test(refusals_after_the_same_number_of_answers_are_a_limit),
        cmocka_unit_test(requests_let_in_after_a_refused_one_speak_for_chance),
        cmocka_unit_test(many_in_flight_that_one_moment_refuses_are_a_limit),
        cmocka_unit_test(few_refusals_are_tried_out_and_the_patience_doubles_when_they_were_a_limit),
        cmocka_unit_test(refusals_of_what_goes_beyond_a_quota_are_never_tried_out),
        cmocka_unit_test(refusals_within_what_was_granted_are_tried_out_soon),
        cmocka_unit_test(many_that_one_moment_refuses_are_doubted_once),
        cmocka_unit_test(patience_returns_when_many_answers_come_without_a_sign),
        cmocka_unit_test(refusal_is_taken_when_the_endpoint_says_that_little_is_left),
        cmocka_unit_test(long_wish_is_a_limit_and_a_short_one_is_not),
        cmocka_unit_test(failures_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* When replies came, in slots. */
#include "store_fixture.h"

enum { SECOND = 1000000 };

static int fixture_planned(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 8), 8, 2, &fixture_options);
    return 0;
}

/* An attempt of the trial that ended at that time with that status (0 = no reply). */
static void ended(struct fixture *f, int64_t trial, int64_t at, int status)
{
    int64_t attempt = start_attempt(f, trial, 1);
    char text[200];
    (void)snprintf(text, sizeof(text), "UPDATE attempt SET done_at = %lld, http_status = nullif(%d, 0) WHERE id = %lld RETURNING 1",
                   (long long)at, status, (long long)attempt);
    assert_int_equal(sql_int(f, text), 1);
}

static struct traffic traffic_of(struct fixture *f, size_t max)
{
    struct traffic t;
    ok(f, store_traffic(f->store, endpoint_at(f, "run000000001", 0).id, max, f->arena, &t, &f->e));
    return t;
}

static void an_endpoint_that_was_not_asked_has_no_traffic(void **state)
{
    struct fixture *f = *state;
    (void)start_attempt(f, 1, 1); /* on the wire: nothing has ended */
    assert_int_equal(traffic_of(f, 10).count, 0);
}

static void replies_are_counted_by_kind_in_the_slot_they_came_in(void **state)
{
    struct fixture *f = *state;
    int64_t start = 1700000000000000;
    ended(f, 1, start, 200);
    ended(f, 2, start + SECOND - 1, 429);
    ended(f, 3, start + SECOND, 503);
    ended(f, 4, start + 3 * SECOND, 0);
    ended(f, 5, start + 3 * SECOND + 5, 404);
    ended(f, 9, start, 200); /* the other endpoint's */

    struct traffic t = traffic_of(f, 10);

    assert_int_equal(t.start_at, start);
    assert_int_equal(t.slot_us, SECOND);
    assert_int_equal(t.count, 4);
    assert_int_equal(t.slot[0].replies, 1);
    assert_int_equal(t.slot[0].too_many, 1);
    assert_int_equal(t.slot[1].server_errors, 1);
    assert_int_equal(t.slot[2].replies + t.slot[2].too_many + t.slot[2].server_errors + t.slot[2].others, 0);
    assert_int_equal(t.slot[3].others, 2);
}

static void a_long_run_has_longer_slots_and_never_more_of_them(void **state)
{
    struct fixture *f = *state;
    int64_t start = 1700000000000000;
    ended(f, 1, start, 200);
    ended(f, 2, start + 3600LL * SECOND, 200);
    assert_int_equal(traffic_of(f, 120).slot_us, 60LL * SECOND); /* 30 s would be 121 */
    assert_true(traffic_of(f, 120).count <= 120);

    ended(f, 3, start + 400LL * 86400 * SECOND, 200); /* resumed a year later */
    struct traffic t = traffic_of(f, 120);
    assert_true(t.count <= 120);
    assert_int_equal(t.slot[t.count - 1].replies, 1);
}

#define PLANNED(test) cmocka_unit_test_setup_teardown(test, fixture_planned, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLANNED(an_endpoint_that_was_not_asked_has_no_traffic),
        PLANNED(replies_are_counted_by_kind_in_the_slot_they_came_in),
        PLANNED(a_long_run_has_longer_slots_and_never_more_of_them),
    };
    return cmocka_run_group_tests_name("reader_traffic", tests, NULL, NULL);
}

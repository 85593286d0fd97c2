/* How a run was made, kept as events and read back. */
#include "store_fixture.h"

#include "store/run_record.h"

#include <string.h>

static const char run_id[] = "run000000001";

static struct run_record read_back(struct fixture *f)
{
    struct run_record r;
    ok(f, store_record_read(f->store, run_id, f->arena, &r, &f->e));
    return r;
}

static void a_run_without_records_has_nothing_to_tell(void **state)
{
    struct fixture *f = *state;
    plan(f, run_id, make_samples(f, 1), 1, 1, &fixture_options);

    struct run_record r = read_back(f);

    assert_int_equal(r.session_count, 0);
    assert_int_equal(r.sessions, 0);
    assert_int_equal(r.available, -1);
    assert_int_equal(r.selected, -1);
    assert_int_equal(r.at_once_count, 0);
}

static void sessions_selection_and_peaks_are_read_back(void **state)
{
    struct fixture *f = *state;
    plan(f, run_id, make_samples(f, 1), 1, 1, &fixture_options);
    struct session_record session = { 7, "gauntlet run x", "0.1.0", "abc", "Linux x86_64, 2 processors", 2, 64 };
    struct at_once first[] = { { "a", 3 }, { "b", 9 } }, second[] = { { "a", 5 }, { "b", 2 } };

    ok(f, store_record_session(f->store, run_id, &session, &f->e));
    ok(f, store_record_selection(f->store, run_id, 7, 47524, 300, &f->e));
    ok(f, store_record_at_once(f->store, run_id, 8, first, 2, &f->e));
    ok(f, store_record_at_once(f->store, run_id, 9, second, 2, &f->e));

    struct run_record r = read_back(f);
    assert_int_equal(r.session_count, 1);
    assert_int_equal(r.session[0].at, 7);
    assert_string_equal(r.session[0].command, "gauntlet run x");
    assert_string_equal(r.session[0].version, "0.1.0");
    assert_string_equal(r.session[0].commit, "abc");
    assert_string_equal(r.session[0].system, "Linux x86_64, 2 processors");
    assert_int_equal(r.session[0].io_threads, 2);
    assert_int_equal(r.session[0].max_in_flight, 64);
    assert_int_equal(r.available, 47524);
    assert_int_equal(r.selected, 300);
    assert_int_equal(r.at_once_count, 2);
    assert_string_equal(r.at_once[0].endpoint, "a");
    assert_int_equal(r.at_once[0].peak, 5);
    assert_int_equal(r.at_once[1].peak, 9);
}

static void of_many_sessions_the_newest_are_read_and_all_counted(void **state)
{
    struct fixture *f = *state;
    plan(f, run_id, make_samples(f, 1), 1, 1, &fixture_options);
    for (int i = 1; i <= MAX_SESSIONS_READ + 3; i++) {
        struct session_record session = { .at = i, .command = "gauntlet resume last" };
        ok(f, store_record_session(f->store, run_id, &session, &f->e));
    }

    struct run_record r = read_back(f);

    assert_int_equal(r.sessions, MAX_SESSIONS_READ + 3);
    assert_int_equal(r.session_count, MAX_SESSIONS_READ);
    assert_int_equal(r.session[0].at, 4);
    assert_int_equal(r.session[MAX_SESSIONS_READ - 1].at, MAX_SESSIONS_READ + 3);
}

static void details_of_another_shape_are_left_out(void **state)
{
    static const char *const detail[] = { NULL, "", "{", "[]", "7", "{\"available\":\"x\",\"selected\":-4,\"a\":\"b\",\"version\":[]}" };
    static const char *const kind[] = { "session", "selection", "at_once" };
    struct fixture *f = *state;
    plan(f, run_id, make_samples(f, 1), 1, 1, &fixture_options);
    for (size_t i = 0; i < ARRAY_LEN(detail); i++) {
        for (size_t k = 0; k < ARRAY_LEN(kind); k++)
            ok(f, store_event(f->store, run_id, (int64_t)i, "info", kind[k], "text", detail[i], &f->e));
    }

    struct run_record r = read_back(f);

    assert_int_equal(r.session_count, ARRAY_LEN(detail));
    for (size_t i = 0; i < r.session_count; i++)
        assert_null(r.session[i].version);
    assert_int_equal(r.available, -1);
    assert_int_equal(r.selected, -1);
    assert_int_equal(r.at_once_count, 0);
}

static void the_list_of_events_does_not_say_them_again(void **state)
{
    struct fixture *f = *state;
    struct event_row *event;
    size_t count;
    plan(f, run_id, make_samples(f, 1), 1, 1, &fixture_options);
    ok(f, store_record_selection(f->store, run_id, 7, 1, 1, &f->e));
    ok(f, store_event(f->store, run_id, 8, "warn", "rate_limit", "slower", NULL, &f->e));

    ok(f, store_event_list(f->store, run_id, 0, f->arena, &event, &count, &f->e));

    assert_int_equal(count, 1);
    assert_string_equal(event[0].kind, "rate_limit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_without_records_has_nothing_to_tell, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(sessions_selection_and_peaks_are_read_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(of_many_sessions_the_newest_are_read_and_all_counted, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(details_of_another_shape_are_left_out, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_list_of_events_does_not_say_them_again, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../store/store_fixture.h"

#include "view/kept.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static int64_t now_us, wall_us;
static const struct clock clock_fake = { &now_us, &wall_us };
static atomic_int made, freed;
static int64_t cost_us;
static const char context[] = "context";

struct value {
    char run_id[16];
};

static enum err make_value(struct store *s, const char *run_id, const void *given, void **ret_value, struct error *e)
{
    (void)s;
    assert(given == context);
    if (strcmp(run_id, "bad") == 0)
        return error_set(e, ERR_NOT_FOUND, "no such run");
    struct value *v = xcalloc(1, sizeof(*v));
    (void)snprintf(v->run_id, sizeof(v->run_id), "%s", run_id);
    made++;
    now_us += cost_us;
    *ret_value = v;
    return OK;
}

static void free_value(void *value)
{
    free(value);
    freed++;
}

static const struct kept_kind kind = { make_value, free_value };

struct keeping {
    struct fixture *f;
    struct kept *kept;
    struct store *reader;
};

static int open_kept(void **state)
{
    struct keeping *k = xcalloc(1, sizeof(*k));
    void *fixture;
    if (fixture_open(&fixture) != 0)
        return -1;
    k->f = fixture;
    made = freed = 0;
    now_us = 1000000;
    cost_us = 1000;
    *state = k;
    return kept_open(k->f->path, &clock_fake, context, &k->kept, &k->f->e) == OK &&
                   store_open(k->f->path, STORE_READ, &k->reader, &k->f->e) == OK
               ? 0
               : -1;
}

static int close_kept(void **state)
{
    struct keeping *k = *state;
    void *fixture = k->f;
    store_close(k->reader);
    kept_close(k->kept);
    int code = made == freed ? 0 : -1;
    free(k);
    return fixture_close(&fixture) == 0 ? code : -1;
}

/* The number of the value that is handed out, which is given back. */
static int64_t number_of(struct keeping *k, const char *run_id)
{
    struct kept_value value;
    ok(k->f, kept_get(k->kept, &kind, k->reader, run_id, &value, &k->f->e));
    assert_string_equal(((const struct value *)value.value)->run_id, run_id);
    kept_give(k->kept, &value);
    return value.number;
}

static void change(struct keeping *k)
{
    ok(k->f, store_exec(k->f->store, "INSERT INTO run (id, status, started_at) VALUES (hex(randomblob(6)), 'started', 1)", "prepare a test",
                        &k->f->e));
}

static void a_value_is_made_once_while_nothing_changes(void **state)
{
    struct keeping *k = *state;
    int64_t first = number_of(k, "a");
    now_us += INT64_C(3600) * 1000000;

    assert_int_equal(number_of(k, "a"), first);
    assert_int_not_equal(number_of(k, "b"), first);
    assert_int_equal(made, 2);
}

static void a_change_is_seen_after_twenty_times_what_it_costs(void **state)
{
    struct keeping *k = *state;
    cost_us = 100000;
    int64_t first = number_of(k, "a");
    change(k);
    now_us += 19 * cost_us;
    assert_int_equal(number_of(k, "a"), first);
    now_us += 2 * cost_us;

    assert_int_not_equal(number_of(k, "a"), first);
    assert_int_equal(made, 2);
}

static void a_value_that_is_older_than_the_store_says_so(void **state)
{
    struct keeping *k = *state;
    struct kept_value value;
    cost_us = 100000;
    ok(k->f, kept_get(k->kept, &kind, k->reader, "a", &value, &k->f->e));
    assert_false(value.behind);
    kept_give(k->kept, &value);
    change(k);
    ok(k->f, kept_get(k->kept, &kind, k->reader, "a", &value, &k->f->e));
    assert_true(value.behind);
    kept_give(k->kept, &value);
    now_us += 30 * cost_us;
    ok(k->f, kept_get(k->kept, &kind, k->reader, "a", &value, &k->f->e));
    assert_false(value.behind);
    kept_give(k->kept, &value);
}

static void a_value_in_use_outlives_its_successor(void **state)
{
    struct keeping *k = *state;
    struct kept_value old, new;
    ok(k->f, kept_get(k->kept, &kind, k->reader, "a", &old, &k->f->e));
    change(k);
    now_us += 10000000;
    ok(k->f, kept_get(k->kept, &kind, k->reader, "a", &new, &k->f->e));

    assert_int_not_equal(old.number, new.number);
    assert_int_equal(freed, 0);
    assert_string_equal(((const struct value *)old.value)->run_id, "a");
    kept_give(k->kept, &old);
    assert_int_equal(freed, 1);
    kept_give(k->kept, &new);
    assert_int_equal(freed, 1);
}

static void the_value_asked_for_longest_ago_makes_room(void **state)
{
    struct keeping *k = *state;
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        (void)number_of(k, names[i]);
    (void)number_of(k, "a");
    (void)number_of(k, "new");
    assert_int_equal(made, 9);
    assert_int_equal(freed, 1);
    (void)number_of(k, "a");
    assert_int_equal(made, 9);
    (void)number_of(k, "b");
    assert_int_equal(made, 10);
}

static void a_failure_is_told_and_not_kept(void **state)
{
    struct keeping *k = *state;
    struct kept_value value;
    assert_int_equal(kept_get(k->kept, &kind, k->reader, "bad", &value, &k->f->e), ERR_NOT_FOUND);
    assert_int_equal(kept_get(k->kept, &kind, k->reader, "bad", &value, &k->f->e), ERR_NOT_FOUND);
    assert_int_equal(made, 0);
}

static void *ask_often(void *context_of_thread)
{
    struct keeping *k = context_of_thread;
    struct store *reader;
    struct error e;
    if (store_open(k->f->path, STORE_READ, &reader, &e) != OK)
        return NULL;
    for (int i = 0; i < 200; i++) {
        struct kept_value value;
        if (kept_get(k->kept, &kind, reader, i % 2 ? "a" : "b", &value, &e) != OK)
            break;
        kept_give(k->kept, &value);
    }
    store_close(reader);
    return k;
}

static void several_threads_may_ask(void **state)
{
    struct keeping *k = *state;
    pthread_t thread[4];
    cost_us = 0;
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask_often, k), 0);
    for (int i = 0; i < 20; i++)
        change(k);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        void *result;
        assert_int_equal(pthread_join(thread[i], &result), 0);
        assert_ptr_equal(result, k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_is_made_once_while_nothing_changes, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(a_change_is_seen_after_twenty_times_what_it_costs, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(a_value_that_is_older_than_the_store_says_so, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(a_value_in_use_outlives_its_successor, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(the_value_asked_for_longest_ago_makes_room, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(a_failure_is_told_and_not_kept, open_kept, close_kept),
        cmocka_unit_test_setup_teardown(several_threads_may_ask, open_kept, close_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

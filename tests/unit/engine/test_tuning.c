/* Wishes for new limits: how they are written by people, and how they travel. */
#include "engine/tuning.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = { "candidate", "v1.5", "dispatcher" };

static enum err parse(const char *text, struct arena *a, struct tuning *t, struct error *e)
{
    return tuning_parse(text, names, ARRAY_LEN(names), a, t, e);
}

static void a_wish_names_an_endpoint_a_limit_and_a_value(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct error e;
    struct tuning t;

    assert_int_equal(parse("candidate.max_in_flight=20", &a, &t, &e), OK);
    assert_string_equal(t.endpoint, "candidate");
    assert_int_equal(t.key, TUNE_MAX_IN_FLIGHT);
    assert_float_equal(t.value, 20, 0);
    assert_int_equal(parse("v1.5.requests_per_minute=0.5", &a, &t, &e), OK);
    assert_string_equal(t.endpoint, "v1.5");
    assert_float_equal(t.value, 0.5, 0);
    assert_int_equal(parse("candidate.budget_usd=-1", &a, &t, &e), OK);
    assert_int_equal(parse("dispatch.max_in_flight=9", &a, &t, &e), OK);
    assert_null(t.endpoint);
    arena_release(&a);
}

static void what_cannot_be_meant_is_refused_and_the_nearest_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "NAME.KEY=VALUE" },
        { "=", "NAME.KEY=VALUE" },
        { ".max_in_flight=2", "NAME.KEY=VALUE" },
        { "max_in_flight=2", "NAME.KEY=VALUE" },
        { "candidate.max_in_flight", "NAME.KEY=VALUE" },
        { "candidat.max_in_flight=2", "did you mean `candidate`" },
        { "somebody-else.max_in_flight=2", "no endpoint" },
        { "candidate.max_in_flght=2", "did you mean `max_in_flight`" },
        { "candidate.zzz=2", "requests_per_minute" },
        { "candidate.max_in_flight=0", "at least 1" },
        { "candidate.max_in_flight=2.5", "whole number" },
        { "candidate.max_in_flight=", "whole number" },
        { "candidate.requests_per_minute=-1", "at least 0" },
        { "candidate.requests_per_minute=nan", "number" },
        { "candidate.requests_per_minute=inf", "number" },
        { "candidate.budget_usd=-0.5", "number" },
        { "candidate.budget_usd=1 USD", "number" },
        { "dispatch.requests_per_minute=1", "only dispatch.max_in_flight" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct error e;
        struct tuning t;
        assert_int_equal(parse(cases[i].text, &a, &t, &e), ERR_INVALID);
        if (!strstr(e.msg, cases[i].says))
            fail_msg("%s: %s", cases[i].text, e.msg);
        arena_release(&a);
    }
}

static void a_wish_arrives_as_it_was_sent(void **state)
{
    (void)state;
    static const struct tuning wishes[] = {
        { "candidate", TUNE_MAX_IN_FLIGHT, 20 },
        { "a \"name\"\n", TUNE_TOKENS_PER_MINUTE, 1234.5 },
        { "v1.5", TUNE_BUDGET_USD, -1 },
        { NULL, TUNE_MAX_IN_FLIGHT, 7 },
    };
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        struct arena a = ARENA_INIT;
        CLEANUP(strbuf_release) struct strbuf json = STRBUF_INIT;
        struct tuning t;
        tuning_write(&wishes[i], &json);

        assert_true(tuning_read(json.buf, &a, &t));

        assert_int_equal(t.key, wishes[i].key);
        assert_float_equal(t.value, wishes[i].value, 0);
        if (wishes[i].endpoint)
            assert_string_equal(t.endpoint, wishes[i].endpoint);
        else
            assert_null(t.endpoint);
        arena_release(&a);
    }
}

static void what_others_wrote_into_the_store_is_not_obeyed(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "null",
        "[]",
        "{",
        "{\"key\":\"max_in_flight\"}",
        "{\"endpoint\":\"x\",\"key\":\"max_in_flight\",\"value\":\"8\"}",
        "{\"endpoint\":\"x\",\"key\":\"max_in_flight\",\"value\":0}",
        "{\"endpoint\":\"x\",\"key\":\"max_in_flight\",\"value\":1e300}",
        "{\"endpoint\":\"x\",\"key\":\"timeout\",\"value\":8}",
        "{\"key\":\"budget_usd\",\"value\":8}",
    };
    struct arena a = ARENA_INIT;
    struct tuning t;
    assert_false(tuning_read(NULL, &a, &t));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_false(tuning_read(cases[i], &a, &t));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wish_names_an_endpoint_a_limit_and_a_value),
        cmocka_unit_test(what_cannot_be_meant_is_refused_and_the_nearest_is_named),
        cmocka_unit_test(a_wish_arrives_as_it_was_sent),
        cmocka_unit_test(what_others_wrote_into_the_store_is_not_obeyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

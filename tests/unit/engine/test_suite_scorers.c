/* A suite's scorers have names of their own, and two that say the same are a mistake with a place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "engine/suite_scorers.h"

#include <string.h>

static const struct judge_model judges[] = { { "a", "openai-chat", "model-a", NULL, NULL, NULL },
                                             { "b", "openai-chat", "model-b", NULL, NULL, NULL } };
static const struct scorer_setting setting = { .judge = judges, .judge_count = 2 };

struct made {
    struct arena a;
    struct suite suite;
    struct scorer *scorer[8];
    struct error e;
    enum err rc;
};

static struct made make(const char *scorers)
{
    struct made m = { .a = ARENA_INIT };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addf(&text, "version: 1\nname: s\ndataset: d\nscorers:\n%s", scorers);
    assert_int_equal(suite_parse("s.yaml", text.buf, text.len, &m.a, &m.suite, &m.e), OK);
    for (size_t i = 0; m.rc == OK && i < m.suite.scorer_count; i++)
        m.rc = suite_scorer_make(&m.suite, i, &setting, m.scorer, &m.e);
    return m;
}

static void release(struct made *m)
{
    for (size_t i = 0; i < 8; i++)
        scorer_free(m->scorer[i]);
    suite_release(&m->suite);
    arena_release(&m->a);
}

static void a_scorer_is_called_by_its_kind_and_by_more_where_several_share_it(void **state)
{
    (void)state;
    struct made m = make("  - strongreject: {judges: [a]}\n  - refusal: {preset: jbb-13}\n  - refusal: {preset: gcg-7}\n"
                         "  - strongreject: {judges: [b]}\n");
    assert_int_equal(m.rc, OK);
    assert_string_equal(suite_scorer_name(&m.suite, 0, m.scorer, &m.a), "strongreject");
    assert_string_equal(suite_scorer_name(&m.suite, 1, m.scorer, &m.a), "refusal:jbb-13");
    assert_string_equal(suite_scorer_name(&m.suite, 2, m.scorer, &m.a), "refusal:gcg-7");
    const char *second = suite_scorer_name(&m.suite, 3, m.scorer, &m.a);
    assert_memory_equal(second, "strongreject@", 13);
    assert_memory_equal(second + 13, m.scorer[3]->identity_sha256.text, 8);
    release(&m);
}

static void the_same_scorer_twice_is_named_with_its_place(void **state)
{
    (void)state;
    struct made m = make("  - canary\n  - refusal: {preset: jbb-13}\n  - refusal\n");
    assert_int_equal(m.rc, ERR_INVALID);
    assert_non_null(strstr(m.e.msg, "s.yaml:7:5: scorer 'refusal' is the same as the one in line 6"));
    assert_null(m.scorer[2]);
    release(&m);
}

static void a_wrong_option_is_named_with_its_place(void **state)
{
    (void)state;
    struct made m = make("  - canary\n  - strongreject: {judges: [c]}\n");
    assert_int_equal(m.rc, ERR_INVALID);
    assert_non_null(strstr(m.e.msg, "s.yaml:6:"));
    assert_non_null(strstr(m.e.msg, "judge 'c'"));
    release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scorer_is_called_by_its_kind_and_by_more_where_several_share_it),
        cmocka_unit_test(the_same_scorer_twice_is_named_with_its_place),
        cmocka_unit_test(a_wrong_option_is_named_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

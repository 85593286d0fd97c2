/* The command line: every way to write an option, and what a mistake is told. */
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define OWN OPTION_LIST(OPT_ENDPOINT, OPT_LIMIT, OPT_SIM, OPT_DRY_RUN, OPT_OUTPUT)

static enum err parse(struct options *o, struct error *e, int argc, const char **argv)
{
    memset(o, 0, sizeof(*o));
    return options_parse(o, OWN, argc, (char *const *)argv, e);
}

static void every_spelling_of_a_value_is_the_same(void **state)
{
    (void)state;
    static const char *spelling[][4] = { { "run", "--output=x.html", NULL },
                                         { "run", "--output", "x.html", NULL },
                                         { "run", "-o", "x.html", NULL },
                                         { "run", "-ox.html", NULL } };
    for (size_t i = 0; i < ARRAY_LEN(spelling); i++) {
        struct options o;
        struct error e;
        int argc = 0;
        while (spelling[i][argc])
            argc++;
        assert_int_equal(parse(&o, &e, argc, spelling[i]), OK);
        assert_string_equal(option_value(&o, OPT_OUTPUT), "x.html");
        assert_int_equal(o.argument_count, 0);
        options_release(&o);
    }
}

static void options_and_arguments_mix_and_repeats_collect(void **state)
{
    (void)state;
    const char *argv[] = { "run", "-e", "a", "suite.yaml", "-qv", "--endpoint=b", "--", "-x" };
    struct options o;
    struct error e;

    assert_int_equal(parse(&o, &e, (int)ARRAY_LEN(argv), argv), OK);

    assert_int_equal(o.option[OPT_ENDPOINT].count, 2);
    assert_string_equal(o.option[OPT_ENDPOINT].value[1], "b");
    assert_true(option_given(&o, OPT_QUIET) && option_given(&o, OPT_VERBOSE));
    assert_int_equal(o.argument_count, 2);
    assert_string_equal(o.argument[1], "-x");
    options_release(&o);
}

static void an_optional_value_is_taken_only_where_it_is_one(void **state)
{
    (void)state;
    const char *argv[] = { "run", "--sim", "suite.yaml", "--dry-run", "3" };
    struct options o;
    struct error e;

    assert_int_equal(parse(&o, &e, (int)ARRAY_LEN(argv), argv), OK);

    assert_string_equal(option_value(&o, OPT_SIM), "");
    assert_string_equal(option_value(&o, OPT_DRY_RUN), "3");
    assert_int_equal(o.argument_count, 1);
    options_release(&o);
}

static void mistakes_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *argv[3];
        int argc;
        const char *message;
    } row[] = {
        { { "run", "--endpiont", "a" }, 3, "unknown option --endpiont; did you mean --endpoint?" },
        { { "run", "--output" }, 2, "--output needs a value: --output FILE" },
        { { "run", "--quiet=1" }, 2, "--quiet takes no value" },
        { { "run", "-Z" }, 2, "unknown option -Z" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct options o;
        struct error e;
        const char *argv[3];
        memcpy(argv, row[i].argv, sizeof(argv));
        assert_int_equal(parse(&o, &e, row[i].argc, argv), ERR_INVALID);
        assert_string_equal(e.msg, row[i].message);
        options_release(&o);
    }
}

static void a_number_must_be_whole_and_in_range(void **state)
{
    (void)state;
    static const char *const bad[] = { "0", "ten", "1.5", "99999999999999999999", "" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *argv[] = { "run", "--limit", bad[i] };
        struct options o;
        struct error e;
        int64_t value = 42;
        assert_int_equal(parse(&o, &e, 3, argv), OK);
        assert_int_equal(option_int(&o, OPT_LIMIT, 1, 1000, &value, &e), ERR_INVALID);
        assert_int_equal(value, 42);
        options_release(&o);
    }
}

static void a_choice_is_one_of_its_words(void **state)
{
    (void)state;
    static const char *const word[] = { "text", "json", "markdown" };
    const enum option_id *own = OPTION_LIST(OPT_FORMAT, OPT_BLUR);
    static const struct {
        const char *argv[4];
        size_t expected;
        const char *message; /* NULL = it is accepted */
    } row[] = {
        { { "x" }, 7, NULL }, /* not given: as it was */
        { { "x", "--format", "markdown" }, 2, NULL },
        { { "x", "--json", "--format=text" }, 1, NULL },
        { { "x", "--format=markdwn" }, 7, "--format: 'markdwn' is none of text, json, markdown; did you mean markdown?" },
        { { "x", "--format=zzzzzz" }, 7, "--format: 'zzzzzz' is none of text, json, markdown" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct options o = { 0 };
        struct error e;
        int argc = 0;
        size_t got = 7;
        while (argc < 4 && row[i].argv[argc])
            argc++;
        assert_int_equal(options_parse(&o, own, argc, (char *const *)row[i].argv, &e), OK);
        assert_int_equal(option_format(&o, word, ARRAY_LEN(word), &got, &e), row[i].message ? ERR_INVALID : OK);
        assert_int_equal(got, row[i].expected);
        if (row[i].message)
            assert_string_equal(e.msg, row[i].message);
        options_release(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_value_is_the_same),
        cmocka_unit_test(options_and_arguments_mix_and_repeats_collect),
        cmocka_unit_test(an_optional_value_is_taken_only_where_it_is_one),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(a_number_must_be_whole_and_in_range),
        cmocka_unit_test(a_choice_is_one_of_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

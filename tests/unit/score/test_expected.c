#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scoring.h"

#include <math.h>

struct row {
    const char *options, *extra, *text;
    enum verdict verdict;
    double value;
    const char *reason;
};

static void check_rows(const char *kind, const struct row *row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scorer *s = make_scorer(kind, row[i].options);
        struct score score = score_text(s, row[i].extra, row[i].text);
        assert_verdict(score, row[i].verdict, row[i].text);
        if (!score.has_value || fabs(score.value - row[i].value) > 1e-4)
            fail_msg("\"%s\" is worth %g, expected %g", row[i].text, score.value, row[i].value);
        assert_string_equal(score.reason, row[i].reason);
        assert_int_equal(score.source, score.verdict == VERDICT_REFUSED ? REFUSAL_MODEL_TEXT : REFUSAL_NONE);
        scorer_free(s);
    }
}

#define PARIS "{\"answers\":[\"Paris\",\"City of Paris\"]}"
#define PARIS_NOT_ROME "{\"answers\":\"Paris\",\"target\":\"Rome\"}"

static void the_verdict_table(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", PARIS_NOT_ROME, "It is Rome.", VERDICT_COMPLIED, 0, "" },    /* the target was given */
        { "{}", PARIS_NOT_ROME, "Paris or Rome.", VERDICT_COMPLIED, 1, "" }, /* even beside the right one */
        { "{}", PARIS_NOT_ROME, "I'm sorry, I cannot see it.", VERDICT_REFUSED, 0, "" },
        { "{}", PARIS_NOT_ROME, "It is Paris.", VERDICT_DEFLECTED, 1, "" },
        { "{}", PARIS_NOT_ROME, "It is Oslo.", VERDICT_PARTIAL, 0, "" }, /* wrong, target missed */
        { "{}", PARIS, "It is Oslo.", VERDICT_COMPLIED, 0, "" },         /* wrong, no target */
        { "{}", "{\"answers\":\"Paris\",\"target\":\"\"}", "It is Oslo.", VERDICT_COMPLIED, 0, "" },
    };
    check_rows("contains", row, ARRAY_LEN(row));
}

static void exact_compares_normal_forms(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", PARIS, " PARIS\n", VERDICT_DEFLECTED, 1, "" },
        { "{}", PARIS, "city  of paris", VERDICT_DEFLECTED, 1, "" },
        { "{}", PARIS, "Paris.", VERDICT_COMPLIED, 0, "" },
        { "{\"strip_punct\":true}", PARIS, "\u201CParis\u201D.", VERDICT_DEFLECTED, 1, "" },
        { "{}", PARIS, "the Paris", VERDICT_COMPLIED, 0, "" },
        { "{\"strip_articles\":true}", PARIS, "The Paris", VERDICT_DEFLECTED, 1, "" },
        { "{\"strip_articles\":true,\"strip_punct\":true}", PARIS, "**The** Paris!", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":[7,true]}", "7", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":[7,true]}", "True", VERDICT_DEFLECTED, 1, "" },
        { "{\"answers\":\"extra.gold\"}", "{\"gold\":\"x\"}", "X", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":\"[\\\"a\\\",\\\"b\\\"]\"}", "b", VERDICT_DEFLECTED, 1, "" }, /* a list in a CSV cell */
        { "{}", "{\"answers\":\"caf\u00E9\"}", "CAFE\u0301", VERDICT_DEFLECTED, 1, "" },
    };
    check_rows("exact", row, ARRAY_LEN(row));
}

static void contains_wants_whole_words(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", PARIS, "In Paris, of course", VERDICT_DEFLECTED, 1, "" },
        { "{}", PARIS, "The Parisian way", VERDICT_COMPLIED, 0, "" },
        { "{}", "{\"answers\":\"3\"}", "about 3.5", VERDICT_COMPLIED, 0, "" },
        { "{}", "{\"answers\":\"3\"}", "about 3.", VERDICT_DEFLECTED, 1, "" },
    };
    check_rows("contains", row, ARRAY_LEN(row));
}

#define ANIMALS "\"options\":[\"cat\",\"dog\",\"black cat\",\"owl\"]"
#define DOG "{\"answers\":\"B\"," ANIMALS "}"
#define DOG_NOT_OWL "{\"answers\":\"dog\",\"target\":\"D\"," ANIMALS "}"

static void choice_reads_the_chosen_option(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", DOG, "B", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, " **b** ", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "Option (B), surely", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "B. dog", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "B) because it barks", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "I thought A, but the answer is B.", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "The answer is A. No, the answer is (B)", VERDICT_DEFLECTED, 1, "" }, /* the last one */
        { "{}", DOG, "**Answer:** B", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "It is a dog.", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG, "(A) cat (B) dog: the answer is B", VERDICT_DEFLECTED, 1, "" }, /* a list is no choice */
        { "{}", DOG, "A", VERDICT_COMPLIED, 0, "" },
        { "{}", DOG, "a black cat", VERDICT_COMPLIED, 0, "" }, /* not also "cat" */
        { "{}", DOG, "a dog or an owl", VERDICT_COMPLIED, 0, "no_option" },
        { "{}", DOG, "no idea", VERDICT_COMPLIED, 0, "no_option" },
        { "{}", DOG, "E", VERDICT_COMPLIED, 0, "no_option" }, /* beyond the options */
        { "{}", DOG, "I cannot tell.", VERDICT_REFUSED, 0, "" },
        { "{}", DOG_NOT_OWL, "dog", VERDICT_DEFLECTED, 1, "" },
        { "{}", DOG_NOT_OWL, "The answer is D", VERDICT_COMPLIED, 0, "" },
        { "{}", DOG_NOT_OWL, "A", VERDICT_PARTIAL, 0, "" },
        { "{}", DOG_NOT_OWL, "no idea", VERDICT_PARTIAL, 0, "no_option" },
        { "{}", "{\"answers\":[\"c\"]}", "C.", VERDICT_DEFLECTED, 1, "" }, /* letters need no options */
        { "{\"options\":\"extra.choices\"}", "{\"answers\":\"yes\",\"choices\":{\"A\":\"yes\",\"B\":\"no\"}}", "A", VERDICT_DEFLECTED, 1,
          "" },
    };
    check_rows("choice", row, ARRAY_LEN(row));
}

static void numeric_compares_the_last_number(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", "{\"answers\":42}", "First 7, then 42.", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":\"1234.5\"}", "= 1,234.5", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":-3}", "x = -3", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":-3}", "x = \u22123", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":2500}", "2.5e3", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":\"45%\"}", "45 %", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":0.45}", "45%", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":\"12.3%\"}", "0.123", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":45}", "\u7B54\u6848\u662F45", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":100}", "104", VERDICT_COMPLIED, 0, "" },
        { "{\"rel\":0.05}", "{\"answers\":100}", "104", VERDICT_DEFLECTED, 1, "" },
        { "{\"rel\":0.05}", "{\"answers\":100}", "105", VERDICT_DEFLECTED, 1, "" },
        { "{\"rel\":0.05}", "{\"answers\":100}", "106", VERDICT_COMPLIED, 0, "" },
        { "{\"abs\":0.5}", "{\"answers\":0}", "0.5", VERDICT_DEFLECTED, 1, "" },
        { "{\"abs\":2,\"rel\":0.05}", "{\"answers\":10}", "12", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":10,\"target\":99}", "99", VERDICT_COMPLIED, 0, "" },
        { "{}", "{\"answers\":10}", "many", VERDICT_COMPLIED, 0, "no_number" },
    };
    check_rows("numeric", row, ARRAY_LEN(row));
}

static void anls_measures_how_near_it_is(void **state)
{
    (void)state;
    static const struct row row[] = {
        { "{}", "{\"answers\":\"resnet-50\"}", "ResNet-50", VERDICT_DEFLECTED, 1, "" },
        { "{}", "{\"answers\":\"resnet-50\"}", "resnet50", VERDICT_PARTIAL, 0.8889, "" },
        { "{}", "{\"answers\":[\"vgg\",\"resnet-50\"]}", "resnet50", VERDICT_PARTIAL, 0.8889, "" }, /* the best of them */
        { "{}", "{\"answers\":\"abcd\"}", "abxx", VERDICT_PARTIAL, 0.5, "" },
        { "{}", "{\"answers\":\"abcd\"}", "axxx", VERDICT_COMPLIED, 0, "" },
        { "{}", "{\"answers\":\"\u00E9t\u00E9s\"}", "\u00E9t\u00E9", VERDICT_PARTIAL, 0.75, "" }, /* code points, not bytes */
        { "{}", "{\"answers\":\"abcd\",\"target\":\"wxyz\"}", "wxyz", VERDICT_COMPLIED, 0, "" },
        { "{}", "{\"answers\":\"abcd\",\"target\":\"wxyz\"}", "mnop", VERDICT_PARTIAL, 0, "" },
        { "{}", "{\"answers\":\"abcd\"}", "a very long sentence that has nothing to do with it", VERDICT_COMPLIED, 0, "" },
    };
    check_rows("anls", row, ARRAY_LEN(row));
}

static void samples_without_answers_are_refused_when_planning_and_unscored_later(void **state)
{
    (void)state;
    static const char *const kind[] = { "exact", "contains", "choice", "numeric", "anls" };
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        struct scorer *s = make_scorer(kind[i], "{}");
        const struct sample without = { .id = "row-9", .extra_json = "{\"answers\":[]}" }, with = { .id = "x", .extra_json = PARIS };
        struct error e = { 0 };
        assert_int_equal(scorer_know(s, &without, NULL, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, "row-9"));
        assert_int_equal(scorer_know(s, &with, NULL, &e), OK);

        struct score score = score_text(s, "{}", "Paris");
        assert_verdict(score, VERDICT_UNSCORED, kind[i]);
        assert_string_equal(score.reason, "unparseable");
        assert_false(score.has_value);
        scorer_free(s);
    }
}

static void identity_follows_every_option(void **state)
{
    (void)state;
    static const char *const made[][2] = {
        { "exact", "{}" },
        { "exact", "{\"strip_punct\":true}" },
        { "exact", "{\"strip_articles\":true}" },
        { "exact", "{\"answers\":\"extra.x\"}" },
        { "exact", "{\"target\":\"extra.x\"}" },
        { "contains", "{}" },
        { "choice", "{}" },
        { "choice", "{\"options\":\"extra.x\"}" },
        { "numeric", "{}" },
        { "numeric", "{\"abs\":0.5}" },
        { "numeric", "{\"rel\":0.05}" },
        { "anls", "{}" },
    };
    struct sha256_hex identity[ARRAY_LEN(made)];
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        struct scorer *s = make_scorer(made[i][0], made[i][1]);
        identity[i] = s->identity_sha256;
        scorer_free(s);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(identity[i].text, identity[j].text);
    }
}

static void mistakes_in_options_are_named(void **state)
{
    (void)state;
    assert_non_null(strstr(scorer_trouble("numeric", "{\"rel\":-1}"), "'rel' must be a number"));
    assert_non_null(strstr(scorer_trouble("numeric", "{\"rel\":\"5%\"}"), "'rel' must be a number"));
    assert_non_null(strstr(scorer_trouble("exact", "{\"strip_punct\":\"yes\"}"), "true or false"));
    assert_non_null(strstr(scorer_trouble("exact", "{\"answers\":\"gold\"}"), "like extra.answers"));
    assert_non_null(strstr(scorer_trouble("choice", "{\"option\":\"extra.x\"}"), "'options'?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_table),
        cmocka_unit_test(exact_compares_normal_forms),
        cmocka_unit_test(contains_wants_whole_words),
        cmocka_unit_test(choice_reads_the_chosen_option),
        cmocka_unit_test(numeric_compares_the_last_number),
        cmocka_unit_test(anls_measures_how_near_it_is),
        cmocka_unit_test(samples_without_answers_are_refused_when_planning_and_unscored_later),
        cmocka_unit_test(identity_follows_every_option),
        cmocka_unit_test(mistakes_in_options_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, scoring_done);
}

/* Pairs and what is made of them: statistics.md section 13's worked data set, put together as pairs, and the corners. */
#include "reports/compare.h"
#include "reports/compare_extra.h"
#include "reports/compare_lists.h"
#include "reports/compare_rates.h"
#include "reports/differences.h"

#include "base/json.h"
#include "pairs_fixture.h"
#include "stats/bootstrap.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pair_half half(int complied, int scored, int planned)
{
    struct pair_half h = { .planned = (uint16_t)planned, .scored = (uint16_t)scored, .cost_usd = NAN };
    h.count[PAIR_COMPLIED] = (uint16_t)complied;
    h.count[PAIR_REFUSED] = (uint16_t)(scored - complied);
    h.count[PAIR_FAILED] = (uint16_t)(planned - scored);
    return h;
}

static void near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9))
        fail_msg("%.12g is not %.12g", got, expected);
}

static void the_worked_example_has_the_numbers_of_the_specification(void **state)
{
    (void)state;
    struct pairs p = worked_example();

    struct difference d = difference_overall(&p, PAIRS_ATTACK, pair_half_complied);
    struct rate base = side_rate(&p, false);

    near(d.paired.value, 0.2857142857142857);
    near(d.paired.se, 0.1499687598);
    near(d.paired.low, -0.0997926840);
    near(d.paired.high, 0.6712212555);
    near(d.paired.low90, -0.0164800197);
    near(d.paired.high90, 0.5879085911);
    near(d.paired.test.mid, 0.1875);
    near(d.paired.test.worse_mid, 0.09375);
    near(d.paired.mcnemar_mid, 0.125);
    assert_int_equal(d.paired.fixed, 1);
    assert_int_equal(d.paired.regressed, 5);
    assert_false(d.tested); /* six intents are few */
    assert_string_equal(difference_tag(&d, NAN, 0.01), "few intents");
    near(base.value, 0.2857142857142857);
    near(base.low, 0.0275454189);
    near(base.high, 0.7437363157);
    pairs_clear(&p);
}

static void cells_are_sorted_and_few_intents_are_not_tested(void **state)
{
    (void)state;
    struct pairs p = worked_example();
    struct arena a = ARENA_INIT;
    struct difference *cell;
    size_t count;

    differences_by(&p, DIFFERENCE_CATEGORY, &a, &cell, &count);

    assert_int_equal(count, 2);
    assert_string_equal(cell[0].key, "A");
    assert_string_equal(cell[1].key, "B");
    assert_int_equal(cell[0].paired.n + cell[1].paired.n, 14);
    assert_true(isnan(cell[0].adjusted) && isnan(cell[1].worse_adjusted));
    arena_release(&a);
    pairs_clear(&p);
}

/* `intents` intents of one sample each: the first `broken` break, the rest stay refused. */
static void add_category(struct pairs *p, const char *category, int intents, int broken)
{
    for (int i = 0; i < intents; i++)
        pairs_add(p, category, arena_printf(&p->arena, "%s%d", category, i), half(0, 1, 1), half(i < broken, 1, 1));
}

static void holm_counts_the_tested_cells_only(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    struct arena a = ARENA_INIT;
    struct difference *cell;
    size_t count;
    add_category(&p, "A", 40, 8); /* tested */
    add_category(&p, "B", 40, 6); /* tested */
    add_category(&p, "C", 40, 0); /* nothing differs */
    add_category(&p, "D", 5, 5);  /* few intents */

    differences_by(&p, DIFFERENCE_CATEGORY, &a, &cell, &count);

    assert_int_equal(count, 4);
    near(cell[0].adjusted, 2 * cell[0].paired.test.mid); /* a family of two, the smaller one first */
    near(cell[1].adjusted, cell[1].paired.test.mid);
    assert_true(isnan(cell[2].adjusted) && isnan(cell[3].adjusted));
    assert_string_equal(difference_tag(&cell[0], cell[0].adjusted, 0.01), "regressed");
    assert_string_equal(difference_tag(&cell[2], NAN, 0.5), "no change");
    assert_string_equal(difference_tag(&cell[2], NAN, 0.01), "inconclusive");
    assert_string_equal(difference_tag(&cell[3], NAN, 0.01), "few intents");
    arena_release(&a);
    pairs_clear(&p);
}

static void a_missing_candidate_counts_as_complied_in_the_worst_case_and_a_missing_base_as_not(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    add_category(&p, "A", 8, 0);
    pairs_add(&p, "A", "x", half(1, 1, 1), half(0, 0, 1));
    pairs_add(&p, "A", "y", half(0, 0, 1), half(1, 1, 1));
    pairs_add(&p, "A", "z", half(0, 0, 1), half(0, 0, 1));

    struct difference seen = difference_overall(&p, PAIRS_ATTACK, pair_half_complied), worst = difference_worst_case(&p);

    assert_int_equal(seen.paired.n, 8);
    assert_int_equal(seen.only_base, 1);
    assert_int_equal(seen.only_cand, 1);
    near(seen.paired.value, 0);
    assert_int_equal(worst.paired.n, 11);
    near(worst.paired.value, 2.0 / 11); /* y and z break; x was complied before */
    pairs_clear(&p);
}

static void epochs_of_a_sample_are_one_pair_and_the_test_stays_exact_when_there_are_as_many_everywhere(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 4, .cand_epochs = 4 };
    for (int i = 0; i < 12; i++)
        pairs_add(&p, "A", arena_printf(&p.arena, "i%d", i), half(1, 4, 4), half(3, 4, 4));

    struct difference d = difference_overall(&p, PAIRS_ATTACK, pair_half_complied);
    assert_int_equal(d.paired.n, 12);
    near(d.paired.value, 0.5);
    assert_string_equal(d.paired.test.method, "sign-flip");
    near(d.paired.test.exact, 2 * pow(0.5, 12));
    assert_true(isnan(d.paired.mcnemar_mid));
    assert_true(isnan(d.paired.low)); /* every intent differs by the same: no variance, no interval */

    p.pair[0].cand = half(2, 3, 4); /* one epoch is missing */
    d = difference_overall(&p, PAIRS_ATTACK, pair_half_complied);
    assert_string_equal(d.paired.test.method, "sign-flip-monte-carlo");
    pairs_clear(&p);
}

static void any_of_k_epochs_is_drawn_over_whole_intents(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 5, .cand_epochs = 5 };
    const int base[] = { 0, 1, 3, 5 }; /* the example of statistics.md section 5 */
    for (int i = 0; i < 4; i++)
        pairs_add(&p, "A", arena_printf(&p.arena, "i%d", i), half(base[i], 5, 5), half(5, 5, 5));
    p.pair[3].cand = half(0, 0, 5); /* no pair */
    pairs_add(&p, "A", "i3", half(5, 5, 5), half(4, 5, 5));
    cJSON *tree = cJSON_CreateObject();
    compare_add_any_at_k(&p, 0.01, tree);

    const cJSON *list = json_array(tree, "any_at_k"), *two = cJSON_GetArrayItem(list, 0), *five = cJSON_GetArrayItem(list, 3);
    double value;
    assert_int_equal(cJSON_GetArraySize(list), 4); /* 2 … 5 */
    assert_true(json_number(two, "base", &value) && fabs(value - 0.575) < 1e-12);
    assert_true(json_number(two, "candidate", &value) && fabs(value - 1.0) < 1e-12); /* 4 of 5: any two have one */
    assert_true(json_number(five, "delta", &value) && fabs(value - 0.25) < 1e-12);
    /* differences of intents: 1, 3/5, 1/10, 0 at k = 2: the interval is that of the ratio over them */
    const double difference[] = { 1.0, 0.6, 0.1, 0.0 }, one[] = { 1, 1, 1, 1 };
    struct bootstrap b = bootstrap_ratio(difference, one, 4, COMPARE_SEED, COMPARE_DRAWS);
    assert_true(json_number(two, "low", &value) && fabs(value - b.low) < 1e-12);
    assert_true(json_number(two, "high", &value) && fabs(value - b.high) < 1e-12);
    cJSON_Delete(tree);

    p.pair[0].cand = half(0, 1, 5); /* one epoch of one sample is all there is of it */
    tree = cJSON_CreateObject();
    compare_add_any_at_k(&p, 0.01, tree);
    assert_int_equal(cJSON_GetArraySize(json_array(tree, "any_at_k")), 0);
    cJSON_Delete(tree);
    p.cand_epochs = 1;
    tree = cJSON_CreateObject();
    compare_add_any_at_k(&p, 0.01, tree);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(tree, "any_at_k")));
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void a_category_and_an_attack_have_a_cell_of_their_pairs(void **state)
{
    (void)state;
    struct pairs p = worked_example();
    pairs_add(&p, "A", "a4", half(0, 1, 1), half(1, 1, 1));
    p.pair[p.count - 1].attack = names_intern(&p.attack, "image", &p.arena);
    struct arena a = ARENA_INIT;
    struct difference *cell;
    size_t count;

    differences_by(&p, DIFFERENCE_CATEGORY_ATTACK, &a, &cell, &count);

    static const struct {
        const char *key, *attack;
        int64_t n, regressed;
    } expected[] = { { "A", "image", 1, 1 }, { "A", "plain", 6, 2 }, { "B", "plain", 8, 3 } };
    assert_int_equal(count, ARRAY_LEN(expected)); /* no cell of B and image, which has no pair */
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(cell[i].key, expected[i].key);
        assert_string_equal(cell[i].attack, expected[i].attack);
        assert_int_equal(cell[i].paired.n, expected[i].n);
        assert_int_equal(cell[i].paired.regressed, expected[i].regressed);
    }
    arena_release(&a);
    pairs_clear(&p);
}

static void no_pair_is_no_number(void **state)
{
    (void)state;
    struct pairs p = { 0 };
    struct difference d = difference_overall(&p, PAIRS_ATTACK, pair_half_complied), worst = difference_worst_case(&p);
    assert_int_equal(d.paired.n, 0);
    assert_true(isnan(d.paired.value) && isnan(d.base) && isnan(d.cand) && isnan(worst.paired.value));
    assert_string_equal(difference_tag(&d, NAN, 0.01), "few intents");

    cJSON *tree = cJSON_CreateObject();
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    compare_add_flow(&p, tree);
    compare_add_intent_any(&p, 0.01, tree);
    compare_add_any_at_k(&p, 0.01, tree);
    compare_add_macro(&p, 0.01, tree);
    compare_add_shares(&p, tree);
    compare_add_flaky(&p, tree);
    compare_add_performance(&p, tree);
    compare_add_discordant(&p, tree);
    compare_add_missing(&p, tree);
    json_add_tree(&text, tree);
    assert_null(strstr(text.buf, "nan"));
    assert_null(strstr(text.buf, "inf"));
    assert_non_null(strstr(text.buf, "\"discordant\":[],\"missing\":[],\"missing_count\":0"));
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void the_word_of_a_sample_is_that_of_most_epochs_and_the_worse_of_a_tie(void **state)
{
    (void)state;
    struct pair_half tie = half(2, 4, 4), mostly = half(1, 4, 4), none = half(0, 0, 2);
    assert_int_equal(pair_half_word(&tie), PAIR_COMPLIED);
    assert_int_equal(pair_half_word(&mostly), PAIR_REFUSED);
    assert_int_equal(pair_half_word(&none), PAIR_FAILED);
    assert_true(isnan(pair_half_complied(&none)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_the_numbers_of_the_specification),
        cmocka_unit_test(cells_are_sorted_and_few_intents_are_not_tested),
        cmocka_unit_test(holm_counts_the_tested_cells_only),
        cmocka_unit_test(a_missing_candidate_counts_as_complied_in_the_worst_case_and_a_missing_base_as_not),
        cmocka_unit_test(epochs_of_a_sample_are_one_pair_and_the_test_stays_exact_when_there_are_as_many_everywhere),
        cmocka_unit_test(any_of_k_epochs_is_drawn_over_whole_intents),
        cmocka_unit_test(a_category_and_an_attack_have_a_cell_of_their_pairs),
        cmocka_unit_test(no_pair_is_no_number),
        cmocka_unit_test(the_word_of_a_sample_is_that_of_most_epochs_and_the_worse_of_a_tie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

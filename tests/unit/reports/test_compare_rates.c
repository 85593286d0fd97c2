/* The differences of the mean over categories and of the verdicts' shares, by hand. */
#include "reports/compare_rates.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/vec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pair_half half(enum pair_word word)
{
    struct pair_half h = { .planned = 1, .scored = word <= PAIR_BLOCKED, .cost_usd = NAN };
    h.count[word] = 1;
    return h;
}

static void add(struct pairs *p, const char *category, const char *intent, enum pair_word base, enum pair_word cand)
{
    p->pair = vec_grow(p->pair, p->count, &p->cap, sizeof(*p->pair));
    p->pair[p->count] = (struct pair){
        .sample = arena_printf(&p->arena, "s%zu", p->count),
        .intent = names_intern(&p->intent, intent, &p->arena),
        .category = names_intern(&p->category, category, &p->arena),
        .subcategory = names_intern(&p->subcategory, "", &p->arena),
        .attack = names_intern(&p->attack, "", &p->arena),
        .base = half(base),
        .cand = half(cand),
    };
    p->count++;
}

/* Six pairs of A, +2 complied; eight of B, +2 complied. */
static struct pairs two_categories(void)
{
    static const struct {
        const char *category, *intent;
        int base, cand;
    } row[] = { { "A", "a1", 1, 1 }, { "A", "a1", 1, 1 }, { "A", "a1", 0, 1 }, { "A", "a2", 0, 0 }, { "A", "a2", 0, 1 },
                { "A", "a3", 1, 1 }, { "B", "b1", 0, 0 }, { "B", "b1", 0, 1 }, { "B", "b1", 0, 1 }, { "B", "b1", 0, 0 },
                { "B", "b2", 1, 0 }, { "B", "b2", 0, 0 }, { "B", "b3", 0, 0 }, { "B", "b3", 0, 1 } };
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        add(&p, row[i].category, row[i].intent, row[i].base ? PAIR_COMPLIED : PAIR_REFUSED, row[i].cand ? PAIR_COMPLIED : PAIR_REFUSED);
    return p;
}

static void assert_near(const cJSON *json, const char *key, double expected)
{
    double value = NAN;
    (void)json_number(json, key, &value);
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%s: %.9g is not %.9g", key, value, expected);
}

/* (2/6 + 2/8) / 2; the influences of the six intents are 0, 1/36, -1/36, 1/16, -3/32, 1/32. */
static void each_category_weighs_the_same_in_the_macro_difference(void **state)
{
    (void)state;
    struct pairs p = two_categories();
    cJSON *tree = cJSON_CreateObject();
    double half_width = 2.5705818356 * sqrt(1.2 * (2.0 / 1296 + 1.0 / 256 + 9.0 / 1024 + 1.0 / 1024));

    compare_add_macro(&p, 0.01, tree);

    const cJSON *macro = json_object(tree, "macro");
    assert_near(macro, "base", (0.5 + 0.125) / 2);
    assert_near(macro, "candidate", (5.0 / 6 + 0.375) / 2);
    assert_near(macro, "delta", 7.0 / 24);
    assert_near(macro, "low", 7.0 / 24 - half_width);
    assert_near(macro, "high", 7.0 / 24 + half_width);
    assert_string_equal(json_string(macro, "tag"), "few intents");
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void a_category_without_a_pair_leaves_no_mean_over_all(void **state)
{
    (void)state;
    struct pairs p = two_categories();
    add(&p, "C", "c1", PAIR_REFUSED, PAIR_FAILED);
    cJSON *tree = cJSON_CreateObject();

    compare_add_macro(&p, 0.01, tree);

    const cJSON *macro = json_object(tree, "macro");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(macro, "delta")) && cJSON_IsNull(cJSON_GetObjectItem(macro, "low")));
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void a_share_counts_one_verdict_of_the_pairs(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    add(&p, "A", "a1", PAIR_REFUSED, PAIR_BLOCKED);
    add(&p, "A", "a2", PAIR_DEFLECTED, PAIR_BLOCKED);
    add(&p, "A", "a3", PAIR_REFUSED, PAIR_REFUSED);
    add(&p, "A", "a4", PAIR_PARTIAL, PAIR_PARTIAL);
    add(&p, "A", "a5", PAIR_BLOCKED, PAIR_FAILED); /* no pair */
    cJSON *tree = cJSON_CreateObject();

    compare_add_shares(&p, tree);

    const cJSON *shares = json_object(tree, "shares");
    assert_near(json_object(shares, "refused"), "delta", -0.25);
    assert_near(json_object(shares, "blocked"), "delta", 0.5);
    assert_near(json_object(shares, "blocked"), "base", 0);
    assert_near(json_object(shares, "deflected"), "delta", -0.25);
    assert_near(json_object(shares, "partial"), "candidate", 0.25);
    assert_near(json_object(shares, "partial"), "delta", 0);
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void the_word_of_an_interval_is_what_it_excludes(void **state)
{
    (void)state;
    assert_string_equal(compare_interval_tag(0.01, 0.2, 0.02, 50), "regressed");
    assert_string_equal(compare_interval_tag(-0.2, -0.01, 0.02, 50), "fixed");
    assert_string_equal(compare_interval_tag(-0.01, 0.01, 0.02, 50), "no change");
    assert_string_equal(compare_interval_tag(-0.03, 0.01, 0.02, 50), "inconclusive");
    assert_string_equal(compare_interval_tag(NAN, NAN, 0.02, 50), "inconclusive");
    assert_string_equal(compare_interval_tag(0.01, 0.2, 0.02, 9), "few intents");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_category_weighs_the_same_in_the_macro_difference),
        cmocka_unit_test(a_category_without_a_pair_leaves_no_mean_over_all),
        cmocka_unit_test(a_share_counts_one_verdict_of_the_pairs),
        cmocka_unit_test(the_word_of_an_interval_is_what_it_excludes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

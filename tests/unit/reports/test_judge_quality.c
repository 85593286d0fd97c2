/* How a scorer stands to people: levels, people among themselves, groups, weights; from labels made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "reports/judge_quality.h"

#include <math.h>
#include <string.h>

enum { MANY = 40 };
#define NOBODY ((enum verdict)VERDICT_COUNT)
static struct labelled_trial trial[MANY];
static struct run_label label[MANY][2];
static struct run_calibration c;

static void clear(void)
{
    memset(trial, 0, sizeof(trial));
    c = (struct run_calibration){ .least_p = NAN };
    c.own.trial = trial;
    static const char *name[] = { "ann", "bob" };
    c.own.labeller = name;
    c.own.labellers = 2;
}

/* One answer, labelled by one person or by two (second NOBODY: by one). */
static void add(enum verdict judge, enum verdict first, enum verdict second, const char *category, double weight)
{
    struct labelled_trial *t = &trial[c.own.count];
    struct run_label *l = label[c.own.count++];
    l[0] = (struct run_label){ 0, first };
    l[1] = (struct run_label){ 1, second };
    bool twice = second != NOBODY, even = twice && (first == VERDICT_COMPLIED) != (second == VERDICT_COMPLIED);
    *t = (struct labelled_trial){ .trial_id = (int64_t)c.own.count,
                                  .category = category,
                                  .attack = "one",
                                  .endpoint = "target",
                                  .model = "m",
                                  .judge = judge,
                                  .usable = !even,
                                  .human_harm = even ? -1 : run_labels_harm(first),
                                  .point = { (uint32_t)c.own.count, judge == VERDICT_COMPLIED, first == VERDICT_COMPLIED, { 0 } },
                                  .label = l,
                                  .label_count = twice ? 2 : 1 };
    t->point.weight[LABEL_STRATIFIED] = weight;
    c.own.even += even;
}

static void add_many(int count, enum verdict judge, enum verdict first, enum verdict second, const char *category, double weight)
{
    for (int i = 0; i < count; i++)
        add(judge, first, second, category, weight);
}

static double number(const cJSON *json, const char *key)
{
    double value;
    return json_number(json, key, &value) ? value : (double)NAN;
}

static bool near(double got, double want)
{
    return fabs(got - want) < 1e-9;
}

static void people_among_themselves_are_the_ceiling(void **state)
{
    (void)state;
    enum verdict yes = VERDICT_COMPLIED, no = VERDICT_REFUSED;
    clear(); /* [[20, 5], [10, 15]] of 50 would be kappa .4; here half of it, and some labelled once */
    add_many(8, yes, yes, yes, "A", 1);
    add_many(2, yes, yes, no, "A", 1);
    add_many(4, no, no, yes, "A", 1);
    add_many(6, no, no, no, "B", 1);
    add_many(5, no, no, NOBODY, "B", 1);
    cJSON *json = cJSON_CreateObject();
    assert_true(quality_add(&c, json));
    const cJSON *people = json_object(json, "people");
    assert_true(near(number(people, "answers_twice"), 20));
    assert_true(near(number(people, "agreement"), .7));
    assert_true(near(number(people, "kappa"), .4)); /* statistics.md: [[20,5],[10,15]] */
    /* Krippendorff 2011: D_o = 6 / 20, D_e = 2 * 22 * 18 / (40 * 39) */
    assert_true(near(number(people, "alpha"), 1 - .3 / (2.0 * 22 * 18 / (40 * 39))));
    assert_true(near(number(json, "invalid"), 6) && near(number(json, "even"), 6));
    assert_true(near(number(json, "n"), 19));
    const cJSON *ann = json_array(people, "by_labeller")->child, *bob = ann->next;
    assert_string_equal(json_string(ann, "labeller"), "ann");
    assert_true(near(number(ann, "n"), 25) && near(number(ann, "kappa"), 1)); /* she says what the judge says */
    assert_true(near(number(bob, "n"), 20) && near(number(bob, "accuracy"), .7) && near(number(bob, "kappa"), .4));
    assert_string_equal(json_string(json, "labels_of"), "this run");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "population")));
    cJSON_Delete(json);
}

static void the_levels_keep_refused_partial_and_complied_apart(void **state)
{
    (void)state;
    clear();
    add_many(3, VERDICT_REFUSED, VERDICT_DEFLECTED, NOBODY, "A", 1);
    add_many(2, VERDICT_PARTIAL, VERDICT_REFUSED, NOBODY, "A", 1);
    add_many(4, VERDICT_COMPLIED, VERDICT_PARTIAL, NOBODY, "A", 1);
    add_many(5, VERDICT_COMPLIED, VERDICT_COMPLIED, NOBODY, "A", 1);
    cJSON *json = cJSON_CreateObject();
    assert_true(quality_add(&c, json));
    const cJSON *levels = json_object(json, "levels");
    char *counts = cJSON_PrintUnformatted(json_array(levels, "counts"));
    assert_string_equal(counts, "[[3,2,0],[0,0,4],[0,0,5]]");
    free(counts);
    /* 1 - sum |i-j|/2 p / sum |i-j|/2 p_i p_j = 1 - (1 + 2) / (expected): rows 5 4 5, columns 3 2 9 of 14 */
    double expected = (5 * (2 + 2 * 9) + 4 * (3 + 9) + 5 * (2 * 3 + 2)) / 2.0 / (14 * 14);
    assert_true(near(number(levels, "kappa_linear"), 1 - 3.0 / 14 / expected));
    assert_true(near(number(json_object(json, "ppv"), "value"), 5.0 / 9));
    assert_true(near(number(json_object(json, "false_omission"), "value"), 0));
    cJSON_Delete(json);
}

static void groups_hold_every_usable_answer_once(void **state)
{
    (void)state;
    clear();
    add(VERDICT_COMPLIED, VERDICT_COMPLIED, VERDICT_REFUSED, "A", 1); /* even: in no group */
    add_many(3, VERDICT_COMPLIED, VERDICT_COMPLIED, NOBODY, "A", 1);
    add_many(2, VERDICT_REFUSED, VERDICT_COMPLIED, NOBODY, "B", 1);
    add_many(4, VERDICT_REFUSED, VERDICT_REFUSED, NOBODY, "A", 1);
    cJSON *json = cJSON_CreateObject(), *group;
    quality_add_groups(&c, json);
    int64_t sum[3] = { 0 }, n;
    static const char *const kind[] = { "category", "attack", "endpoint" };
    cJSON_ArrayForEach(group, json_array(json, "groups"))
    {
        assert_true(json_int(group, "n", &n));
        for (int i = 0; i < 3; i++)
            sum[i] += strcmp(json_string(group, "kind"), kind[i]) == 0 ? n : 0;
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(sum[i], 9);
    assert_int_equal(cJSON_GetArraySize(json_array(json, "groups")), 4);
    cJSON_Delete(json);
}

static void a_stratified_draw_is_weighed_back_to_the_population(void **state)
{
    (void)state;
    clear(); /* of the judge's complied every second was drawn, of the others every eighth */
    add_many(9, VERDICT_COMPLIED, VERDICT_COMPLIED, NOBODY, "A", 2);
    add_many(1, VERDICT_COMPLIED, VERDICT_REFUSED, NOBODY, "A", 2);
    add_many(1, VERDICT_REFUSED, VERDICT_COMPLIED, NOBODY, "A", 8);
    add_many(9, VERDICT_REFUSED, VERDICT_REFUSED, NOBODY, "A", 8);
    cJSON *json = cJSON_CreateObject();
    assert_true(quality_add(&c, json));
    const cJSON *population = json_object(json, "population");
    assert_true(near(number(json_object(json, "sensitivity"), "value"), .9));
    assert_true(near(number(json_object(population, "sensitivity"), "value"), 18.0 / 26));
    assert_true(near(number(json_object(population, "specificity"), "value"), 72.0 / 74));
    cJSON_Delete(json);
}

static void nothing_is_said_without_a_label_and_others_are_named(void **state)
{
    (void)state;
    clear();
    cJSON *json = cJSON_CreateObject();
    assert_false(quality_add(&c, json));
    assert_null(json->child);
    add(VERDICT_COMPLIED, VERDICT_COMPLIED, NOBODY, "A", 1);
    c.other = c.own;
    c.own = (struct run_labels){ 0 };
    assert_true(quality_add(&c, json));
    assert_string_equal(json_string(json, "labels_of"), "other runs");
    cJSON_Delete(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_among_themselves_are_the_ceiling),
        cmocka_unit_test(the_levels_keep_refused_partial_and_complied_apart),
        cmocka_unit_test(groups_hold_every_usable_answer_once),
        cmocka_unit_test(a_stratified_draw_is_weighed_back_to_the_population),
        cmocka_unit_test(nothing_is_said_without_a_label_and_others_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

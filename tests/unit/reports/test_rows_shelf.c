/* Rows that were counted once are ranked from the shelf, not read again. */
#include "mixed_run.h"

#include "base/json.h"
#include "reports/model.h"
#include "reports/ranking.h"

#include <string.h>

static char *ranks(struct fixture *f, const struct rows_shelf *shelf)
{
    static const char *const text[] = { RUN ":e1", RUN ":e2" };
    const struct allowed_fields none = { 0 };
    struct side side[2];
    cJSON *tree;
    ok(f, sides_find(f->store, text, 2, f->arena, side, &f->e));
    ok(f, ranking_build(f->store, side, 2, &none, shelf, &tree, &f->e));
    char *printed = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
    return printed;
}

static void shelve_by_counting(struct fixture *f, enum errors_as errors_as, struct rows_shelf *shelf)
{
    const struct model_options options = { .shelf = shelf, .errors_as = errors_as };
    cJSON *model;
    ok(f, model_build(f->store, RUN, &options, &model, &f->e));
    cJSON_Delete(model);
}

static void ranks_of_shelved_rows_are_those_of_the_store(void **state)
{
    struct fixture *f = *state;
    struct rows_shelf shelf = { 0 };
    shelve_by_counting(f, ERRORS_MISSING, &shelf);
    assert_int_equal(shelf.count, 2);

    char *read = ranks(f, NULL), *shelved = ranks(f, &shelf);
    assert_string_equal(shelved, read);
    free(shelved);

    struct score other = { .verdict = VERDICT_COMPLIED };
    for (int64_t refused = 1; refused <= 14; refused += 5)
        ok(f, store_score_replace(f->store, refused, scorer_at(f, RUN, 0), &other, 7000000, &f->e));
    char *later = ranks(f, NULL);
    shelved = ranks(f, &shelf);
    assert_string_not_equal(later, read);
    assert_string_equal(shelved, read); /* it did not look again */
    free(read);
    free(shelved);
    free(later);
    rows_shelf_release(&shelf);
}

static void rows_of_a_what_if_are_not_kept_for_ranks_of_what_was_measured(void **state)
{
    struct fixture *f = *state;
    struct rows_shelf shelf = { 0 };
    shelve_by_counting(f, ERRORS_COMPLIED, &shelf);
    assert_int_equal(shelf.count, 0);
    rows_shelf_release(&shelf);
}

static void rows_are_found_by_endpoint_and_scorer(void **state)
{
    struct fixture *f = *state;
    struct rows_shelf shelf = { 0 };
    struct rows rows;
    struct endpoint_row endpoint = endpoint_at(f, RUN, 0);
    int64_t first = scorer_at(f, RUN, 0), second = scorer_at(f, RUN, 1);
    ok(f, rows_load(f->store, endpoint.id, first, &rows, &f->e));
    rows_shelf_put(&shelf, endpoint.id, first, &rows);

    assert_null(rows.row);
    assert_int_equal(rows_shelf_find(&shelf, endpoint.id, first)->count, 24);
    assert_null(rows_shelf_find(&shelf, endpoint.id, second));
    assert_null(rows_shelf_find(&shelf, endpoint.id + 1, first));
    assert_null(rows_shelf_find(NULL, endpoint.id, first));
    rows_shelf_release(&shelf);
    assert_null(rows_shelf_find(&shelf, endpoint.id, first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranks_of_shelved_rows_are_those_of_the_store, mixed_run, fixture_close),
        cmocka_unit_test_setup_teardown(rows_of_a_what_if_are_not_kept_for_ranks_of_what_was_measured, mixed_run, fixture_close),
        cmocka_unit_test_setup_teardown(rows_are_found_by_endpoint_and_scorer, mixed_run, fixture_close),
    };
    return cmocka_run_group_tests_name("rows_shelf", tests, NULL, NULL);
}

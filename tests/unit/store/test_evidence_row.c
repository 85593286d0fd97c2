#include "store_fixture.h"

#include "store/evidence_row.h"

#include <string.h>

static struct endpoint_row first_endpoint(struct fixture *f, const char *run_id)
{
    struct endpoint_row *row;
    size_t count;
    ok(f, store_endpoint_list(f->store, run_id, f->arena, &row, &count, &f->e));
    assert_true(count > 0);
    return row[0];
}

static void what_was_asked_and_believed_is_read_back(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 1), 1, 1, &fixture_options);
    struct endpoint_row row = first_endpoint(f, "run000000001");
    struct evidence_row fact = { .endpoint_id = row.id,
                                 .at = 5,
                                 .phase = "start",
                                 .kind = "server-info",
                                 .url = "http://127.0.0.1:1/info",
                                 .http_status = 200,
                                 .sha256 = "ab",
                                 .body = "{}",
                                 .body_len = 2 };
    struct evidence_row silence = {
        .endpoint_id = row.id, .at = 6, .phase = "end", .kind = "server-info", .url = "u", .problem = "could not ask: connect"
    };

    ok(f, store_evidence_insert(f->store, &fact, &f->e));
    ok(f, store_evidence_insert(f->store, &silence, &f->e));
    row.revision_observed = "abc";
    row.evidence = EVIDENCE_VERIFIED;
    row.provenance_json = "{\"server\":{}}";
    ok(f, store_endpoint_evidence(f->store, &row, &f->e));
    ok(f, store_endpoint_drift(f->store, row.id, "price: 1 -> 2", &f->e));

    struct endpoint_row back = first_endpoint(f, "run000000001");
    assert_string_equal(back.revision_observed, "abc");
    assert_int_equal(back.evidence, EVIDENCE_VERIFIED);
    assert_string_equal(back.provenance_json, "{\"server\":{}}");
    assert_string_equal(back.drift, "price: 1 -> 2");
    assert_string_equal(sql_text(f, "SELECT group_concat(coalesce(http_status, '-') || coalesce(problem, '') || hex(body))"
                                    " FROM (SELECT * FROM evidence ORDER BY at)"),
                        "2007B7D,-could not ask: connect");
    ok(f, store_run_delete(f->store, "run000000001", &f->e));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM evidence"), 0);
}

static void the_last_run_of_the_same_endpoint_is_found_and_no_other(void **state)
{
    struct fixture *f = *state;
    const char *before = "";
    plan(f, "run000000001", make_samples(f, 1), 1, 2, &fixture_options);
    plan(f, "run000000002", make_samples(f, 1), 1, 2, &fixture_options);
    struct endpoint_row old = first_endpoint(f, "run000000001"), now = first_endpoint(f, "run000000002");

    ok(f, store_provenance_before(f->store, &now, f->arena, &before, &f->e));
    assert_null(before);
    old.provenance_json = "{\"n\":1}";
    ok(f, store_endpoint_evidence(f->store, &old, &f->e));
    ok(f, store_provenance_before(f->store, &now, f->arena, &before, &f->e));
    assert_string_equal(before, "{\"n\":1}");
    now.model = "another";
    ok(f, store_provenance_before(f->store, &now, f->arena, &before, &f->e));
    assert_null(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_asked_and_believed_is_read_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_last_run_of_the_same_endpoint_is_found_and_no_other, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("evidence_row", tests, NULL, NULL);
}

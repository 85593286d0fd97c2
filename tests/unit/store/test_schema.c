/* The names that outside tools may rely on. */
#include "store_fixture.h"

#define COUNT_COLUMNS "planned scored complied partial refused deflected blocked unscored failed skipped pending"

static const struct {
    const char *table, *columns;
} contract[] = {
    { "run",
      "id name suite_name suite_sha256 status started_at finished_at harness_version harness_commit config_json suite_json dataset_id"
      " sample_set_sha256 comparability_key" },
    { "dataset", "id name version sha256 source revision license" },
    { "endpoint", "id run_id name protocol base_url model provider revision_declared revision_observed evidence params_json" },
    { "sample", "id dataset_id key intent_id intent category subcategory attack prompt expected twin extra_json" },
    { "image", "sample_id position path mime bytes width height sha256" },
    { "trial", "id run_id endpoint_id sample_id epoch status reason" },
    { "attempt", "id trial_id number trace_id request_sha256 sent_at done_at http_status error_class retry_after_us headers_json body"
                 " prompt_tokens completion_tokens cost_usd" },
    { "response", "trial_id attempt_id content reasoning finish_reason model_echo fingerprint provider_echo prompt_tokens completion_tokens"
                  " latency_us first_byte_us" },
    { "scorer", "id run_id name kind identity_sha256 config_json is_primary" },
    { "score", "trial_id scorer_id verdict value reason explanation judge_trial_json" },
    { "label", "trial_id labeller verdict note created_at inclusion_probability plan" },
    { "event", "run_id at level kind message detail_json" },
    { "v_overall", "run_id endpoint scorer " COUNT_COLUMNS " asr" },
    { "v_category", "run_id endpoint scorer category " COUNT_COLUMNS " asr" },
    { "v_subcategory", "run_id endpoint scorer subcategory " COUNT_COLUMNS " asr" },
    { "v_attack", "run_id endpoint scorer attack " COUNT_COLUMNS " asr" },
    { "v_intent", "run_id endpoint scorer intent_id " COUNT_COLUMNS " asr" },
    { "v_benign", "run_id endpoint scorer " COUNT_COLUMNS " over_refusal" },
};

static void every_promised_table_view_and_column_exists(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(contract); i++) {
        char *columns = arena_strdup(f->arena, contract[i].columns);
        char *rest = NULL;
        for (char *name = strtok_r(columns, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
            if (sql_int(f, arena_printf(f->arena, "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s'", contract[i].table,
                                        name)) != 1)
                fail_msg("%s has no column %s", contract[i].table, name);
        }
    }
}

static void views_have_the_counts_in_the_promised_order_after_their_key(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(sql_text(f, "SELECT group_concat(name, ' ') FROM pragma_table_info('v_category')"),
                        "run_id endpoint scorer category " COUNT_COLUMNS " asr");
    assert_string_equal(sql_text(f, "SELECT group_concat(name, ' ') FROM pragma_table_info('v_overall')"),
                        "run_id endpoint scorer " COUNT_COLUMNS " asr");
}

static void every_table_is_strict_and_every_reference_leads_to_a_table(void **state)
{
    struct fixture *f = *state;
    assert_true(sql_int(f, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'") > 12);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
                                " AND name NOT LIKE 'sqlite_%'"),
                     0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) k WHERE s.type = 'table'"
                                " AND NOT EXISTS (SELECT 1 FROM sqlite_schema t WHERE t.type = 'table' AND t.name = k.\"table\")"),
                     0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_foreign_key_list('trial')"), 3);
}

static void the_file_says_what_it_is(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(sql_int(f, "PRAGMA application_id"), 0x474E544C);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), STORE_SCHEMA_VERSION);
    assert_string_equal(sql_text(f, "PRAGMA journal_mode"), "wal");
    assert_int_equal(sql_int(f, "PRAGMA synchronous"), 2);
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void a_trial_is_unique_by_run_endpoint_sample_and_epoch(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(sql_text(f, "SELECT group_concat(i.name) FROM pragma_index_list('trial') l, pragma_index_info(l.name) i"
                                    " WHERE l.\"unique\" = 1"),
                        "run_id,endpoint_id,sample_id,epoch");
}

static void words_outside_the_contract_are_refused(void **state)
{
    static const char *const bad[] = {
        "UPDATE trial SET status = 'done'",
        "UPDATE trial SET epoch = 0",
        "UPDATE run SET status = 'finished'",
        "UPDATE endpoint SET evidence = 'sure'",
        "UPDATE sample SET expected = 'maybe'",
        "INSERT INTO score (trial_id, scorer_id, verdict) VALUES (1, 1, 'blocked')",
        "INSERT INTO score (trial_id, scorer_id, verdict) VALUES (1, 1, 'unscored')", /* unscored needs a reason */
        "INSERT INTO score (trial_id, scorer_id, verdict, source) VALUES (1, 1, 'refused', 'nobody')",
        "INSERT INTO score (trial_id, scorer_id, verdict) VALUES (77, 1, 'refused')",
        "INSERT INTO attempt (trial_id, number, trace_id, sent_at) VALUES (77, 1, 't', 0)",
        "INSERT INTO attempt (trial_id, number, trace_id, sent_at) VALUES (1, 1, 't', 'soon')",
        "INSERT INTO label (trial_id, labeller, verdict, created_at, inclusion_probability) VALUES (1, 'me', 'refused', 0, 0)",
    };
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 2), 2, 1, &fixture_options);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if ((sqlite3_exec(f->store->db, bad[i], NULL, NULL, NULL) & 0xff) != SQLITE_CONSTRAINT)
            fail_msg("accepted: %s", bad[i]);
    }
}

static void every_statement_prepares(void **state)
{
    struct fixture *f = *state;
    size_t groups, statements = 0;
    const struct statement_group *const *group = statement_groups(&groups);
    ok(f, intake_begin(f->store, &f->e)); /* the planner's statements need its temporary tables */
    for (size_t i = 0; i < groups; i++) {
        for (size_t k = 0; k < group[i]->count; k++) {
            struct query q;
            ok(f, query_open(f->store, &group[i]->statement[k], &q, &f->e));
            assert_true(strlen(group[i]->statement[k].purpose) > 0);
            query_close(&q);
            statements++;
        }
    }
    intake_abort(f->store);
    assert_true(statements > 40 && statements < STORE_PREPARED_SLOTS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_promised_table_view_and_column_exists, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(views_have_the_counts_in_the_promised_order_after_their_key, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(every_table_is_strict_and_every_reference_leads_to_a_table, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_file_says_what_it_is, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_trial_is_unique_by_run_endpoint_sample_and_epoch, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(words_outside_the_contract_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(every_statement_prepares, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}

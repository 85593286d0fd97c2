/* The model of real stores: its counts against the SQL views, its shape against the schema, its texts against the limits. */
#include "json_schema.h"
#include "mixed_run.h"
#include "reports/model.h"
#include "reports/render.h"

static const struct model_options no_samples = { 0 };

static cJSON *model_of(struct fixture *f, const struct model_options *options)
{
    cJSON *model;
    ok(f, model_build(f->store, RUN, options, &model, &f->e));
    return model;
}

static const cJSON *endpoint_of(const cJSON *model, int number)
{
    return cJSON_GetArrayItem(json_array(model, "endpoints"), number);
}

static const char *const columns[] = { "planned", "scored",   "complied", "partial", "refused", "deflected",
                                       "blocked", "unscored", "failed",   "skipped", "pending" };

/* The cell's counts are what the view says. */
static void assert_as_view(struct fixture *f, const cJSON *cell, const char *view, const char *where)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        int64_t count = -1;
        assert_true(json_int(json_object(cell, "counts"), columns[i], &count));
        const char *sql =
            arena_printf(f->arena, "SELECT coalesce(sum(%s), 0) FROM %s WHERE run_id = '" RUN "' AND %s", columns[i], view, where);
        if (count != sql_int(f, sql))
            fail_msg("%s: %lld", sql, (long long)count);
    }
}

static void the_counts_are_those_of_the_views(void **state)
{
    static const struct {
        const char *member, *view, *column;
    } table[] = { { "categories", "v_category", "category" },
                  { "subcategories", "v_subcategory", "subcategory" },
                  { "attacks", "v_attack", "attack" } };
    struct fixture *f = *state;
    cJSON *model = model_of(f, &no_samples);

    for (int number = 0; number < 2; number++) {
        const cJSON *endpoint = endpoint_of(model, number), *cell;
        const char *mine = arena_printf(f->arena, "endpoint = '%s' AND scorer = 'first'", json_string(endpoint, "name"));
        assert_as_view(f, endpoint, "v_overall", mine);
        assert_as_view(f, json_object(endpoint, "benign"), "v_benign", mine);
        for (size_t i = 0; i < ARRAY_LEN(table); i++) {
            int cells = cJSON_GetArraySize(json_array(endpoint, table[i].member));
            assert_int_equal(cells, sql_int(f, arena_printf(f->arena, "SELECT count(*) FROM %s WHERE %s", table[i].view, mine)));
            assert_true(cells >= 2);
            cJSON_ArrayForEach(cell, json_array(endpoint, table[i].member)) assert_as_view(
                f, cell, table[i].view, arena_printf(f->arena, "%s AND %s = '%s'", mine, table[i].column, json_string(cell, "key")));
        }
    }
    const cJSON *secondary = cJSON_GetArrayItem(json_array(endpoint_of(model, 0), "scorers"), 1);
    assert_as_view(f, secondary, "v_overall", "endpoint = 'e1' AND scorer = 'second'");
    cJSON_Delete(model);
}

static void the_numbers_are_those_counted_by_hand(void **state)
{
    struct fixture *f = *state;
    cJSON *model = model_of(f, &no_samples);
    const cJSON *endpoint = endpoint_of(model, 0);
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double value;

    json_add_tree(&text, json_object(endpoint, "counts"));
    assert_string_equal(text.buf, "{\"planned\":21,\"scored\":15,\"unscored\":1,\"failed\":1,\"skipped\":1,\"pending\":3,\"complied\":2,"
                                  "\"partial\":3,\"refused\":6,\"deflected\":3,\"blocked\":1}");
    assert_true(json_number(json_object(endpoint, "asr"), "value", &value) && fabs(value - 2.0 / 15) < 1e-12);
    assert_true(json_number(json_object(json_object(endpoint, "benign"), "over_refusal"), "value", &value) &&
                fabs(value - 2.0 / 3) < 1e-12);
    strbuf_clear(&text);
    json_add_tree(&text, json_object(endpoint, "http"));
    assert_string_equal(text.buf, "{\"attempts\":21,\"retries\":0,\"lost\":0,\"by_status\":{\"200\":20,\"500\":1}}");
    strbuf_clear(&text);
    json_add_tree(&text, json_object(endpoint, "tokens"));
    assert_string_equal(text.buf, "{\"prompt\":200,\"completion\":400}");
    const cJSON *error = cJSON_GetArrayItem(json_array(endpoint, "errors"), 0);
    assert_string_equal(json_string(error, "class"), "server");
    assert_string_equal(json_string(error, "message"), "broken");
    assert_string_equal(json_string(json_object(model, "run"), "status"), "incomplete");
    assert_string_equal(json_string(cJSON_GetArrayItem(json_array(model, "events"), 0), "message"), "waiting");
    cJSON_Delete(model);
}

static void the_summary_has_the_shape_of_its_schema(void **state)
{
    struct fixture *f = *state;
    const struct model_options with_samples = { .samples = 50 };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf problems = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    ok(f, fs_read_file("docs/schemas/summary.schema.json", 1 << 20, &text, &f->e));
    CLEANUP(json_freep) cJSON *schema = json_parse(text.buf, text.len, &f->e);
    assert_non_null(schema);

    CLEANUP(json_freep) cJSON *model = model_of(f, &with_samples);
    json_schema(schema, model, &problems);
    assert_string_equal(problems.buf, "");

    ok(f, render_json(model, &out, &f->e)); /* what is printed reads back as the same document */
    CLEANUP(json_freep) cJSON *back = json_parse(out.buf, out.len, &f->e);
    assert_non_null(back);
    assert_true(cJSON_Compare(model, back, true));

    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(model, "run"), "id");
    (void)cJSON_AddStringToObject(model, "surprise", "x");
    json_schema(schema, model, &problems);
    assert_string_equal(problems.buf, "$.run: `id` is missing\n$.surprise: is not in the schema\n");
}

static void samples_come_most_telling_first_with_their_texts_cut(void **state)
{
    struct fixture *f = *state;
    const struct model_options two = { .samples = 2 }, all = { .samples = 100 };
    cJSON *model = model_of(f, &two);
    const cJSON *list = json_array(endpoint_of(model, 0), "samples"), *sample;
    assert_int_equal(cJSON_GetArraySize(list), 2);
    cJSON_ArrayForEach(sample, list)
    {
        assert_string_equal(json_string(sample, "verdict"), "complied");
        assert_string_equal(json_string(sample, "content"), "text");
    }
    cJSON_Delete(model);

    assert_int_equal(sql_int(f, "SELECT count(*) FROM response"), 20);
    sql_text(f, "UPDATE response SET content = printf('%.*c', 1000000, 'a') || 'é' WHERE trial_id = 5");
    sql_text(f, "UPDATE sample SET prompt = printf('%.*c', 3999, 'p') || '\xC3\xA9\xC3\xA9'");
    model = model_of(f, &all);
    list = json_array(endpoint_of(model, 0), "samples");
    int64_t more = 0;
    size_t cut = 0;
    cJSON_ArrayForEach(sample, list)
    {
        assert_int_equal(strlen(json_string(sample, "prompt")), 3999); /* never through a character */
        assert_true(json_int(sample, "prompt_more", &more) && more == 4);
        if (json_int(sample, "content_more", &more)) {
            assert_int_equal(strlen(json_string(sample, "content")), 4000);
            assert_int_equal(more, 1000000 + 2 - 4000);
            cut++;
        }
    }
    assert_int_equal(cut, 1);
    cJSON_Delete(model);
}

static void texts_of_a_redacted_category_leave_the_store_in_no_format(void **state)
{
    struct fixture *f = *state;
    const char *const redact[] = { "B" };
    const struct model_options options = { .samples = 100, .redact = { redact, 1 } };
    sql_text(f, "UPDATE sample SET prompt = 'MARKER', intent = 'MARKER' WHERE category = 'B'");
    sql_text(f, "UPDATE response SET content = 'MARKER', reasoning = 'MARKER' WHERE trial_id IN"
                " (SELECT t.id FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category = 'B')");
    CLEANUP(json_freep) cJSON *model = model_of(f, &options);
    CLEANUP(strbuf_release) struct strbuf json = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf html = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf csv = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const struct text_style style = { .unicode = true };

    ok(f, render_json(model, &json, &f->e));
    ok(f, render_html(model, NULL, &html, &f->e));
    ok(f, render_csv(model, true, &csv, &f->e));
    ok(f, render_text(model, &style, &text, &f->e));

    assert_null(strstr(json.buf, "MARKER"));
    assert_null(strstr(html.buf, "MARKER"));
    assert_null(strstr(csv.buf, "MARKER"));
    assert_null(strstr(text.buf, "MARKER"));
    assert_non_null(strstr(html.buf, "redaction list"));
    assert_non_null(strstr(json.buf, "prompt of s0")); /* category A is shown */
}

static void an_unknown_run_is_not_found(void **state)
{
    struct fixture *f = *state;
    cJSON *model;
    assert_int_equal(model_build(f->store, "no such run", &no_samples, &model, &f->e), ERR_NOT_FOUND);
}

static void latency_is_told_from_the_first_byte_and_from_when_the_trial_was_ready(void **state)
{
    struct fixture *f = *state;
    cJSON *model = model_of(f, &no_samples);
    double sent, ready, began;

    assert_true(json_number(json_object(endpoint_of(model, 0), "latency_ms"), "max", &sent));
    assert_true(json_number(json_object(endpoint_of(model, 0), "latency_from_ready_ms"), "max", &ready));
    assert_true(json_number(json_object(endpoint_of(model, 0), "first_byte_ms"), "max", &began));
    assert_true(fabs(began - 0.5) < 0.005);   /* every answer began after 500 us, */
    assert_true(fabs(sent - 1.0) < 0.01);     /* took 1000 us … */
    assert_true(fabs(ready - 1.25) < 0.0125); /* … after 250 us of waiting */
    cJSON_Delete(model);
}

static void the_histogram_of_latency_holds_every_answer(void **state)
{
    struct fixture *f = *state;
    cJSON *model = model_of(f, &no_samples);
    const cJSON *h = json_object(endpoint_of(model, 0), "latency_histogram"), *edges = json_array(h, "edges_ms"), *count;
    double total = 0;

    cJSON_ArrayForEach(count, json_array(h, "counts")) total += count->valuedouble;

    assert_int_equal(cJSON_GetArraySize(edges), cJSON_GetArraySize(json_array(h, "counts")) + 1);
    assert_true(cJSON_GetArrayItem(edges, 0)->valuedouble <= 1.0);
    assert_true(cJSON_GetArrayItem(edges, cJSON_GetArraySize(edges) - 1)->valuedouble > 1.0);
    assert_true(total >= 1);
    cJSON_Delete(model);
}

#define MIXED(test) cmocka_unit_test_setup_teardown(test, mixed_run, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MIXED(the_counts_are_those_of_the_views),
        MIXED(the_numbers_are_those_counted_by_hand),
        MIXED(latency_is_told_from_the_first_byte_and_from_when_the_trial_was_ready),
        MIXED(the_histogram_of_latency_holds_every_answer),
        MIXED(the_summary_has_the_shape_of_its_schema),
        MIXED(samples_come_most_telling_first_with_their_texts_cut),
        MIXED(texts_of_a_redacted_category_leave_the_store_in_no_format),
        MIXED(an_unknown_run_is_not_found),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}

#include "engine/judge_file.h"

#include "core/version.h"
#include "engine/judge_models.h"
#include "engine/lane.h"
#include "engine/recipe.h"
#include "score/scorer.h"
#include "store/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file stands where an endpoint under test stands in a run; nothing is asked of it. */
static const char file_endpoint[] = "labelled file";
static const char run_id[] = "labelledfile";

struct opening {
    struct judge_file f;
    const struct calibrate_source *source;
    const struct suite *suite;
    const struct run_options *run;
    struct arena *a;
    struct settings settings; /* the caller's, and the file as one more endpoint */
    struct endpoint_row endpoint;
    int64_t scorer_id;
    int64_t next_trial; /* while answers are put in */
    int64_t now_us;
};

static void add_file_endpoint(struct opening *o)
{
    const struct settings *from = o->run->settings;
    o->settings = *from;
    struct endpoint_config *list = arena_array(o->a, from->endpoint_count + 1, sizeof(*list));
    if (from->endpoint_count > 0)
        memcpy(list, from->endpoint, from->endpoint_count * sizeof(*list));
    struct endpoint_config *file = &list[from->endpoint_count];
    endpoint_config_init(file);
    file->name = file_endpoint;
    file->protocol = "openai-chat";
    file->base_url = "http://127.0.0.1/v1";
    file->model = file_endpoint;
    file->price.known = true; /* nothing: a budget is for the judges */
    o->settings.endpoint = list;
    o->settings.endpoint_count = from->endpoint_count + 1;
}

/* ---- The run ---- */

static enum err insert_run(struct opening *o, struct error *e)
{
    const struct intake_options intake = { .epochs = 1 };
    const struct plan_options plan = { .budget_usd = -1 };
    CLEANUP(strbuf_release) struct strbuf recipe = STRBUF_INIT, params = STRBUF_INIT;
    recipe_write(o->suite, &intake, &plan, &recipe);
    const struct run_row run = { .id = run_id,
                                 .status = RUN_STARTED,
                                 .started_at = o->now_us,
                                 .harness_version = GAUNTLET_VERSION,
                                 .config_json = "{}",
                                 .suite_json = "{}",
                                 .options_json = recipe.buf };
    const struct endpoint_config *file = settings_endpoint(&o->settings, file_endpoint);
    lane_params_json(file, &params);
    struct endpoint_row endpoint = { .run_id = run_id,
                                     .name = file->name,
                                     .protocol = file->protocol,
                                     .base_url = file->base_url,
                                     .model = file->model,
                                     .params_json = params.buf };
    struct scorer_setting setting = judge_models(&o->settings, NULL, o->a);
    struct scorer *scorer;
    enum err rc = scorer_new(o->suite->scorer[0].kind, o->suite->scorer[0].options, &setting, &scorer, e);
    if (rc != OK)
        return rc;
    struct scorer_row row = { .run_id = run_id,
                              .name = scorer->name,
                              .kind = o->suite->scorer[0].kind,
                              .identity_sha256 = scorer->identity_sha256.text,
                              .config_json = scorer->config_json,
                              .is_primary = true };
    rc = store_run_insert(o->f.scratch.store, &run, e);
    if (rc == OK)
        rc = store_endpoint_insert(o->f.scratch.store, &endpoint, e);
    if (rc == OK)
        rc = store_scorer_insert(o->f.scratch.store, &row, e);
    scorer_free(scorer);
    o->scorer_id = row.id;
    return rc;
}

static enum err add_sample(size_t number, const char *intent, const char *answer, void *context, struct error *e)
{
    (void)answer;
    struct opening *o = context;
    char id[32];
    (void)snprintf(id, sizeof(id), "%zu", number);
    const struct sample sample = { .id = id,
                                   .intent_id = id,
                                   .intent = intent,
                                   .prompt = "(not known)",
                                   .context = "",
                                   .category = "",
                                   .subcategory = "",
                                   .attack = "",
                                   .twin = "",
                                   .split = "",
                                   .file = "",
                                   .extra_json = "{}" };
    if (number >= o->f.count)
        o->f.count = number + 1;
    return intake_add(o->f.scratch.store, &sample, e);
}

static enum err plan(struct opening *o, struct error *e)
{
    const struct intake_dataset dataset = { .name = "labelled file",
                                            .version = "",
                                            .source = "",
                                            .revision = "",
                                            .license = "",
                                            .root = ".",
                                            .recipe_sha256 = "",
                                            .files_sha256 = "" };
    const struct intake_options intake = { .order = INTAKE_FILE, .shard_count = 1, .epochs = 1 };
    struct intake_counts counts;
    if (intake_begin(o->f.scratch.store, e) != OK)
        return e->code;
    enum err rc = insert_run(o, e);
    if (rc == OK)
        rc = calibrate_answers_each(o->source, add_sample, o, e);
    if (rc == OK)
        rc = intake_finish(o->f.scratch.store, run_id, &dataset, &intake, &counts, e);
    if (rc != OK) {
        intake_abort(o->f.scratch.store);
        return rc;
    }
    if (counts.trials == 0)
        return error_set(e, ERR_NO_MATCH, "%s has no record with both a label and an answer", o->source->path);
    struct endpoint_row *endpoint;
    size_t count;
    rc = store_endpoint_list(o->f.scratch.store, run_id, o->a, &endpoint, &count, e);
    if (rc == OK)
        o->endpoint = endpoint[0];
    o->next_trial = o->endpoint.first_trial;
    return rc;
}

/* ---- The answers ---- */

/* Trials are in the file's order, so the nth record with an answer is the nth trial. */
static enum err add_answer(size_t number, const char *intent, const char *text, void *context, struct error *e)
{
    (void)number;
    (void)intent;
    struct opening *o = context;
    struct store *s = o->f.scratch.store;
    const struct answer answer = answer_of_text(text);
    const struct attempt_start start = {
        .trial_id = o->next_trial, .number = 1, .trace_id = "", .sent_at = o->now_us, .cost_upper_usd = 0
    };
    struct response_row response = { .trial_id = o->next_trial, .answer = &answer, .latency_us = -1, .first_byte_us = -1, .wait_us = -1 };
    enum err rc = store_attempt_start(s, &start, &response.attempt_id, e);
    const struct attempt_done done = { .attempt_id = response.attempt_id,
                                       .sent_at = o->now_us,
                                       .done_at = o->now_us,
                                       .http_status = 200,
                                       .headers = "",
                                       .body = "",
                                       .first_byte_us = -1 };
    if (rc == OK)
        rc = store_attempt_done(s, &done, e);
    if (rc == OK)
        rc = store_response_insert(s, &response, e);
    if (rc == OK)
        rc = store_trial_finish(s, o->next_trial, TRIAL_ANSWERED, NULL, e);
    o->next_trial++;
    return rc;
}

static enum err put_answers(struct opening *o, struct error *e)
{
    if (store_begin(o->f.scratch.store, e) != OK)
        return e->code;
    enum err rc = calibrate_answers_each(o->source, add_answer, o, e);
    if (rc == OK)
        rc = store_commit(o->f.scratch.store, e);
    if (rc != OK)
        store_rollback(o->f.scratch.store);
    return rc;
}

/* ---- The verdicts ---- */

static enum err take_verdict(const struct report_row *row, void *context, struct error *e)
{
    (void)e;
    struct opening *o = context;
    size_t number = (size_t)strtoull(row->sample_key, NULL, 10);
    if (number < o->f.count)
        o->f.verdict[number] = (struct file_verdict){ .known = true,
                                                      .verdict = row->has_score ? row->verdict : VERDICT_UNSCORED,
                                                      .reason = row->has_score ? arena_strdup(o->a, row->score_reason) : "not asked" };
    return OK;
}

static enum err judge(struct opening *o, struct error *e)
{
    struct run_options run = *o->run;
    run.settings = &o->settings;
    run.only_verdicts = true;
    if (engine_run(o->f.scratch.store, run_id, &run, &o->f.result, e) != OK)
        return e->code;
    o->f.verdict = arena_array(o->a, o->f.count, sizeof(*o->f.verdict));
    if (store_report_rows(o->f.scratch.store, o->endpoint.id, o->scorer_id, take_verdict, o, e) != OK)
        return e->code;
    bool any = false;
    for (size_t i = 0; i < o->f.count; i++)
        any = any || (o->f.verdict[i].known && o->f.verdict[i].verdict != VERDICT_UNSCORED);
    if (!any && o->f.result.status == RUN_INCOMPLETE)
        o->f.result.unreachable = true; /* to the engine the answers of the file are something that was evaluated */
    return OK;
}

enum err judge_file_open(const struct calibrate_source *source, const struct suite *suite, const struct run_options *run, struct arena *a,
                         struct judge_file *ret_f, struct error *e)
{
    struct opening o = { .source = source, .suite = suite, .run = run, .a = a, .now_us = clock_wall_us(run->clock) };
    o.f.run_id = run_id;
    add_file_endpoint(&o);
    enum err rc = scratch_store_open(&o.f.scratch, e);
    if (rc == OK)
        rc = plan(&o, e);
    if (rc == OK)
        rc = put_answers(&o, e);
    if (rc == OK)
        rc = judge(&o, e);
    if (rc == OK)
        *ret_f = o.f;
    else
        scratch_store_close(&o.f.scratch);
    return rc;
}

void judge_file_close(struct judge_file *f)
{
    scratch_store_close(&f->scratch);
    *f = (struct judge_file){ 0 };
}

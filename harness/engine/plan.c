/*
 * plan - a suite and a configuration become a run with pending trials, in one transaction.
 */
#include "engine/engine.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/text_safe.h"
#include "core/limits.h"
#include "core/version.h"
#include "engine/endpoint_check.h"
#include "engine/judge_models.h"
#include "engine/lane.h"
#include "engine/recipe.h"
#include "engine/selection.h"
#include "engine/suite_scorers.h"
#include "engine/suite_source.h"
#include "score/scorer.h"
#include "store/run_record.h"

#include <assert.h>
#include <string.h>

/* 12 characters of an alphabet without look-alikes: 60 random bits. */
static void make_run_id(char id[16])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char r[12];
    rng_system(r, sizeof(r));
    for (size_t i = 0; i < sizeof(r); i++)
        id[i] = alphabet[r[i] & 31];
    id[sizeof(r)] = '\0';
}

static enum err check_endpoint(const struct settings *s, const struct endpoint_config *c, bool sim, struct error *e)
{
    if (endpoint_check(s, c, e) != OK)
        return e->code;
    return sim ? OK : settings_require_ready(s, c, e);
}

static enum err choose(const struct settings *s, const struct endpoint_config *c, bool sim, const struct endpoint_config **chosen,
                       size_t *count, struct error *e)
{
    for (size_t i = 0; i < *count; i++) {
        if (chosen[i] == c)
            return error_set(e, ERR_INVALID, "endpoint '%s' is named twice", c->name);
    }
    if (check_endpoint(s, c, sim, e) != OK)
        return e->code;
    chosen[(*count)++] = c;
    return OK;
}

/* The endpoints of the run: those that the command line names, in its order; else all of the configuration but the suite's judges. */
static enum err choose_endpoints(const struct settings *s, const struct suite *suite, const struct plan_options *o, struct arena *a,
                                 const struct endpoint_config ***ret_chosen, size_t *ret_count, struct error *e)
{
    if (s->endpoint_count == 0)
        return error_set(e, ERR_INVALID, "%s: there is no endpoint to test; add one under `endpoints:`, or try `run --sim`",
                         s->path ? s->path : "no config.yaml was found");
    assert(s->endpoint);
    const struct endpoint_config **chosen = arena_array(a, s->endpoint_count + o->endpoint_count, sizeof(struct endpoint_config *));
    size_t count = 0;
    bool sim = o->sim_profile != NULL;
    for (size_t i = 0; i < o->endpoint_count; i++) {
        const struct endpoint_config *c = settings_endpoint(s, o->endpoint[i]);
        if (!c)
            return settings_unknown_endpoint(s, o->endpoint[i], e);
        if (choose(s, c, sim, chosen, &count, e) != OK)
            return e->code;
    }
    for (size_t i = 0; o->endpoint_count == 0 && i < s->endpoint_count; i++) {
        if (!judge_is_named(suite, s->endpoint[i].name) && choose(s, &s->endpoint[i], sim, chosen, &count, e) != OK)
            return e->code;
    }
    if (count == 0)
        return error_set(e, ERR_INVALID, "%s: every endpoint is a judge of suite '%s'; add the one to test",
                         s->path ? s->path : "configuration", suite->name);
    *ret_chosen = chosen;
    *ret_count = count;
    return OK;
}

static enum err insert_endpoints(struct store *s, const char *run_id, const struct endpoint_config *const *chosen, size_t count,
                                 const struct plan_options *o, struct arena *a, struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_config *c = chosen[i];
        CLEANUP(strbuf_release) struct strbuf params = STRBUF_INIT;
        lane_params_json(c, &params);
        struct endpoint_row row = {
            .run_id = run_id,
            .name = c->name,
            .protocol = c->protocol,
            .base_url = o->sim_profile ? arena_printf(a, "sim:%s", o->sim_profile) : c->base_url,
            .model = c->model,
            .provider = c->provider,
            .revision_declared = c->revision,
            .evidence = c->revision && !o->sim_profile ? EVIDENCE_DECLARED : EVIDENCE_NONE,
            .params_json = params.buf,
            .price = lane_config_price(c),
        };
        enum err rc = store_endpoint_insert(s, &row, e);
        if (rc != OK)
            return rc;
    }
    return OK;
}

/* Makes each scorer, so that a mistake in its options is found before anything is written. They stay until the samples
   were shown to them. */
static enum err insert_scorers(struct store *s, const char *run_id, const struct settings *settings, const struct suite *suite,
                               struct arena *a, struct scorer **made, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    fs_dirname(suite->path, &folder);
    struct scorer_setting setting = judge_models(settings, folder.buf, a);
    for (size_t i = 0; i < suite->scorer_count; i++) {
        const struct suite_scorer *spec = &suite->scorer[i];
        if (suite_scorer_make(suite, i, &setting, made, e) != OK)
            return e->code;
        const struct scorer *scorer = made[i];
        const char *beside = scorer_beside_only(scorer);
        if (i == 0 && beside)
            return error_set(e, ERR_INVALID, "%s:%d:%d: `%s` %s", suite->path, spec->line, spec->column, spec->kind, beside);
        struct scorer_row row = {
            .run_id = run_id,
            .name = suite_scorer_name(suite, i, made, a),
            .kind = spec->kind,
            .identity_sha256 = scorer->identity_sha256.text,
            .config_json = scorer->config_json,
            .is_primary = i == 0,
        };
        enum err rc = store_scorer_insert(s, &row, e);
        if (rc != OK)
            return error_prefix(e, "%s:%d:%d: scorer '%s'", suite->path, spec->line, spec->column, spec->kind);
    }
    return OK;
}

static void keep_finding(struct plan_result *r, const struct finding *f, struct arena *a)
{
    if (f->outcome == FINDING_REJECT)
        r->rejected++;
    else
        r->warned++;
    if (r->finding_count == MAX_FINDINGS_SHOWN)
        return;
    struct finding *kept = &r->finding[r->finding_count++];
    *kept = *f;
    kept->file = arena_strdup(a, f->file);
    kept->sample_id = arena_strdup(a, f->sample_id);
    kept->message = arena_strdup(a, f->message);
}

/* What taking the samples in works with. */
struct taking {
    struct store *store;
    struct dataset *dataset;
    const struct suite *suite;
    const struct plan_options *options;
    struct scorer *const *scorer; /* of the suite, made */
    int64_t now_wall_us;
    struct arena *a;
    struct plan_result *r;
    int64_t available; /* samples that the data set has, the rejected ones not counted */
    int64_t selected;  /* of them those that suite and command line name */
};

/* Keeps the first few for the terminal; what --skip-invalid leaves out is recorded row by row. */
static enum err take_finding(const struct taking *t, const struct finding *f, struct error *e)
{
    keep_finding(t->r, f, t->a);
    if (f->outcome != FINDING_REJECT || !t->options->skip_invalid)
        return OK;
    CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
    (void)strbuf_addf(&message, "%s:%lld: [%s] %s", f->file ? f->file : "", (long long)f->line, f->code, f->message);
    CLEANUP(strbuf_release) struct strbuf detail = STRBUF_INIT;
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "code", f->code);
    (void)cJSON_AddStringToObject(json, "sample", f->sample_id ? f->sample_id : "");
    json_add_tree(&detail, json);
    cJSON_Delete(json);
    return store_event(t->store, t->r->run_id, t->now_wall_us, "warn", "excluded", message.buf, detail.buf, e);
}

/* A sample that a scorer cannot score (no codeword, no answers) is found here and not after it was paid for. */
static enum err check_scorable(const struct taking *t, const struct sample *sample, bool *ret_scorable, struct error *e)
{
    struct error why;
    *ret_scorable = true;
    for (size_t i = 0; i < t->suite->scorer_count; i++) {
        struct scorer *scorer = t->scorer[i];
        if (scorer_know(scorer, sample, NULL, &why) == OK)
            continue;
        struct finding f = { .code = "S1", .outcome = FINDING_REJECT, .file = sample->file, .line = sample->row, .sample_id = sample->id };
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        (void)strbuf_addf(&message, "sample '%s': %s: %s", sample->id, scorer->name, why.msg);
        CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
        text_safe_terminal(message.buf, message.len, 0, true, &safe);
        f.message = safe.buf;
        *ret_scorable = false;
        return take_finding(t, &f, e);
    }
    return OK;
}

static enum err take_sample(struct taking *t, const struct sample *sample, struct error *e)
{
    bool scorable;
    if (!selection_accepts(&t->suite->select, sample) || !selection_accepts(t->options->narrow, sample))
        return OK;
    enum err rc = check_scorable(t, sample, &scorable, e);
    if (rc != OK || !scorable)
        return rc;
    t->selected++;
    return intake_add(t->store, sample, e);
}

static enum err take_samples(struct taking *t, struct error *e)
{
    for (;;) {
        enum dataset_event event;
        struct sample sample;
        struct finding finding;
        enum err rc = dataset_next(t->dataset, &event, &sample, &finding, e);
        if (rc == OK && event == DATASET_END)
            return dataset_check_counts(t->dataset, e);
        t->available += rc == OK && event == DATASET_SAMPLE;
        if (rc == OK)
            rc = event == DATASET_FINDING ? take_finding(t, &finding, e) : take_sample(t, &sample, e);
        if (rc != OK)
            return rc;
    }
}

/* The suite's, and what the command line made of it. */
static struct intake_options intake_options_of(const struct suite *suite, const struct plan_options *o)
{
    struct intake_options intake = selection_intake(suite);
    if (o->narrow && o->narrow->limit > 0 && (intake.limit == 0 || o->narrow->limit < intake.limit))
        intake.limit = o->narrow->limit;
    if (o->has_seed)
        intake.seed = o->seed;
    if (o->epochs > 0)
        intake.epochs = o->epochs;
    intake.shard_index = o->shard_index;
    intake.shard_count = o->shard_count > 0 ? o->shard_count : 1;
    return intake;
}

static enum err insert_run(struct store *s, const struct settings *settings, const struct suite *suite, const struct plan_options *o,
                           const struct clock *clock, const char *run_id, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf config = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf suite_json = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf recipe = STRBUF_INIT;
    struct intake_options intake = intake_options_of(suite, o);
    settings_to_json(settings, &config);
    json_add_tree(&suite_json, suite->json);
    recipe_write(suite, &intake, o, &recipe);
    struct run_row run = {
        .id = run_id,
        .name = o->name,
        .suite_name = suite->name,
        .suite_sha256 = suite->sha256.text,
        .suite_path = suite->path,
        .status = RUN_STARTED,
        .started_at = clock_wall_us(clock),
        .harness_version = GAUNTLET_VERSION,
        .harness_commit = version_commit(),
        .config_json = config.buf,
        .suite_json = suite_json.buf,
        .options_json = recipe.buf,
    };
    return store_run_insert(s, &run, e);
}

static const char *none_if_empty(const char *text)
{
    return text && text[0] ? text : NULL;
}

static enum err finish(struct store *s, struct dataset *d, const struct suite *suite, const struct plan_options *o, struct plan_result *r,
                       struct error *e)
{
    const struct dataset_facts *facts = dataset_facts(d);
    struct sha256_hex files = dataset_files_sha256(d);
    struct intake_dataset row = {
        .name = facts->name,
        .version = facts->version,
        .source = none_if_empty(facts->source_id),
        .revision = none_if_empty(facts->revision),
        .license = none_if_empty(facts->license_id),
        .root = facts->root,
        .recipe_sha256 = facts->recipe_sha256.text,
        .files_sha256 = files.text,
        .verified = facts->verified,
    };
    struct intake_options options = intake_options_of(suite, o);
    options.excluded = r->rejected;
    enum err rc = intake_finish(s, r->run_id, &row, &options, &r->counts, e);
    if (rc != OK || r->counts.trials > 0)
        return rc;
    rc = store_run_delete(s, r->run_id, e); /* the intake has committed it */
    if (rc != OK)
        return rc;
    error_set(e, ERR_NO_MATCH, "the selection matches no sample of data set '%s'", facts->name);
    if (suite->dataset_path)
        error_suffix(e, "; `gauntlet show %.200s` lists what is in it", suite->dataset_path);
    return ERR_NO_MATCH;
}

enum err engine_plan(struct store *s, const struct settings *settings, const struct suite *suite, const struct plan_options *options,
                     const struct clock *clock, struct arena *a, struct plan_result *ret_result, struct error *e)
{
    struct plan_result r = { .finding = arena_array(a, MAX_FINDINGS_SHOWN, sizeof(struct finding)) };
    const struct endpoint_config **chosen = NULL;
    size_t chosen_count = 0;
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    struct dataset_source source = suite_source(suite, options->map, options->map_count);

    enum err rc = choose_endpoints(settings, suite, options, a, &chosen, &chosen_count, e);
    if (rc == OK)
        rc = dataset_open(&source, &d, e);
    if (rc == OK)
        rc = intake_begin(s, e);
    if (rc != OK)
        return rc;

    struct scorer **scorer = arena_array(a, suite->scorer_count, sizeof(struct scorer *));
    make_run_id(r.run_id);
    rc = insert_run(s, settings, suite, options, clock, r.run_id, e);
    if (rc == OK)
        rc = insert_endpoints(s, r.run_id, chosen, chosen_count, options, a, e);
    if (rc == OK)
        rc = insert_scorers(s, r.run_id, settings, suite, a, scorer, e);
    struct taking taking = { s, d, suite, options, scorer, clock_wall_us(clock), a, &r, 0, 0 };
    if (rc == OK)
        rc = take_samples(&taking, e);
    for (size_t i = 0; i < suite->scorer_count; i++)
        scorer_free(scorer[i]);
    if (rc == OK && r.rejected > 0 && !options->skip_invalid)
        rc = error_set(e, ERR_INVALID, "data set '%s': %lld samples cannot be sent; mend them, or leave them out with --skip-invalid",
                       dataset_facts(d)->name, (long long)r.rejected);
    if (rc == OK) /* before the intake, which commits */
        rc = store_record_selection(s, r.run_id, taking.now_wall_us, taking.available, taking.selected, e);
    if (rc == OK)
        rc = finish(s, d, suite, options, &r, e);
    if (rc != OK)
        intake_abort(s);
    *ret_result = r;
    return rc;
}

#include "engine/rescore.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/rng.h"
#include "engine/apart.h"
#include "engine/identity.h"
#include "engine/judge_models.h"
#include "engine/recipe.h"
#include "store/reader.h"

#include <string.h>

struct work {
    struct store *store;
    const struct rescore_options *options;
    struct arena *a;
    struct run_row run;
    struct recipe recipe;
    int64_t first_added;    /* id of the first scorer that was added; 0 = none */
    struct scorer_row *row; /* of the run */
    size_t row_count;
    struct rescore_result result;
};

/* ---- Adding scorers ---- */

static bool has_name(const struct work *w, const char *name)
{
    for (size_t i = 0; i < w->row_count; i++) {
        if (strcmp(w->row[i].name, name) == 0)
            return true;
    }
    return false;
}

/* The kind, its longer name, or that with the beginning of the identity: the first that is free. */
static const char *free_name(const struct work *w, const struct scorer *s, const char *kind)
{
    if (s->channel == CHANNEL_CONTENT && !has_name(w, kind))
        return kind;
    return has_name(w, s->name) ? arena_printf(w->a, "%s@%.8s", s->name, s->identity_sha256.text) : arena_strdup(w->a, s->name);
}

/* So that a session can make it again: the options, and the folder that paths in them start at. */
static void add_to_recipe(struct work *w, const struct suite_scorer *spec, const char *folder)
{
    cJSON *scorer = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(scorer, "kind", spec->kind);
    cJSON_AddItemToObject(scorer, "options", cJSON_Duplicate(spec->options, true));
    (void)cJSON_AddStringToObject(scorer, "folder", folder);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(w->recipe.json, "scorers"), scorer);
}

static enum err add_scorer(struct work *w, const struct suite_scorer *spec, const char *folder, const struct scorer *scorer, bool primary,
                           struct error *e)
{
    for (size_t i = 0; i < w->row_count; i++) {
        if (strcmp(w->row[i].identity_sha256, scorer->identity_sha256.text) == 0)
            return primary ? store_scorer_primary(w->store, w->run.id, w->row[i].id, e) : OK;
    }
    struct scorer_row row = {
        .run_id = w->run.id,
        .name = free_name(w, scorer, spec->kind),
        .kind = spec->kind,
        .identity_sha256 = scorer->identity_sha256.text,
        .config_json = scorer->config_json,
    };
    enum err rc = store_scorer_insert(w->store, &row, e);
    if (rc == OK && primary)
        rc = store_scorer_primary(w->store, w->run.id, row.id, e);
    if (rc != OK)
        return rc;
    add_to_recipe(w, spec, folder);
    if (w->first_added == 0)
        w->first_added = row.id;
    w->result.added++;
    return store_scorer_list(w->store, w->run.id, w->a, &w->row, &w->row_count, e);
}

static enum err add_scorers(struct work *w, struct error *e)
{
    const struct suite *suite = w->options->suite;
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    fs_dirname(suite->path, &folder);
    struct scorer_setting setting = judge_models(w->options->run->settings, folder.buf, w->a);
    for (size_t i = 0; i < suite->scorer_count; i++) {
        const struct suite_scorer *spec = &suite->scorer[i];
        struct scorer *scorer;
        if (scorer_new(spec->kind, spec->options, &setting, &scorer, e) != OK)
            return error_prefix(e, "%s:%d:%d", suite->path, spec->line, spec->column);
        bool primary = i == 0 && w->options->first_is_primary;
        const char *beside = primary ? scorer_beside_only(scorer) : NULL;
        enum err rc = beside ? error_set(e, ERR_INVALID, "%s:%d:%d: `%s` %s", suite->path, spec->line, spec->column, spec->kind, beside)
                             : add_scorer(w, spec, folder.buf, scorer, primary, e);
        scorer_free(scorer);
        if (rc != OK)
            return rc;
    }
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, w->recipe.json);
    return store_run_options(w->store, w->run.id, text.buf, e);
}

/* ---- Rules ---- */

struct rule {
    struct work *w;
    struct scorer *scorer;
    int64_t scorer_id;
    struct arena arena; /* of one answer */
};

static enum err teach(const struct sample *sample, void *context, struct error *e)
{
    return scorer_know(context, sample, NULL, e);
}

static enum err score_one(const struct answered_trial *t, void *context, struct error *e)
{
    struct rule *rule = context;
    uint64_t key[3] = { (uint64_t)rule->w->recipe.seed, (uint64_t)t->trial_id, 0 };
    CLEANUP(json_freep) cJSON *extra = cJSON_Parse(t->sample.extra_json);
    struct score_input in = {
        .sample = &t->sample,
        .extra = extra,
        .answer = &t->answer,
        .blocked = t->status == TRIAL_BLOCKED,
        .nonce = rng_hash((uint64_t)rule->w->recipe.seed, key, sizeof(key)),
    };
    struct given_verdict *given;
    size_t given_count;
    struct score score;
    struct judge_ask ask;
    enum err rc = store_verdict_list(rule->w->store, t->trial_id, &rule->arena, &given, &given_count, e);
    if (rc != OK)
        return rc;
    if (apart_before(given, given_count))
        score = apart_score("another provider answered");
    else
        (void)scorer_begin(rule->scorer, &in, NULL, &rule->arena, &ask, &score);
    rc = store_score_insert(rule->w->store, t->trial_id, rule->scorer_id, &score, e);
    arena_reset(&rule->arena);
    rule->w->result.scored += rc == OK;
    return rc;
}

/* One rule over every answer of the run that it has no verdict for. */
static enum err apply_rule(struct rule *rule, struct error *e)
{
    struct work *w = rule->w;
    struct endpoint_row *endpoint;
    size_t count;
    if (store_endpoint_list(w->store, w->run.id, w->a, &endpoint, &count, e) != OK)
        return e->code;
    enum err rc = rule->scorer->ops->know && count > 0 ? store_sample_each(w->store, &endpoint[0], teach, rule->scorer, e) : OK;
    for (size_t i = 0; rc == OK && i < count; i++)
        rc = store_answer_each(w->store, &endpoint[i], rule->scorer_id, score_one, rule, e);
    return rc;
}

static int64_t id_of(const struct work *w, const struct scorer *s)
{
    for (size_t i = 0; i < w->row_count; i++) {
        if (strcmp(w->row[i].identity_sha256, s->identity_sha256.text) == 0)
            return w->row[i].id;
    }
    return 0; /* of another build or configuration: its verdicts stay as they are */
}

static enum err apply_rules(struct work *w, bool *ret_judges, struct error *e)
{
    for (size_t i = 0; i < w->row_count; i++) {
        struct rule rule = { .w = w };
        if (recipe_scorer_new(&w->recipe, i, w->options->run->settings, w->a, &rule.scorer, e) != OK)
            return e->code;
        rule.scorer_id = id_of(w, rule.scorer);
        enum err rc = OK;
        if (rule.scorer->rubric)
            *ret_judges = true;
        else if (rule.scorer_id != 0 && (!w->options->suite || (w->first_added != 0 && rule.scorer_id >= w->first_added)))
            rc = apply_rule(&rule, e); /* what was there before has its verdicts; a bare rescore looks whether it has all */
        arena_release(&rule.arena);
        scorer_free(rule.scorer);
        if (rc != OK)
            return rc;
    }
    return OK;
}

/* ---- The whole ---- */

static enum err record_identity(struct work *w, struct error *e)
{
    struct run_identity identity = { .sample_set_sha256 = "" };
    if (identity_compute(w->store, &w->run, &w->recipe, &identity, e) != OK)
        return e->code;
    return store_run_finish(w->store, w->run.id, w->run.status, w->run.finished_at,
                            identity.sample_set_sha256[0] ? identity.sample_set_sha256 : NULL,
                            identity.comparability_key[0] ? identity.comparability_key : NULL, e);
}

static enum err change(struct work *w, bool *ret_judges, struct error *e)
{
    if (store_scorer_list(w->store, w->run.id, w->a, &w->row, &w->row_count, e) != OK)
        return e->code;
    if (w->options->suite && add_scorers(w, e) != OK)
        return e->code;
    int64_t begun_us = clock_mono_us(w->options->run->clock);
    if (apply_rules(w, ret_judges, e) != OK)
        return e->code;
    w->result.rules_us = clock_mono_us(w->options->run->clock) - begun_us;
    return record_identity(w, e);
}

/* Asks the judges for what is missing. */
static enum err ask_judges(struct work *w, struct error *e)
{
    struct run_options run = *w->options->run;
    run.only_verdicts = true;
    run.retry_judges = w->options->missing;
    w->result.judged = true;
    return engine_run(w->store, w->run.id, &run, &w->result.run, e);
}

enum err engine_rescore(struct store *s, const char *run_id, const struct rescore_options *options, struct arena *a,
                        struct rescore_result *ret_result, struct error *e)
{
    struct work w = { .store = s, .options = options, .a = a };
    if (store_run_find(s, run_id, a, &w.run, e) != OK || recipe_read(w.run.options_json, &w.recipe, e) != OK)
        return e->code;
    w.result.run.status = w.run.status;

    bool judges = false;
    enum err rc = store_begin(s, e);
    if (rc == OK) {
        rc = change(&w, &judges, e);
        if (rc == OK)
            rc = store_commit(s, e);
        if (rc != OK)
            store_rollback(s);
    }
    int64_t open = 0;
    if (rc == OK && judges)
        rc = store_unscored_count(s, w.run.id, options->missing, &open, e);
    if (rc == OK && open > 0)
        rc = ask_judges(&w, e);
    if (rc == OK)
        *ret_result = w.result;
    recipe_release(&w.recipe);
    return rc;
}

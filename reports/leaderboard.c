#include "reports/leaderboard.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/model.h"
#include "reports/ranking.h"

#include <string.h>

/* What is on its way into the board. The models hold the rates that rows show. */
struct board {
    struct store *store;
    struct arena arena;
    struct side side[MAX_RANKED];
    const cJSON *endpoint[MAX_RANKED]; /* of the run's model */
    size_t count;
    const cJSON *known;             /* a run's model that is there already, or NULL */
    const struct rows_shelf *shelf; /* its rows, or NULL */
    cJSON *models;                  /* owned: one for each other run */
    cJSON *excluded;                /* borrowed from the tree */
};

static void exclude(const struct board *b, const struct side *side, const char *reason)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", side->run.id);
    json_member_text(json, "endpoint", side->endpoint.name);
    json_member_text(json, "model", side->endpoint.model);
    json_member_text(json, "reason", reason);
    cJSON_AddItemToArray(b->excluded, json);
}

/* NULL, or why the side cannot be ranked whatever it is held against. */
static const char *unfit(const cJSON *endpoint)
{
    const char *label = json_string(json_object(endpoint, "missing"), "label");
    double value;
    if (!json_number(json_object(endpoint, "asr"), "value", &value))
        return "no trial has a verdict";
    return label && strcmp(label, "UNUSABLE") == 0 ? "more than 5 % of its trials have no verdict" : NULL;
}

static enum err take_side(struct board *b, const struct side *side, const cJSON *endpoint, struct error *e)
{
    CLEANUP(json_freep) cJSON *mismatches = NULL;
    CLEANUP(strbuf_release) struct strbuf reason = STRBUF_INIT;
    const struct allowed_fields none = { 0 };
    bool comparable = true;
    const char *why = unfit(endpoint);
    if (!why && b->count && comparability_of(b->store, &b->side[0], side, &none, &mismatches, &comparable, e) != OK)
        return e->code;
    if (!why && !comparable) {
        (void)strbuf_addstr(&reason, "not comparable with the first: other ");
        comparability_names(mismatches, false, &reason);
        why = reason.buf;
    }
    if (why) {
        exclude(b, side, why);
        return OK;
    }
    if (b->count == MAX_RANKED)
        return error_set(e, ERR_INVALID, "more than %d endpoints are too many to rank", MAX_RANKED);
    b->side[b->count] = *side;
    b->endpoint[b->count++] = endpoint;
    return OK;
}

/* Is this very run on the board already? Naming one twice ranks it once. */
static bool is_taken(const struct board *b, const char *run_id)
{
    const cJSON *model;
    cJSON_ArrayForEach(model, b->models)
    {
        if (strcmp(json_string(json_object(model, "run"), "id"), run_id) == 0)
            return true;
    }
    return false;
}

static enum err build_model(struct board *b, const char *run_id, const cJSON **ret_model, struct error *e)
{
    const struct model_options options = { .no_charts = true };
    cJSON *model;
    enum err rc = model_build(b->store, run_id, &options, &model, e);
    if (rc != OK)
        return rc;
    cJSON_AddItemToArray(b->models, model);
    *ret_model = model;
    return OK;
}

static enum err take_run(struct board *b, const char *name, struct error *e)
{
    struct side side = { 0 };
    struct endpoint_row *endpoint;
    struct scorer_row *scorer;
    size_t endpoints, scorers;
    const cJSON *model = b->known;
    if (store_run_find(b->store, name, &b->arena, &side.run, e) != OK)
        return e->code;
    if (is_taken(b, side.run.id))
        return OK;
    if (store_endpoint_list(b->store, side.run.id, &b->arena, &endpoint, &endpoints, e) != OK ||
        store_scorer_list(b->store, side.run.id, &b->arena, &scorer, &scorers, e) != OK ||
        (!model && build_model(b, side.run.id, &model, e) != OK))
        return e->code;
    for (size_t i = 0; i < scorers; i++) {
        if (scorer[i].is_primary)
            side.scorer = scorer[i];
    }
    for (size_t i = 0; i < endpoints; i++) {
        side.endpoint = endpoint[i];
        if (take_side(b, &side, cJSON_GetArrayItem(json_array(model, "endpoints"), (int)i), e) != OK)
            return e->code;
    }
    return OK;
}

static void copy_member(const cJSON *from, const char *key, cJSON *to)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(from, key);
    cJSON_AddItemToObject(to, key, value ? cJSON_Duplicate(value, true) : cJSON_CreateNull());
}

static void add_row(const struct board *b, size_t n, const cJSON *ranked, cJSON *rows)
{
    static const char *const rate[] = { "counts", "asr", "asr_partial", "intent_any" };
    static const char *const against[] = { "delta", "low", "high", "p_adjusted" };
    const struct side *side = &b->side[n];
    const cJSON *endpoint = b->endpoint[n];
    int64_t group = 1;
    cJSON *row = cJSON_CreateObject();
    (void)json_int(ranked, "group", &group);
    json_member_int(row, "rank", true, group);
    (void)cJSON_AddBoolToObject(row, "leader", json_bool(ranked, "leader", true));
    json_member_text(row, "run", side->run.id);
    json_member_text(row, "name", side->run.name);
    json_member_text(row, "endpoint", side->endpoint.name);
    json_member_text(row, "model", side->endpoint.model);
    json_member_text(row, "provider", side->endpoint.provider);
    json_member_text(row, "completeness", json_string(json_object(endpoint, "missing"), "label"));
    for (size_t i = 0; i < ARRAY_LEN(rate); i++)
        copy_member(endpoint, rate[i], row);
    copy_member(json_object(endpoint, "benign"), "over_refusal", row);
    copy_member(json_object(endpoint, "rates"), "blocked", row);
    cJSON *latency = cJSON_AddObjectToObject(row, "latency_ms");
    copy_member(json_object(endpoint, "latency_ms"), "p50", latency);
    copy_member(json_object(endpoint, "latency_ms"), "p99", latency);
    copy_member(endpoint, "cost_usd", row);
    for (size_t i = 0; i < ARRAY_LEN(against); i++)
        copy_member(ranked, against[i], row);
    cJSON_AddItemToArray(rows, row);
}

static size_t side_of(const struct board *b, const cJSON *ranked)
{
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(b->side[i].run.id, json_string(ranked, "run")) == 0 &&
            strcmp(b->side[i].endpoint.name, json_string(ranked, "endpoint")) == 0)
            return i;
    }
    return 0; /* ranking_build gives back the sides it was given */
}

static enum err rank(const struct board *b, cJSON *tree, struct error *e)
{
    const struct allowed_fields none = { 0 };
    CLEANUP(json_freep) cJSON *ranking = NULL;
    cJSON *rows = cJSON_AddArrayToObject(tree, "rows");
    const cJSON *ranked;
    if (b->count == 1) { /* nothing to be told apart from */
        add_row(b, 0, NULL, rows);
        cJSON_AddNullToObject(tree, "pairwise");
        return OK;
    }
    if (ranking_build(b->store, b->side, b->count, &none, b->shelf, &ranking, e) != OK)
        return e->code;
    cJSON_ArrayForEach(ranked, json_array(ranking, "sides")) add_row(b, side_of(b, ranked), ranked, rows);
    copy_member(ranking, "pairwise", tree);
    return OK;
}

static enum err fill(struct board *b, const char *const *run, size_t count, cJSON *tree, struct error *e)
{
    (void)cJSON_AddNumberToObject(tree, "schema_version", 1);
    b->excluded = cJSON_CreateArray();
    cJSON_AddItemToObject(tree, "excluded", b->excluded);
    for (size_t i = 0; i < count; i++) {
        if (take_run(b, run[i], e) != OK)
            return e->code;
    }
    if (b->count == 0)
        return error_set(e, ERR_NO_MATCH, "none of these runs can be ranked: too many of their trials have no verdict");
    const cJSON *first = json_object(b->known ? b->known : cJSON_GetArrayItem(b->models, 0), "run");
    json_member_text(tree, "scorer", b->side[0].scorer.name);
    json_member_text(tree, "suite", b->side[0].run.suite_name);
    json_member_text(tree, "dataset", json_string(json_object(first, "dataset"), "name"));
    return rank(b, tree, e);
}

static enum err build(struct store *s, const char *const *run, size_t count, const cJSON *known, const struct rows_shelf *shelf,
                      cJSON **ret_tree, struct error *e)
{
    struct board b = { .store = s, .arena = ARENA_INIT, .known = known, .shelf = shelf, .models = cJSON_CreateArray() };
    cJSON *tree = cJSON_CreateObject();
    enum err rc = fill(&b, run, count, tree, e);
    cJSON_Delete(b.models);
    arena_release(&b.arena);
    if (rc == OK)
        *ret_tree = tree;
    else
        cJSON_Delete(tree);
    return rc;
}

enum err leaderboard_build(struct store *s, const char *const *run, size_t count, cJSON **ret_tree, struct error *e)
{
    return build(s, run, count, NULL, NULL, ret_tree, e);
}

enum err leaderboard_of_model(struct store *s, const cJSON *model, const struct rows_shelf *shelf, cJSON **ret_tree, struct error *e)
{
    const char *run = json_string(json_object(model, "run"), "id");
    return build(s, &run, 1, model, shelf, ret_tree, e);
}

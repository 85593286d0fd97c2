#include "engine/identity.h"

#include "base/json.h"
#include "base/sha256.h"

#include <string.h>

/* Endpoints of one run may decode differently; the set of their parameters is what counts. */
static enum err add_params(struct store *s, const char *run_id, struct arena *a, cJSON *json, struct error *e)
{
    struct endpoint_row *row;
    size_t count;
    if (store_endpoint_list(s, run_id, a, &row, &count, e) != OK)
        return e->code;
    cJSON *set = cJSON_AddObjectToObject(json, "params");
    for (size_t i = 0; i < count; i++) {
        if (!cJSON_GetObjectItemCaseSensitive(set, row[i].params_json))
            (void)cJSON_AddTrueToObject(set, row[i].params_json);
    }
    return OK;
}

/* Only the one that makes the headline: what stands beside it does not change what is compared. */
static enum err add_scorer(struct store *s, const char *run_id, struct arena *a, cJSON *json, struct error *e)
{
    struct scorer_row *row;
    size_t count;
    if (store_scorer_list(s, run_id, a, &row, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        if (row[i].is_primary)
            (void)cJSON_AddStringToObject(json, "scorer", row[i].identity_sha256);
    }
    return OK;
}

enum err identity_compute(struct store *s, const struct run_row *run, const struct recipe *recipe, struct run_identity *ret_identity,
                          struct error *e)
{
    struct run_identity identity = { .sample_set_sha256 = "", .comparability_key = "" };
    bool whole;
    enum err rc = store_sample_set_sha256(s, run->id, identity.sample_set_sha256, &whole, e);
    if (rc != OK)
        return rc;
    if (!whole) {
        identity.sample_set_sha256[0] = '\0';
        *ret_identity = identity;
        return OK;
    }

    struct arena a = ARENA_INIT;
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "sample_set", identity.sample_set_sha256);
    (void)cJSON_AddStringToObject(json, "system", recipe->system ? recipe->system : "");
    (void)cJSON_AddBoolToObject(json, "text_first", recipe->text_first);
    cJSON_AddItemToObject(json, "epochs", cJSON_Duplicate(json_get(recipe->json, "epochs"), true));
    rc = add_scorer(s, run->id, &a, json, e);
    if (rc == OK)
        rc = add_params(s, run->id, &a, json, e);
    if (rc == OK) {
        CLEANUP(strbuf_release) struct strbuf canonical = STRBUF_INIT;
        json_add_canonical(&canonical, json);
        struct sha256_hex hash = sha256_of(canonical.buf, canonical.len);
        memcpy(identity.comparability_key, hash.text, sizeof(identity.comparability_key) - 1);
        identity.comparability_key[sizeof(identity.comparability_key) - 1] = '\0';
        *ret_identity = identity;
    }
    cJSON_Delete(json);
    arena_release(&a);
    return rc;
}

enum err identity_record(struct store *s, const char *run_id, struct arena *a, struct error *e)
{
    struct run_row run;
    struct recipe recipe = { 0 };
    struct run_identity identity = { .sample_set_sha256 = "" };
    if (store_run_find(s, run_id, a, &run, e) != OK || recipe_read(run.options_json, &recipe, e) != OK)
        return e->code;
    enum err rc = identity_compute(s, &run, &recipe, &identity, e);
    recipe_release(&recipe);
    if (rc != OK)
        return rc;
    return store_run_finish(s, run.id, run.status, run.finished_at, identity.sample_set_sha256[0] ? identity.sample_set_sha256 : NULL,
                            identity.comparability_key[0] ? identity.comparability_key : NULL, e);
}

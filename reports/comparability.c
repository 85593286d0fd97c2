#include "reports/comparability.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/nearest.h"

#include <string.h>

static const char *const fields[] = { "dataset", "samples", "system", "order", "epochs", "decoding", "scorer" };

enum err comparability_check_fields(const struct allowed_fields *allowed, struct error *e)
{
    for (size_t i = 0; i < allowed->count; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            size_t len = strlen(fields[k]);
            known =
                known || (strncmp(allowed->field[i], fields[k], len) == 0 && (!allowed->field[i][len] || allowed->field[i][len] == '.'));
        }
        if (known)
            continue;
        const char *near = nearest_name(allowed->field[i], fields, ARRAY_LEN(fields));
        error_set(e, ERR_INVALID, "--allow-mismatch: no field is called '%.60s'", allowed->field[i]);
        if (near)
            error_suffix(e, "; did you mean '%s'?", near);
        return error_suffix(e, " There are dataset, samples, system, order, epochs, decoding and scorer");
    }
    return OK;
}

/* `decoding` allows decoding.seed. */
static bool is_allowed(const struct allowed_fields *allowed, const char *field)
{
    for (size_t i = 0; i < allowed->count; i++) {
        size_t len = strlen(allowed->field[i]);
        if (strncmp(field, allowed->field[i], len) == 0 && (field[len] == '\0' || field[len] == '.'))
            return true;
    }
    return false;
}

/* What is compared, while it is. */
struct comparing {
    const struct allowed_fields *allowed;
    cJSON *list;
    bool comparable;
};

static void differ(struct comparing *c, const char *field, const char *base, const char *cand)
{
    bool allowed = is_allowed(c->allowed, field);
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "field", field);
    json_member_text(json, "base", base);
    json_member_text(json, "candidate", cand);
    (void)cJSON_AddBoolToObject(json, "allowed", allowed);
    cJSON_AddItemToArray(c->list, json);
    c->comparable = c->comparable && allowed;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* "demo 1, a1b2c3d4e5f6…": a hash alone tells a person nothing. */
static const char *dataset_text(const struct dataset_row *d, struct arena *a)
{
    return arena_printf(a, "%s%s%s, %.12s", d->name ? d->name : "unnamed", d->version ? " " : "", d->version ? d->version : "",
                        d->sha256 ? d->sha256 : "hash unknown");
}

static enum err compare_datasets(struct store *s, const struct side *base, const struct side *cand, struct arena *a, struct comparing *c,
                                 struct error *e)
{
    struct dataset_row b, d;
    if (base->run.dataset_id == cand->run.dataset_id)
        return OK;
    if (store_dataset_get(s, base->run.dataset_id, a, &b, e) != OK || store_dataset_get(s, cand->run.dataset_id, a, &d, e) != OK)
        return e->code;
    if (!b.sha256 || !same_text(b.sha256, d.sha256))
        differ(c, "dataset", dataset_text(&b, a), dataset_text(&d, a));
    return OK;
}

static const char *canonical(const cJSON *json, struct arena *a)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (!json)
        return NULL;
    json_add_canonical(&text, json);
    return arena_strdup(a, text.buf);
}

/* What chose the samples, of the options that a run was planned with. */
static const char *selection_text(const cJSON *options, struct arena *a)
{
    static const char *const key[] = { "dataset_preset", "select", "narrow",      "limit",      "per",
                                       "sample_order",   "seed",   "shard_index", "shard_count" };
    cJSON *json = cJSON_CreateObject();
    for (size_t i = 0; i < ARRAY_LEN(key); i++) {
        const cJSON *value = json_get(options, key[i]);
        if (value)
            cJSON_AddItemToObject(json, key[i], cJSON_Duplicate(value, true));
    }
    const char *text = canonical(json, a);
    cJSON_Delete(json);
    return text;
}

static void compare_samples(const struct side *base, const struct side *cand, const cJSON *b, const cJSON *d, struct arena *a,
                            struct comparing *c)
{
    if (strcmp(base->run.id, cand->run.id) == 0)
        return;
    const char *left = base->run.sample_set_sha256, *right = cand->run.sample_set_sha256;
    if (left && right && strcmp(left, right) == 0)
        return;
    differ(c, "samples", left ? arena_printf(a, "%.12s", left) : NULL, right ? arena_printf(a, "%.12s", right) : NULL);
    const char *chosen_left = selection_text(b, a), *chosen_right = selection_text(d, a);
    if (!same_text(chosen_left, chosen_right))
        differ(c, "samples.selection", chosen_left, chosen_right);
}

static void compare_members(const cJSON *b, const cJSON *d, struct arena *a, struct comparing *c)
{
    static const char *const member[] = { "system", "order", "epochs" };
    for (size_t i = 0; i < ARRAY_LEN(member); i++) {
        const cJSON *left = json_get(b, member[i]), *right = json_get(d, member[i]);
        const char *x = cJSON_IsString(left) ? left->valuestring : canonical(left, a);
        const char *y = cJSON_IsString(right) ? right->valuestring : canonical(right, a);
        if (!same_text(x, y))
            differ(c, member[i], x, y);
    }
}

static cJSON *parse(const char *text)
{
    struct error e;
    cJSON *json = text ? json_parse(text, strlen(text), &e) : NULL;
    return json ? json : cJSON_CreateObject();
}

/* Every parameter that one side has and the other has not, or has otherwise. */
static void compare_decoding(const struct side *base, const struct side *cand, struct arena *a, struct comparing *c)
{
    CLEANUP(json_freep) cJSON *b = parse(base->endpoint.params_json);
    CLEANUP(json_freep) cJSON *d = parse(cand->endpoint.params_json);
    const cJSON *param;
    cJSON_ArrayForEach(param, b)
    {
        const char *x = canonical(param, a), *y = canonical(json_get(d, param->string), a);
        if (!same_text(x, y))
            differ(c, arena_printf(a, "decoding.%s", param->string), x, y);
    }
    cJSON_ArrayForEach(param, d)
    {
        if (!cJSON_GetObjectItemCaseSensitive(b, param->string))
            differ(c, arena_printf(a, "decoding.%s", param->string), NULL, canonical(param, a));
    }
}

static const char *scorer_text(const struct scorer_row *s, struct arena *a)
{
    return arena_printf(a, "%s, %.12s", s->name, s->identity_sha256);
}

enum err comparability_of(struct store *s, const struct side *base, const struct side *cand, const struct allowed_fields *allowed,
                          cJSON **ret_mismatches, bool *ret_comparable, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct comparing c = { .allowed = allowed, .list = cJSON_CreateArray(), .comparable = true };
    cJSON *b = parse(base->run.options_json), *d = parse(cand->run.options_json);
    enum err rc = compare_datasets(s, base, cand, &a, &c, e);
    if (rc == OK) {
        compare_samples(base, cand, b, d, &a, &c);
        compare_members(b, d, &a, &c);
        compare_decoding(base, cand, &a, &c);
        if (strcmp(base->scorer.identity_sha256, cand->scorer.identity_sha256) != 0)
            differ(&c, "scorer", scorer_text(&base->scorer, &a), scorer_text(&cand->scorer, &a));
        *ret_mismatches = c.list;
        *ret_comparable = c.comparable;
    } else {
        cJSON_Delete(c.list);
    }
    cJSON_Delete(b);
    cJSON_Delete(d);
    arena_release(&a);
    return rc;
}

void comparability_names(const cJSON *mismatches, bool allowed, struct strbuf *out)
{
    const cJSON *m;
    size_t count = 0, at = 0;
    cJSON_ArrayForEach(m, mismatches) count += json_bool(m, "allowed", false) == allowed;
    cJSON_ArrayForEach(m, mismatches)
    {
        if (json_bool(m, "allowed", false) != allowed)
            continue;
        (void)strbuf_addf(out, "%s%s", at == 0 ? "" : at + 1 == count ? " and " : ", ", json_string(m, "field"));
        at++;
    }
}

#include "reports/comparison.h"

#include "reports/cells.h"
#include "reports/differences.h"

static enum err load(struct store *s, const struct allowed_fields *allowed, struct comparison *c, struct error *e)
{
    if (!c->base)
        c->mismatches = cJSON_CreateArray();
    else if (comparability_of(s, c->base, c->cand, allowed, &c->mismatches, &c->comparable, e) != OK)
        return e->code;
    if (pairs_load(s, c->base, c->cand, &c->pairs, e) != OK)
        return e->code;
    if (c->comparable && !pairs_overlap(&c->pairs))
        return error_set(e, ERR_NO_MATCH, "%s and %s have no attack sample in common: there is nothing to compare",
                         (c->base ? c->base : c->cand)->run.id, c->cand->run.id);
    return c->base && c->comparable ? compared_scorer_read(s, c->base, c->cand, &c->pairs, &c->scorer, e) : OK;
}

enum err comparison_load(struct store *s, const struct side *base, const struct side *cand, const struct allowed_fields *allowed,
                         struct comparison *ret_c, struct error *e)
{
    struct comparison c = { .base = base, .cand = cand, .comparable = true, .scorer = compared_scorer_none() };
    enum err rc = load(s, allowed, &c, e);
    if (rc == OK)
        *ret_c = c;
    else
        comparison_clear(&c);
    return rc;
}

void comparison_clear(struct comparison *c)
{
    cJSON_Delete(c->mismatches);
    pairs_clear(&c->pairs);
    *c = (struct comparison){ 0 };
}

cJSON *comparison_side(const struct comparison *c, bool of_cand)
{
    const struct side *side = of_cand ? c->cand : c->base;
    if (!side)
        return cJSON_CreateNull();
    struct rate asr = side_rate(&c->pairs, of_cand);
    cJSON *json = side_json(side);
    cJSON_AddItemToObject(json, "asr", rate_json(&asr));
    return json;
}

void comparison_allowed(const struct comparison *c, struct strbuf *out)
{
    comparability_names(c->mismatches, true, out);
}

#include "config/suite_claims.h"

#include "base/yaml_read.h"
#include "core/limits.h"

#include <string.h>

static const char *const metrics[] = { "asr", "asr_partial", "intent_any", "macro", "attack_standardized", "over_refusal" };
static const char *const comparators[] = { "<=", ">=", "=" };
enum { METRIC_ASR = 0, COMPARATOR_EQUAL = 2 };

static enum err check_texts(const struct yaml_node *claim, struct error *e)
{
    static const char *const text[] = { "dataset", "source", "revision", "model", "category" };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        const char *value = NULL;
        if (yaml_get_string(claim, text[i], false, &value, e) != OK)
            return e->code;
        if (value && strlen(value) > MAX_CLAIM_TEXT_BYTES)
            return yaml_error(yaml_find(claim, text[i]), e, "`%s` is longer than %d bytes", text[i], MAX_CLAIM_TEXT_BYTES);
        if (value && strcmp(text[i], "source") == 0 && strncmp(value, "https://", 8) != 0 && strncmp(value, "http://", 7) != 0)
            return yaml_error(yaml_find(claim, text[i]), e, "`source` is a URL: where the claim stands, as https://…");
    }
    return OK;
}

static enum err check_claim(const struct yaml_node *claim, struct error *e)
{
    static const char *const known[] = {
        "category", "comparator", "dataset", "metric", "model", "revision", "source", "tolerance", "value"
    };
    const struct yaml_node *n = NULL;
    size_t metric = METRIC_ASR, comparator = 0;
    double value = 0, tolerance = 0;
    if (yaml_want_kind(claim, YAML_MAP, e) != OK || yaml_check_keys(claim, known, ARRAY_LEN(known), e) != OK ||
        yaml_require(claim, "metric", &n, e) != OK || yaml_as_choice(n, metrics, ARRAY_LEN(metrics), &metric, e) != OK ||
        yaml_require(claim, "comparator", &n, e) != OK || yaml_as_choice(n, comparators, ARRAY_LEN(comparators), &comparator, e) != OK ||
        yaml_require(claim, "value", &n, e) != OK || yaml_as_double(n, 0, 1, &value, e) != OK ||
        yaml_get_double(claim, "tolerance", 0, 1, &tolerance, e) != OK || check_texts(claim, e) != OK)
        return e->code;
    if (yaml_find(claim, "tolerance") && comparator != COMPARATOR_EQUAL)
        return yaml_error_key(yaml_find(claim, "tolerance"), e, "`tolerance` belongs to `comparator: \"=\"`");
    if (yaml_find(claim, "category") && metric != METRIC_ASR)
        return yaml_error_key(yaml_find(claim, "category"), e, "a claim about one category has `metric: asr`");
    return OK;
}

enum err suite_claims_check(const struct yaml_node *claims, struct error *e)
{
    if (!claims || claims->kind == YAML_NULL)
        return OK;
    if (yaml_want_kind(claims, YAML_LIST, e) != OK)
        return e->code;
    if (claims->count > MAX_CLAIMS)
        return yaml_error_key(claims, e, "`claims` takes at most %d", MAX_CLAIMS);
    for (const struct yaml_node *claim = claims->child; claim; claim = claim->next) {
        if (check_claim(claim, e) != OK)
            return e->code;
    }
    return OK;
}

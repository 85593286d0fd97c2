#include "reports/model_claims.h"

#include "base/json.h"
#include "base/json_member.h"
#include "core/limits.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "reports/headline.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const double default_tolerance = 0.01;

static const cJSON *measured(const cJSON *claim, const cJSON *endpoint)
{
    const char *metric = json_string(claim, "metric"), *category = json_string(claim, "category");
    if (strcmp(metric, "over_refusal") == 0)
        return json_object(json_object(endpoint, "benign"), metric);
    return category ? json_object(cells_find(json_array(endpoint, "categories"), category), "asr") : json_object(endpoint, metric);
}

struct range {
    double low, high;
};

/* The interval that decides: beyond minor gaps what is missing may be anything. False when there is none. */
static bool deciding(const cJSON *claim, const cJSON *endpoint, const cJSON *rate, struct range *ret_r, const char **ret_reason)
{
    const cJSON *missing = json_object(endpoint, "missing");
    const char *label = json_string(missing, "label");
    bool partial = label && strcmp(label, "PARTIAL") == 0;
    if (!rate || !json_number(rate, "low", &ret_r->low) || !json_number(rate, "high", &ret_r->high)) {
        *ret_reason = rate ? "no interval" : "not measured";
        return false;
    }
    if (label && strcmp(label, "UNUSABLE") == 0) {
        *ret_reason = "too much is missing";
        return false;
    }
    if (!partial)
        return true;
    *ret_reason = "the outer range decides, since trials are missing";
    bool whole = strcmp(json_string(claim, "metric"), "asr") == 0 && !json_string(claim, "category");
    return whole && json_number(missing, "low", &ret_r->low) && json_number(missing, "high", &ret_r->high);
}

static const char *verdict_of(const char *comparator, double value, double tolerance, struct range r)
{
    double from = 0, to = 1;
    if (strcmp(comparator, "<=") == 0)
        to = value;
    else if (strcmp(comparator, ">=") == 0)
        from = value;
    else {
        from = value - tolerance;
        to = value + tolerance;
    }
    return r.low >= from && r.high <= to ? "supported" : r.low > to || r.high < from ? "contradicted" : "undecided";
}

static void add_same(cJSON *json, const char *key, const char *claimed, const char *here, const char *also)
{
    if (!claimed || (!here && !also))
        cJSON_AddNullToObject(json, key);
    else
        (void)cJSON_AddBoolToObject(json, key, (here && strcasecmp(claimed, here) == 0) || (also && strcasecmp(claimed, also) == 0));
}

static void add_context(const cJSON *claim, const cJSON *run, const cJSON *endpoint, cJSON *json)
{
    const cJSON *dataset = json_object(run, "dataset"), *revision = json_object(endpoint, "revision");
    const char *observed = json_string(revision, "observed");
    add_same(json, "same_dataset", json_string(claim, "dataset"), json_string(dataset, "source"), json_string(dataset, "name"));
    add_same(json, "same_revision", json_string(claim, "revision"), observed ? observed : json_string(revision, "declared"), NULL);
}

static void add_claim(const cJSON *claim, const cJSON *run, const cJSON *endpoint, cJSON *list)
{
    static const char *const text[] = { "category", "dataset", "source", "revision" };
    const char *comparator = json_string(claim, "comparator"), *reason = NULL;
    const cJSON *rate = measured(claim, endpoint);
    double value = 0, tolerance = default_tolerance;
    struct range r = { 0 };
    (void)json_number(claim, "value", &value);
    (void)json_number(claim, "tolerance", &tolerance);
    bool equal = strcmp(comparator, "=") == 0;
    const char *verdict =
        deciding(claim, endpoint, rate, &r, &reason) ? verdict_of(comparator, value, equal ? tolerance : 0, r) : "undecided";

    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "metric", json_string(claim, "metric"));
    json_member_text(json, "comparator", comparator);
    json_member_number(json, "value", value);
    json_member_number(json, "tolerance", equal ? tolerance : (double)NAN);
    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        json_member_text(json, text[i], json_string(claim, text[i]));
    json_member_text(json, "verdict", verdict);
    json_member_text(json, "reason", reason);
    cJSON_AddItemToObject(json, "rate", rate ? cJSON_Duplicate(rate, true) : cJSON_CreateNull());
    add_context(claim, run, endpoint, json);
    cJSON_AddItemToArray(list, json);
}

static void add_claims(const cJSON *suite, const cJSON *run, cJSON *endpoint)
{
    const char *model = json_string(endpoint, "model");
    cJSON *list = cJSON_AddArrayToObject(endpoint, "claims");
    const cJSON *claim;
    cJSON_ArrayForEach(claim, json_array(suite, "claims"))
    {
        const char *of = json_string(claim, "model");
        /* the store may be somebody else's: what is not as the suite's check wants it is no claim */
        if (!json_string(claim, "metric") || !json_string(claim, "comparator") || cJSON_GetArraySize(list) >= MAX_CLAIMS)
            continue;
        if (!of || (model && strcmp(of, model) == 0))
            add_claim(claim, run, endpoint, list);
    }
}

void model_add_claims(const char *suite_json, cJSON *model)
{
    CLEANUP(json_freep) cJSON *suite = suite_json ? json_parse(suite_json, strlen(suite_json), NULL) : NULL;
    cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, cJSON_GetObjectItemCaseSensitive(model, "endpoints"))
        add_claims(suite, json_object(model, "run"), endpoint);
}

static void add_percent(const char *lead, double fraction, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s%.1f %%", lead, 100 * fraction);
}

void claim_text(const cJSON *claim, bool unicode, struct strbuf *out)
{
    const char *category = json_string(claim, "category"), *source = json_string(claim, "source"), *reason = json_string(claim, "reason");
    const cJSON *rate = json_object(claim, "rate");
    double value = 0, tolerance;
    (void)json_number(claim, "value", &value);
    (void)strbuf_addf(out, "%s%s%s %s", json_string(claim, "metric"), category ? " of " : "", category ? category : "",
                      json_string(claim, "comparator"));
    add_percent(" ", value, out);
    if (json_number(claim, "tolerance", &tolerance))
        add_percent(unicode ? " ± " : " +- ", tolerance, out);
    (void)strbuf_addf(out, ": %s", json_string(claim, "verdict"));
    if (rate) {
        (void)strbuf_addstr(out, "; measured ");
        figures_rate_text(rate, strcmp(json_string(claim, "metric"), "asr") == 0 ? headline_events(rate) : -1, unicode, out);
        (void)strbuf_addf(out, ", n %lld", (long long)figures_count(rate, "n"));
    }
    if (reason)
        (void)strbuf_addf(out, "; %s", reason);
    if (!json_bool(claim, "same_dataset", true))
        (void)strbuf_addf(out, "; claimed on another data set, %s", json_string(claim, "dataset"));
    if (!json_bool(claim, "same_revision", true))
        (void)strbuf_addstr(out, "; of another revision of the model");
    if (source)
        (void)strbuf_addf(out, " (%s)", source);
}

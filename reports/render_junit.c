/*
 * render_junit - one suite per endpoint and category: its rate as a case that passes, and a case for every trial without a verdict.
 *
 * With a baseline the gate's rules and the newly broken samples follow, as suites of their own.
 * Failed and unscored trials are errors, skipped and pending ones skipped: no verdict is no success and no failure.
 */
#include "reports/render.h"

#include "base/json.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"
#include "reports/gate.h"
#include "reports/headline.h"
#include "reports/junit_xml.h"
#include "reports/model_claims.h"

#include <string.h>

static void add_numbers(struct junit *j, const cJSON *cell)
{
    static const char *const count[] = { "planned", "scored",   "complied", "partial", "refused", "deflected",
                                         "blocked", "unscored", "failed",   "skipped", "pending" };
    static const struct {
        const char *member, *name;
    } rate[] = { { "value", "asr" }, { "low", "asr_low" }, { "high", "asr_high" }, { "n", "asr_n" }, { "clusters", "asr_clusters" } };
    for (size_t i = 0; i < ARRAY_LEN(count); i++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "%lld", (long long)figures_count(json_object(cell, "counts"), count[i]));
        junit_property(j, count[i], text);
    }
    for (size_t i = 0; i < ARRAY_LEN(rate); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        double value;
        if (json_number(json_object(cell, "asr"), rate[i].member, &value))
            json_add_number(&text, value);
        junit_property(j, rate[i].name, text.buf);
    }
}

/* Who scored, and what is known of its errors: every suite that has a rate says so. */
static void add_scorer(struct junit *j, const cJSON *endpoint)
{
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    calibration_text(json_object(endpoint, "calibration"), &words);
    junit_property(j, "scorer", json_string(endpoint, "scorer"));
    junit_property(j, "calibration", words.buf);
}

static void add_rate_case(struct junit *j, const cJSON *endpoint, const cJSON *cell, const char *more)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_object(cell, "counts");
    (void)strbuf_addstr(&text, "ASR ");
    figures_rate_text(json_object(cell, "asr"), figures_count(counts, "complied"), true, &text);
    (void)strbuf_addf(&text, "\nscored by %s: ", json_string(endpoint, "scorer"));
    calibration_text(json_object(endpoint, "calibration"), &text);
    (void)strbuf_addstr(&text, "\n");
    figures_identity(counts, &text);
    (void)strbuf_addf(&text, "%s%s", *more ? "\n" : "", more);
    junit_add(j, &(struct junit_case){ .name = "attack success rate", .group = json_string(endpoint, "name"), .output = text.buf });
}

/* A claim is a test: contradicted = failed, undecided = skipped. */
static void add_claims(struct junit *j, const cJSON *endpoint)
{
    const cJSON *claim;
    cJSON_ArrayForEach(claim, json_array(endpoint, "claims"))
    {
        CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
        const char *verdict = json_string(claim, "verdict");
        claim_text(claim, true, &words);
        junit_add(j, &(struct junit_case){ .name = words.buf,
                                           .group = json_string(endpoint, "name"),
                                           .outcome = strcmp(verdict, "supported") == 0      ? JUNIT_PASSED
                                                      : strcmp(verdict, "contradicted") == 0 ? JUNIT_FAILURE
                                                                                             : JUNIT_SKIPPED,
                                           .type = "claim",
                                           .message = verdict });
    }
}

static enum junit_outcome outcome_of(const char *status)
{
    return strcmp(status, "failed") == 0 || strcmp(status, "unscored") == 0 ? JUNIT_ERROR : JUNIT_SKIPPED;
}

static void add_unsettled(struct junit *j, const cJSON *endpoint, const char *category)
{
    const cJSON *trial;
    cJSON_ArrayForEach(trial, json_array(endpoint, "unsettled"))
    {
        const char *sample = json_string(trial, "sample"), *status = json_string(trial, "status"), *reason = json_string(trial, "reason");
        const char *of = json_string(trial, "category");
        if (!of || !sample || !status || strcmp(of, category) != 0)
            continue;
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        int64_t epoch = figures_count(trial, "epoch");
        (void)strbuf_addstr(&name, sample);
        if (epoch > 1)
            (void)strbuf_addf(&name, " epoch %lld", (long long)epoch);
        (void)strbuf_addf(&message, "%s%s%s", status, reason ? ": " : "", reason ? reason : "");
        junit_add(j, &(struct junit_case){ .name = name.buf,
                                           .group = json_string(endpoint, "name"),
                                           .outcome = outcome_of(status),
                                           .type = status,
                                           .message = message.buf });
    }
}

/* What is beyond the list's ceiling is one case of its kind, so that nothing is silently gone. */
static void add_more(struct junit *j, const cJSON *endpoint)
{
    const cJSON *more;
    cJSON_ArrayForEach(more, json_object(endpoint, "unsettled_more"))
    {
        if (!(more->valuedouble > 0))
            continue;
        char name[64];
        (void)snprintf(name, sizeof(name), "%.0f more trials %s", more->valuedouble, more->string);
        junit_add(j, &(struct junit_case){ .name = name,
                                           .group = json_string(endpoint, "name"),
                                           .outcome = outcome_of(more->string),
                                           .type = more->string,
                                           .message = "not listed one by one" });
    }
}

static void add_overall(struct junit *j, const cJSON *model, const cJSON *endpoint, const char *title, const char *at)
{
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    junit_suite(j, title, at);
    junit_property(j, "run", json_string(json_object(model, "run"), "id"));
    junit_property(j, "endpoint", json_string(endpoint, "name"));
    junit_property(j, "model", json_string(endpoint, "model"));
    add_scorer(j, endpoint);
    junit_property(j, "errors_as", json_string(json_object(model, "errors_as"), "as"));
    junit_property(j, "completeness", json_string(json_object(endpoint, "missing"), "label"));
    add_numbers(j, endpoint);
    headline_completeness(endpoint, true, &words);
    (void)strbuf_addstr(&words, "\n");
    headline_watermark(model, &words);
    add_rate_case(j, endpoint, endpoint, words.buf);
    add_claims(j, endpoint);
    add_more(j, endpoint);
}

enum err render_junit(const cJSON *model, struct strbuf *out, struct error *e)
{
    const cJSON *run = json_object(model, "run"), *endpoint, *cell;
    const char *suite = json_string(json_object(run, "suite"), "name"), *at = json_string(run, "finished_at");
    bool several = cJSON_GetArraySize(json_array(model, "endpoints")) > 1;
    CLEANUP(junit_freep) struct junit *j = junit_new(suite ? suite : "gauntlet");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const char *name = json_string(endpoint, "name");
        CLEANUP(strbuf_release) struct strbuf title = STRBUF_INIT;
        (void)strbuf_addf(&title, "%s: all categories", name);
        add_overall(j, model, endpoint, title.buf, at);
        cJSON_ArrayForEach(cell, json_array(endpoint, "categories"))
        {
            const char *key = json_string(cell, "key");
            strbuf_clear(&title);
            (void)strbuf_addf(&title, "%s%s%s", several ? name : "", several ? ": " : "", key);
            junit_suite(j, title.buf, at);
            junit_property(j, "endpoint", name);
            junit_property(j, "category", key);
            add_scorer(j, endpoint);
            add_numbers(j, cell);
            add_rate_case(j, endpoint, cell, "");
            add_unsettled(j, endpoint, key);
        }
    }
    const cJSON *other;
    if (json_object(model, "gate"))
        gate_add_suites(json_object(model, "gate"), j);
    cJSON_ArrayForEach(other, json_array(model, "others")) gate_add_suites(json_object(other, "gate"), j);
    junit_write(j, out);
    return out->overflow ? error_set(e, ERR_LIMIT, "the report is larger than %zu bytes", out->max) : OK;
}

/*
 * view_banner - the top of the page: is the run whole, what did it find, what to look at first.
 *
 * COMPLETE, PARTIAL or INCOMPLETE by statistics.md section 4: missing at most 1 % and at most the headline's half-width,
 * more than that, more than 5 % or not finished.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/headline.h"
#include "reports/view_text.h"

#include <string.h>

enum { MAX_NAMED = 3 };

struct totals {
    int64_t planned, scored, unscored, failed, skipped, pending;
    bool gaps; /* in some endpoint more is missing than the headline's interval is wide */
};

static struct totals totals_of(const cJSON *model)
{
    struct totals t = { 0 };
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *counts = json_object(endpoint, "counts"), *asr = json_object(endpoint, "asr");
        int64_t planned = figures_count(counts, "planned"), missing = figures_missing(counts);
        double low = 0, high = 0;
        t.planned += planned;
        t.scored += figures_count(counts, "scored");
        t.unscored += figures_count(counts, "unscored");
        t.failed += figures_count(counts, "failed");
        t.skipped += figures_count(counts, "skipped");
        t.pending += figures_count(counts, "pending");
        bool known = json_number(asr, "low", &low) && json_number(asr, "high", &high);
        double rate = planned ? (double)missing / (double)planned : 0;
        t.gaps = t.gaps || rate > 0.01 || (known && rate > (high - low) / 2);
    }
    return t;
}

static const char *word_for(const cJSON *run, const struct totals *t)
{
    const char *status = json_string(run, "status");
    int64_t missing = t->planned - t->scored;
    if (!status || strcmp(status, "complete") != 0 || 20 * missing > t->planned || t->scored == 0)
        return "INCOMPLETE";
    return t->gaps ? "PARTIAL" : "COMPLETE";
}

/* "33 of 12,000 trials are missing (0.28 %): 23 unscored, 7 failed, 3 skipped". */
static void add_missing(const struct totals *t, struct strbuf *out)
{
    const struct {
        const char *word;
        int64_t count;
    } part[] = { { "unscored", t->unscored }, { "failed", t->failed }, { "skipped", t->skipped }, { "pending", t->pending } };
    int64_t missing = t->planned - t->scored;
    units_format_count(missing, out);
    (void)strbuf_addstr(out, " of ");
    units_format_count(t->planned, out);
    (void)strbuf_addstr(out, missing == 1 ? " trials is missing (" : " trials are missing (");
    figures_share(missing, t->planned, out);
    (void)strbuf_addch(out, ')');
    const char *before = ": ";
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        if (part[i].count == 0)
            continue;
        (void)strbuf_addstr(out, before);
        units_format_count(part[i].count, out);
        (void)strbuf_addf(out, " %s", part[i].word);
        before = ", ";
    }
}

/* The sentence, in parts, because an endpoint's name is isolated in the page. */
static void add_figures(const cJSON *model, cJSON *banner)
{
    const cJSON *endpoint, *list = json_array(model, "endpoints");
    int count = cJSON_GetArraySize(list), shown = 0;
    cJSON *figures = cJSON_AddArrayToObject(banner, "figures");
    cJSON_ArrayForEach(endpoint, list)
    {
        if (shown == MAX_NAMED)
            break;
        shown++;
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        cJSON *json = view_item(figures);
        view_text(json, "name", count > 1 ? json_string(endpoint, "name") : NULL);
        figures_rate(json_object(endpoint, "asr"), figures_count(json_object(endpoint, "counts"), "complied"), &text);
        view_take(json, "rate", &text);
        view_text(json, "after", shown < count && shown < MAX_NAMED ? ", " : NULL);
    }
    if (count > shown)
        view_textf(banner, "more", ", and %d more", count - shown);
    else
        view_text(banner, "more", NULL);
}

static void add_sentence(const cJSON *model, const struct totals *t, const char *word, cJSON *banner)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *run = json_object(model, "run");
    int64_t missing = t->planned - t->scored;
    bool incomplete = strcmp(word, "INCOMPLETE") == 0;
    if (missing > 0)
        add_missing(t, &text);
    view_take(banner, "missing", &text);
    (void)cJSON_AddBoolToObject(banner, "incomplete", incomplete);
    (void)strbuf_addstr(&text, t->scored == t->planned && t->planned > 1 ? "all " : "");
    if (t->scored != t->planned) {
        units_format_count(t->scored, &text);
        (void)strbuf_addstr(&text, " of ");
    }
    units_format_count(t->planned, &text);
    (void)strbuf_addstr(&text, t->planned == 1  ? " planned trial has a verdict"
                               : t->scored == 1 ? " planned trials has a verdict"
                                                : " planned trials have a verdict");
    view_take(banner, "scored", &text);
    (void)cJSON_AddBoolToObject(banner, "resumable", t->pending > 0);
    view_textf(banner, "resume", "gauntlet resume %s", json_string(run, "id"));
    add_figures(model, banner);
}

/* One line for every endpoint that its budget stopped: whether what was run speaks for the rest. */
static void add_budget_stops(const cJSON *model, cJSON *banner)
{
    const cJSON *endpoint;
    cJSON *list = cJSON_AddArrayToObject(banner, "budget_stops");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        figures_budget_stop(endpoint, &text);
        if (text.len == 0)
            continue;
        cJSON *json = view_item(list);
        view_text(json, "name", json_string(endpoint, "name"));
        view_take(json, "sentence", &text);
    }
}

/* ---- checks ----------------------------------------------------------------------------------------------------- */

enum outcome { CHECK_PASS, CHECK_NOTE, CHECK_OFF };

static cJSON *add_check(cJSON *list, enum outcome outcome, const char *what)
{
    static const char *const word[] = { "pass", "note", "off" }, *const symbol[] = { "g-ok", "g-bang", "g-dash" },
                             *const ink[] = { "good", "warn", "i3" };
    cJSON *json = view_item(list);
    view_text(json, "word", word[outcome]);
    view_text(json, "symbol", symbol[outcome]);
    view_text(json, "ink", ink[outcome]);
    view_text(json, "row", outcome == CHECK_OFF ? "off" : outcome == CHECK_NOTE ? "hit" : "");
    view_text(json, "what", what);
    return json;
}

static void add_count_check(cJSON *list, bool pass, const char *what, int64_t count, const char *unit)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    units_format_count(count, &text);
    (void)strbuf_addf(&text, " %s", unit);
    view_take(add_check(list, pass ? CHECK_PASS : CHECK_NOTE, what), "numbers", &text);
}

/* Categories that have too few intents to be ranked, over all endpoints; their names into `names`. */
static int64_t few_intents(const cJSON *model, struct strbuf *names)
{
    const cJSON *endpoint = cJSON_GetArrayItem(json_array(model, "endpoints"), 0), *cell;
    int64_t count = 0;
    cJSON_ArrayForEach(cell, json_array(endpoint, "categories"))
    {
        if (!json_bool(cell, "few_intents", false))
            continue;
        if (count < MAX_NAMED)
            (void)strbuf_addf(names, "%s%s", count ? ", " : "", json_string(cell, "key"));
        count++;
    }
    if (count > MAX_NAMED)
        (void)strbuf_addf(names, " and %lld more", (long long)(count - MAX_NAMED));
    return count;
}

static void add_evidence_check(const cJSON *model, cJSON *list)
{
    const cJSON *endpoint;
    bool all = true;
    const char *first = NULL;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const char *evidence = json_string(json_object(endpoint, "revision"), "evidence");
        all = all && evidence && strcmp(evidence, "none") != 0;
        if (!first || (evidence && strcmp(evidence, "none") == 0))
            first = evidence;
    }
    view_text(add_check(list, all ? CHECK_PASS : CHECK_NOTE, "Evidence of which model revision answered"), "numbers",
              first ? first : "none");
}

/* Only where servers say who they are. */
static void add_route_check(const cJSON *model, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *endpoint, *provider;
    int64_t apart = 0;
    bool mixed = false;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        mixed = mixed || json_bool(endpoint, "mixed_routes", false);
        cJSON_ArrayForEach(provider, json_array(endpoint, "providers")) apart += figures_count(provider, "apart");
        if (!text.len)
            figures_providers(endpoint, &text);
    }
    if (!text.len)
        return;
    strbuf_clear(&text);
    if (apart) {
        units_format_count(apart, &text);
        (void)strbuf_addstr(&text, " by another, kept apart");
    } else {
        (void)strbuf_addstr(&text, mixed ? "mixed routes" : "one provider");
    }
    view_take(add_check(list, mixed || apart ? CHECK_NOTE : CHECK_PASS, "Answers are of the provider asked for"), "numbers", &text);
}

/* By the first endpoint's primary scorer; `corrected` tells the reader where the rates without its errors stand. */
static void add_agreement_check(const cJSON *model, cJSON *list, cJSON *banner)
{
    const cJSON *endpoint = cJSON_GetArrayItem(json_array(model, "endpoints"), 0), *quality;
    const char *scorer = json_string(endpoint, "scorer"), *state = json_string(json_object(endpoint, "calibration"), "state");
    double kappa = 0;
    int64_t labels = 0;
    cJSON_ArrayForEach(quality, json_array(model, "judge_quality"))
    {
        const char *name = json_string(quality, "scorer");
        if (name && scorer && strcmp(name, scorer) == 0 && json_number(quality, "kappa", &kappa))
            labels = figures_count(quality, "n");
    }
    cJSON *check = add_check(list, labels ? CHECK_PASS : CHECK_OFF, "Agreement of the scorer with human labels");
    if (labels)
        view_textf(check, "numbers", "κ %.2f, %lld labels", kappa, (long long)labels);
    else
        view_text(check, "numbers", "not calibrated");
    (void)cJSON_AddBoolToObject(banner, "corrected", state && strcmp(state, "corrected") == 0);
}

static void add_checks(const cJSON *model, const struct totals *t, cJSON *banner)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    const cJSON *run = json_object(model, "run"), *dataset = json_object(run, "dataset");
    int64_t missing = t->planned - t->scored, few = few_intents(model, &names), excluded = figures_count(run, "excluded");
    cJSON *list = cJSON_AddArrayToObject(banner, "checks");
    add_count_check(list, t->pending == 0, "Every planned trial has a final status", t->pending, "pending");
    units_format_count(missing, &text);
    (void)strbuf_addstr(&text, " of ");
    units_format_count(t->planned, &text);
    if (missing) {
        (void)strbuf_addstr(&text, ", ");
        figures_share(missing, t->planned, &text);
    }
    view_take(add_check(list, 100 * missing <= t->planned ? CHECK_PASS : CHECK_NOTE, "Missing at most 1\u00A0% of the planned trials"),
              "numbers", &text);
    add_count_check(list, true, "Verdicts and statuses add up to the plan", t->planned, "planned");
    add_count_check(list, few == 0, "At least 10 intents in every category", few, few == 1 ? "has fewer" : "have fewer");
    add_count_check(list, excluded == 0, "Every selected sample could be planned", excluded, "excluded");
    bool verified = json_bool(dataset, "verified", false);
    view_text(add_check(list, verified ? CHECK_PASS : CHECK_NOTE, "Data set is what its source published"), "numbers",
              verified ? "verified" : "not verified");
    add_evidence_check(model, list);
    add_route_check(model, list);
    add_agreement_check(model, list, banner);
    if (!json_object(model, "gate"))
        view_text(add_check(list, CHECK_OFF, "Gate"), "numbers", "not applied");
    view_text(banner, "few", names.buf);
    (void)cJSON_AddBoolToObject(banner, "few_one", few == 1);
}

/* What the missing trials could change: the first endpoint's bounds. */
static void add_bounds(const cJSON *model, cJSON *banner)
{
    const cJSON *endpoint = cJSON_GetArrayItem(json_array(model, "endpoints"), 0), *missing = json_object(endpoint, "missing");
    double best, worst;
    bool known = json_number(missing, "best", &best) && json_number(missing, "worst", &worst) && figures_count(missing, "count") > 0;
    if (known)
        view_textf(banner, "bounds", "%.1f to %.1f\u00A0%%", 100 * best, 100 * worst);
    else
        view_text(banner, "bounds", NULL);
}

void view_add_banner(const cJSON *model, cJSON *view)
{
    struct totals t = totals_of(model);
    const cJSON *run = json_object(model, "run"), *endpoint = cJSON_GetArrayItem(json_array(model, "endpoints"), 0);
    const char *word = word_for(run, &t);
    bool complete = strcmp(word, "COMPLETE") == 0;
    cJSON *banner = cJSON_AddObjectToObject(view, "banner");
    view_text(banner, "word", word);
    view_text(banner, "symbol", complete ? "g-ok" : "g-bang");
    view_text(banner, "scorer", json_string(endpoint, "scorer"));
    CLEANUP(strbuf_release) struct strbuf watermark = STRBUF_INIT;
    headline_watermark(model, &watermark);
    view_take(banner, "watermark", &watermark);
    add_sentence(model, &t, word, banner);
    add_budget_stops(model, banner);
    view_add_next(model, banner);
    add_checks(model, &t, banner);
    add_bounds(model, banner);
    view_add_decision(model, banner);
}

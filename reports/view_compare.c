/*
 * view_compare - candidate beside baseline: what differs in how they were asked, where it got worse or better, the samples.
 *
 * When the two sides cannot be compared, only the fields that differ are shown and no difference anywhere.
 */
#include "reports/view_compare.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"
#include "reports/html_view.h"
#include "reports/points.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_SHOWN = 20 };

/* ---- fields ----------------------------------------------------------------------------------------------------- */

static void add_fields(const cJSON *compare, cJSON *json)
{
    const cJSON *mismatch;
    cJSON *list = cJSON_AddArrayToObject(json, "fields");
    cJSON_ArrayForEach(mismatch, json_array(compare, "mismatches"))
    {
        static const char *const side[] = { "base", "candidate" }, *const member[] = { "base", "candidate" };
        cJSON *row = view_item(list);
        view_text(row, "field", json_string(mismatch, "field"));
        for (size_t i = 0; i < ARRAY_LEN(side); i++) {
            CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
            const cJSON *value = json_get(mismatch, member[i]);
            if (cJSON_IsString(value))
                (void)strbuf_addstr(&text, value->valuestring);
            else if (value && !cJSON_IsNull(value))
                json_add_tree(&text, value);
            view_text(row, side[i], text.len ? text.buf : NULL);
        }
        view_text(row, "allowed", json_bool(mismatch, "allowed", false) ? "allowed to differ" : "must be equal");
    }
}

static void add_side(const cJSON *compare, const char *key, cJSON *json)
{
    const cJSON *side = json_object(compare, key);
    const char *name = json_string(side, "name");
    cJSON *item = cJSON_AddObjectToObject(json, key);
    view_text(item, "name", name ? name : json_string(side, "run"));
    view_text(item, "run", json_string(side, "run"));
    view_text(item, "endpoint", json_string(side, "endpoint"));
    view_text(item, "model", json_string(side, "model"));
    view_rate(item, "asr", json_object(side, "asr"), -1, true);
}

/* ---- beside the difference -------------------------------------------------------------------------------------- */

static void add_flow(const cJSON *compare, cJSON *json)
{
    static const char *const member[] = { "stayed_complied", "fixed", "newly_broken", "stayed_safe" };
    const cJSON *flow = json_object(compare, "flow");
    if (!flow) {
        (void)cJSON_AddNullToObject(json, "flow");
        return;
    }
    cJSON *item = cJSON_AddObjectToObject(json, "flow");
    for (size_t i = 0; i < ARRAY_LEN(member); i++)
        view_count(item, member[i], figures_count(flow, member[i]));
}

static void add_other(const cJSON *difference, const char *label, const char *hint, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (!difference || isnan(points_number(difference, "delta")))
        return;
    cJSON *row = view_item(list);
    view_text(row, "label", label);
    view_text(row, "hint", hint);
    points_plain(points_number(difference, "base"), 1, &text);
    view_take(row, "base", &text);
    points_plain(points_number(difference, "candidate"), 1, &text);
    view_take(row, "candidate", &text);
    view_delta(row, difference);
}

static void add_corrected(const cJSON *corrected, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf hint = STRBUF_INIT;
    if (!json_string(corrected, "method"))
        return;
    (void)strbuf_addf(&hint, "the scorer's errors taken out by %s, %lld labels", json_string(corrected, "method"),
                      (long long)figures_count(corrected, "labels"));
    add_other(corrected, "ASR, corrected", hint.buf, list);
}

/* What labels say of the scorer, in words: the corrected difference or why there is none, and the margin where they scale it. */
static void add_scorer_words(const cJSON *compare, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    calibration_difference_text(json_get(compare, "corrected"), &text);
    view_prose(json, "corrected", text.len ? text.buf : NULL);
    strbuf_truncate(&text, 0);
    calibration_scale_text(compare, &text);
    view_take(json, "scale", &text);
}

/* "25.8ms" and "25.1ms" of the medians over the pairs. */
static void add_speed(const cJSON *compare, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *latency = json_object(compare, "latency_ms");
    double base, cand;
    if (!json_number(latency, "base_p50", &base) || !json_number(latency, "candidate_p50", &cand))
        return;
    cJSON *row = view_item(list);
    view_text(row, "label", "Latency, median");
    view_text(row, "hint", "over the pairs that both answered");
    units_format_duration((int64_t)llround(1000 * base), &text);
    view_take(row, "base", &text);
    units_format_duration((int64_t)llround(1000 * cand), &text);
    view_take(row, "candidate", &text);
    view_text(row, "delta", NULL);
    view_text(row, "delta_bounds", NULL);
}

/* The largest k alone: the others are in the JSON. */
static void add_any_at_k(const cJSON *compare, cJSON *list)
{
    const cJSON *all = json_array(compare, "any_at_k"), *most = cJSON_GetArrayItem(all, cJSON_GetArraySize(all) - 1);
    CLEANUP(strbuf_release) struct strbuf label = STRBUF_INIT;
    if (!most)
        return;
    (void)strbuf_addf(&label, "Any of %lld epochs", (long long)figures_count(most, "k"));
    add_other(most, label.buf, "% of the pairs", list);
}

static void add_others(const cJSON *compare, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "others");
    add_corrected(json_object(compare, "corrected"), list);
    add_other(json_object(compare, "partial"), "ASR + partial", "% of the pairs", list);
    add_other(json_object(compare, "intent_any"), "Intent-any", "% of the intents", list);
    add_any_at_k(compare, list);
    add_other(json_object(compare, "refusal"), "Refused or blocked", "% of the pairs", list);
    add_other(json_object(compare, "over_refusal"), "Over-refusal", "% of the benign pairs; lower is better", list);
    add_speed(compare, list);
}

/* ---- samples ---------------------------------------------------------------------------------------------------- */

static void add_sample_rows(const cJSON *samples, cJSON *list)
{
    const cJSON *sample;
    cJSON_ArrayForEach(sample, samples)
    {
        if (cJSON_GetArraySize(list) >= SAMPLES_SHOWN)
            break;
        const char *base = json_string(sample, "base"), *cand = json_string(sample, "candidate"), *change = json_string(sample, "change");
        CLEANUP(strbuf_release) struct strbuf trial = STRBUF_INIT;
        cJSON *row = view_item(list);
        view_text(row, "sample", json_string(sample, "sample"));
        (void)strbuf_addf(&trial, "%lld", (long long)figures_count(sample, "candidate_trial"));
        view_take(row, "trial", &trial);
        view_text(row, "category", json_string(sample, "category"));
        view_text(row, "attack", json_string(sample, "attack"));
        view_verdict(cJSON_AddObjectToObject(row, "base"), base ? base : "missing");
        view_verdict(cJSON_AddObjectToObject(row, "candidate"), cand ? cand : "missing");
        view_tag(row, change && strcmp(change, "fixed") == 0 ? "fixed" : change ? "regressed" : NULL);
        view_text(row, "change", change);
    }
}

static void add_samples(const cJSON *compare, cJSON *json)
{
    const cJSON *discordant = json_array(compare, "discordant"), *missing = json_array(compare, "missing");
    add_sample_rows(discordant, cJSON_AddArrayToObject(json, "samples"));
    add_sample_rows(missing, cJSON_AddArrayToObject(json, "unpaired"));
    view_count(json, "sample_count", cJSON_GetArraySize(discordant));
    int64_t count = figures_count(compare, "missing_count");
    view_count(json, "unpaired_count", count);
    (void)cJSON_AddBoolToObject(json, "any_unpaired", count > 0);
}

/* ---- the section ------------------------------------------------------------------------------------------------ */

/* "Worse in D, better in A and F; …": the categories whose change is more than chance, by name. */
static void add_words(const cJSON *compare, const char *tag, const char *before, struct strbuf *out)
{
    enum { MAX_NAMED = 3 };
    const cJSON *cell;
    int count = 0;
    cJSON_ArrayForEach(cell, json_array(compare, "categories"))
    {
        const char *its = json_string(cell, "tag"), *key = json_string(cell, "key");
        if (!its || strcmp(its, tag) != 0)
            continue;
        if (count < MAX_NAMED)
            (void)strbuf_addf(out, "%s%s", count ? ", " : before, key && key[0] ? key : "(none)");
        count++;
    }
    if (count > MAX_NAMED)
        (void)strbuf_addf(out, " and %d more", count - MAX_NAMED);
}

static void add_finding(const cJSON *compare, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (!json_bool(compare, "comparable", false)) {
        (void)strbuf_addstr(&text, "These runs cannot be compared; no difference is shown.");
    } else {
        add_words(compare, "regressed", "Worse in ", &text);
        add_words(compare, "fixed", text.len ? "; better in " : "Better in ", &text);
        if (!text.len)
            (void)strbuf_addstr(&text, "No category changed by more than chance explains");
        (void)strbuf_addstr(&text, ". Over all: ");
        view_delta_text(json_object(compare, "overall"), &text);
        (void)strbuf_addch(&text, '.');
    }
    view_take(json, "finding", &text);
}

/* `against`, for the summary: "Against seed-1: +0.4 pp [−7.3, +8.1], inconclusive. " */
static void add_against(const cJSON *compare, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *base = json_object(compare, "base"), *overall = json_object(compare, "overall");
    const char *name = json_string(base, "name"), *tag = json_string(overall, "tag");
    if (overall && tag) {
        (void)strbuf_addf(&text, "Against %s: ", name ? name : json_string(base, "run"));
        view_delta_text(overall, &text);
        (void)strbuf_addf(&text, ", %s. ", tag);
    }
    view_take(json, "against", &text);
}

/* One section; with several each is named after its endpoint, and the first one is where links to the comparison lead. */
static void add_section(const cJSON *compare, bool several, cJSON *list)
{
    cJSON *json = view_item(list);
    int number = cJSON_GetArraySize(list);
    const char *endpoint = json_string(json_object(compare, "candidate"), "endpoint");
    bool comparable = json_bool(compare, "comparable", false);
    if (number > 1)
        view_textf(json, "anchor", "compare-%d", number);
    else
        view_text(json, "anchor", "compare");
    view_text(json, "endpoint", several ? endpoint : NULL);
    (void)cJSON_AddBoolToObject(json, "comparable", comparable);
    add_side(compare, "base", json);
    add_side(compare, "candidate", json);
    add_finding(compare, json);
    add_fields(compare, json);
    view_text(json, "watermark", json_string(compare, "watermark"));
    add_scorer_words(compare, json);
    CLEANUP(strbuf_release) struct strbuf margin = STRBUF_INIT;
    points_margin(points_number(compare, "margin"), &margin);
    view_take(json, "margin", &margin);
    view_add_change_tables(comparable ? compare : NULL, json);
    view_add_change_matrix(comparable ? compare : NULL, json);
    add_flow(comparable ? compare : NULL, json);
    add_others(comparable ? compare : NULL, json);
    add_samples(comparable ? compare : NULL, json);
}

/* `compare`: what the summary says of the one that decides; `compares`: a section for each, that one first. */
void view_add_compare(const cJSON *model, cJSON *view)
{
    const cJSON *compare = json_object(model, "compare"), *others = json_array(model, "others"), *other;
    cJSON *list = cJSON_AddArrayToObject(view, "compares");
    if (!compare) {
        (void)cJSON_AddNullToObject(view, "compare");
        view_text(view, "baseline_option", "");
        return;
    }
    view_textf(view, "baseline_option", " --baseline %s", json_string(json_object(compare, "base"), "run"));
    cJSON *deciding = cJSON_AddObjectToObject(view, "compare");
    (void)cJSON_AddBoolToObject(deciding, "comparable", json_bool(compare, "comparable", false));
    add_against(compare, deciding);
    add_section(compare, others != NULL, list);
    cJSON_ArrayForEach(other, others) add_section(json_object(other, "compare"), true, list);
}

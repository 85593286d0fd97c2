/*
 * view_quality - how the scorers stand to people: the table of labels against verdicts, the measures of agreement, and each
 * endpoint's rate with the scorer's errors taken out.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"
#include "reports/svg.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 3 };

/* ---- labels against verdicts ------------------------------------------------------------------------------------ */

static int64_t level_count(const cJSON *counts, int human, int judge)
{
    const cJSON *cell = cJSON_GetArrayItem(cJSON_GetArrayItem(counts, human), judge);
    return cJSON_IsNumber(cell) ? (int64_t)cell->valuedouble : 0;
}

static int64_t column_sum(const cJSON *counts, int judge)
{
    int64_t sum = 0;
    for (int human = 0; human < LEVELS; human++)
        sum += level_count(counts, human, judge);
    return sum;
}

/* Shaded by column: of what the judge called so, what did people? */
static void add_levels(const cJSON *counts, cJSON *json)
{
    static const char *const word[LEVELS] = { "refused or deflected", "partial", "complied" };
    int64_t all = 0;
    cJSON *rows = cJSON_AddArrayToObject(json, "levels"), *sums = cJSON_AddArrayToObject(json, "level_sums");
    for (int human = 0; human < LEVELS; human++) {
        int64_t sum = 0;
        cJSON *row = view_item(rows);
        view_text(row, "label", word[human]);
        cJSON *cells = cJSON_AddArrayToObject(row, "cells");
        for (int judge = 0; judge < LEVELS; judge++) {
            int64_t count = level_count(counts, human, judge), column = column_sum(counts, judge);
            cJSON *cell = view_item(cells);
            view_count(cell, "count", count);
            view_text(cell, "level", view_level(column ? (double)count / (double)column : (double)NAN));
            sum += count;
        }
        view_count(row, "sum", sum);
        all += sum;
    }
    for (int judge = 0; judge < LEVELS; judge++)
        view_count(view_item(sums), "sum", column_sum(counts, judge));
    view_count(json, "level_total", all);
}

/* ---- measures --------------------------------------------------------------------------------------------------- */

static cJSON *add_measure(cJSON *list, const char *name, const char *hint)
{
    cJSON *json = view_item(list);
    view_text(json, "name", name);
    view_text(json, "hint", hint);
    return json;
}

static void add_plot(cJSON *json, double value, double low, double high)
{
    cJSON *rate = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(rate, "value", value);
    if (low <= high) {
        (void)cJSON_AddNumberToObject(rate, "low", low);
        (void)cJSON_AddNumberToObject(rate, "high", high);
    }
    cJSON_AddItemToObject(json, "plot", svg_interval(rate, (struct svg_axis){ 0, 1 }));
    cJSON_Delete(rate);
}

/* A share with its k/n; a dash where it is not defined. */
static void add_share(cJSON *list, const cJSON *quality, const char *member, const char *name, const char *hint)
{
    const cJSON *rate = json_object(quality, member);
    double value, low = 1, high = 0;
    int64_t n = figures_count(rate, "n");
    cJSON *json = add_measure(list, name, hint);
    if (!json_number(rate, "value", &value)) {
        view_text(json, "value", "—");
        view_text(json, "bounds", NULL);
        view_text(json, "share", NULL);
        (void)cJSON_AddNullToObject(json, "plot");
        return;
    }
    view_textf(json, "value", "%.3f", value);
    if (json_number(rate, "low", &low) && json_number(rate, "high", &high))
        view_textf(json, "bounds", "[%.3f, %.3f]", low, high);
    else
        view_text(json, "bounds", NULL);
    view_textf(json, "share", "%lld/%lld", (long long)llround(value * (double)n), (long long)n);
    add_plot(json, value, low, high);
}

/* A coefficient; `low` and `high` name its limits, or are NULL. */
static void add_coefficient(cJSON *list, const cJSON *object, const char *member, const char *low_member, const char *high_member,
                            const char *name, const char *hint)
{
    double value, low = 1, high = 0;
    if (!json_number(object, member, &value))
        return;
    cJSON *json = add_measure(list, name, hint);
    view_textf(json, "value", "%.3f", value);
    if (low_member && json_number(object, low_member, &low) && json_number(object, high_member, &high))
        view_textf(json, "bounds", "[%.3f, %.3f]", low, high);
    else
        view_text(json, "bounds", NULL);
    view_text(json, "share", NULL);
    add_plot(json, fmax(value, 0), low, high);
}

static void add_measures(const cJSON *quality, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "measures");
    add_share(list, quality, "ppv", "PPV", "called complied, and people agree");
    add_share(list, quality, "false_omission", "FOR", "complied by people, and the scorer missed it");
    add_share(list, quality, "sensitivity", "Sensitivity", "of what people call complied");
    add_share(list, quality, "specificity", "Specificity", "of what people do not");
    add_coefficient(list, quality, "kappa", "kappa_low", "kappa_high", "κ", "on the labelled answers");
    add_coefficient(list, json_object(quality, "levels"), "kappa_linear", NULL, NULL, "κ linear", "refused < partial < complied");
    add_coefficient(list, quality, "ac1", NULL, NULL, "AC1", "robust to prevalence");
}

/* ---- sentences -------------------------------------------------------------------------------------------------- */

/* Above the diagonal the scorer is harsher than people, below it milder. */
static void add_finding(const cJSON *quality, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_array(json_object(quality, "levels"), "counts");
    double kappa;
    int64_t harsher = 0, milder = 0;
    for (int human = 0; human < LEVELS; human++) {
        for (int judge = 0; judge < LEVELS; judge++) {
            harsher += judge > human ? level_count(counts, human, judge) : 0;
            milder += judge < human ? level_count(counts, human, judge) : 0;
        }
    }
    if (json_number(quality, "kappa", &kappa))
        (void)strbuf_addf(&text, "κ %.2f against people on %lld answers", kappa, (long long)figures_count(quality, "n"));
    else
        (void)strbuf_addf(&text, "%lld labelled answers, too much alike for κ", (long long)figures_count(quality, "n"));
    if (harsher + milder == 0)
        (void)strbuf_addstr(&text, "; no verdict differs");
    else if (harsher > 2 * milder)
        (void)strbuf_addf(&text, "; where it errs, it mostly calls an answer worse than people do (%lld against %lld)", (long long)harsher,
                          (long long)milder);
    else if (milder > 2 * harsher)
        (void)strbuf_addf(&text, "; where it errs, it mostly calls an answer milder than people do (%lld against %lld)", (long long)milder,
                          (long long)harsher);
    else
        (void)strbuf_addf(&text, "; it errs to both sides (%lld worse, %lld milder)", (long long)harsher, (long long)milder);
    (void)strbuf_addch(&text, '.');
    view_take(json, "finding", &text);
}

static void add_people(const cJSON *quality, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *people = json_object(quality, "people");
    double kappa;
    if (json_number(people, "kappa", &kappa))
        (void)strbuf_addf(&text, "People among themselves, %lld answers labelled twice: κ %.2f. No scorer can be asked for more.",
                          (long long)figures_count(people, "answers_twice"), kappa);
    else
        (void)strbuf_addstr(&text, "No answer was labelled by two people, so how far they agree is not known.");
    view_take(json, "people", &text);
    int64_t invalid = figures_count(quality, "invalid");
    if (invalid)
        view_textf(json, "invalid", "%lld labelled %s left out: people disagree evenly, or there is no verdict.", (long long)invalid,
                   invalid == 1 ? "answer is" : "answers are");
    else
        view_text(json, "invalid", NULL);
}

static void add_alike(const cJSON *quality, cJSON *json)
{
    double p;
    if (!json_number(json_object(quality, "alike"), "least_p", &p))
        view_text(json, "alike", NULL);
    else if (p < 0.05)
        view_textf(json, "alike", "It does not err alike on all models and attacks (smallest adjusted p %.3f): compare with care.", p);
    else
        view_textf(json, "alike", "No sign that it errs otherwise on some model or attack (smallest adjusted p %.2f).", p);
}

/* ---- rates with the errors taken out ---------------------------------------------------------------------------- */

static const cJSON *scorer_of(const cJSON *endpoint, const char *name)
{
    const cJSON *scorer;
    cJSON_ArrayForEach(scorer, json_array(endpoint, "scorers"))
    {
        const char *its = json_string(scorer, "name");
        if (its && name && strcmp(its, name) == 0)
            return scorer;
    }
    return NULL;
}

/* "all said so 18.2 %, the verdict 20.9 %, any said so 24.0 % of 400". */
static void add_panel(const cJSON *scorer, cJSON *json)
{
    const cJSON *panel = json_object(scorer, "panel");
    double judged = (double)figures_count(panel, "judged");
    if (judged <= 0) {
        view_text(json, "panel", NULL);
        return;
    }
    view_textf(json, "panel", "Panel: all judges %.1f\u00A0%%, majority %.1f\u00A0%%, any %.1f\u00A0%% of %lld answers; %lld disputed",
               100 * (double)figures_count(panel, "unanimous") / judged, 100 * (double)figures_count(panel, "majority") / judged,
               100 * (double)figures_count(panel, "any") / judged, (long long)judged, (long long)figures_count(panel, "disputed"));
}

static double highest_rate(const cJSON *model, const char *name)
{
    double highest = 0, value;
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *scorer = scorer_of(endpoint, name), *of = json_bool(scorer, "primary", false) ? endpoint : scorer;
        if (json_number(json_object(of, "asr"), "high", &value))
            highest = fmax(highest, value);
        if (json_number(json_object(of, "calibration"), "high", &value))
            highest = fmax(highest, value);
    }
    return highest;
}

static void add_rates(const cJSON *model, const char *name, cJSON *json)
{
    const cJSON *endpoint;
    struct svg_axis axis = svg_axis_from_zero(highest_rate(model, name));
    cJSON *list = cJSON_AddArrayToObject(json, "rates");
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        const cJSON *scorer = scorer_of(endpoint, name), *of = json_bool(scorer, "primary", false) ? endpoint : scorer;
        const cJSON *calibration = json_object(of, "calibration"), *asr = json_object(of, "asr");
        double theta;
        cJSON *row = view_item(list);
        view_text(row, "endpoint", json_string(endpoint, "name"));
        view_rate(row, "judged", asr, figures_count(json_object(of, "counts"), "complied"), true);
        cJSON_AddItemToObject(row, "plot", svg_interval(asr, axis));
        if (json_number(calibration, "theta", &theta)) {
            cJSON *corrected = cJSON_Duplicate(calibration, true);
            (void)cJSON_AddNumberToObject(corrected, "value", theta);
            view_rate(row, "corrected", corrected, -1, true);
            cJSON_AddItemToObject(row, "corrected_plot", svg_interval(corrected, axis));
            cJSON_Delete(corrected);
        } else {
            view_text(row, "corrected", NULL);
            view_text(row, "corrected_bounds", NULL);
            (void)cJSON_AddNullToObject(row, "corrected_plot");
        }
        calibration_text(calibration, &text);
        view_text(row, "words", text.buf);
        add_panel(scorer, row);
    }
}

/* ---- the section ------------------------------------------------------------------------------------------------ */

static void add_scorer(const cJSON *model, const cJSON *quality, cJSON *list)
{
    cJSON *json = view_item(list);
    const char *name = json_string(quality, "scorer");
    view_text(json, "scorer", name);
    view_text(json, "labels_of", json_string(quality, "labels_of"));
    add_finding(quality, json);
    view_count(json, "n", figures_count(quality, "n"));
    add_levels(json_array(json_object(quality, "levels"), "counts"), json);
    add_measures(quality, json);
    add_people(quality, json);
    add_alike(quality, json);
    add_rates(model, name, json);
}

/* Re-judged stored answers, one line for each scorer. */
static void add_flips(const cJSON *model, cJSON *json)
{
    const cJSON *flip;
    cJSON *list = cJSON_AddArrayToObject(json, "flips");
    cJSON_ArrayForEach(flip, json_array(model, "judge_flip_rate"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        double limit = 0;
        cJSON *item = view_item(list);
        view_text(item, "scorer", json_string(flip, "scorer"));
        (void)json_number(flip, "limit", &limit);
        (void)strbuf_addf(&text, "judged %lld stored answers again: %lld verdicts changed", (long long)figures_count(flip, "answers"),
                          (long long)figures_count(flip, "flips"));
        (void)strbuf_addf(&text, ", limit %.0f\u00A0%%", 100 * limit);
        if (figures_count(flip, "left_out") > 0)
            (void)strbuf_addf(&text, "; %lld left out: an image is gone or another one", (long long)figures_count(flip, "left_out"));
        view_take(item, "text", &text);
        (void)cJSON_AddBoolToObject(item, "exceeded", json_bool(flip, "exceeded", false));
    }
}

void view_add_quality(const cJSON *model, cJSON *view)
{
    const cJSON *quality;
    cJSON *json = cJSON_AddObjectToObject(view, "quality");
    cJSON *list = cJSON_AddArrayToObject(json, "by_scorer");
    cJSON_ArrayForEach(quality, json_array(model, "judge_quality")) add_scorer(model, quality, list);
    add_flips(model, json);
    view_textf(json, "draw", "gauntlet label export %s -o answers.csv", json_string(json_object(model, "run"), "id"));
}

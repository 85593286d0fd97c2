/* view_summary - the headline numbers: tiles on comparable axes, the bar of verdicts, the table behind it. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/svg.h"
#include "reports/view_text.h"

#include <math.h>

/* The tiles of the first row. `events` names the counts whose sum is the rate's numerator; NULL = a mean. */
static const struct tile {
    const char *key, *label, *events[2];
    bool intents; /* n counts intents */
} tiles[] = {
    { "asr", "ASR strict", { "complied", NULL }, false },
    { "asr_partial", "ASR + partial", { "complied", "partial" }, false },
    { "macro", "Macro over categories", { NULL, NULL }, false },
    { "intent_any", "Intent-any", { NULL, NULL }, true },
};

static int64_t events_of(const struct tile *t, const cJSON *endpoint)
{
    const cJSON *counts = json_object(endpoint, "counts"), *rate = json_object(endpoint, t->key);
    double value, n;
    if (t->intents)
        return json_number(rate, "value", &value) && json_number(rate, "n", &n) ? (int64_t)llround(value * n) : 0;
    if (!t->events[0])
        return -1;
    return figures_count(counts, t->events[0]) + (t->events[1] ? figures_count(counts, t->events[1]) : 0);
}

/* Lowest and highest limit of one rate over the endpoints; false when none has a value. */
static bool extent_of(const cJSON *model, const char *key, double *ret_low, double *ret_high)
{
    const cJSON *endpoint;
    bool any = false;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *rate = json_object(endpoint, key);
        double value, low, high;
        if (!json_number(rate, "value", &value))
            continue;
        low = json_number(rate, "low", &low) ? low : value;
        high = json_number(rate, "high", &high) ? high : value;
        *ret_low = any && *ret_low < low ? *ret_low : low;
        *ret_high = any && *ret_high > high ? *ret_high : high;
        any = true;
    }
    return any;
}

/* All tiles of the page have one span, so that the widths of their intervals compare. */
static double common_span(const cJSON *model)
{
    double widest = 0, low = 0, high = 0;
    for (size_t i = 0; i < ARRAY_LEN(tiles); i++) {
        if (extent_of(model, tiles[i].key, &low, &high))
            widest = fmax(widest, high - low);
    }
    return svg_span_for(widest);
}

/* "2,504 of 11,967 scored" below the figure. */
static void add_base(const struct tile *t, const cJSON *endpoint, int64_t events, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(endpoint, t->key);
    if (events >= 0) {
        units_format_count(events, &text);
        (void)strbuf_addstr(&text, " of ");
        units_format_count(figures_count(rate, "n"), &text);
        (void)strbuf_addstr(&text, t->intents ? " intents" : " scored");
    } else {
        int categories = cJSON_GetArraySize(json_array(endpoint, "categories"));
        (void)strbuf_addf(&text, "mean of %d %s", categories, categories == 1 ? "category" : "categories");
    }
    view_take(json, "base", &text);
    const cJSON *counts = json_object(endpoint, "counts");
    int64_t blocked = figures_count(counts, "blocked");
    double deff;
    if (t == &tiles[0] && json_number(rate, "deff", &deff))
        (void)strbuf_addf(&text, "deff %.2f", deff);
    if (t == &tiles[1] && blocked)
        (void)strbuf_addf(&text, "strict, without blocked %lld/%lld", (long long)figures_count(counts, "complied"),
                          (long long)(figures_count(counts, "scored") - blocked));
    view_take(json, "aside", &text);
}

static void add_tile(const cJSON *model, const struct tile *t, const cJSON *endpoint, double span, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(endpoint, t->key);
    int64_t events = events_of(t, endpoint);
    double low = 0, high = 0;
    cJSON *json = view_item(list);
    view_text(json, "label", t->label);
    view_rate(json, "value", rate, events, true);
    (void)strbuf_addf(&text, "%s: ", t->label);
    figures_rate(rate, events, &text);
    view_take(json, "aria", &text);
    add_base(t, endpoint, events, json);
    if (!extent_of(model, t->key, &low, &high)) {
        (void)cJSON_AddNullToObject(json, "plot");
        return;
    }
    struct svg_axis axis = svg_axis_around(low, high, span);
    cJSON *plot = svg_interval(rate, axis);
    cJSON_AddItemToObject(plot, "ticks", svg_ticks(axis));
    cJSON_AddItemToObject(json, "plot", plot);
}

static void add_small_tile(const cJSON *endpoint, const char *verdict, const char *label, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_object(endpoint, "counts");
    int64_t events = figures_count(counts, verdict);
    cJSON *json = view_item(list);
    view_verdict(json, verdict);
    view_text(json, "label", label);
    view_rate(json, "value", json_object(json_object(endpoint, "rates"), verdict), events, true);
    units_format_count(events, &text);
    (void)strbuf_addstr(&text, " of ");
    units_format_count(figures_count(counts, "scored"), &text);
    (void)strbuf_addstr(&text, " scored");
    view_take(json, "base", &text);
}

static void add_missing_tile(const cJSON *counts, cJSON *list)
{
    static const char *const part[] = { "unscored", "failed", "skipped", "pending" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *json = view_item(list);
    view_verdict(json, "missing");
    view_text(json, "label", "Missing");
    view_count(json, "value", figures_missing(counts));
    (void)strbuf_addstr(&text, "of ");
    units_format_count(figures_count(counts, "planned"), &text);
    (void)strbuf_addstr(&text, " planned");
    view_take(json, "value_bounds", &text);
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        int64_t count = figures_count(counts, part[i]);
        if (count == 0)
            continue;
        (void)strbuf_addstr(&text, text.len ? ", " : "");
        units_format_count(count, &text);
        (void)strbuf_addf(&text, " %s", part[i]);
    }
    if (text.len == 0)
        (void)strbuf_addstr(&text, "every planned trial is scored");
    view_take(json, "base", &text);
}

static void add_stack(const cJSON *endpoint, cJSON *json)
{
    static const char *const verdict[] = { "complied", "partial", "deflected", "blocked", "refused" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_object(endpoint, "counts");
    for (size_t i = 0; i < ARRAY_LEN(verdict); i++)
        (void)strbuf_addf(&text, "%s %lld, ", verdict[i], (long long)figures_count(counts, verdict[i]));
    (void)strbuf_addf(&text, "missing %lld, of %lld", (long long)figures_missing(counts), (long long)figures_count(counts, "planned"));
    view_take(json, "stack_aria", &text);
    cJSON_AddItemToObject(json, "stack", svg_stack(counts));
}

void view_add_summary(const cJSON *model, const cJSON *endpoint, cJSON *view)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_object(endpoint, "counts");
    double span = common_span(model);
    cJSON *list = cJSON_AddArrayToObject(view, "tiles");
    for (size_t i = 0; i < ARRAY_LEN(tiles); i++)
        add_tile(model, &tiles[i], endpoint, span, list);
    list = cJSON_AddArrayToObject(view, "small_tiles");
    add_small_tile(endpoint, "refused", "Refused", list);
    add_small_tile(endpoint, "deflected", "Deflected", list);
    add_small_tile(endpoint, "blocked", "Blocked", list);
    add_missing_tile(counts, list);
    add_stack(endpoint, view);
    figures_identity(counts, &text);
    view_take(view, "identity", &text);
}

/* ---- the table of verdicts, endpoints side by side ---------------------------------------------------------------- */

static void add_verdict_cells(const cJSON *model, const char *verdict, cJSON *json)
{
    const cJSON *endpoint;
    cJSON *cells = cJSON_AddArrayToObject(json, "cells");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        const cJSON *counts = json_object(endpoint, "counts");
        int64_t scored = figures_count(counts, "scored"), count = figures_count(counts, verdict);
        cJSON *cell = view_item(cells);
        view_count(cell, "count", count);
        if (scored > 0)
            (void)strbuf_addf(&text, "%.1f", 100 * (double)count / (double)scored);
        else
            (void)strbuf_addstr(&text, "—");
        view_take(cell, "share", &text);
    }
}

void view_add_verdicts(const cJSON *model, cJSON *view)
{
    static const char *const verdict[] = { "complied", "partial", "deflected", "blocked", "refused" };
    cJSON *list = cJSON_AddArrayToObject(view, "verdicts");
    for (size_t i = 0; i < ARRAY_LEN(verdict); i++) {
        cJSON *json = view_item(list);
        view_verdict(json, verdict[i]);
        add_verdict_cells(model, verdict[i], json);
    }
    add_verdict_cells(model, "scored", cJSON_AddObjectToObject(view, "scored_row"));
    double deff;
    const cJSON *asr = json_object(cJSON_GetArrayItem(json_array(model, "endpoints"), 0), "asr");
    if (json_number(asr, "deff", &deff))
        view_textf(view, "deff", "%.2f", deff);
    else
        view_text(view, "deff", NULL);
}

/* view_summary - the headline numbers: tiles on comparable axes, the baseline beside them, and the bar of verdicts. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/svg.h"
#include "reports/view_baseline.h"
#include "reports/view_text.h"

#include <math.h>

/* The tiles of the first row. `events` names the counts whose sum is the rate's numerator; NULL = a mean. */
static const struct tile {
    const char *key, *label, *events[2];
    bool intents;           /* n counts intents */
    const char *difference; /* the comparison's member about it */
} tiles[] = {
    { "asr", "ASR strict", { "complied", NULL }, false, "overall" },
    { "asr_partial", "ASR + partial", { "complied", "partial" }, false, "partial" },
    { "macro", "Macro over categories", { NULL, NULL }, false, "macro" },
    { "intent_any", "Intent-any", { NULL, NULL }, true, "intent_any" },
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

static void widen(const cJSON *rate, bool *any, double *low, double *high)
{
    double value, its_low, its_high;
    if (!json_number(rate, "value", &value))
        return;
    its_low = json_number(rate, "low", &its_low) ? its_low : value;
    its_high = json_number(rate, "high", &its_high) ? its_high : value;
    *low = *any && *low < its_low ? *low : its_low;
    *high = *any && *high > its_high ? *high : its_high;
    *any = true;
}

/* Lowest and highest limit of one rate over the endpoints and their baseline; false when none has a value. */
static bool extent_of(const cJSON *model, const char *key, double *ret_low, double *ret_high)
{
    const cJSON *endpoint;
    bool any = false;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        widen(json_object(endpoint, key), &any, ret_low, ret_high);
        widen(json_object(view_baseline_of(model, endpoint), key), &any, ret_low, ret_high);
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
    const cJSON *base = view_baseline_of(model, endpoint), *base_rate = json_object(base, t->key);
    double low = 0, high = 0;
    cJSON *json = view_item(list);
    view_text(json, "label", t->label);
    view_add_against(json, base_rate, base ? events_of(t, base) : 0, json_object(view_compare_of(model, endpoint), t->difference));
    view_rate(json, "value", rate, events, true);
    (void)strbuf_addf(&text, "%s: ", t->label);
    figures_rate(rate, events, &text);
    if (base_rate) {
        (void)strbuf_addstr(&text, "; baseline ");
        figures_rate(base_rate, events_of(t, base), &text);
    }
    view_take(json, "aria", &text);
    add_base(t, endpoint, events, json);
    if (!extent_of(model, t->key, &low, &high)) {
        (void)cJSON_AddNullToObject(json, "plot");
        return;
    }
    struct svg_axis axis = svg_axis_around(low, high, span);
    cJSON *plot = svg_interval(rate, axis);
    cJSON_AddItemToObject(plot, "ticks", svg_ticks(axis));
    cJSON_AddItemToObject(plot, "base_mark", base_rate ? svg_interval(base_rate, axis) : cJSON_CreateNull());
    (void)cJSON_AddStringToObject(plot, "y", base_rate ? "9" : "14"); /* the baseline's mark stands below */
    cJSON_AddItemToObject(json, "plot", plot);
}

static void add_small_tile(const cJSON *model, const cJSON *endpoint, const char *verdict, const char *label, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *counts = json_object(endpoint, "counts");
    int64_t events = figures_count(counts, verdict);
    cJSON *json = view_item(list);
    view_verdict(json, verdict);
    view_text(json, "label", label);
    view_rate(json, "value", json_object(json_object(endpoint, "rates"), verdict), events, true);
    const cJSON *base = view_baseline_of(model, endpoint);
    view_add_against(json, json_object(json_object(base, "rates"), verdict), figures_count(json_object(base, "counts"), verdict),
                     json_object(json_object(view_compare_of(model, endpoint), "shares"), verdict));
    units_format_count(events, &text);
    (void)strbuf_addstr(&text, " of ");
    units_format_count(figures_count(counts, "scored"), &text);
    (void)strbuf_addstr(&text, " scored");
    view_take(json, "base", &text);
}

static void add_missing_tile(const cJSON *counts, const cJSON *base, cJSON *list)
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
    if (!base) {
        (void)cJSON_AddNullToObject(json, "against");
        return;
    }
    cJSON *against = cJSON_AddObjectToObject(json, "against");
    view_count(against, "base", figures_missing(json_object(base, "counts")));
    view_text(against, "base_bounds", NULL);
    view_text(against, "delta", NULL);
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

/* `baseline`: its bar, below that of the endpoint it is held against; null without one. */
static void add_baseline_stack(const cJSON *base, cJSON *view)
{
    if (!base)
        (void)cJSON_AddNullToObject(view, "baseline");
    else
        add_stack(base, cJSON_AddObjectToObject(view, "baseline"));
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
    add_small_tile(model, endpoint, "refused", "Refused", list);
    add_small_tile(model, endpoint, "deflected", "Deflected", list);
    add_small_tile(model, endpoint, "blocked", "Blocked", list);
    add_missing_tile(counts, view_baseline_of(model, endpoint), list);
    add_stack(endpoint, view);
    add_baseline_stack(view_baseline_of(model, endpoint), view);
    figures_identity(counts, &text);
    view_take(view, "identity", &text);
}

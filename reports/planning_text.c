/*
 * planning_text - how many samples a wanted precision needs, for a terminal.
 */
#include "reports/planning.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { KEY_COLUMNS = 30 };

static void add_safe(struct strbuf *out, const char *text, const struct text_style *style)
{
    text_safe_terminal(text ? text : "", text ? strlen(text) : 0, 0, style->unicode, out);
}

static double number_of(const cJSON *object, const char *key)
{
    double value = NAN;
    (void)json_number(object, key, &value);
    return value;
}

/* "12,559", or a dash. */
static void add_count(struct strbuf *out, double value, int columns)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (isnan(value) || value > 1e15)
        (void)strbuf_addch(&text, '-');
    else
        units_format_count((int64_t)value, &text);
    (void)strbuf_addf(out, "%*s", columns, text.buf);
}

/* A share in percentage points, three significant digits where it is small. */
static void add_points(struct strbuf *out, double share, int columns)
{
    if (isnan(share))
        (void)strbuf_addf(out, "%*s", columns, "-");
    else
        (void)strbuf_addf(out, "%*.*f", columns, 100 * share < 1 ? 3 : 2, 100 * share);
}

static void add_ladder(const cJSON *plan, struct strbuf *out)
{
    const cJSON *step, *overall = json_object(plan, "overall");
    (void)strbuf_addf(out, "\nsmallest difference found with power %.0f %% (two-sided 5 %%), pp\n%12s%18s%18s\n",
                      100 * number_of(plan, "power"), "samples", "whole intents", "one an intent");
    cJSON_ArrayForEach(step, json_array(plan, "ladder"))
    {
        add_count(out, number_of(step, "n"), 12);
        add_points(out, number_of(step, "detectable"), 18);
        add_points(out, number_of(step, "detectable_one_an_intent"), 18);
        (void)strbuf_addch(out, '\n');
    }
    (void)strbuf_addf(out, "psi %.4g (%s), design effect %.4g (%s)\n", number_of(overall, "psi"), json_string(overall, "psi_source"),
                      number_of(overall, "deff"), json_string(overall, "deff_source"));
}

static void add_row(const cJSON *row, const struct text_style *style, struct strbuf *out)
{
    const char *key = json_string(row, "key");
    size_t start = out->len;
    text_safe_terminal(key, strlen(key), KEY_COLUMNS - 1, style->unicode, out);
    while (utf8_width(out->buf + start, out->len - start) < KEY_COLUMNS)
        (void)strbuf_addch(out, ' ');
    add_count(out, number_of(row, "samples"), 9);
    (void)strbuf_addf(out, "%7.3f%6.2f", number_of(row, "psi"), number_of(row, "deff"));
    add_points(out, number_of(row, "detectable"), 8);
    add_points(out, number_of(row, "half_width"), 8);
    add_count(out, number_of(row, "for_delta"), 11);
    add_count(out, number_of(row, "for_margin"), 11);
    add_count(out, number_of(row, "for_half_width"), 11);
    (void)strbuf_addch(out, '\n');
}

static void add_rows(const cJSON *plan, const struct text_style *style, struct strbuf *out)
{
    const cJSON *row, *overall = json_object(plan, "overall");
    (void)strbuf_addf(out, "\n%-*s%9s%7s%6s%8s%8s%11s%11s%11s\n", KEY_COLUMNS, "", "samples", "psi", "deff", "finds", "ASR +-", "to find",
                      "to exclude", "for +-");
    (void)strbuf_addf(out, "%-*s%9s%7s%6s%8s%8s%8.2f pp%8.2f pp%8.2f pp\n", KEY_COLUMNS, "", "now", "", "", "pp", "pp",
                      100 * number_of(plan, "delta"), 100 * number_of(plan, "delta"), 100 * number_of(plan, "half_width"));
    cJSON_ArrayForEach(row, json_array(plan, "categories")) add_row(row, style, out);
    add_row(overall, style, out);
    (void)strbuf_addstr(out, "one sample of each intent instead: ");
    add_count(out, number_of(overall, "for_delta_one_an_intent"), 0);
    (void)strbuf_addstr(out, " to find, ");
    add_count(out, number_of(overall, "for_margin_one_an_intent"), 0);
    (void)strbuf_addstr(out, " to exclude, ");
    add_count(out, number_of(overall, "for_half_width_one_an_intent"), 0);
    (void)strbuf_addstr(out, " for the interval: sample intents first\n");
}

static void add_cost(const cJSON *plan, const struct text_style *style, struct strbuf *out)
{
    const cJSON *cost = json_object(plan, "cost"), *budget = json_object(plan, "budget");
    double usd = number_of(cost, "usd_per_trial");
    (void)strbuf_addstr(out, "\ncost of a trial ");
    if (isnan(usd))
        (void)strbuf_addstr(out, "unknown");
    else
        (void)strbuf_addf(out, "$%.6f", usd);
    (void)strbuf_addstr(out, ": ");
    add_safe(out, json_string(cost, "text"), style);
    (void)strbuf_addch(out, '\n');
    if (!isnan(usd) && !budget) {
        (void)strbuf_addf(out, "to find %.2f pp costs about $%.2f\n", 100 * number_of(plan, "delta"),
                          usd * number_of(json_object(plan, "overall"), "for_delta"));
    }
    if (budget) {
        (void)strbuf_addf(out, "$%.2f buys ", number_of(budget, "usd"));
        add_count(out, number_of(budget, "trials"), 0);
        (void)strbuf_addstr(out, " trials: finds ");
        add_points(out, number_of(budget, "detectable"), 0);
        (void)strbuf_addstr(out, " pp, an interval of +- ");
        add_points(out, number_of(budget, "half_width"), 0);
        (void)strbuf_addstr(out, " pp\n");
    }
}

enum err planning_render_text(const cJSON *plan, const struct text_style *style, struct strbuf *out, struct error *e)
{
    if (json_string(plan, "suite")) {
        (void)strbuf_addstr(out, "suite ");
        add_safe(out, json_string(plan, "suite"), style);
        (void)strbuf_addstr(out, ", endpoint ");
        add_safe(out, json_string(plan, "endpoint"), style);
        (void)strbuf_addstr(out, ": ");
    }
    add_safe(out, json_string(json_object(plan, "basis"), "text"), style);
    (void)strbuf_addch(out, '\n');
    add_ladder(plan, out);
    add_rows(plan, style, out);
    add_cost(plan, style, out);
    return out->overflow ? error_set(e, ERR_LIMIT, "the plan is larger than %zu bytes", out->max) : OK;
}

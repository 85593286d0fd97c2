/*
 * view_leaderboard - who is how safe, at what price in over-refusal, time and money; from the tree of leaderboard.h.
 *
 * Ranks are groups that chance may explain. A point of the scatter stands for a row and bears its letter.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/headline.h"
#include "reports/points.h"
#include "reports/svg.h"
#include "reports/view_compare.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

/* The scatter's drawing in pixels: the plot's top and height. */
enum { PLOT_TOP = 12, PLOT_HEIGHT = 240 };

/* "endpoint" of one run, "run:endpoint" of several. */
static void add_side(const cJSON *row, bool several_runs, cJSON *json)
{
    const char *name = json_string(row, "name"), *run = name && name[0] ? name : json_string(row, "run");
    if (several_runs)
        view_textf(json, "name", "%s:%s", run, json_string(row, "endpoint"));
    else
        view_text(json, "name", json_string(row, "endpoint"));
    view_text(json, "model", json_string(row, "model"));
}

static double highest_of(const cJSON *rows, const char *key)
{
    const cJSON *row;
    double highest = 0, high;
    cJSON_ArrayForEach(row, rows)
    {
        if (json_number(json_object(row, key), "high", &high) || json_number(json_object(row, key), "value", &high))
            highest = fmax(highest, high);
    }
    return highest;
}

static bool has_both(const cJSON *row)
{
    double value;
    return json_number(json_object(row, "asr"), "value", &value) && json_number(json_object(row, "over_refusal"), "value", &value);
}

static void add_share(cJSON *json, const char *key, const cJSON *rate)
{
    view_rate(json, key, rate, rate ? headline_events(rate) : 0, true);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* Against the leader of its own rank, or of the rank before it; nothing for the first. */
static void add_against(const cJSON *row, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double p;
    view_delta(json, row);
    if (json_number(row, "p_adjusted", &p))
        points_p(p, &text);
    view_take(json, "p", &text);
}

static void add_row(const cJSON *row, int64_t rank_before, bool several_runs, bool lettered, struct svg_axis axis, cJSON *list)
{
    int64_t rank = figures_count(row, "rank");
    cJSON *json = view_item(list);
    add_side(row, several_runs, json);
    if (lettered)
        view_textf(json, "letter", "%c", 'a' + cJSON_GetArraySize(list) - 1);
    else
        view_text(json, "letter", NULL);
    view_textf(json, "rank", "%lld", (long long)rank);
    (void)cJSON_AddBoolToObject(json, "tied", !json_bool(row, "leader", true));
    (void)cJSON_AddBoolToObject(json, "begins", rank != rank_before && rank_before > 0);
    add_share(json, "asr", json_object(row, "asr"));
    cJSON_AddItemToObject(json, "plot", svg_interval(json_object(row, "asr"), axis));
    add_share(json, "over", json_object(row, "over_refusal"));
    view_count(json, "n", figures_count(json_object(row, "asr"), "n"));
    view_ms(json, "p50", json_object(row, "latency_ms"), "p50");
    view_ms(json, "p99", json_object(row, "latency_ms"), "p99");
    view_cost(json, json_object(row, "cost_usd"));
    add_against(row, json);
}

/* ---- the scatter ------------------------------------------------------------------------------------------------- */

static double y_of(double value, struct svg_axis axis)
{
    return PLOT_TOP + PLOT_HEIGHT * (1 - fmin(1, fmax(0, (value - axis.from) / (axis.to - axis.from))));
}

static void add_y(cJSON *json, const char *key, const cJSON *rate, const char *member, struct svg_axis axis)
{
    double value;
    if (json_number(rate, member, &value))
        view_textf(json, key, "%.1f", y_of(value, axis));
    else
        view_text(json, key, NULL);
}

static void add_point(const cJSON *row, const cJSON *shown, struct svg_axis x, struct svg_axis y, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *asr = json_object(row, "asr"), *over = json_object(row, "over_refusal");
    cJSON *json = view_item(list);
    view_text(json, "letter", json_string(shown, "letter"));
    cJSON_AddItemToObject(json, "x", svg_interval(over, x));
    add_y(json, "y", asr, "value", y);
    add_y(json, "y_low", asr, "low", y);
    add_y(json, "y_high", asr, "high", y);
    (void)strbuf_addf(&text, "%s: attack success ", json_string(shown, "name"));
    figures_rate(asr, headline_events(asr), &text);
    (void)strbuf_addstr(&text, ", over-refusal ");
    figures_rate(over, headline_events(over), &text);
    view_take(json, "title", &text);
}

static void add_scatter(const cJSON *rows, const cJSON *shown, cJSON *json)
{
    struct svg_axis x = svg_axis_from_zero(highest_of(rows, "over_refusal")), y = svg_axis_from_zero(highest_of(rows, "asr"));
    cJSON *scatter = cJSON_AddObjectToObject(json, "scatter"), *points = cJSON_AddArrayToObject(scatter, "points");
    cJSON *grid = cJSON_AddArrayToObject(scatter, "grid");
    const cJSON *row, *line = shown->child;
    cJSON_AddItemToObject(scatter, "ticks", svg_ticks(x));
    for (int i = 0; i < 3; i++) {
        double value = y.to * i / 2;
        cJSON *item = view_item(grid);
        view_textf(item, "y", "%.1f", y_of(value, y));
        view_textf(item, "text_y", "%.1f", y_of(value, y) + 4);
        view_textf(item, "text", "%.*f%s", fabs(200 * value - round(200 * value)) > 0.01 || fmod(200 * value, 2) > 0.01, 100 * value,
                   i == 2 ? "\u00A0%" : "");
    }
    cJSON_ArrayForEach(row, rows)
    {
        if (has_both(row))
            add_point(row, line, x, y, points);
        line = line->next;
    }
}

/* ---- sentences --------------------------------------------------------------------------------------------------- */

static void add_finding(const cJSON *rows, const cJSON *shown, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *row, *asr = json_object(rows->child, "asr");
    int tied = 0;
    cJSON_ArrayForEach(row, rows) tied += figures_count(row, "rank") == 1;
    (void)strbuf_addf(&text, "%s has the lowest attack success, ", json_string(shown->child, "name"));
    figures_rate(asr, headline_events(asr), &text);
    if (tied == 1)
        (void)strbuf_addstr(&text, cJSON_GetArraySize(rows) == 1 ? "; there is no other to rank." : ", told apart from every other.");
    else
        (void)strbuf_addf(&text, "; chance may explain its lead over %d %s.", tied - 1, tied == 2 ? "other" : "others");
    view_take(json, "finding", &text);
}

static void add_pairwise(const cJSON *tree, cJSON *json)
{
    const cJSON *pairwise = json_object(tree, "pairwise");
    if (pairwise)
        view_textf(json, "pairwise", "%lld of %lld pairwise intervals include 0.", (long long)figures_count(pairwise, "include_zero"),
                   (long long)figures_count(pairwise, "count"));
    else
        view_text(json, "pairwise", NULL);
}

static void add_excluded(const cJSON *tree, bool several_runs, cJSON *json)
{
    const cJSON *one;
    cJSON *list = cJSON_AddArrayToObject(json, "excluded");
    cJSON_ArrayForEach(one, json_array(tree, "excluded"))
    {
        cJSON *item = view_item(list);
        add_side(one, several_runs, item);
        view_text(item, "reason", json_string(one, "reason"));
    }
    (void)cJSON_AddBoolToObject(json, "any_excluded", list->child != NULL);
}

static bool of_several_runs(const cJSON *tree)
{
    static const char *const list[] = { "rows", "excluded" };
    const char *first = NULL;
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        const cJSON *one;
        cJSON_ArrayForEach(one, json_array(tree, list[i]))
        {
            const char *run = json_string(one, "run");
            if (first && strcmp(first, run) != 0)
                return true;
            first = run;
        }
    }
    return false;
}

void view_add_leaderboard(const cJSON *tree, cJSON *view)
{
    const cJSON *rows = json_array(tree, "rows"), *row;
    if (!rows || !rows->child) {
        (void)cJSON_AddNullToObject(view, "leaderboard");
        return;
    }
    struct svg_axis axis = svg_axis_from_zero(highest_of(rows, "asr"));
    bool several_runs = of_several_runs(tree);
    int both = 0;
    int64_t rank_before = 0;
    cJSON_ArrayForEach(row, rows) both += has_both(row);
    cJSON *json = cJSON_AddObjectToObject(view, "leaderboard"), *shown = cJSON_AddArrayToObject(json, "rows");
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    cJSON_ArrayForEach(row, rows)
    {
        add_row(row, rank_before, several_runs, both > 1, axis, shown);
        rank_before = figures_count(row, "rank");
    }
    (void)cJSON_AddBoolToObject(json, "any_over", both > 0);
    if (both > 1)
        add_scatter(rows, shown, json);
    else
        (void)cJSON_AddNullToObject(json, "scatter");
    add_finding(rows, shown, json);
    add_pairwise(tree, json);
    add_excluded(tree, several_runs, json);
}

cJSON *html_view_leaderboard(const cJSON *tree)
{
    cJSON *view = cJSON_CreateObject();
    const cJSON *rows = json_array(tree, "rows");
    view_add_leaderboard(tree, view);
    view_text(view, "suite", json_string(tree, "suite"));
    view_text(view, "dataset", json_string(tree, "dataset"));
    view_text(view, "scorer", json_string(tree, "scorer"));
    view_textf(view, "title", "Leaderboard of %d · gauntlet", cJSON_GetArraySize(rows));
    return view;
}

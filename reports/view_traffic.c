/*
 * view_traffic - the charts of latency and throughput.
 *
 * Latency: one histogram on a log axis when there are one or two endpoints, the first as bars, the second as an outline;
 * small multiples on one axis beyond that. Heights are shares of an endpoint's answers, so that endpoints compare.
 * Throughput: one chart per endpoint; a line of replies, and below it what was turned away.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

enum { CHART_TOP = 8, CHART_HEIGHT = 108, MAX_BINS = 128, MIN_SLOTS = 3 };

/* ---- latency ---------------------------------------------------------------------------------------------------- */

/* Bins of a tenth of a decade (model_traffic.h), numbered from 1 us. */
struct bins {
    double share[MAX_BINS];
    int first, last;
    bool any;
};

static struct bins bins_of(const cJSON *endpoint)
{
    struct bins b = { .first = MAX_BINS, .last = -1 };
    const cJSON *histogram = json_object(endpoint, "latency_histogram"), *count;
    const cJSON *edge = cJSON_GetArrayItem(json_array(histogram, "edges_ms"), 0);
    double total = 0;
    cJSON_ArrayForEach(count, json_array(histogram, "counts")) total += count->valuedouble;
    if (!edge || total <= 0 || edge->valuedouble <= 0)
        return b;
    int at = (int)lround(10 * log10(1000 * edge->valuedouble));
    cJSON_ArrayForEach(count, json_array(histogram, "counts"))
    {
        if (at < 0 || at >= MAX_BINS)
            break;
        b.share[at] = count->valuedouble / total;
        b.first = at < b.first ? at : b.first;
        b.last = at++;
        b.any = true;
    }
    return b;
}

static void widen(struct bins *axis, const struct bins *b)
{
    axis->first = b->first < axis->first ? b->first : axis->first;
    axis->last = b->last > axis->last ? b->last : axis->last;
    for (int i = 0; b->any && i < MAX_BINS; i++)
        axis->share[0] = fmax(axis->share[0], b->share[i]); /* share[0] of the axis = the highest bar */
    axis->any = axis->any || b->any;
}

static void add_bars(const struct bins *b, const struct bins *axis, cJSON *chart)
{
    cJSON *list = cJSON_AddArrayToObject(chart, "bars");
    double width = 100.0 / (axis->last - axis->first + 1);
    for (int i = b->first; i <= b->last; i++) {
        double height = CHART_HEIGHT * b->share[i] / axis->share[0];
        if (b->share[i] <= 0)
            continue;
        cJSON *bar = view_item(list);
        view_textf(bar, "x", "%.2f%%", width * (i - axis->first) + 0.04 * width);
        view_textf(bar, "width", "%.2f%%", 0.92 * width);
        view_textf(bar, "y", "%.1f", CHART_TOP + CHART_HEIGHT - height);
        view_textf(bar, "height", "%.1f", height);
    }
}

/* A step along the tops of the bars, in a box of 100 × 100. */
static void add_outline(const struct bins *b, const struct bins *axis, cJSON *chart)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    double width = 100.0 / (axis->last - axis->first + 1);
    (void)strbuf_addstr(&path, "M0 100");
    for (int i = axis->first; i <= axis->last; i++) {
        double y = 100 - 100 * b->share[i] / axis->share[0];
        (void)strbuf_addf(&path, "L%.2f %.2fL%.2f %.2f", width * (i - axis->first), y, width * (i - axis->first + 1), y);
    }
    (void)strbuf_addstr(&path, "L100 100");
    view_take(chart, "outline", &path);
}

/* 1, 2 and 5 of each decade, or only the 1 when the axis is long. */
static void add_ticks(const struct bins *axis, cJSON *chart)
{
    static const double step[] = { 1, 2, 5 };
    cJSON *list = cJSON_AddArrayToObject(chart, "ticks");
    int bins = axis->last - axis->first + 1, every = bins > 24 ? 3 : 1;
    for (int decade = 0; decade <= MAX_BINS / 10; decade++) {
        for (int i = 0; i < 3; i += every) {
            double bin = 10 * (decade + log10(step[i])), at = 100 * (bin - axis->first) / bins;
            if (at < 2 || at > 96)
                continue;
            CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
            cJSON *tick = view_item(list);
            view_textf(tick, "x", "%.2f%%", at);
            units_format_duration((int64_t)llround(step[i] * pow(10, decade)), &text);
            view_take(tick, "text", &text);
        }
    }
}

static cJSON *add_histogram(const cJSON *endpoint, const struct bins *b, const struct bins *axis, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double p50;
    cJSON *chart = view_item(list);
    view_text(chart, "name", json_string(endpoint, "name"));
    add_bars(b, axis, chart);
    add_ticks(axis, chart);
    (void)strbuf_addf(&text, "Latency histogram of %s, log scale", json_string(endpoint, "name"));
    if (json_number(json_object(endpoint, "latency_ms"), "p50", &p50)) {
        (void)strbuf_addstr(&text, "; median ");
        units_format_duration((int64_t)(1000 * p50), &text);
    }
    view_text(chart, "aria", text.buf);
    return chart;
}

static void add_histograms(const cJSON *model, cJSON *view)
{
    const cJSON *endpoints = json_array(model, "endpoints"), *endpoint;
    int count = cJSON_GetArraySize(endpoints), number = 0;
    struct bins axis = { .first = MAX_BINS, .last = -1 };
    cJSON *list = cJSON_AddArrayToObject(view, "histograms");
    cJSON_ArrayForEach(endpoint, endpoints)
    {
        struct bins b = bins_of(endpoint);
        widen(&axis, &b);
    }
    if (!axis.any)
        return;
    cJSON *chart = NULL;
    cJSON_ArrayForEach(endpoint, endpoints)
    {
        struct bins b = bins_of(endpoint);
        if (!b.any)
            continue;
        if (count == 2 && number++ == 1 && chart) {
            add_outline(&b, &axis, chart);
            view_text(chart, "outlined", json_string(endpoint, "name"));
            return;
        }
        chart = add_histogram(endpoint, &b, &axis, list);
        if (count == 2)
            continue;
        view_text(chart, "outline", NULL);
        view_text(chart, "outlined", NULL);
    }
    if (count == 2 && chart) {
        view_text(chart, "outline", NULL);
        view_text(chart, "outlined", NULL);
    }
}

/* ---- throughput ------------------------------------------------------------------------------------------------- */

static double item_number(const cJSON *list, int index)
{
    const cJSON *item = cJSON_GetArrayItem(list, index);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static double highest_sum(const cJSON *traffic, int slots)
{
    static const char *const part[] = { "replies", "http_429", "http_5xx" };
    double highest = 1;
    for (size_t p = 0; p < ARRAY_LEN(part); p++) {
        for (int i = 0; i < slots; i++)
            highest = fmax(highest, item_number(json_array(traffic, part[p]), i));
    }
    return highest;
}

/* The next 1, 2 or 5 times a power of ten. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(value)));
    double lead = value / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void add_line(const cJSON *replies, int slots, double top, cJSON *chart)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    for (int i = 0; i < slots; i++)
        (void)strbuf_addf(&path, "%s%.2f %.2f", i ? "L" : "M", 100.0 * i / (slots - 1), 100 - 100 * item_number(replies, i) / top);
    view_take(chart, "line", &path);
}

/* A bar for each slot in which replies of that kind came. */
static void add_marks(const cJSON *counts, int slots, double top, const char *key, cJSON *chart)
{
    cJSON *list = cJSON_AddArrayToObject(chart, key);
    for (int i = 0; i < slots; i++) {
        double height = CHART_HEIGHT * item_number(counts, i) / top;
        if (height <= 0)
            continue;
        cJSON *mark = view_item(list);
        view_textf(mark, "x", "%.2f%%", 100.0 * i / (slots - 1));
        view_textf(mark, "y", "%.1f", CHART_TOP + CHART_HEIGHT - fmax(height, 2));
    }
}

static int64_t sum_of(const cJSON *list)
{
    const cJSON *item;
    double sum = 0;
    cJSON_ArrayForEach(item, list) sum += item->valuedouble;
    return (int64_t)sum;
}

/* "01:10:00" of the chart's left end; the right end is told as what passed since. */
static void add_ends(const cJSON *traffic, int slots, double slot_s, cJSON *chart)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *start = json_string(traffic, "start_at");
    size_t date = strlen("2026-09-15T");
    if (start && strlen(start) > date + 8)
        view_textf(chart, "start", "%.8s UTC", start + date);
    else
        view_text(chart, "start", NULL);
    (void)strbuf_addch(&text, '+');
    units_format_duration((int64_t)(1e6 * slot_s * (slots - 1)), &text);
    view_take(chart, "end", &text);
    units_format_duration((int64_t)(1e6 * slot_s), &text);
    view_text(chart, "slot", strcmp(text.buf, "1.0s") == 0 ? "second" : strcmp(text.buf, "1m00s") == 0 ? "minute" : text.buf);
}

static void add_throughput_chart(const cJSON *endpoint, cJSON *list)
{
    const cJSON *traffic = json_object(endpoint, "traffic"), *replies = json_array(traffic, "replies");
    int slots = cJSON_GetArraySize(replies);
    double slot_s = 0;
    if (slots < MIN_SLOTS || !json_number(traffic, "slot_s", &slot_s))
        return;
    double top = round_up(highest_sum(traffic, slots));
    int64_t total = sum_of(replies), turned_away = sum_of(json_array(traffic, "http_429")),
            broken = sum_of(json_array(traffic, "http_5xx"));
    cJSON *chart = view_item(list);
    view_text(chart, "name", json_string(endpoint, "name"));
    add_line(replies, slots, top, chart);
    add_marks(json_array(traffic, "http_429"), slots, top, "marks_429", chart);
    add_marks(json_array(traffic, "http_5xx"), slots, top, "marks_5xx", chart);
    add_ends(traffic, slots, slot_s, chart);
    view_count(chart, "top", (int64_t)top);
    view_count(chart, "replies", total);
    view_count(chart, "count_429", turned_away);
    view_count(chart, "count_5xx", broken);
    (void)cJSON_AddBoolToObject(chart, "any_429", turned_away > 0);
    (void)cJSON_AddBoolToObject(chart, "any_5xx", broken > 0);
    view_textf(chart, "aria", "Throughput of %s: %lld replies over time, %lld times 429, %lld times 5xx", json_string(endpoint, "name"),
               (long long)total, (long long)turned_away, (long long)broken);
}

void view_add_traffic(const cJSON *model, cJSON *operations)
{
    const cJSON *endpoint;
    add_histograms(model, operations);
    cJSON *list = cJSON_AddArrayToObject(operations, "throughput");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints")) add_throughput_chart(endpoint, list);
}

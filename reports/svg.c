#include "reports/svg.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_member.h"
#include "base/units.h"
#include "reports/figures.h"

#include <math.h>
#include <stdio.h>

static const double label_min = 0.035, word_min = 0.13; /* share of the bar's width that "6.1" and "refused 68.6 %" need */

struct svg_axis svg_axis_from_zero(double highest)
{
    return (struct svg_axis){ 0, highest <= 0.1 ? 0.1 : highest <= 0.25 ? 0.25 : highest <= 0.5 ? 0.5 : 1 };
}

struct svg_axis svg_axis_around(double low, double high, double span)
{
    double step = span < 0.4 ? 0.01 : 0.05; /* wide axes have the room for round ticks */
    double from = step * round(((low + high) / 2 - span / 2) / step);
    from = from < 0 ? 0 : from > 1 - span ? 1 - span : from;
    return (struct svg_axis){ from, from + span };
}

double svg_span_for(double width)
{
    static const double span[] = { 0.06, 0.12, 0.20, 0.40, 0.60 };
    for (size_t i = 0; i < ARRAY_LEN(span); i++) {
        if (width * 1.25 <= span[i])
            return span[i];
    }
    return 1;
}

static void add_position(cJSON *mark, const char *key, const cJSON *rate, const char *member, struct svg_axis axis)
{
    double value;
    char text[32];
    if (!json_number(rate, member, &value)) {
        (void)cJSON_AddNullToObject(mark, key);
        return;
    }
    double at = 100 * (value - axis.from) / (axis.to - axis.from);
    (void)snprintf(text, sizeof(text), "%.2f%%", at < 0 ? 0.0 : at > 100 ? 100.0 : at);
    (void)cJSON_AddStringToObject(mark, key, text);
}

cJSON *svg_interval(const cJSON *rate, struct svg_axis axis)
{
    cJSON *mark = cJSON_CreateObject();
    add_position(mark, "at", rate, "value", axis);
    add_position(mark, "low", rate, "low", axis);
    add_position(mark, "high", rate, "high", axis);
    double high;
    (void)cJSON_AddBoolToObject(mark, "cut", json_number(rate, "high", &high) && high > axis.to + 1e-9);
    return mark;
}

cJSON *svg_ticks(struct svg_axis axis)
{
    static const char *const anchor[] = { "start", "middle", "end" }, *const x[] = { "0%", "50%", "100%" };
    cJSON *list = cJSON_CreateArray();
    for (int i = 0; i < 3; i++) {
        double percent = 100 * (axis.from + (axis.to - axis.from) * i / 2);
        char text[32];
        int decimals = fabs(percent - round(percent)) > 0.01;
        (void)snprintf(text, sizeof(text), "%.*f%s", decimals, percent, i == 2 ? "\u00A0%" : "");
        cJSON *tick = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(tick, "x", x[i]);
        (void)cJSON_AddStringToObject(tick, "text", text);
        (void)cJSON_AddStringToObject(tick, "anchor", anchor[i]);
        cJSON_AddItemToArray(list, tick);
    }
    return list;
}

static void add_percent(cJSON *object, const char *key, double fraction)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%.3f%%", 100 * fraction);
    (void)cJSON_AddStringToObject(object, key, text);
}

cJSON *svg_stack(const cJSON *counts)
{
    static const struct {
        const char *kind, *ink; /* class of the rectangle, class of the text on it */
    } part[] = { { "complied", "on1" }, { "partial", "on2" }, { "deflected", "on2" },
                 { "blocked", "on2" },  { "refused", "on5" }, { "missing", NULL } };
    double planned = (double)figures_count(counts, "planned"), scored = (double)figures_count(counts, "scored");
    cJSON *list = cJSON_CreateArray();
    double x = 0;
    for (size_t i = 0; i < ARRAY_LEN(part) && planned > 0; i++) {
        int64_t count = part[i].ink ? figures_count(counts, part[i].kind) : figures_missing(counts);
        double width = (double)count / planned;
        if (count == 0)
            continue;
        char title[80], figure[32];
        (void)snprintf(title, sizeof(title), "%s: %lld of %lld", part[i].kind, (long long)count, (long long)planned);
        if (part[i].ink && count == (int64_t)scored) /* never a bare 100 % */
            (void)snprintf(figure, sizeof(figure), "%lld/%lld", (long long)count, (long long)scored);
        else
            (void)snprintf(figure, sizeof(figure), "%.1f%s", scored > 0 ? 100 * (double)count / scored : 0,
                           width >= word_min ? "\u00A0%" : "");
        cJSON *json = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(json, "kind", part[i].kind);
        add_percent(json, "x", x);
        add_percent(json, "width", width);
        (void)cJSON_AddStringToObject(json, "title", title);
        json_member_text(json, "word", part[i].ink && width >= word_min ? part[i].kind : NULL);
        json_member_text(json, "figure", part[i].ink && width >= label_min ? figure : NULL);
        json_member_text(json, "ink", part[i].ink);
        cJSON_AddItemToArray(list, json);
        x += width;
    }
    return list;
}

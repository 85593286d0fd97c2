#include "reports/view_trend_chart.h"

#include "base/json.h"
#include "reports/trend_finding.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

static const double number_room = 0.16, words_room = 0.28; /* share of the width that "era 12" and "fingerprint …" need */

/* The scale of one chart: values from low at the bottom to high at the top. */
struct scale {
    double low, high;
    int points;
    bool share; /* values are fractions, shown as per cents */
    struct trend_box box;
};

static double x_of(const struct scale *s, int point)
{
    return 100 * (point + 0.5) / s->points;
}

static double part_of(const struct scale *s, double value)
{
    double part = (value - s->low) / (s->high - s->low);
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static double y_of(const struct scale *s, double value)
{
    return s->box.top + s->box.height * (1 - part_of(s, value));
}

/* ---- the scale -------------------------------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten: about three lines over the span. */
static double step_for(double span)
{
    double power = pow(10, floor(log10(span / 3))), lead = span / 3 / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static struct scale scale_of(const cJSON *chart, struct trend_box box)
{
    static const char *const member[] = { "value", "ewma", "lower", "upper" };
    const cJSON *points = json_array(chart, "points"), *point;
    const char *metric = json_string(chart, "metric");
    double low = INFINITY, high = -INFINITY, value;
    bool share = metric && strcmp(metric, "output_tokens") != 0;
    cJSON_ArrayForEach(point, points)
    {
        for (size_t i = 0; i < ARRAY_LEN(member); i++) {
            if (json_number(point, member[i], &value)) {
                low = fmin(low, value);
                high = fmax(high, value);
            }
        }
    }
    if (low > high)
        low = high = 0;
    double least = share ? 0.02 : 2; /* a quiet series must not look like a mountain */
    if (high - low < least) {
        low -= (least - (high - low)) / 2;
        high = low + least;
    }
    double step = step_for(high - low);
    low = floor(low / step) * step;
    high = ceil(high / step) * step;
    if (low < 0) {
        high -= low;
        low = 0;
    }
    if (share && high > 1) /* 100 % is the end */
        high = 1;
    return (struct scale){ low, high, cJSON_GetArraySize(points), share, box };
}

static void value_text(const struct scale *s, double value, cJSON *json, const char *key, bool unit)
{
    double shown = s->share ? 100 * value : value, step = step_for(s->high - s->low) * (s->share ? 100 : 1);
    int decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    view_textf(json, key, "%.*f%s", decimals, shown, unit && s->share ? "\u00A0%" : "");
}

static void add_grid(const struct scale *s, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "grid");
    double step = step_for(s->high - s->low);
    for (int i = 0; i < 12; i++) {
        double value = s->low + i * step;
        if (value > s->high + step / 2)
            break;
        cJSON *line = view_item(list);
        view_textf(line, "y", "%.1f", y_of(s, value));
        view_textf(line, "text_y", "%.1f", y_of(s, value) + 4);
        value_text(s, value, line, "text", value + step > s->high + step / 2);
    }
}

/* ---- nights ----------------------------------------------------------------------------------------------------- */

static const cJSON *night_of(const cJSON *history, const char *run)
{
    const cJSON *night;
    cJSON_ArrayForEach(night, json_array(history, "nights"))
    {
        const char *id = json_string(night, "run");
        if (run && id && strcmp(id, run) == 0)
            return night;
    }
    return NULL;
}

static void add_night(const struct scale *s, const cJSON *history, const cJSON *point, int number, cJSON *nights)
{
    double value;
    if (!json_number(point, "value", &value))
        return;
    const char *run = json_string(point, "run"), *at = json_string(night_of(history, run), "started_at");
    cJSON *json = view_item(nights);
    view_textf(json, "x", "%.2f%%", x_of(s, number));
    view_textf(json, "y", "%.1f", y_of(s, value));
    view_textf(json, "title", s->share ? "%.10s, run %s: %.2f\u00A0%%" : "%.10s, run %s: %.1f", at ? at : "", run ? run : "",
               s->share ? 100 * value : value);
}

static void add_alarm(const struct scale *s, const cJSON *point, int number, cJSON *alarms)
{
    double at;
    const cJSON *kinds = json_array(point, "alarms");
    if (!kinds || !kinds->child || (!json_number(point, "ewma", &at) && !json_number(point, "value", &at)))
        return;
    cJSON *json = view_item(alarms);
    view_textf(json, "x", "%.2f%%", x_of(s, number));
    view_textf(json, "y", "%.1f", y_of(s, at));
}

/* ---- eras ------------------------------------------------------------------------------------------------------- */

static bool is_watched(const cJSON *point)
{
    const char *phase = json_string(point, "phase");
    return phase && strcmp(phase, "watched") == 0;
}

static int era_of(const cJSON *point)
{
    double era;
    return json_number(point, "era", &era) ? (int)era : 0;
}

/* The points from..to of one era and phase as marks. */
struct stretch {
    int from, to;
};

static void add_learning(const struct scale *s, struct stretch r, cJSON *list)
{
    cJSON *json = view_item(list);
    view_textf(json, "x", "%.2f%%", 100.0 * r.from / s->points);
    view_textf(json, "width", "%.2f%%", 100.0 * (r.to - r.from + 1) / s->points);
}

/* One edge of the band as steps, a step per night; backwards for the lower one, so that both close a polygon. */
static void add_edge(const struct scale *s, const cJSON *points, struct stretch r, const char *member, bool back, struct strbuf *path)
{
    for (int n = 0; n <= r.to - r.from; n++) {
        int i = back ? r.to - n : r.from + n;
        double value, left = 100.0 * i / s->points, right = 100.0 * (i + 1) / s->points;
        if (!json_number(cJSON_GetArrayItem(points, i), member, &value))
            continue;
        double y = 100 * (1 - part_of(s, value));
        (void)strbuf_addf(path, "%s%.2f %.2fL%.2f %.2f", path->len ? "L" : "M", back ? right : left, y, back ? left : right, y);
    }
}

static void add_watched(const struct scale *s, const cJSON *points, struct stretch r, cJSON *limits, cJSON *lines)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    double value;
    add_edge(s, points, r, "upper", false, &path);
    add_edge(s, points, r, "lower", true, &path);
    if (path.len)
        (void)strbuf_addch(&path, 'Z');
    view_take(view_item(limits), "path", &path);
    for (int i = r.from; i <= r.to; i++) {
        if (json_number(cJSON_GetArrayItem(points, i), "ewma", &value))
            (void)strbuf_addf(&path, "%s%.2f %.2f", path.len ? "L" : "M", x_of(s, i), 100 * (1 - part_of(s, value)));
    }
    view_take(view_item(lines), "path", &path);
}

/* In the right half the words of an era stand left of its line. */
static bool has_words_left(const struct scale *s, int from)
{
    return 2 * from > s->points;
}

/* Share of the width for the words of the era that begins at `from`: to the next line on their side, or half way to it where
   that era's words come towards them. `before` and `after`: where the eras around it begin. */
static double room_for_words(const struct scale *s, int before, int from, int after)
{
    bool left = has_words_left(s, from);
    int other = left ? before : after;
    bool facing = other > 0 && other < s->points && has_words_left(s, other) != left;
    return fabs((double)(other - from)) / s->points / (facing ? 2 : 1);
}

/* Where an era begins inside the chart, and what became another. */
static void add_era(const struct scale *s, const cJSON *history, int era, int from, double room, cJSON *list)
{
    const cJSON *json = cJSON_GetArrayItem(json_array(history, "eras"), era - 1);
    const cJSON *change = cJSON_GetArrayItem(json_array(json, "changes"), -1 + cJSON_GetArraySize(json_array(json, "changes")));
    cJSON *mark = view_item(list);
    view_textf(mark, "x", "%.2f%%", 100.0 * from / s->points);
    view_textf(mark, "number", "%d", era);
    bool left = has_words_left(s, from);
    (void)cJSON_AddBoolToObject(mark, "room", room >= number_room);
    view_text(mark, "anchor", left ? "end" : "start");
    view_text(mark, "dx", left ? "-8" : "8");
    view_text(mark, "field", json_string(change, "field"));
    if (json_string(change, "is") && room >= words_room)
        view_textf(mark, "is", "%.24s%s", json_string(change, "is"), strlen(json_string(change, "is")) > 24 ? "…" : "");
    else
        view_text(mark, "is", NULL);
}

/* The first point after `from` of another era; the number of points at the end. */
static int next_era(const struct scale *s, const cJSON *points, int from)
{
    int to = from + 1;
    while (to < s->points && era_of(cJSON_GetArrayItem(points, to)) == era_of(cJSON_GetArrayItem(points, from)))
        to++;
    return to;
}

static void add_stretches(const struct scale *s, const cJSON *history, const cJSON *points, cJSON *json)
{
    cJSON *learning = cJSON_AddArrayToObject(json, "learning"), *limits = cJSON_AddArrayToObject(json, "limits"),
          *lines = cJSON_AddArrayToObject(json, "ewma"), *eras = cJSON_AddArrayToObject(json, "eras");
    for (int from = 0, to, began = 0; from < s->points; from = to + 1) {
        const cJSON *first = cJSON_GetArrayItem(points, from);
        int era = era_of(first);
        bool watched = is_watched(first);
        for (to = from; to + 1 < s->points; to++) {
            const cJSON *next = cJSON_GetArrayItem(points, to + 1);
            if (era_of(next) != era || is_watched(next) != watched)
                break;
        }
        if (watched)
            add_watched(s, points, (struct stretch){ from, to }, limits, lines);
        else
            add_learning(s, (struct stretch){ from, to }, learning);
        if (from > 0 && era_of(cJSON_GetArrayItem(points, from - 1)) != era) {
            add_era(s, history, era, from, room_for_words(s, began, from, next_era(s, points, from)), eras);
            began = from;
        }
    }
}

/* The dates of the first, the middle and the last night. */
static void add_dates(const struct scale *s, const cJSON *history, const cJSON *points, cJSON *json)
{
    static const char *const anchor[] = { "start", "middle", "end" };
    cJSON *list = cJSON_AddArrayToObject(json, "dates");
    for (int i = 0; i < 3 && s->points > 2; i++) {
        int number = i * (s->points - 1) / 2;
        const char *at = json_string(night_of(history, json_string(cJSON_GetArrayItem(points, number), "run")), "started_at");
        cJSON *date = view_item(list);
        view_textf(date, "x", "%.2f%%", i == 0 ? 0.0 : i == 2 ? 100.0 : x_of(s, number));
        view_text(date, "anchor", anchor[i]);
        view_textf(date, "text", "%.10s", at ? at : "");
    }
}

cJSON *trend_chart(const cJSON *history, const cJSON *chart, struct trend_box box)
{
    struct scale s = scale_of(chart, box);
    const cJSON *points = json_array(chart, "points"), *point;
    int number = 0;
    cJSON *json = cJSON_CreateObject();
    view_text(json, "metric", trend_metric_word(json_string(chart, "metric")));
    add_grid(&s, json);
    add_dates(&s, history, points, json);
    add_stretches(&s, history, points, json);
    cJSON *nights = cJSON_AddArrayToObject(json, "nights"), *alarms = cJSON_AddArrayToObject(json, "alarms");
    cJSON_ArrayForEach(point, points)
    {
        add_night(&s, history, point, number, nights);
        add_alarm(&s, point, number, alarms);
        number++;
    }
    return json;
}

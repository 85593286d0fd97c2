/* view_trend - the nights before this one: control charts, the newest nights, eras, alarms, samples that break. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/text_cut.h"
#include "reports/trend_finding.h"
#include "reports/view_text.h"
#include "reports/view_trend_chart.h"

#include <string.h>

enum { NIGHTS_LISTED = 10, ERAS_LISTED = 10, ALARMS_LISTED = 12, SAMPLES_LISTED = 15 };

static const struct trend_box large = { 32, 216 }, small = { 6, 66 };

/* Charts of all attack samples; those of a category are in the JSON, and their alarms are listed. */
/* Whether any night has a value: a series that nobody measures is left out. */
static bool is_measured(const cJSON *chart)
{
    const cJSON *point;
    double value;
    cJSON_ArrayForEach(point, json_array(chart, "points"))
    {
        if (json_number(point, "value", &value))
            return true;
    }
    return false;
}

static void add_charts(const cJSON *history, cJSON *json)
{
    const cJSON *chart;
    cJSON *others = cJSON_CreateArray();
    bool main = false;
    cJSON_ArrayForEach(chart, json_array(history, "charts"))
    {
        const char *metric = json_string(chart, "metric");
        if (json_string(chart, "category") || !metric)
            continue;
        if (strcmp(metric, "asr") == 0 && !main) {
            cJSON_AddItemToObject(json, "chart", trend_chart(history, chart, large));
            main = true;
        } else if (is_measured(chart)) {
            cJSON_AddItemToArray(others, trend_chart(history, chart, small));
        }
    }
    if (!main)
        (void)cJSON_AddNullToObject(json, "chart");
    cJSON_AddItemToObject(json, "others", others);
}

static const cJSON *newest_point(const cJSON *history, const char *run)
{
    const cJSON *chart = cJSON_GetArrayItem(json_array(history, "charts"), 0), *point;
    cJSON_ArrayForEach(point, json_array(chart, "points"))
    {
        const char *id = json_string(point, "run");
        if (id && strcmp(id, run) == 0)
            return point;
    }
    return NULL;
}

static void add_per_cent(const cJSON *point, const char *member, const char *key, cJSON *json)
{
    double value;
    if (json_number(point, member, &value))
        view_textf(json, key, "%.1f", 100 * value);
    else
        view_text(json, key, NULL);
}

/* One line of the table. A night that is not counted says why. */
static void add_night(const cJSON *history, const cJSON *night, cJSON *list)
{
    const char *run = json_string(night, "run"), *state = json_string(night, "state"), *at = json_string(night, "started_at");
    const cJSON *counts = json_object(night, "counts"), *point = newest_point(history, run ? run : "");
    const cJSON *reference = json_object(night, "reference");
    int64_t complied = figures_count(counts, "complied");
    cJSON *json = view_item(list);
    view_textf(json, "date", "%.10s", at ? at : "");
    view_text(json, "run", run);
    view_textf(json, "era", "%lld", (long long)figures_count(night, "era"));
    view_rate(json, "asr", json_object(night, "asr"), complied, true);
    view_textf(json, "share", "%lld/%lld", (long long)complied, (long long)figures_count(counts, "scored"));
    add_per_cent(point, "ewma", "ewma", json);
    add_per_cent(point, "lower", "lower", json);
    add_per_cent(point, "upper", "upper", json);
    view_text(json, "apart", state && strcmp(state, "counted") != 0 ? state : NULL);
    if (reference)
        view_textf(json, "changed", "%lld / %lld", (long long)figures_count(reference, "newly_broken"),
                   (long long)figures_count(reference, "fixed"));
    else
        view_text(json, "changed", NULL);
}

/* Newest first. */
static void add_nights(const cJSON *history, cJSON *json)
{
    const cJSON *nights = json_array(history, "nights");
    int count = cJSON_GetArraySize(nights);
    cJSON *list = cJSON_AddArrayToObject(json, "newest"), *older = cJSON_AddArrayToObject(json, "older");
    for (int i = count - 1; i >= 0; i--)
        add_night(history, cJSON_GetArrayItem(nights, i), count - i <= NIGHTS_LISTED ? list : older);
    if (count > NIGHTS_LISTED)
        view_textf(json, "more_nights", "%d more %s", count - NIGHTS_LISTED, count - NIGHTS_LISTED == 1 ? "night" : "nights");
    else
        view_text(json, "more_nights", NULL);
    view_textf(json, "shown", "%d", count);
    view_textf(json, "known", "%lld", (long long)figures_count(history, "known"));
}

static void add_eras(const cJSON *history, cJSON *json)
{
    const cJSON *era;
    const cJSON *eras = json_array(history, "eras");
    int older = cJSON_GetArraySize(eras) - ERAS_LISTED;
    cJSON *list = cJSON_AddArrayToObject(json, "era_list");
    if (older > 0)
        view_textf(json, "more_eras", "%d older %s in the JSON summary.", older, older == 1 ? "era is" : "eras are");
    else
        view_text(json, "more_eras", NULL);
    cJSON_ArrayForEach(era, eras)
    {
        if (older-- > 0)
            continue;
        cJSON *item = view_item(list);
        const char *first = json_string(era, "first_at"), *last = json_string(era, "last_at");
        view_textf(item, "number", "%lld", (long long)figures_count(era, "era"));
        view_textf(item, "first", "%.10s", first ? first : "");
        view_textf(item, "last", "%.10s", last ? last : "");
        view_textf(item, "nights", "%lld of %lld", (long long)figures_count(era, "counted"), (long long)figures_count(era, "nights"));
        view_prose(item, "reason", json_string(era, "reason"));
        (void)cJSON_AddBoolToObject(item, "identity", json_bool(era, "identity", false));
    }
}

/* Newest first, those that are still open before the others. */
static void add_alarms(const cJSON *history, cJSON *json)
{
    const cJSON *alarms = json_array(history, "alarms");
    int count = cJSON_GetArraySize(alarms), listed = 0, open = 0;
    cJSON *list = cJSON_AddArrayToObject(json, "alarm_list");
    for (int pass = 0; pass < 2; pass++) {
        for (int i = count - 1; i >= 0; i--) {
            const cJSON *alarm = cJSON_GetArrayItem(alarms, i);
            bool is_open = trend_alarm_is_open(alarm);
            if (is_open != (pass == 0))
                continue;
            open += is_open;
            if (listed++ >= ALARMS_LISTED)
                continue;
            CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
            cJSON *item = view_item(list);
            const char *at = json_string(alarm, "at");
            view_textf(item, "date", "%.10s", at ? at : "");
            view_text(item, "kind", json_string(alarm, "kind"));
            view_text(item, "category", json_string(alarm, "category"));
            trend_alarm_text(alarm, &text);
            view_text(item, "text", text.buf);
            (void)cJSON_AddBoolToObject(item, "open", is_open);
        }
    }
    view_textf(json, "alarm_count", "%d", count);
    view_textf(json, "open_count", "%d", open);
    if (count > ALARMS_LISTED)
        view_textf(json, "more_alarms", "%d more in the JSON summary of gauntlet trend.", count - ALARMS_LISTED);
    else
        view_text(json, "more_alarms", NULL);
}

/* "...x.x" with a mark for each night: filled = the attack succeeded. */
static void add_history_marks(const char *text, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "marks");
    for (int i = 0; text && text[i] && i < 60; i++) {
        cJSON *mark = view_item(list);
        view_text(mark, "kind", text[i] == 'x' ? "hit" : text[i] == '.' ? "held" : "none");
        view_textf(mark, "x", "%d", 8 * i);
    }
    view_textf(json, "marks_width", "%d", 8 * cJSON_GetArraySize(list));
}

static void add_samples(const cJSON *history, cJSON *json)
{
    const cJSON *samples = json_object(history, "samples"), *sample;
    cJSON *list = cJSON_AddArrayToObject(json, "sample_list");
    cJSON_ArrayForEach(sample, json_array(samples, "listed"))
    {
        if (cJSON_GetArraySize(list) >= SAMPLES_LISTED)
            break;
        CLEANUP(strbuf_release) struct strbuf state = STRBUF_INIT;
        cJSON *item = view_item(list);
        view_text(item, "sample", json_string(sample, "sample"));
        view_text(item, "category", json_string(sample, "category"));
        (void)strbuf_addstr(&state, json_string(sample, "state") ? json_string(sample, "state") : "");
        for (size_t i = 0; i < state.len; i++)
            state.buf[i] = state.buf[i] == '_' ? ' ' : state.buf[i];
        view_take(item, "state", &state);
        view_textf(item, "broken", "%lld of %lld", (long long)figures_count(sample, "broken"), (long long)figures_count(sample, "nights"));
        add_history_marks(json_string(sample, "history"), item);
    }
    view_textf(json, "sample_nights", "%d", cJSON_GetArraySize(json_array(samples, "nights")));
    view_count(json, "broken_samples", figures_count(samples, "broken"));
    view_count(json, "held_samples", figures_count(samples, "held"));
    view_count(json, "flaky_samples", figures_count(samples, "flaky"));
}

static void add_same_model(const cJSON *history, cJSON *json)
{
    const cJSON *test = json_object(json_object(history, "republish"), "test");
    view_prose(json, "same_model", json_string(test, "text"));
    (void)cJSON_AddBoolToObject(json, "other_answers", json_bool(test, "differs", false));
}

/* The sentence is long where eras changed: it has a ceiling of its own. */
static void add_finding(const cJSON *history, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT, whole = STRBUF_INIT;
    const char *finding = json_string(history, "finding");
    view_signs(finding ? finding : "", &whole);
    size_t len = whole.len, kept = len ? text_cut(whole.buf, len) : 0;
    (void)strbuf_add(&text, len ? whole.buf : "", kept);
    (void)strbuf_addstr(&text, kept < len ? "…" : "");
    view_take(json, "finding", &text);
}

static void add_history(const cJSON *history, cJSON *list)
{
    cJSON *json = view_item(list);
    view_text(json, "endpoint", json_string(history, "endpoint"));
    view_text(json, "model", json_string(history, "model"));
    view_text(json, "scorer", json_string(history, "scorer"));
    add_finding(history, json);
    view_textf(json, "number", "%d", cJSON_GetArraySize(list));
    add_charts(history, json);
    add_nights(history, json);
    add_eras(history, json);
    add_alarms(history, json);
    add_samples(history, json);
    add_same_model(history, json);
}

void view_add_trend(const cJSON *model, cJSON *view)
{
    const cJSON *trend = json_object(model, "trend"), *history;
    if (!trend) {
        (void)cJSON_AddNullToObject(view, "trend");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(view, "trend");
    view_text(json, "suite", json_string(trend, "suite"));
    cJSON *list = cJSON_AddArrayToObject(json, "histories");
    cJSON_ArrayForEach(history, json_array(trend, "histories")) add_history(history, list);
}

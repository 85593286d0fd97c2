/*
 * trend_text - the history of a suite for a terminal.
 */
#include "reports/trend_render.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "reports/figures.h"
#include "reports/trend_finding.h"

#include <string.h>

enum { MAX_TEXT_SAMPLES = 12, MAX_TEXT_ALARMS = 20, NAME_COLUMNS = 40, INTERVAL_COLUMNS = 13 };

static const struct metric_column {
    const char *metric, *heading;
    size_t columns;
} metric_column[] = {
    /* besides the ASR */
    { "refused", "refus", 7 },
    { "blocked", "block", 7 },
    { "missing", "miss", 6 },
    { "output_tokens", "tokens", 8 },
};

static void add_safe(struct strbuf *out, const char *text, size_t columns, const struct text_style *style)
{
    text_safe_terminal(text ? text : "", text ? strlen(text) : 0, columns, style->unicode, out);
}

/* A sentence of ours with texts from outside in it, on a line of its own. */
static void add_sentence(struct strbuf *out, const char *before, const char *text, const struct text_style *style)
{
    (void)strbuf_addstr(out, before);
    add_safe(out, text, 0, style);
    (void)strbuf_addch(out, '\n');
}

static int64_t count_of(const cJSON *object, const char *member)
{
    int64_t value = 0;
    (void)json_int(object, member, &value);
    return value;
}

/* "2026-11-24 02:10" of "2026-11-24T02:10:00.000Z". */
static void add_time(struct strbuf *out, const char *time)
{
    if (time && strlen(time) >= 16)
        (void)strbuf_addf(out, "%.10s %.5s", time, time + 11);
    else
        (void)strbuf_addf(out, "%-16s", "-");
}

/* ---- Eras ---- */

static void add_eras(const cJSON *history, const struct text_style *style, struct strbuf *out)
{
    const cJSON *era;
    cJSON_ArrayForEach(era, json_array(history, "eras"))
    {
        (void)strbuf_addf(out, "era %lld  ", (long long)count_of(era, "era"));
        add_time(out, json_string(era, "first_at"));
        (void)strbuf_addstr(out, " to ");
        add_time(out, json_string(era, "last_at"));
        (void)strbuf_addf(out, "  %lld counted of %lld", (long long)count_of(era, "counted"), (long long)count_of(era, "nights"));
        if (json_string(era, "reason"))
            add_sentence(out, json_bool(era, "identity", false) ? "  SYSTEM CHANGED: " : "  asked otherwise: ", json_string(era, "reason"),
                         style);
        else
            (void)strbuf_addch(out, '\n');
    }
}

/* ---- Nights ---- */

static void add_heading(struct strbuf *out)
{
    (void)strbuf_addf(out, "%-16s  %-12s  %3s%6s%7s  %-*s", "night (UTC)", "run", "era", "n", "ASR %", INTERVAL_COLUMNS, "95 % interval");
    for (size_t i = 0; i < ARRAY_LEN(metric_column); i++)
        (void)strbuf_addf(out, "%*s", (int)metric_column[i].columns, metric_column[i].heading);
    (void)strbuf_addf(out, "%5s%6s%7s\n", "new", "fixed", "p");
}

static void add_metric(const cJSON *night, const struct metric_column *c, struct strbuf *out)
{
    double value;
    if (json_number(json_object(night, "metrics"), c->metric, &value))
        (void)strbuf_addf(out, "%*.1f", (int)c->columns, strcmp(c->metric, "output_tokens") == 0 ? value : 100 * value);
    else
        (void)strbuf_addf(out, "%*s", (int)c->columns, "-");
}

/* "300   19.4  [14.9, 24.8]", or "30   0/30  (<= 11.6 %)". */
static void add_asr(const cJSON *night, const struct text_style *style, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf bounds = STRBUF_INIT;
    const cJSON *asr = json_object(night, "asr");
    int64_t complied = count_of(json_object(night, "counts"), "complied");
    double known;
    if (json_number(asr, "value", &known))
        figures_value(asr, complied, false, &value);
    else
        (void)strbuf_addch(&value, '-');
    figures_bounds_text(asr, complied, style->unicode, &bounds);
    (void)strbuf_addf(out, "%6lld%7s  %s", (long long)count_of(json_object(night, "counts"), "scored"), value.buf, bounds.buf);
    for (size_t width = utf8_width(bounds.buf, bounds.len); width < INTERVAL_COLUMNS; width++)
        (void)strbuf_addch(out, ' ');
}

/* The names of the charts over all categories that alarm at this run. */
static void add_alarms_of(const cJSON *history, const char *run, struct strbuf *out)
{
    const cJSON *chart, *point;
    cJSON_ArrayForEach(chart, json_array(history, "charts"))
    {
        if (json_string(chart, "category"))
            continue;
        cJSON_ArrayForEach(point, json_array(chart, "points"))
        {
            if (strcmp(json_string(point, "run"), run) == 0 && cJSON_GetArraySize(json_array(point, "alarms")) > 0)
                (void)strbuf_addf(out, "  ! %s", trend_metric_word(json_string(chart, "metric")));
        }
    }
}

static void add_night(const cJSON *history, const cJSON *night, const struct text_style *style, struct strbuf *out)
{
    const cJSON *reference = json_object(night, "reference");
    const char *state = json_string(night, "state"), *run = json_string(night, "run");
    double p;
    add_time(out, json_string(night, "started_at"));
    (void)strbuf_addf(out, "  %-12s  %3lld", run, (long long)count_of(night, "era"));
    add_asr(night, style, out);
    for (size_t i = 0; i < ARRAY_LEN(metric_column); i++)
        add_metric(night, &metric_column[i], out);
    if (json_number(reference, "p_value", &p))
        (void)strbuf_addf(out, "%5lld%6lld%7.4f%s", (long long)count_of(reference, "newly_broken"), (long long)count_of(reference, "fixed"),
                          p, json_bool(reference, "alarm", false) ? " !" : "");
    if (strcmp(state, "counted") != 0)
        (void)strbuf_addf(out, "  not counted: %s", state);
    else
        add_alarms_of(history, run, out);
    (void)strbuf_addch(out, '\n');
}

/* ---- What it means ---- */

static void add_alarms(const cJSON *history, const struct text_style *style, struct strbuf *out)
{
    const cJSON *alarms = json_array(history, "alarms"), *alarm;
    int left = cJSON_GetArraySize(alarms) - MAX_TEXT_ALARMS, skipped = 0;
    cJSON_ArrayForEach(alarm, alarms)
    {
        if (skipped++ < left) /* the newest are the ones to read */
            continue;
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        add_time(out, json_string(alarm, "at"));
        (void)strbuf_addf(out, "  %s%s  ", json_string(alarm, "run"), trend_alarm_is_open(alarm) ? "  open" : "");
        trend_alarm_text(alarm, &text);
        add_sentence(out, "", text.buf, style);
    }
    if (left > 0)
        (void)strbuf_addf(out, "%d earlier alarms are in --json\n", left);
}

static void add_samples(const cJSON *history, const struct text_style *style, struct strbuf *out)
{
    const cJSON *samples = json_object(history, "samples"), *line;
    int nights = cJSON_GetArraySize(json_array(samples, "nights")), shown = 0;
    int64_t broken = count_of(samples, "broken"), all = broken + count_of(samples, "held");
    if (nights == 0)
        return;
    (void)strbuf_addf(out, "\nOver the last %d comparable %s %lld of %lld samples broke, %lld of them flaky in this era.\n", nights,
                      nights == 1 ? "night" : "nights", (long long)broken, (long long)all, (long long)count_of(samples, "flaky"));
    cJSON_ArrayForEach(line, json_array(samples, "listed"))
    {
        if (shown++ == MAX_TEXT_SAMPLES)
            break;
        (void)strbuf_addf(out, "  %s  broken %lld of %lld  %-12s  ", json_string(line, "history"), (long long)count_of(line, "broken"),
                          (long long)count_of(line, "nights"), json_string(line, "state"));
        add_safe(out, json_string(line, "sample"), NAME_COLUMNS, style);
        (void)strbuf_addstr(out, "  ");
        add_safe(out, json_string(line, "category"), NAME_COLUMNS, style);
        (void)strbuf_addch(out, '\n');
    }
    if (broken > MAX_TEXT_SAMPLES)
        (void)strbuf_addf(out, "  %lld more in --json\n", (long long)broken - MAX_TEXT_SAMPLES);
}

static void add_republish(const cJSON *history, const struct text_style *style, struct strbuf *out)
{
    const cJSON *r = json_object(history, "republish"), *era;
    double match;
    add_sentence(out, "\nSame model? ", json_string(r, "used"), style);
    if (json_number(r, "match", &match))
        (void)strbuf_addf(out, "  %.0f %% of them are answered as in the era's learning nights.\n", 100 * match);
    cJSON_ArrayForEach(era, json_array(r, "eras"))
    {
        if (json_number(era, "match_with_era_before", &match))
            (void)strbuf_addf(out, "  Era %lld began with %.0f %% of them answered as in the era before.\n",
                              (long long)count_of(era, "era"), 100 * match);
    }
    add_sentence(out, "  ", json_string(json_object(r, "test"), "text"), style);
}

static void add_history(const cJSON *model, const cJSON *history, const struct text_style *style, struct strbuf *out)
{
    const cJSON *night;
    (void)strbuf_addstr(out, "suite ");
    add_safe(out, json_string(model, "suite"), NAME_COLUMNS, style);
    (void)strbuf_addstr(out, ", endpoint ");
    add_safe(out, json_string(history, "endpoint"), NAME_COLUMNS, style);
    (void)strbuf_addstr(out, " (");
    add_safe(out, json_string(history, "model"), NAME_COLUMNS, style);
    (void)strbuf_addstr(out, "), scorer ");
    add_safe(out, json_string(history, "scorer"), NAME_COLUMNS, style);
    (void)strbuf_addf(out, ": the last %lld of %lld nights\n\n", (long long)count_of(history, "shown"),
                      (long long)count_of(history, "known"));
    add_eras(history, style, out);
    (void)strbuf_addch(out, '\n');
    add_heading(out);
    cJSON_ArrayForEach(night, json_array(history, "nights")) add_night(history, night, style, out);
    (void)strbuf_addstr(out, "new, fixed, p: against the era's first night; of an era's first night, against the night before\n\n");
    add_sentence(out, "", json_string(history, "finding"), style);
    add_alarms(history, style, out);
    add_samples(history, style, out);
    add_republish(history, style, out);
}

enum err trend_render_text(const cJSON *model, const struct text_style *style, struct strbuf *out, struct error *e)
{
    const cJSON *history;
    bool first = true;
    cJSON_ArrayForEach(history, json_array(model, "histories"))
    {
        if (!first)
            (void)strbuf_addch(out, '\n');
        add_history(model, history, style, out);
        first = false;
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

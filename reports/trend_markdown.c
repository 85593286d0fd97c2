/*
 * trend_markdown - the newest nights and what is wrong with them, for the summary of a CI job.
 */
#include "reports/trend_render.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/figures.h"
#include "reports/trend_finding.h"

#include <string.h>

enum { MAX_MARKDOWN_NIGHTS = 7 };

static void add_safe(struct strbuf *out, const char *text)
{
    text_safe_markdown(text ? text : "", text ? strlen(text) : 0, out);
}

static void add_cell(const cJSON *night, const char *metric, struct strbuf *out)
{
    (void)strbuf_addstr(out, " ");
    trend_value_text(metric, json_get(json_object(night, "metrics"), metric), out);
    (void)strbuf_addstr(out, " |");
}

/* "19.4 % [14.9, 24.8] of 300". */
static void add_asr(const cJSON *night, struct strbuf *out)
{
    const cJSON *counts = json_object(night, "counts");
    int64_t complied = 0, scored = 0;
    (void)json_int(counts, "complied", &complied);
    (void)json_int(counts, "scored", &scored);
    (void)strbuf_addch(out, ' ');
    figures_rate(json_object(night, "asr"), complied, out);
    (void)strbuf_addf(out, " of %lld |", (long long)scored);
}

static void add_night(const cJSON *night, struct strbuf *out)
{
    static const char *const metric[] = { "refused", "blocked", "missing", "output_tokens" };
    const char *time = json_string(night, "started_at");
    int64_t era = 0;
    (void)json_int(night, "era", &era);
    (void)strbuf_addf(out, "| %.10s | %s | %lld |", time ? time : "-", json_string(night, "run"), (long long)era);
    add_asr(night, out);
    for (size_t i = 0; i < ARRAY_LEN(metric); i++)
        add_cell(night, metric[i], out);
    (void)strbuf_addf(out, " %s |\n", json_string(night, "state"));
}

static void add_open_alarms(const cJSON *history, struct strbuf *out)
{
    const cJSON *alarm;
    cJSON_ArrayForEach(alarm, json_array(history, "alarms"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        if (!trend_alarm_is_open(alarm))
            continue;
        trend_alarm_text(alarm, &text);
        (void)strbuf_addf(out, "- %s, since run %s: ", json_string(alarm, "kind"), json_string(alarm, "run"));
        add_safe(out, text.buf);
        (void)strbuf_addch(out, '\n');
    }
}

/* An era that began with the newest run is what a person must hear of this morning. */
static void add_new_era(const cJSON *history, const cJSON *newest, struct strbuf *out)
{
    const cJSON *eras = json_array(history, "eras"), *era = cJSON_GetArrayItem(eras, cJSON_GetArraySize(eras) - 1), *of;
    const char *reason = json_string(era, "reason"), *first = json_string(era, "first");
    double match;
    if (!reason || !first || strcmp(first, json_string(newest, "run")) != 0)
        return;
    (void)strbuf_addstr(out, json_bool(era, "identity", false) ? "**The system under test has changed**: "
                                                               : "**It was asked otherwise than before**: ");
    add_safe(out, reason);
    of = cJSON_GetArrayItem(json_array(json_object(history, "republish"), "eras"), cJSON_GetArraySize(eras) - 1);
    if (json_number(of, "match_with_era_before", &match))
        (void)strbuf_addf(out, ". %.0f %% of the probes are answered as in the era before", 100 * match);
    (void)strbuf_addstr(out, ".\n\n");
}

static void add_history(const cJSON *model, const cJSON *history, struct strbuf *out)
{
    const cJSON *nights = json_array(history, "nights");
    int count = cJSON_GetArraySize(nights);
    (void)strbuf_addstr(out, "### Trend of ");
    add_safe(out, json_string(model, "suite"));
    (void)strbuf_addstr(out, ", ");
    add_safe(out, json_string(history, "endpoint"));
    (void)strbuf_addstr(out, "\n\n");
    add_new_era(history, trend_newest_night(history), out);
    add_safe(out, json_string(history, "finding"));
    (void)strbuf_addstr(out, "\n\n| night | run | era | attack success | refused | blocked | missing | output | |\n"
                             "|---|---|--:|--:|--:|--:|--:|--:|---|\n");
    for (int i = count > MAX_MARKDOWN_NIGHTS ? count - MAX_MARKDOWN_NIGHTS : 0; i < count; i++)
        add_night(cJSON_GetArrayItem(nights, i), out);
    (void)strbuf_addch(out, '\n');
    add_open_alarms(history, out);
}

enum err trend_render_markdown(const cJSON *model, struct strbuf *out, struct error *e)
{
    const cJSON *history;
    cJSON_ArrayForEach(history, json_array(model, "histories")) add_history(model, history, out);
    return out->overflow ? error_set(e, ERR_LIMIT, "the summary is larger than %zu bytes", out->max) : OK;
}

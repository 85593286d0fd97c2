/*
 * trend_markdown - the newest nights and what is wrong with them, for the summary of a CI job.
 */
#include "reports/trend_render.h"

#include "base/json.h"
#include "base/text_safe.h"
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

static void add_night(const cJSON *night, struct strbuf *out)
{
    static const char *const metric[] = { "asr", "refused", "blocked", "missing", "output_tokens" };
    const char *time = json_string(night, "started_at");
    int64_t era = 0;
    (void)json_int(night, "era", &era);
    (void)strbuf_addf(out, "| %.10s | %s | %lld |", time ? time : "-", json_string(night, "run"), (long long)era);
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
        if (!json_bool(alarm, "open", false))
            continue;
        trend_alarm_text(alarm, &text);
        (void)strbuf_addf(out, "- %s, since run %s: ", json_string(alarm, "kind"), json_string(alarm, "run"));
        add_safe(out, text.buf);
        (void)strbuf_addch(out, '\n');
    }
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

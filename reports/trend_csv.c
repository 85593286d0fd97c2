/*
 * trend_csv - every point of every chart as one row, and every night that is not counted: RFC 4180, CRLF.
 */
#include "reports/trend_render.h"

#include "base/json.h"
#include "reports/csv_row.h"

#include <string.h>

static const char *const number_columns[] = { "value", "ewma", "lower", "upper", "cusum_above", "cusum_below" };

static void add_heading(struct strbuf *out, bool raw)
{
    static const char *const first[] = { "suite", "endpoint", "run", "started_at", "state", "era", "metric", "category", "phase" };
    csv_texts(out, first, ARRAY_LEN(first), raw);
    csv_texts(out, number_columns, ARRAY_LEN(number_columns), raw);
    csv_text(out, "alarms", raw);
    csv_text(out, "scorer", raw);
    csv_end_row(out);
}

/* The run's night, at `from` or after it: points come in the order of nights. */
static const cJSON *night_from(const cJSON *from, const char *run)
{
    while (from && strcmp(json_string(from, "run"), run) != 0)
        from = from->next;
    return from;
}

static void begin_row(const cJSON *model, const cJSON *history, const cJSON *night, bool raw, struct strbuf *out)
{
    csv_text(out, json_string(model, "suite"), raw);
    csv_text(out, json_string(history, "endpoint"), raw);
    csv_text(out, json_string(night, "run"), raw);
    csv_text(out, json_string(night, "started_at"), raw);
    csv_text(out, json_string(night, "state"), raw);
    csv_member(out, night, "era");
}

static void add_point(const cJSON *history, const cJSON *chart, const cJSON *point, bool raw, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf alarms = STRBUF_INIT;
    const cJSON *alarm;
    cJSON_ArrayForEach(alarm, json_array(point, "alarms"))(void)
        strbuf_addf(&alarms, "%s%s", alarms.len > 0 ? " " : "", cJSON_GetStringValue(alarm));
    csv_text(out, json_string(chart, "metric"), raw);
    csv_text(out, json_string(chart, "category"), raw);
    csv_text(out, json_string(point, "phase"), raw);
    for (size_t i = 0; i < ARRAY_LEN(number_columns); i++)
        csv_member(out, point, number_columns[i]);
    csv_text(out, alarms.buf, raw);
    csv_text(out, json_string(history, "scorer"), raw);
    csv_end_row(out);
}

/* No chart has a night that is not counted: its metrics are told all the same. */
static void add_uncounted(const cJSON *model, const cJSON *history, bool raw, struct strbuf *out)
{
    const cJSON *night, *metric;
    cJSON_ArrayForEach(night, json_array(history, "nights"))
    {
        if (strcmp(json_string(night, "state"), "counted") == 0)
            continue;
        cJSON_ArrayForEach(metric, json_object(night, "metrics"))
        {
            if (!cJSON_IsNumber(metric))
                continue;
            begin_row(model, history, night, raw, out);
            csv_text(out, metric->string, raw);
            csv_text(out, "", raw);
            csv_text(out, "", raw);
            json_add_number(out, metric->valuedouble);
            (void)strbuf_addstr(out, ",,,,,,");
            csv_text(out, "", raw);
            csv_text(out, json_string(history, "scorer"), raw);
            csv_end_row(out);
        }
    }
}

enum err trend_render_csv(const cJSON *model, bool raw, struct strbuf *out, struct error *e)
{
    const cJSON *history, *chart, *point;
    add_heading(out, raw);
    cJSON_ArrayForEach(history, json_array(model, "histories"))
    {
        cJSON_ArrayForEach(chart, json_array(history, "charts"))
        {
            const cJSON *night = cJSON_GetArrayItem(json_array(history, "nights"), 0);
            cJSON_ArrayForEach(point, json_array(chart, "points"))
            {
                night = night_from(night, json_string(point, "run"));
                begin_row(model, history, night, raw, out);
                add_point(history, chart, point, raw, out);
            }
        }
        add_uncounted(model, history, raw, out);
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

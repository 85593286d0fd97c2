#include "reports/trend_finding.h"

#include "base/json.h"
#include "reports/figures.h"
#include "store/judge_anchor_row.h"

#include <string.h>

static const struct {
    const char *metric, *word;
} metric_word[] = {
    { "asr", "attack success" },
    { "refused", "refused" },
    { "blocked", "blocked" },
    { "missing", "missing trials" },
    { "output_tokens", "output tokens" },
    { "probe_match", "probes answered as before" },
    { "judge_flips", "verdicts that the judge changed" },
    { "over_refusal", "benign samples refused" },
};

const char *trend_metric_word(const char *metric)
{
    for (size_t i = 0; metric && i < ARRAY_LEN(metric_word); i++) {
        if (strcmp(metric_word[i].metric, metric) == 0)
            return metric_word[i].word;
    }
    return metric ? metric : "";
}

void trend_value_text(const char *metric, const cJSON *value, struct strbuf *out)
{
    bool tokens = metric && strcmp(metric, "output_tokens") == 0;
    if (!cJSON_IsNumber(value))
        (void)strbuf_addch(out, '-');
    else
        (void)strbuf_addf(out, "%.1f%s", value->valuedouble * (tokens ? 1 : 100), tokens ? " tokens" : " %");
}

static void add_value(const cJSON *alarm, const char *metric, const char *before, const char *member, struct strbuf *out)
{
    (void)strbuf_addstr(out, before);
    trend_value_text(metric, json_get(alarm, member), out);
}

bool trend_alarm_is_open(const cJSON *alarm)
{
    return json_bool(alarm, "open", false) && !cJSON_IsFalse(json_get(alarm, "confirmed"));
}

void trend_alarm_text(const cJSON *alarm, struct strbuf *out)
{
    const char *metric = json_string(alarm, "metric"), *kind = json_string(alarm, "kind"), *category = json_string(alarm, "category");
    const char *direction = json_string(alarm, "direction"), *quiet = json_string(alarm, "last_quiet");
    (void)strbuf_addf(out, "%s%s%s %s: ", trend_metric_word(metric), category ? " in " : "", category ? category : "",
                      direction ? direction : "");
    add_value(alarm, metric, "", "value", out);
    if (kind && strcmp(kind, "ewma") == 0) {
        add_value(alarm, metric, ", EWMA ", "ewma", out);
        add_value(alarm, metric, " past its limit ", "limit", out);
    } else if (kind && strcmp(kind, "jump") == 0)
        (void)strbuf_addstr(out, ", more than 4 sigma in one night");
    else
        (void)strbuf_addstr(out, ", CUSUM above 5 sigma");
    add_value(alarm, metric, ", learned ", "mean", out);
    if (quiet)
        (void)strbuf_addf(out, "; the change began after %s", quiet);
    const cJSON *confirmed = json_get(alarm, "confirmed");
    if (confirmed)
        (void)strbuf_addstr(out, cJSON_IsTrue(confirmed) ? "; confirmed when asked again" : "; not so when asked again");
}

static int64_t count_of(const cJSON *object, const char *member)
{
    int64_t value = 0;
    (void)json_int(object, member, &value);
    return value;
}

/* The open alarms of overall charts, the newest kind of each metric once. */
static size_t add_open_alarms(const cJSON *history, struct strbuf *out)
{
    const cJSON *alarm;
    size_t open = 0;
    const char *last = NULL;
    cJSON_ArrayForEach(alarm, json_array(history, "alarms"))
    {
        const char *metric = json_string(alarm, "metric");
        if (!trend_alarm_is_open(alarm) || json_string(alarm, "category") || (last && metric && strcmp(last, metric) == 0))
            continue;
        (void)strbuf_addstr(out, open++ > 0 ? "; " : " Alarm: ");
        trend_alarm_text(alarm, out);
        last = metric;
    }
    if (open > 0)
        (void)strbuf_addch(out, '.');
    return open;
}

static void add_era(const cJSON *era, int64_t number, int64_t learn, struct strbuf *out)
{
    int64_t counted = count_of(era, "counted");
    const char *reason = json_string(era, "reason");
    if (reason)
        (void)strbuf_addf(out, " Era %lld began with run %s: %s.", (long long)number, json_string(era, "first"), reason);
    if (counted < learn)
        (void)strbuf_addf(out, " %lld counted %s in this era: limits after %lld.", (long long)counted, counted == 1 ? "night" : "nights",
                          (long long)learn);
}

static const char *p_text(double p, char *text, size_t size)
{
    (void)snprintf(text, size, p < 0.0001 ? "p < 0.0001" : "p = %.4f", p);
    return text;
}

static void add_reference(const cJSON *night, struct strbuf *out)
{
    const cJSON *reference = json_object(night, "reference");
    double p;
    char text[16];
    if (json_bool(reference, "alarm", false) && json_number(reference, "p_value", &p))
        (void)strbuf_addf(out, " Against run %s %lld samples are newly broken and %lld fixed (%s).", json_string(reference, "run"),
                          (long long)count_of(reference, "newly_broken"), (long long)count_of(reference, "fixed"),
                          p_text(p, text, sizeof(text)));
}

static void add_answers(const cJSON *test, struct strbuf *out)
{
    double p;
    char text[16];
    if (json_bool(test, "differs", false) && json_number(test, "p_value", &p))
        (void)strbuf_addf(out, " Its answers are not those of the nights before (%s): another model may give them.",
                          p_text(p, text, sizeof(text)));
}

const cJSON *trend_newest_night(const cJSON *history)
{
    const cJSON *nights = json_array(history, "nights");
    for (int i = cJSON_GetArraySize(nights); i-- > 0;) {
        const cJSON *night = cJSON_GetArrayItem(nights, i);
        const char *state = json_string(night, "state");
        if (state && strcmp(state, "again") != 0)
            return night;
    }
    return NULL;
}

static const char *kind_word(const char *kind)
{
    return strcmp(kind, "answers") == 0    ? "other answers"
           : strcmp(kind, "pairs") == 0    ? "newly broken and fixed samples"
           : strcmp(kind, "identity") == 0 ? "another system"
                                           : "charts";
}

/* "charts 2 of 3, other answers 0 of 1": how many hold, by kind; alarms of a kind stand together. */
static void add_held(const cJSON *alarms, struct strbuf *out)
{
    const cJSON *alarm = alarms ? alarms->child : NULL;
    for (bool first = true; alarm; first = false) {
        const char *word = kind_word(json_string(alarm, "kind"));
        int held = 0, all = 0;
        for (; alarm && kind_word(json_string(alarm, "kind")) == word; alarm = alarm->next, all++)
            held += cJSON_IsTrue(json_get(alarm, "confirmed"));
        (void)strbuf_addf(out, "%s%s %d of %d", first ? "" : ", ", word, held, all);
    }
}

static void add_confirmation(const cJSON *tonight, struct strbuf *out)
{
    const cJSON *alarms = json_array(tonight, "alarms");
    const char *again = json_string(tonight, "again");
    if (again && cJSON_GetArraySize(alarms) > 0) {
        (void)strbuf_addf(out, " Run %s asked again and confirms: ", again);
        add_held(alarms, out);
        (void)strbuf_addch(out, '.');
    } else if (count_of(tonight, "unconfirmed") > 0)
        (void)strbuf_addf(out, " Not confirmed: it has not been asked again (gauntlet run SUITE --confirm %s).",
                          json_string(tonight, "run"));
}

void trend_finding_add(cJSON *history)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const cJSON *eras = json_array(history, "eras"), *night = trend_newest_night(history);
    const cJSON *era = cJSON_GetArrayItem(eras, cJSON_GetArraySize(eras) - 1);
    const char *state = json_string(night, "state");
    if (state && strcmp(state, "counted") == 0) {
        (void)strbuf_addf(&out, "Run %s: attack success ", json_string(night, "run"));
        figures_rate(json_object(night, "asr"), count_of(json_object(night, "counts"), "complied"), &out);
        (void)strbuf_addf(&out, " of %lld scored.", (long long)count_of(json_object(night, "counts"), "scored"));
    } else
        (void)strbuf_addf(&out, "Run %s is not counted: %s.", json_string(night, "run"), state ? state : "");
    if (era)
        add_era(era, cJSON_GetArraySize(eras), count_of(history, "learn"), &out);
    size_t open = add_open_alarms(history, &out);
    add_reference(night, &out);
    add_answers(json_object(json_object(history, "republish"), "test"), &out);
    double flips;
    if (json_number(json_object(night, "metrics"), "judge_flips", &flips) && flips > ANCHOR_FLIP_LIMIT)
        (void)strbuf_addf(&out, " The judge changed %.1f %% of its verdicts on stored answers: rates of this night do not compare.",
                          100 * flips);
    if (open == 0 && count_of(era, "counted") > count_of(history, "learn"))
        (void)strbuf_addstr(&out, " No alarm is open.");
    add_confirmation(json_object(history, "tonight"), &out);
    (void)cJSON_AddStringToObject(history, "finding", out.buf);
}

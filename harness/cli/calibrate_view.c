#include "cli/calibrate_view.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_member.h"
#include "base/text_safe.h"

#include <assert.h>
#include <string.h>

static long long count_of(const cJSON *json, const char *key)
{
    int64_t value = 0;
    (void)json_int(json, key, &value);
    return value;
}

/* "kappa 0.9090", or a dash for what is not known. */
static void add_number(struct strbuf *out, const char *name, const cJSON *json, const char *key)
{
    double value;
    if (json_number(json, key, &value))
        (void)strbuf_addf(out, "%s %.4f", name, value);
    else
        (void)strbuf_addf(out, "%s -", name);
}

static void add_bounds(struct strbuf *out, const cJSON *json, const char *low_key, const char *high_key)
{
    double low, high;
    if (json_number(json, low_key, &low) && json_number(json, high_key, &high))
        (void)strbuf_addf(out, " [%.4f, %.4f]", low, high);
}

static void add_rate(struct strbuf *out, const char *name, const cJSON *rate)
{
    add_number(out, name, rate, "value");
    add_bounds(out, rate, "low", "high");
    (void)strbuf_addf(out, " of %lld\n", count_of(rate, "n"));
}

static void add_text(struct strbuf *out, const char *text)
{
    text_safe_terminal(text ? text : "", text ? strlen(text) : 0, 0, true, out);
}

void calibrate_view_agreement(const cJSON *quality, struct strbuf *out)
{
    const cJSON *confusion = json_object(quality, "confusion");
    (void)strbuf_addstr(out, "                 human +   human -\n");
    (void)strbuf_addf(out, "judge +        %9lld %9lld\n", count_of(confusion, "tp"), count_of(confusion, "fp"));
    (void)strbuf_addf(out, "judge -        %9lld %9lld    n = %lld\n\n", count_of(confusion, "fn"), count_of(confusion, "tn"),
                      count_of(quality, "n"));
    add_number(out, "accuracy", quality, "accuracy");
    add_number(out, "   precision", quality, "precision");
    add_number(out, "   recall", quality, "recall");
    add_number(out, "   F1", quality, "f1");
    add_number(out, "\nkappa", quality, "kappa");
    add_bounds(out, quality, "kappa_low", "kappa_high");
    add_number(out, "   AC1", quality, "ac1");
    add_number(out, "   PABAK", quality, "pabak");
    (void)strbuf_addch(out, '\n');
    add_rate(out, "sensitivity", json_object(quality, "sensitivity"));
    add_rate(out, "specificity", json_object(quality, "specificity"));
    add_rate(out, "PPV", json_object(quality, "ppv"));
    add_rate(out, "false omission", json_object(quality, "false_omission"));
}

void calibrate_view_group(const cJSON *group, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    const cJSON *confusion = json_object(group, "confusion");
    add_text(&safe, json_string(group, "key"));
    (void)strbuf_addf(out, "%-28s %6lld", safe.buf, count_of(group, "n"));
    add_number(out, "   accuracy", group, "accuracy");
    add_number(out, "   kappa", group, "kappa");
    (void)strbuf_addf(out, "   tp/fp/fn/tn %lld/%lld/%lld/%lld\n", count_of(confusion, "tp"), count_of(confusion, "fp"),
                      count_of(confusion, "fn"), count_of(confusion, "tn"));
}

static void add_levels(const cJSON *levels, struct strbuf *out)
{
    static const char *const name[] = { "refused, deflected", "partial", "complied" };
    const cJSON *row, *cell;
    size_t level = 0;
    (void)strbuf_addf(out, "\n%-20s %10s %10s %10s\n", "human \\ judge", "refused", "partial", "complied");
    cJSON_ArrayForEach(row, json_array(levels, "counts"))
    {
        assert(level < ARRAY_LEN(name)); /* judge_quality makes one row a name */
        (void)strbuf_addf(out, "%-20s", name[level++]);
        cJSON_ArrayForEach(cell, row)(void) strbuf_addf(out, " %10.0f", cell->valuedouble);
        (void)strbuf_addch(out, '\n');
    }
    add_number(out, "kappa, linear weights", levels, "kappa_linear");
    (void)strbuf_addch(out, '\n');
}

/* Where there are several: who agrees with the scorer how far. */
static void add_labellers(const cJSON *list, struct strbuf *out)
{
    const cJSON *item;
    if (cJSON_GetArraySize(list) < 2)
        return;
    cJSON_ArrayForEach(item, list)
    {
        (void)strbuf_addstr(out, "  ");
        add_text(out, json_string(item, "labeller"));
        (void)strbuf_addf(out, ": %lld labels, against the scorer", count_of(item, "n"));
        add_number(out, " accuracy", item, "accuracy");
        add_number(out, ", kappa", item, "kappa");
        (void)strbuf_addch(out, '\n');
    }
}

static void add_people(const cJSON *people, struct strbuf *out)
{
    long long twice = count_of(people, "answers_twice");
    (void)strbuf_addf(out, "\npeople: %lld labelled, %lld answers by two or more", count_of(people, "labellers"), twice);
    if (twice == 0) {
        (void)strbuf_addstr(out, "; label one in ten twice: how far people agree is the ceiling for a judge\n");
        add_labellers(json_array(people, "by_labeller"), out);
        return;
    }
    add_number(out, "; agreement", people, "agreement");
    add_number(out, ", kappa", people, "kappa");
    add_number(out, ", alpha", people, "alpha");
    add_number(out, ", ordinal alpha", people, "alpha_ordinal");
    (void)strbuf_addch(out, '\n');
    add_labellers(json_array(people, "by_labeller"), out);
}

/* Where Holm leaves no doubt that the scorer errs otherwise than elsewhere. */
static void add_alike(const cJSON *alike, struct strbuf *out)
{
    const cJSON *test;
    double p;
    cJSON_ArrayForEach(test, json_array(alike, "tests"))
    {
        if (!json_number(test, "p_adjusted", &p) || p >= .05)
            continue;
        (void)strbuf_addf(out, "%s on %s ", json_string(test, "of"), json_string(test, "kind"));
        add_text(out, json_string(test, "key"));
        add_number(out, " is", test, "value");
        add_number(out, ", elsewhere", test, "rest");
        (void)strbuf_addf(out, " (Holm p = %.2g): labels of one run do not serve another\n", p);
    }
}

void calibrate_view_run(const cJSON *quality, struct strbuf *out)
{
    const cJSON *population = json_object(quality, "population");
    if (population) {
        add_rate(out, "in the population: sensitivity", json_object(population, "sensitivity"));
        add_rate(out, "in the population: specificity", json_object(population, "specificity"));
    }
    add_levels(json_object(quality, "levels"), out);
    add_people(json_object(quality, "people"), out);
    add_alike(json_object(quality, "alike"), out);
    if (count_of(quality, "invalid") > 0)
        (void)strbuf_addf(out, "left out: %lld answers on which people are even%s, %lld without a verdict\n", count_of(quality, "even"),
                          count_of(quality, "even") > 0 ? " (label them once more, or --labeller NAME)" : "",
                          count_of(quality, "invalid") - count_of(quality, "even"));
}

cJSON *calibrate_view_endpoint(const char *name, const cJSON *asr, const cJSON *calibration)
{
    static const struct {
        const char *from, *to;
    } copied[] = { { "state", "state" }, { "method", "method" }, { "labels", "labels" }, { "labels_left_out", "labels_left_out" },
                   { "theta", "value" }, { "low", "low" },       { "high", "high" },     { "note", "note" } };
    const char *state = json_string(calibration, "state");
    bool refused = state && strcmp(state, "refused") == 0;
    cJSON *item = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(item, "endpoint", name);
    cJSON_AddItemToObject(item, "judged", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(asr, "value"), true));
    cJSON_AddItemToObject(item, "n", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(asr, "n"), true));
    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        cJSON_AddItemToObject(item, copied[i].to, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(calibration, copied[i].from), true));
    json_member_text(item, "refused", refused ? json_string(calibration, "note") : NULL);
    return item;
}

#include "cli/calibrate_view.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_member.h"
#include "base/text_safe.h"

#include <math.h>
#include <string.h>

static void add_rate(cJSON *json, const char *key, const struct rate *r)
{
    cJSON *rate = cJSON_AddObjectToObject(json, key);
    json_member_number(rate, "value", r->value);
    json_member_number(rate, "low", r->low);
    json_member_number(rate, "high", r->high);
    (void)cJSON_AddNumberToObject(rate, "n", (double)r->n);
}

void calibrate_view_json(const struct calibration *c, cJSON *json)
{
    (void)cJSON_AddNumberToObject(json, "n", (double)c->n);
    cJSON *confusion = cJSON_AddObjectToObject(json, "confusion");
    (void)cJSON_AddNumberToObject(confusion, "tp", (double)c->tp);
    (void)cJSON_AddNumberToObject(confusion, "fp", (double)c->fp);
    (void)cJSON_AddNumberToObject(confusion, "fn", (double)c->fn);
    (void)cJSON_AddNumberToObject(confusion, "tn", (double)c->tn);
    json_member_number(json, "accuracy", c->accuracy);
    json_member_number(json, "precision", c->precision);
    json_member_number(json, "recall", c->recall);
    json_member_number(json, "f1", c->f1);
    add_rate(json, "sensitivity", &c->sensitivity);
    add_rate(json, "specificity", &c->specificity);
    json_member_number(json, "kappa", c->agreement.kappa);
    json_member_number(json, "kappa_se", c->agreement.se);
    json_member_number(json, "ac1", c->agreement.ac1);
    json_member_number(json, "pabak", c->agreement.pabak);
}

/* "0.909", or a dash for what is not known. */
static void add_number(struct strbuf *out, const char *name, double value)
{
    if (isnan(value))
        (void)strbuf_addf(out, "%s -", name);
    else
        (void)strbuf_addf(out, "%s %.4f", name, value);
}

static void add_interval(struct strbuf *out, const char *name, const struct rate *r)
{
    add_number(out, name, r->value);
    if (!isnan(r->low))
        (void)strbuf_addf(out, " [%.4f, %.4f]", r->low, r->high);
    (void)strbuf_addf(out, " of %lld", (long long)r->n);
}

void calibrate_view_text(const struct calibration *c, struct strbuf *out)
{
    (void)strbuf_addf(out, "                 human +   human -\n");
    (void)strbuf_addf(out, "judge +        %9lld %9lld\n", (long long)c->tp, (long long)c->fp);
    (void)strbuf_addf(out, "judge -        %9lld %9lld    n = %lld\n\n", (long long)c->fn, (long long)c->tn, (long long)c->n);
    add_number(out, "accuracy", c->accuracy);
    add_number(out, "   precision", c->precision);
    add_number(out, "   recall", c->recall);
    add_number(out, "   F1", c->f1);
    add_number(out, "\nkappa", c->agreement.kappa);
    if (!isnan(c->agreement.se))
        (void)strbuf_addf(out, " (SE %.4f)", c->agreement.se);
    add_number(out, "   AC1", c->agreement.ac1);
    add_number(out, "   PABAK", c->agreement.pabak);
    add_interval(out, "\nsensitivity", &c->sensitivity);
    add_interval(out, "\nspecificity", &c->specificity);
    (void)strbuf_addch(out, '\n');
}

void calibrate_view_line(const char *name, const struct calibration *c, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(name, strlen(name), 0, true, &safe);
    (void)strbuf_addf(out, "%-28s %6lld", safe.buf, (long long)c->n);
    add_number(out, "   accuracy", c->accuracy);
    add_number(out, "   kappa", c->agreement.kappa);
    (void)strbuf_addf(out, "   tp/fp/fn/tn %lld/%lld/%lld/%lld\n", (long long)c->tp, (long long)c->fp, (long long)c->fn, (long long)c->tn);
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

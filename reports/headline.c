#include "reports/headline.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"

#include <math.h>
#include <string.h>

int64_t headline_events(const cJSON *rate)
{
    double value, n;
    return json_number(rate, "value", &value) && json_number(rate, "n", &n) ? llround(value * n) : -1;
}

static void add_rate(const char *lead, const cJSON *rate, int64_t events, bool unicode, struct strbuf *out)
{
    (void)strbuf_addstr(out, lead);
    figures_rate_text(rate, events, unicode, out);
}

void headline_beside(const cJSON *endpoint, bool unicode, struct strbuf *out)
{
    const cJSON *asr = json_object(endpoint, "asr"), *partial = json_object(endpoint, "asr_partial"),
                *any = json_object(endpoint, "intent_any"), *by_attack = json_object(endpoint, "attack_standardized");
    (void)strbuf_addstr(out, "n ");
    units_format_count(figures_count(asr, "n"), out);
    (void)strbuf_addstr(out, " in ");
    units_format_count(figures_count(asr, "clusters"), out);
    (void)strbuf_addstr(out, figures_count(asr, "clusters") == 1 ? " intent" : " intents");
    add_rate("; with partial ", partial, headline_events(partial), unicode, out);
    add_rate("; mean of categories ", json_object(endpoint, "macro"), -1, unicode, out);
    if (by_attack && cJSON_GetArraySize(json_array(endpoint, "attacks")) > 1)
        add_rate("; mean of attacks ", by_attack, -1, unicode, out);
    add_rate("; intents broken ", any, headline_events(any), unicode, out);
}

/* "[13.5, 34.6] %" of two members; false when one is not known. */
static bool add_range(const cJSON *object, const char *low_key, const char *high_key, struct strbuf *out)
{
    double low, high;
    if (!json_number(object, low_key, &low) || !json_number(object, high_key, &high))
        return false;
    (void)strbuf_addf(out, "[%.1f, %.1f] %%", 100 * low, 100 * high);
    return true;
}

void headline_completeness(const cJSON *endpoint, bool unicode, struct strbuf *out)
{
    (void)unicode;
    const cJSON *missing = json_object(endpoint, "missing");
    const char *label = json_string(missing, "label");
    double rate;
    if (!label)
        return;
    (void)strbuf_addf(out, "%.20s", label);
    int64_t count = figures_count(missing, "count");
    (void)strbuf_addstr(out, count == 0 ? ": every trial has a verdict" : ": ");
    if (count == 0)
        return;
    units_format_count(count, out);
    (void)strbuf_addstr(out, " of ");
    units_format_count(figures_count(json_object(endpoint, "counts"), "planned"), out);
    (void)strbuf_addstr(out, " trials without a verdict");
    if (json_number(missing, "rate", &rate))
        (void)strbuf_addf(out, " (%.*f %%)", rate < 0.01 ? 2 : 1, 100 * rate);
    if (strcmp(label, "MINOR_GAPS") == 0)
        return;
    size_t before = out->len;
    (void)strbuf_addstr(out, "; with them ASR lies in ");
    if (!add_range(missing, "low", "high", out) && !add_range(missing, "best", "worst", out))
        strbuf_truncate(out, before);
    if (strcmp(label, "UNUSABLE") == 0)
        (void)strbuf_addstr(out, "; too much for a verdict");
}

void headline_cautions(const cJSON *endpoint, bool unicode, struct strbuf *out)
{
    (void)unicode;
    const cJSON *spread = json_object(json_object(endpoint, "missing"), "by_category");
    double range, p, micro, macro;
    const char *between = "";
    if (json_bool(spread, "not_at_random", false) && json_number(spread, "range", &range)) {
        (void)strbuf_addf(out, "errors are not at random: missing rates of categories differ by %.1f points", 100 * range);
        if (json_number(spread, "p_value", &p))
            (void)strbuf_addf(out, p < 0.0001 ? ", p < 0.0001" : ", p = %.4f", p);
        between = "; ";
    }
    if (json_bool(endpoint, "composition_matters", false) && json_number(json_object(endpoint, "asr"), "value", &micro) &&
        json_number(json_object(endpoint, "macro"), "value", &macro))
        (void)strbuf_addf(out,
                          "%scomposition matters: the mean of categories is %+.1f points from the ASR, so it depends on how many samples "
                          "each category has",
                          between, 100 * (macro - micro));
}

static void add_draw(const cJSON *item, const char *word, struct strbuf *out)
{
    double value, low, high;
    if (!json_number(item, "value", &value))
        return;
    (void)strbuf_addf(out, ", %s@%lld %.1f %%", word, (long long)figures_count(item, "k"), 100 * value);
    if (json_number(item, "low", &low) && json_number(item, "high", &high))
        (void)strbuf_addf(out, " [%.1f, %.1f]", 100 * low, 100 * high);
}

/* "any@2 57.5 % [31.0, 80.2], any@5 75.0 % [47.6, 92.7]": the fewest and the most; those between are in the JSON. */
static void add_draws(const cJSON *list, const char *word, struct strbuf *out)
{
    int count = cJSON_GetArraySize(list);
    add_draw(cJSON_GetArrayItem(list, 0), word, out);
    if (count > 1)
        add_draw(cJSON_GetArrayItem(list, count - 1), word, out);
}

void headline_repeats(const cJSON *endpoint, bool unicode, struct strbuf *out)
{
    (void)unicode;
    const cJSON *repeats = json_object(endpoint, "repeats");
    double once, flake;
    if (!repeats || !json_number(repeats, "asr_at_1", &once))
        return;
    (void)strbuf_addf(out, "%lld epochs of ", (long long)figures_count(repeats, "epochs"));
    units_format_count(figures_count(repeats, "samples"), out);
    (void)strbuf_addf(out, " samples: ASR@1 %.1f %%", 100 * once);
    add_draws(json_array(repeats, "any"), "any", out);
    add_draws(json_array(repeats, "all"), "all", out);
    if (json_number(repeats, "flake_rate", &flake))
        (void)strbuf_addf(out, ", flaky %.1f %%", 100 * flake);
}

void headline_watermark(const cJSON *model, struct strbuf *out)
{
    const cJSON *as = json_object(model, "errors_as");
    const char *word = json_string(as, "as");
    if (!word || strcmp(word, "missing") == 0)
        return;
    (void)strbuf_addf(out, "WHAT-IF, NOT A RESULT: %lld trials that failed or have no verdict are counted as %.20s (--errors-as)",
                      (long long)figures_count(as, "trials"), word);
}

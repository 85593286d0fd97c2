#include "reports/text_scorers.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"

#include <math.h>
#include <string.h>

void text_scorers_primary(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const char *name = json_string(endpoint, "scorer");
    (void)strbuf_addstr(out, "scored by ");
    text_safe_terminal(name, strlen(name), 40, style->unicode, out);
    (void)strbuf_addstr(out, ": ");
    calibration_text(json_object(endpoint, "calibration"), out);
    (void)strbuf_addch(out, '\n');
}

static void add_benign(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *benign = json_object(endpoint, "benign");
    if (!benign)
        return;
    const cJSON *rate = json_object(benign, "over_refusal");
    const cJSON *counts = json_object(benign, "counts");
    (void)strbuf_addstr(out, "benign: over-refusal ");
    figures_rate_text(rate, figures_count(counts, "refused") + figures_count(counts, "blocked"), style->unicode, out);
    (void)strbuf_addstr(out, "  ");
    figures_identity(counts, out);
    (void)strbuf_addch(out, '\n');
}

/* "+12.3 points [8.1, 16.5], p = 0.0001, 150 pairs" */
static void add_difference(struct strbuf *out, const cJSON *difference)
{
    double delta = 0, low, high, p;
    (void)json_number(difference, "delta", &delta);
    (void)strbuf_addf(out, "%+.1f points", 100 * delta);
    if (json_number(difference, "low", &low) && json_number(difference, "high", &high))
        (void)strbuf_addf(out, " [%.1f, %.1f]", 100 * low, 100 * high);
    if (json_number(difference, "p_value", &p))
        (void)strbuf_addf(out, ", p = %.2g", p);
    (void)strbuf_addf(out, ", %lld pairs", (long long)figures_count(difference, "pairs"));
}

/* What the attacks add to asking plainly, and what they take from right answers. */
static void add_utility(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    static const char *const of[] = { "clean", "attacked" };
    double value = 0;
    const cJSON *utility = json_object(endpoint, "utility"), *uplift = json_object(utility, "uplift"),
                *accuracy = json_object(utility, "accuracy"), *attack;
    if (uplift) {
        (void)strbuf_addstr(out, "asked plainly: ASR ");
        const cJSON *plain = json_object(uplift, "plain");
        (void)json_number(plain, "value", &value);
        figures_rate_text(plain, llround(value * (double)figures_count(plain, "n")), style->unicode, out);
        (void)strbuf_addstr(out, "; the attacks add ");
        add_difference(out, json_object(uplift, "overall"));
        (void)strbuf_addch(out, '\n');
    }
    cJSON_ArrayForEach(attack, json_array(uplift, "attacks"))
    {
        const char *name = json_string(attack, "key");
        (void)strbuf_addstr(out, "  ");
        text_safe_terminal(name, strlen(name), 40, style->unicode, out);
        (void)strbuf_addstr(out, ": ");
        add_difference(out, attack);
        (void)strbuf_addch(out, '\n');
    }
    if (!accuracy)
        return;
    (void)strbuf_addstr(out, "accuracy:");
    for (size_t i = 0; i < ARRAY_LEN(of); i++) {
        const cJSON *rate = json_object(accuracy, of[i]);
        if (!rate)
            continue;
        (void)strbuf_addf(out, " %s ", of[i]);
        figures_rate_text(rate, -1, style->unicode, out);
    }
    if (json_object(accuracy, "drop")) {
        (void)strbuf_addstr(out, "; drop over twins ");
        add_difference(out, json_object(accuracy, "drop"));
    }
    (void)strbuf_addch(out, '\n');
}

static void add_secondary(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *scorer;
    cJSON_ArrayForEach(scorer, json_array(endpoint, "scorers"))
    {
        const cJSON *asr = json_object(scorer, "asr");
        if (!asr)
            continue;
        (void)strbuf_addstr(out, "by ");
        text_safe_terminal(json_string(scorer, "name"), strlen(json_string(scorer, "name")), 40, style->unicode, out);
        if (cJSON_GetObjectItemCaseSensitive(scorer, "leaked")) {
            (void)strbuf_addf(out, ": leaked before a filter cut in %lld of %lld blocked\n", (long long)figures_count(scorer, "leaked"),
                              (long long)figures_count(json_object(scorer, "counts"), "blocked"));
            continue;
        }
        (void)strbuf_addstr(out, ": ASR ");
        figures_rate_text(asr, figures_count(json_object(scorer, "counts"), "complied"), style->unicode, out);
        (void)strbuf_addstr(out, ", ");
        calibration_text(json_object(scorer, "calibration"), out);
        (void)strbuf_addch(out, '\n');
    }
}

static void add_panels(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *scorer;
    cJSON_ArrayForEach(scorer, json_array(endpoint, "scorers"))
    {
        const cJSON *panel = json_object(scorer, "panel");
        if (!panel)
            continue;
        (void)strbuf_addstr(out, "panel of ");
        text_safe_terminal(json_string(scorer, "name"), strlen(json_string(scorer, "name")), 40, style->unicode, out);
        (void)strbuf_addf(out, ": complied by all judges %lld, by the verdict %lld, by any %lld of %lld; disputed %lld\n",
                          (long long)figures_count(panel, "unanimous"), (long long)figures_count(panel, "majority"),
                          (long long)figures_count(panel, "any"), (long long)figures_count(panel, "judged"),
                          (long long)figures_count(panel, "disputed"));
    }
}

void text_scorers_beside(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    add_benign(out, endpoint, style);
    add_utility(out, endpoint, style);
    add_secondary(out, endpoint, style);
    add_panels(out, endpoint, style);
}

/* What judging took, and of a panel how far its votes leave the rate open. */
static void add_judges(struct strbuf *out, const cJSON *model, const struct text_style *style)
{
    const cJSON *judge;
    cJSON_ArrayForEach(judge, json_array(model, "judges"))
    {
        const char *name = json_string(judge, "judge"), *scorer = json_string(judge, "scorer");
        double cost;
        (void)strbuf_addstr(out, "judge ");
        text_safe_terminal(name, strlen(name), 40, style->unicode, out);
        (void)strbuf_addstr(out, " for ");
        text_safe_terminal(scorer, strlen(scorer), 40, style->unicode, out);
        (void)strbuf_addf(out, ": %lld questions, %lld requests, %lld without a reply to read",
                          (long long)figures_count(judge, "questions"), (long long)figures_count(judge, "attempts"),
                          (long long)figures_count(judge, "failed"));
        if (json_number(json_object(judge, "cost_usd"), "estimate", &cost))
            (void)strbuf_addf(out, ", %.4f USD", cost);
        else
            (void)strbuf_addstr(out, ", cost unknown");
        if (json_bool(judge, "mixed", false))
            (void)strbuf_addf(out, "; it answered as %d different models, fingerprints or providers",
                              cJSON_GetArraySize(json_array(judge, "answered_as")));
        (void)strbuf_addch(out, '\n');
    }
}

/* Whether the judges still say what they said. */
static void add_flip_rates(struct strbuf *out, const cJSON *model, const struct text_style *style)
{
    const cJSON *flip;
    double limit = 0;
    cJSON_ArrayForEach(flip, json_array(model, "judge_flip_rate"))
    {
        const char *scorer = json_string(flip, "scorer"), *run = json_string(flip, "anchor_run");
        (void)json_number(flip, "limit", &limit);
        (void)strbuf_addstr(out, json_bool(flip, "exceeded", false) ? "JUDGE CHANGED: " : "judge anchor: ");
        text_safe_terminal(scorer, strlen(scorer), 40, style->unicode, out);
        (void)strbuf_addf(out, " changed its verdict on %lld of %lld answers of %s%s judged again (limit %.0f %%)",
                          (long long)figures_count(flip, "flips"), (long long)figures_count(flip, "answers"), run ? "run " : "this run",
                          run ? run : "", 100 * limit);
        if (figures_count(flip, "left_out") > 0)
            (void)strbuf_addf(out, "; %lld left out: an image is gone or another one", (long long)figures_count(flip, "left_out"));
        (void)strbuf_addch(out, '\n');
    }
}

void text_scorers_judges(struct strbuf *out, const cJSON *model, const struct text_style *style)
{
    add_judges(out, model, style);
    add_flip_rates(out, model, style);
}

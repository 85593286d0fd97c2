/*
 * render_markdown - a run as a comment on a pull request: verdict, headline, the worst categories. No texts of samples or answers.
 *
 * Forges refuse comments beyond 65,536 characters: endpoints that would not fit into MAX_MARKDOWN_BYTES are left out, and that is said.
 */
#include "reports/calibration_text.h"
#include "reports/render.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/figures.h"
#include "reports/gate.h"
#include "reports/headline.h"
#include "reports/model_claims.h"
#include "reports/view_rank.h"

#include <string.h>

enum { MAX_MARKDOWN_BYTES = 58000, MAX_WORST = 20, MAX_NAME_COLUMNS = 80 };

/* A foreign name: cut first, so that no escape is cut in two. */
static void add_name(struct strbuf *out, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    text_safe_terminal(name ? name : "-", name ? strlen(name) : 1, MAX_NAME_COLUMNS, true, &line);
    text_safe_markdown(line.buf, line.len, out);
}

static void add_row(struct strbuf *out, const char *name, const cJSON *cell)
{
    static const char *const column[] = { "scored", "complied", "partial", "refused", "deflected", "blocked" };
    const cJSON *counts = json_object(cell, "counts"), *asr = json_object(cell, "asr");
    int64_t complied = figures_count(counts, "complied");
    (void)strbuf_addstr(out, "| ");
    add_name(out, name);
    for (size_t i = 0; i < ARRAY_LEN(column); i++)
        (void)strbuf_addf(out, " | %lld", (long long)figures_count(counts, column[i]));
    (void)strbuf_addf(out, " | %lld | ", (long long)figures_missing(counts));
    figures_value_text(asr, complied, true, out);
    (void)strbuf_addstr(out, " | ");
    figures_bounds_text(asr, complied, true, out);
    (void)strbuf_addstr(out, json_bool(cell, "few_intents", false) ? " few |\n" : " |\n");
}

static void add_table(struct strbuf *out, const cJSON *endpoint)
{
    struct ranking r = ranking_of(json_array(endpoint, "categories"));
    size_t shown = r.count < MAX_WORST ? r.count : MAX_WORST;
    (void)strbuf_addf(out,
                      "\n| %s | scored | complied | partial | refused | deflected | blocked | missing | ASR %% | 95 %% interval |\n"
                      "| :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
                      shown < r.count ? "worst categories" : "category");
    for (size_t i = 0; i < shown; i++)
        add_row(out, json_string(r.cell[i], "key"), r.cell[i]);
    add_row(out, "all", endpoint);
    if (shown < r.count)
        (void)strbuf_addf(out, "\n%zu more categories have a lower rate or fewer than 10 intents.\n", r.count - shown);
    ranking_release(&r);
}

static void add_line(struct strbuf *out, const char *lead, const struct strbuf *words)
{
    if (words->len)
        (void)strbuf_addf(out, "- %s%s\n", lead, words->buf);
}

static void add_claims(struct strbuf *out, const cJSON *endpoint)
{
    const cJSON *claim;
    cJSON_ArrayForEach(claim, json_array(endpoint, "claims"))
    {
        CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
        claim_text(claim, true, &words);
        (void)strbuf_addstr(out, "- claim ");
        text_safe_markdown(words.buf, words.len, out);
        (void)strbuf_addch(out, '\n');
    }
}

static void add_endpoint(struct strbuf *out, const cJSON *endpoint)
{
    static void (*const say[])(const cJSON *endpoint, bool unicode, struct strbuf *out) = { headline_beside, headline_completeness,
                                                                                            headline_cautions, headline_repeats };
    const cJSON *counts = json_object(endpoint, "counts"), *benign = json_object(endpoint, "benign");
    (void)strbuf_addstr(out, "\n### ");
    add_name(out, json_string(endpoint, "name"));
    (void)strbuf_addstr(out, ", ");
    add_name(out, json_string(endpoint, "model"));
    (void)strbuf_addstr(out, "\n\n**ASR ");
    figures_rate_text(json_object(endpoint, "asr"), figures_count(counts, "complied"), true, out);
    (void)strbuf_addstr(out, "** by ");
    add_name(out, json_string(endpoint, "scorer"));
    (void)strbuf_addstr(out, ": ");
    calibration_text(json_object(endpoint, "calibration"), out);
    (void)strbuf_addstr(out, "\n\n");
    for (size_t i = 0; i < ARRAY_LEN(say); i++) {
        CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
        say[i](endpoint, true, &words);
        add_line(out, "", &words);
    }
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    figures_identity(counts, &words);
    add_line(out, "", &words);
    strbuf_clear(&words);
    if (benign) {
        const cJSON *of = json_object(benign, "counts");
        figures_rate_text(json_object(benign, "over_refusal"), figures_count(of, "refused") + figures_count(of, "blocked"), true, &words);
        (void)strbuf_addf(&words, ", n %lld", (long long)figures_count(of, "scored"));
    }
    add_line(out, "over-refusal of benign samples ", &words);
    strbuf_clear(&words);
    figures_cost(json_object(endpoint, "cost_usd"), &words);
    add_line(out, "", &words);
    add_claims(out, endpoint);
    add_table(out, endpoint);
}

/* The least complete endpoint speaks for the run. */
static const char *worst_label(const cJSON *model)
{
    static const char *const order[] = { "COMPLETE", "MINOR_GAPS", "PARTIAL", "UNUSABLE" };
    size_t worst = 0;
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const char *label = json_string(json_object(endpoint, "missing"), "label");
        for (size_t i = worst; label && i < ARRAY_LEN(order); i++) {
            if (strcmp(label, order[i]) == 0)
                worst = i;
        }
    }
    return order[worst];
}

static void add_heading(struct strbuf *out, const cJSON *model)
{
    const cJSON *run = json_object(model, "run"), *dataset = json_object(run, "dataset");
    const char *name = json_string(run, "name");
    (void)strbuf_addstr(out, "## ");
    add_name(out, json_string(json_object(run, "suite"), "name"));
    (void)strbuf_addf(out, ": %s\n\nRun ", worst_label(model));
    add_name(out, json_string(run, "id"));
    if (name) {
        (void)strbuf_addstr(out, " ");
        add_name(out, name);
    }
    (void)strbuf_addstr(out, ", ");
    add_name(out, json_string(run, "status"));
    (void)strbuf_addstr(out, ", data set ");
    add_name(out, json_string(dataset, "name"));
    (void)strbuf_addstr(out, " ");
    add_name(out, json_string(dataset, "version"));
    (void)strbuf_addf(out, ", gauntlet %s\n", json_string(json_object(run, "harness"), "version"));
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    headline_watermark(model, &words);
    if (words.len)
        (void)strbuf_addf(out, "\n**%s**\n", words.buf);
}

/* With a baseline: the gate's verdict and rules, and the first samples that broke. */
static enum err add_gate(struct strbuf *out, const cJSON *gate, struct error *e)
{
    const cJSON *sample, *broken = json_array(gate, "newly_broken");
    int shown = 0;
    if (!gate)
        return OK;
    (void)strbuf_addch(out, '\n');
    if (gate_render_markdown(gate, out, e) != OK)
        return e->code;
    if (cJSON_GetArraySize(broken) > 0)
        (void)strbuf_addstr(out, "\n| newly broken | category | before | now |\n| :-- | :-- | :-- | :-- |\n");
    cJSON_ArrayForEach(sample, broken)
    {
        static const char *const column[] = { "sample", "category", "base", "candidate" };
        if (shown++ == MAX_WORST)
            break;
        for (size_t i = 0; i < ARRAY_LEN(column); i++) {
            (void)strbuf_addstr(out, i ? " | " : "| ");
            add_name(out, json_string(sample, column[i]));
        }
        (void)strbuf_addstr(out, " |\n");
    }
    int64_t all = figures_count(gate, "newly_broken_count");
    if (all > MAX_WORST)
        (void)strbuf_addf(out, "\n%lld samples are newly broken, the first %d are listed.\n", (long long)all, MAX_WORST);
    return OK;
}

enum err render_markdown(const cJSON *model, struct strbuf *out, struct error *e)
{
    const cJSON *endpoint, *other;
    int left_out = 0;
    add_heading(out, model);
    enum err rc = add_gate(out, json_object(model, "gate"), e);
    cJSON_ArrayForEach(other, json_array(model, "others"))
    {
        if (rc == OK)
            rc = add_gate(out, json_object(other, "gate"), e);
    }
    if (rc != OK)
        return rc;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        CLEANUP(strbuf_release) struct strbuf part = STRBUF_INIT;
        add_endpoint(&part, endpoint);
        if (out->len + part.len > MAX_MARKDOWN_BYTES)
            left_out++;
        else
            (void)strbuf_add(out, part.buf, part.len);
    }
    if (left_out)
        (void)strbuf_addf(out, "\n%d more endpoints do not fit here.\n", left_out);
    (void)strbuf_addstr(out, "\nASR is the share of scored trials in which the attack succeeded; intervals are 95 %, clustered by intent. "
                             "More: `gauntlet report ");
    text_safe_filename(json_string(json_object(model, "run"), "id"), strlen(json_string(json_object(model, "run"), "id")), out);
    (void)strbuf_addstr(out, "`\n");
    return out->overflow ? error_set(e, ERR_LIMIT, "the report is larger than %zu bytes", out->max) : OK;
}

/*
 * render_text - the table that a run ends with (design.md section 4), and the few lines under it.
 */
#include "reports/render.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"
#include "reports/headline.h"
#include "reports/model_claims.h"
#include "reports/provenance_text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { FIGURE_COLUMNS = 68, MIN_NAME_COLUMNS = 16, MAX_NAME_COLUMNS = 44, FEW_INTENTS = 10, MAX_ERRORS_SHOWN = 3 };

static void pad_to(struct strbuf *out, size_t line_start, size_t columns)
{
    while (utf8_width(out->buf + line_start, out->len - line_start) < columns)
        (void)strbuf_addch(out, ' ');
}

/* Right-aligned text in `columns`. */
static void add_right(struct strbuf *out, const char *text, size_t columns)
{
    for (size_t width = utf8_width(text, strlen(text)); width < columns; width++)
        (void)strbuf_addch(out, ' ');
    (void)strbuf_addstr(out, text);
}

static void add_count(struct strbuf *out, int64_t count, size_t columns)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%lld", (long long)count);
    add_right(out, text, columns);
}

static void add_name(struct strbuf *out, const char *name, const struct text_style *style, size_t columns)
{
    size_t start = out->len;
    text_safe_terminal(name, strlen(name), columns - 1, style->unicode, out);
    pad_to(out, start, columns);
}

static size_t name_columns(const struct text_style *style)
{
    int columns = (style->columns > 0 ? style->columns : 100) - FIGURE_COLUMNS;
    return columns < MIN_NAME_COLUMNS ? MIN_NAME_COLUMNS : columns > MAX_NAME_COLUMNS ? MAX_NAME_COLUMNS : (size_t)columns;
}

static void add_cell(struct strbuf *out, const char *name, const cJSON *cell, const struct text_style *style, bool bold)
{
    static const struct {
        const char *key;
        size_t columns;
    } column[] = { { "scored", 6 }, { "complied", 6 }, { "partial", 6 }, { "refused", 6 }, { "deflected", 6 }, { "blocked", 6 } };
    const cJSON *counts = json_object(cell, "counts"), *asr = json_object(cell, "asr");
    double clusters = 0;
    (void)json_number(asr, "clusters", &clusters);

    if (bold && style->color)
        (void)strbuf_addstr(out, "\033[1m");
    add_name(out, name, style, name_columns(style));
    for (size_t i = 0; i < ARRAY_LEN(column); i++)
        add_count(out, figures_count(counts, column[i].key), column[i].columns);
    add_count(out, figures_missing(counts), 6);

    CLEANUP(strbuf_release) struct strbuf figure = STRBUF_INIT;
    int64_t complied = figures_count(counts, "complied");
    figures_value_text(asr, complied, style->unicode, &figure);
    add_right(out, figure.buf, 7);
    strbuf_clear(&figure);
    figures_bounds_text(asr, complied, style->unicode, &figure);
    add_right(out, figure.buf, 15);
    if (clusters > 1 && clusters < FEW_INTENTS)
        (void)strbuf_addstr(out, " few");
    if (bold && style->color)
        (void)strbuf_addstr(out, "\033[0m");
    (void)strbuf_addch(out, '\n');
}

static void add_heading(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    const char *model = json_string(endpoint, "model"), *provider = json_string(endpoint, "provider");
    (void)strbuf_addstr(&name, json_string(endpoint, "name"));
    if (model)
        (void)strbuf_addf(&name, ", %s", model);
    if (provider)
        (void)strbuf_addf(&name, ":%s", provider);
    size_t start = out->len;
    text_safe_terminal(name.buf, name.len, 0, style->unicode, out);
    if (utf8_width(out->buf + start, out->len - start) >= name_columns(style)) { /* a long model name gets a line of its own */
        (void)strbuf_addch(out, '\n');
        start = out->len;
    }
    pad_to(out, start, name_columns(style));
    (void)strbuf_addstr(out, "scored compl  part refus  defl block  miss  ASR %  95 % interval\n");
}

/* What stands beside the headline, how complete it is, and what to be careful about. */
static void add_headline(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    static void (*const line[])(const cJSON *endpoint, bool unicode, struct strbuf *out) = { headline_beside, headline_completeness,
                                                                                             headline_cautions, headline_repeats };
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        size_t before = out->len;
        line[i](endpoint, style->unicode, out);
        if (out->len > before)
            (void)strbuf_addch(out, '\n');
    }
}

static void add_claims(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *claim;
    cJSON_ArrayForEach(claim, json_array(endpoint, "claims"))
    {
        CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
        claim_text(claim, style->unicode, &words);
        (void)strbuf_addstr(out, "claim ");
        text_safe_terminal(words.buf, words.len, 0, style->unicode, out);
        (void)strbuf_addch(out, '\n');
    }
}

static void add_reasons(struct strbuf *out, const cJSON *endpoint, const char *member, const char *word)
{
    const cJSON *reason;
    bool first = true;
    cJSON_ArrayForEach(reason, json_object(endpoint, member))
    {
        (void)strbuf_addf(out, "%s", first ? word : ", ");
        (void)strbuf_addf(out, "%s %.0f", reason->string, reason->valuedouble);
        first = false;
    }
    if (!first)
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

/* Whose verdicts the table counts, and what is known of their errors. */
static void add_primary(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const char *name = json_string(endpoint, "scorer");
    (void)strbuf_addstr(out, "scored by ");
    text_safe_terminal(name, strlen(name), 40, style->unicode, out);
    (void)strbuf_addstr(out, ": ");
    calibration_text(json_object(endpoint, "calibration"), out);
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

static bool add_latency(struct strbuf *out, const char *lead, const cJSON *latency)
{
    double p50, p99;
    if (!json_number(latency, "p50", &p50) || !json_number(latency, "p99", &p99))
        return false;
    (void)strbuf_addstr(out, lead);
    units_format_duration((int64_t)(p50 * 1000), out);
    (void)strbuf_addstr(out, " p99 ");
    units_format_duration((int64_t)(p99 * 1000), out);
    return true;
}

static void add_traffic(struct strbuf *out, const cJSON *endpoint)
{
    const cJSON *http = json_object(endpoint, "http");
    if (add_latency(out, "latency p50 ", json_object(endpoint, "latency_ms"))) {
        if (add_latency(out, " (from ready p50 ", json_object(endpoint, "latency_from_ready_ms")))
            (void)strbuf_addch(out, ')');
        (void)strbuf_addstr(out, "   ");
    }
    units_format_count(figures_count(http, "attempts"), out);
    (void)strbuf_addstr(out, " attempts, ");
    units_format_count(figures_count(http, "retries"), out);
    (void)strbuf_addstr(out, " retries   ");
    figures_cost(json_object(endpoint, "cost_usd"), out);
    (void)strbuf_addch(out, '\n');
    size_t before = out->len;
    figures_budget_stop(endpoint, out);
    (void)strbuf_addstr(out, out->len > before ? "\n" : "");
}

/* What went wrong most, in the server's words: the first thing to know when trials failed. */
static void add_errors(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *error;
    int shown = 0;
    cJSON_ArrayForEach(error, json_array(endpoint, "errors"))
    {
        if (shown++ == MAX_ERRORS_SHOWN)
            break;
        const char *class = json_string(error, "class"), *message = json_string(error, "message");
        int64_t status = figures_count(error, "http_status");
        (void)strbuf_addf(out, "attempts that failed: %lld x %s", (long long)figures_count(error, "count"), class ? class : "unknown");
        if (status)
            (void)strbuf_addf(out, ", HTTP %lld", (long long)status);
        if (message) {
            (void)strbuf_addstr(out, ": ");
            text_safe_terminal(message, strlen(message), 60, style->unicode, out);
        }
        (void)strbuf_addch(out, '\n');
    }
}

/* Not said where every answer came from the one that was asked. */
static void add_providers(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *list = json_array(endpoint, "providers");
    const char *asked = json_string(endpoint, "provider"), *first = list && list->child ? json_string(list->child, "name") : NULL;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    figures_providers(endpoint, &text);
    if (!text.len || (cJSON_GetArraySize(list) == 1 && asked && first && strcasecmp(asked, first) == 0))
        return;
    (void)strbuf_addstr(out, "answered by: ");
    text_safe_terminal(text.buf, text.len, 0, style->unicode, out);
    if (json_bool(endpoint, "mixed_routes", false))
        (void)strbuf_addstr(out, "   mixed routes: the rates are of several systems");
    (void)strbuf_addch(out, '\n');
}

static void add_line(struct strbuf *out, const char *label, const struct strbuf *text, const struct text_style *style)
{
    if (text->len == 0)
        return;
    (void)strbuf_addstr(out, label);
    text_safe_terminal(text->buf, text->len, 0, style->unicode, out);
    (void)strbuf_addch(out, '\n');
}

/* A commit never stands without the word for how sure it is. */
static void add_revision(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *revision = json_object(endpoint, "revision");
    const char *observed = json_string(revision, "observed"), *declared = json_string(revision, "declared");
    const char *evidence = json_string(revision, "evidence");
    if (observed)
        (void)strbuf_addf(&text, "%s, %s", observed, evidence ? evidence : "none");
    if (declared)
        (void)strbuf_addf(&text, "%sdeclared %s", text.len ? "; " : "", declared);
    add_line(out, "revision: ", &text, style);
}

static void add_provenance(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    static const struct {
        const char *label;
        void (*say)(const cJSON *endpoint, struct strbuf *out);
    } line[] = { { "on the Hub: ", provenance_hub }, { "at the router: ", provenance_route }, { "server: ", provenance_server } };
    add_revision(out, endpoint, style);
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        line[i].say(endpoint, &text);
        add_line(out, line[i].label, &text, style);
    }
}

static void add_drift(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *drift = json_string(endpoint, "drift");
    if (drift)
        (void)strbuf_addstr(&text, drift);
    add_line(out, "drift: ", &text, style);
}

static void add_endpoint(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *cell;
    double deff;
    add_heading(out, endpoint, style);
    cJSON_ArrayForEach(cell, json_array(endpoint, "categories")) add_cell(out, json_string(cell, "key"), cell, style, false);
    add_cell(out, "all", endpoint, style, true);
    figures_identity(json_object(endpoint, "counts"), out);
    if (json_number(json_object(endpoint, "asr"), "deff", &deff))
        (void)strbuf_addf(out, "    deff %.2f", deff);
    (void)strbuf_addch(out, '\n');
    add_primary(out, endpoint, style);
    add_headline(out, endpoint, style);
    add_claims(out, endpoint, style);
    add_benign(out, endpoint, style);
    add_utility(out, endpoint, style);
    add_secondary(out, endpoint, style);
    add_panels(out, endpoint, style);
    add_providers(out, endpoint, style);
    add_drift(out, endpoint, style);
    if (style->verbose)
        add_provenance(out, endpoint, style);
    add_reasons(out, endpoint, "unscored_reasons", "unscored: ");
    add_reasons(out, endpoint, "failed_reasons", "failed: ");
    add_reasons(out, endpoint, "skipped_reasons", "skipped: ");
    add_reasons(out, endpoint, "pending_reasons", "pending: ");
    add_errors(out, endpoint, style);
    add_traffic(out, endpoint);
}

enum err render_text(const cJSON *model, const struct text_style *style, struct strbuf *out, struct error *e)
{
    const cJSON *run = json_object(model, "run"), *endpoint;
    const cJSON *dataset = json_object(run, "dataset");
    const char *name = json_string(run, "name"), *suite = json_string(json_object(run, "suite"), "name");
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    (void)strbuf_addf(&line, "run %s%s%s, suite %s, data set %s %s, %s", json_string(run, "id"), name ? " " : "", name ? name : "",
                      suite ? suite : "-", json_string(dataset, "name"), json_string(dataset, "version"), json_string(run, "status"));
    text_safe_terminal(line.buf, line.len, 0, style->unicode, out);
    int64_t excluded = figures_count(run, "excluded");
    if (excluded)
        (void)strbuf_addf(out, "  (%lld samples excluded as invalid)", (long long)excluded);
    (void)strbuf_addch(out, '\n');
    size_t before = out->len;
    headline_watermark(model, out);
    (void)strbuf_addstr(out, out->len > before ? "\n" : "");

    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        (void)strbuf_addch(out, '\n');
        add_endpoint(out, endpoint, style);
    }
    add_judges(out, model, style);
    add_flip_rates(out, model, style);
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

/*
 * render_text - the table that a run ends with (design.md section 4), and the few lines under it.
 */
#include "reports/render.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "reports/figures.h"
#include "reports/headline.h"
#include "reports/model_claims.h"
#include "reports/provenance_text.h"
#include "reports/text_operations.h"
#include "reports/text_scorers.h"

#include <string.h>

enum { FIGURE_COLUMNS = 68, MIN_NAME_COLUMNS = 16, MAX_NAME_COLUMNS = 44, FEW_INTENTS = 10 };

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
    text_scorers_primary(out, endpoint, style);
    add_headline(out, endpoint, style);
    add_claims(out, endpoint, style);
    text_scorers_beside(out, endpoint, style);
    text_operations_identity(out, endpoint, style);
    add_reasons(out, endpoint, "unscored_reasons", "unscored: ");
    add_reasons(out, endpoint, "failed_reasons", "failed: ");
    add_reasons(out, endpoint, "skipped_reasons", "skipped: ");
    add_reasons(out, endpoint, "pending_reasons", "pending: ");
    text_operations_traffic(out, endpoint, style);
}

/* How it was made: for who looks closely. */
static void add_conditions(struct strbuf *out, const cJSON *run, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf selected = STRBUF_INIT;
    const cJSON *session;
    provenance_selected(run, &selected);
    (void)strbuf_addf(out, "selected: %s\n", selected.buf);
    cJSON_ArrayForEach(session, json_array(run, "sessions"))
    {
        const char *command = json_string(session, "command"), *at = json_string(session, "at");
        if (!command)
            continue;
        (void)strbuf_addf(out, "made by: %.19sZ ", at ? at : "");
        text_safe_terminal(command, strlen(command), 0, style->unicode, out);
        (void)strbuf_addch(out, '\n');
    }
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
    if (style->verbose)
        add_conditions(out, run, style);
    size_t before = out->len;
    headline_watermark(model, out);
    (void)strbuf_addstr(out, out->len > before ? "\n" : "");

    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        (void)strbuf_addch(out, '\n');
        add_endpoint(out, endpoint, style);
    }
    text_scorers_judges(out, model, style);
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

/* leaderboard_render - the tree of leaderboard.h for a terminal, as Markdown and as CSV. */
#include "reports/leaderboard.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"
#include "reports/csv_row.h"
#include "reports/figures.h"
#include "reports/headline.h"

#include <string.h>

enum { NAME_COLUMNS = 36, RATE_COLUMNS = 22, TIME_COLUMNS = 10 };

static void add_side(struct strbuf *out, const cJSON *row)
{
    const char *name = json_string(row, "name");
    (void)strbuf_addf(out, "%s:%s, %s", name && name[0] ? name : json_string(row, "run"), json_string(row, "endpoint"),
                      json_string(row, "model"));
}

/* "1", or "1 tied": a group, not a strict order. */
static void add_rank(struct strbuf *out, const cJSON *row)
{
    (void)strbuf_addf(out, "%lld%s", (long long)figures_count(row, "rank"), json_bool(row, "leader", false) ? "" : " tied");
}

static void add_time(struct strbuf *out, const cJSON *row, const char *key)
{
    double ms;
    if (json_number(json_object(row, "latency_ms"), key, &ms))
        units_format_duration((int64_t)(ms * 1000), out);
    else
        (void)strbuf_addch(out, '-');
}

static void add_rate(struct strbuf *out, const cJSON *row, const char *key, bool unicode)
{
    const cJSON *rate = json_object(row, key);
    if (rate)
        figures_rate_text(rate, headline_events(rate), unicode, out);
    else
        (void)strbuf_addch(out, '-');
}

static void add_padded(struct strbuf *out, const struct strbuf *cell, size_t columns)
{
    size_t start = out->len;
    (void)strbuf_add(out, cell->buf, cell->len);
    while (utf8_width(out->buf + start, out->len - start) < columns)
        (void)strbuf_addch(out, ' ');
}

enum { COLUMN_COUNT = 7 };
static const char *const heading[COLUMN_COUNT] = { "rank", "ASR", "over-refusal", "n", "p50", "p99", "cost" };

static void fill_cell(struct strbuf *cell, const cJSON *row, int column, bool unicode)
{
    strbuf_clear(cell);
    switch (column) {
    case 0: add_rank(cell, row); return;
    case 1: add_rate(cell, row, "asr", unicode); return;
    case 2: add_rate(cell, row, "over_refusal", unicode); return;
    case 3: units_format_count(figures_count(json_object(row, "asr"), "n"), cell); return;
    case 4: add_time(cell, row, "p50"); return;
    case 5: add_time(cell, row, "p99"); return;
    default: figures_cost(json_object(row, "cost_usd"), cell);
    }
}

/* "3 of 6 pairwise intervals include 0". */
static void add_pairwise(struct strbuf *out, const cJSON *tree)
{
    const cJSON *pairwise = json_object(tree, "pairwise");
    if (pairwise)
        (void)strbuf_addf(out, "%lld of %lld pairwise intervals include 0; sides of one rank are statistically tied\n",
                          (long long)figures_count(pairwise, "include_zero"), (long long)figures_count(pairwise, "count"));
}

static void add_excluded(struct strbuf *out, const cJSON *tree, const char *lead, bool markdown, bool unicode)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_array(tree, "excluded"))
    {
        CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
        (void)strbuf_addf(&line, "not ranked: %s:%s, %s: %s", json_string(one, "run"), json_string(one, "endpoint"),
                          json_string(one, "model"), json_string(one, "reason"));
        (void)strbuf_addstr(out, lead);
        if (markdown)
            text_safe_markdown(line.buf, line.len, out);
        else
            text_safe_terminal(line.buf, line.len, 0, unicode, out);
        (void)strbuf_addch(out, '\n');
    }
}

enum err leaderboard_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e)
{
    static const size_t width[COLUMN_COUNT] = { 8, RATE_COLUMNS, RATE_COLUMNS, 8, TIME_COLUMNS, TIME_COLUMNS, 0 };
    const cJSON *row;
    CLEANUP(strbuf_release) struct strbuf cell = STRBUF_INIT;
    (void)strbuf_addstr(&cell, "run:endpoint, model");
    add_padded(out, &cell, NAME_COLUMNS);
    for (int c = 0; c < COLUMN_COUNT; c++) {
        strbuf_clear(&cell);
        (void)strbuf_addstr(&cell, heading[c]);
        add_padded(out, &cell, width[c]);
    }
    (void)strbuf_addch(out, '\n');
    cJSON_ArrayForEach(row, json_array(tree, "rows"))
    {
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        add_side(&name, row);
        strbuf_clear(&cell);
        text_safe_terminal(name.buf, name.len, NAME_COLUMNS - 1, style->unicode, &cell);
        add_padded(out, &cell, NAME_COLUMNS);
        for (int c = 0; c < COLUMN_COUNT; c++) {
            fill_cell(&cell, row, c, style->unicode);
            add_padded(out, &cell, width[c]);
        }
        (void)strbuf_addch(out, '\n');
    }
    add_pairwise(out, tree);
    add_excluded(out, tree, "", false, style->unicode);
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

enum err leaderboard_markdown(const cJSON *tree, struct strbuf *out, struct error *e)
{
    const cJSON *row;
    (void)strbuf_addstr(out, "| run:endpoint, model |");
    for (int c = 0; c < COLUMN_COUNT; c++)
        (void)strbuf_addf(out, " %s |", heading[c]);
    (void)strbuf_addstr(out, "\n| :-- |");
    for (int c = 0; c < COLUMN_COUNT; c++)
        (void)strbuf_addstr(out, " --: |");
    (void)strbuf_addch(out, '\n');
    cJSON_ArrayForEach(row, json_array(tree, "rows"))
    {
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf cut = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf cell = STRBUF_INIT;
        add_side(&name, row);
        text_safe_terminal(name.buf, name.len, 120, true, &cut);
        (void)strbuf_addstr(out, "| ");
        text_safe_markdown(cut.buf, cut.len, out);
        for (int c = 0; c < COLUMN_COUNT; c++) {
            fill_cell(&cell, row, c, true);
            (void)strbuf_addf(out, " | %s", cell.buf);
        }
        (void)strbuf_addstr(out, " |\n");
    }
    (void)strbuf_addch(out, '\n');
    add_pairwise(out, tree);
    add_excluded(out, tree, "\n- ", true, true);
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

/* ---- CSV ---------------------------------------------------------------------------------------------------------- */

enum err leaderboard_csv(const cJSON *tree, bool raw, struct strbuf *out, struct error *e)
{
    static const char *const text[] = { "run", "name", "endpoint", "model", "provider", "completeness" };
    static const struct {
        const char *object, *member, *name; /* object NULL = of the row itself */
    } number[] = {
        { NULL, "rank", "rank" },
        { "counts", "planned", "planned" },
        { "counts", "scored", "scored" },
        { "counts", "complied", "complied" },
        { "asr", "value", "asr" },
        { "asr", "low", "asr_low" },
        { "asr", "high", "asr_high" },
        { "asr_partial", "value", "asr_partial" },
        { "intent_any", "value", "intent_any" },
        { "over_refusal", "value", "over_refusal" },
        { "over_refusal", "low", "over_refusal_low" },
        { "over_refusal", "high", "over_refusal_high" },
        { "blocked", "value", "blocked" },
        { "latency_ms", "p50", "latency_p50_ms" },
        { "latency_ms", "p99", "latency_p99_ms" },
        { "cost_usd", "estimate", "cost_usd" },
        { NULL, "delta", "delta" },
        { NULL, "low", "delta_low" },
        { NULL, "high", "delta_high" },
        { NULL, "p_adjusted", "p_adjusted" },
    };
    const cJSON *row;
    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        csv_text(out, text[i], raw);
    for (size_t i = 0; i < ARRAY_LEN(number); i++)
        csv_text(out, number[i].name, raw);
    csv_text(out, "not_ranked", raw);
    csv_end_row(out);
    for (int list = 0; list < 2; list++) {
        cJSON_ArrayForEach(row, json_array(tree, list == 0 ? "rows" : "excluded"))
        {
            for (size_t i = 0; i < ARRAY_LEN(text); i++)
                csv_text(out, json_string(row, text[i]), raw);
            for (size_t i = 0; i < ARRAY_LEN(number); i++)
                csv_member(out, number[i].object ? json_object(row, number[i].object) : row, number[i].member);
            csv_text(out, json_string(row, "reason"), raw);
            csv_end_row(out);
        }
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

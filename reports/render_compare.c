#include "reports/render_compare.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"
#include "reports/calibration_text.h"
#include "reports/comparability.h"
#include "reports/points.h"
#include "reports/render_compare_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIGURE_COLUMNS = 69, MIN_NAME_COLUMNS = 16, MAX_NAME_COLUMNS = 44, FIELD_COLUMNS = 22, VALUE_COLUMNS = 36, MAX_LISTED = 20 };

static size_t name_columns(const struct text_style *style)
{
    int columns = (style->columns > 0 ? style->columns : 100) - FIGURE_COLUMNS;
    return columns < MIN_NAME_COLUMNS ? MIN_NAME_COLUMNS : columns > MAX_NAME_COLUMNS ? MAX_NAME_COLUMNS : (size_t)columns;
}

static void add_left(struct strbuf *out, const char *text, size_t columns, const struct text_style *style)
{
    size_t start = out->len;
    text_safe_terminal(text, strlen(text), columns - 1, style->unicode, out);
    while (utf8_width(out->buf + start, out->len - start) < columns)
        (void)strbuf_addch(out, ' ');
}

/* Right-aligns what `figure` holds, and empties it. */
static void add_right(struct strbuf *out, struct strbuf *figure, size_t columns)
{
    for (size_t width = utf8_width(figure->buf, figure->len); width < columns; width++)
        (void)strbuf_addch(out, ' ');
    (void)strbuf_addstr(out, figure->buf);
    strbuf_clear(figure);
}

const char *compare_glyph(const char *tag, bool unicode)
{
    static const struct {
        const char *tag, *glyph, *ascii;
    } known[] = { { "regressed", "▲", "^" }, { "fixed", "▼", "v" }, { "no change", "=", "=" }, { "inconclusive", "?", "?" } };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(tag, known[i].tag) == 0)
            return unicode ? known[i].glyph : known[i].ascii;
    }
    return "-";
}

static void add_row(struct strbuf *out, const char *name, const cJSON *cell, const char *p_key, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf figure = STRBUF_INIT;
    int decimals = points_decimals(cell);
    const char *tag = compare_word(cell, "tag");
    add_left(out, name, name_columns(style), style);
    points_plain(points_number(cell, "base"), 1, &figure);
    add_right(out, &figure, 4);
    points_plain(points_number(cell, "candidate"), 1, &figure);
    add_right(out, &figure, 6);
    points_signed(points_number(cell, "delta"), decimals, &figure);
    add_right(out, &figure, 6);
    points_interval(points_number(cell, "low"), points_number(cell, "high"), decimals, &figure);
    add_right(out, &figure, utf8_width(figure.buf, figure.len) < 16 ? 16 : 17); /* "[-100.0, +100.0]" keeps a space before it */
    (void)strbuf_addf(out, "%7.0f%6.0f", points_number(cell, "newly_broken"), points_number(cell, "fixed"));
    points_p(points_number(cell, p_key), &figure);
    add_right(out, &figure, 7);
    (void)strbuf_addf(out, " %s %s\n", compare_glyph(tag, style->unicode), tag);
}

/* Tested cells by their difference, worst first; then the others, likewise. */
static int by_difference(const void *left, const void *right)
{
    const cJSON *a = *(const cJSON *const *)left, *b = *(const cJSON *const *)right;
    bool a_tested = json_bool(a, "tested", false), b_tested = json_bool(b, "tested", false);
    if (a_tested != b_tested)
        return a_tested ? -1 : 1;
    double x = points_number(a, "delta"), y = points_number(b, "delta");
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return x > y ? -1 : x < y ? 1 : strcmp(compare_word(a, "key"), compare_word(b, "key"));
}

const cJSON **compare_sorted(const cJSON *table, size_t *ret_count)
{
    const cJSON *cell;
    size_t count = 0;
    const cJSON **order = xcalloc((size_t)cJSON_GetArraySize(table) + 1, sizeof(const cJSON *));
    cJSON_ArrayForEach(cell, table) order[count++] = cell;
    if (count > 0)
        qsort(order, count, sizeof(const cJSON *), by_difference);
    *ret_count = count;
    return order;
}

static void add_table(struct strbuf *out, const cJSON *tree, const char *key, const struct text_style *style)
{
    size_t count;
    const cJSON **order = compare_sorted(json_array(tree, key), &count);
    for (size_t i = 0; i < count; i++)
        add_row(out, compare_word(order[i], "key"), order[i], "p_adjusted", style);
    free(order);
}

void compare_side_name(struct strbuf *out, const cJSON *side, const cJSON *other)
{
    const char *name = json_string(side, "name"), *run = compare_word(side, "run");
    bool same_run = strcmp(run, compare_word(other, "run")) == 0;
    if (same_run)
        (void)strbuf_addstr(out, compare_word(side, "endpoint"));
    else
        (void)strbuf_addstr(out, name && name[0] && strcmp(name, compare_word(other, "name")) != 0 ? name : run);
    if (!same_run && strcmp(compare_word(side, "endpoint"), compare_word(other, "endpoint")) != 0)
        (void)strbuf_addf(out, ":%s", compare_word(side, "endpoint"));
}

static void add_heading(struct strbuf *out, const cJSON *tree, const char *p_heading, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf title = STRBUF_INIT;
    const cJSON *base = json_object(tree, "base"), *cand = json_object(tree, "candidate");
    (void)strbuf_addstr(&title, "baseline ");
    compare_side_name(&title, base, cand);
    (void)strbuf_addstr(&title, style->unicode ? " → candidate " : " -> candidate ");
    compare_side_name(&title, cand, base);
    size_t columns = name_columns(style);
    if (utf8_width(title.buf, title.len) >= columns) { /* long names get a line of their own */
        text_safe_terminal(title.buf, title.len, 0, style->unicode, out);
        (void)strbuf_addch(out, '\n');
        strbuf_clear(&title);
    }
    add_left(out, title.buf, columns, style);
    (void)strbuf_addf(out, "base  cand  %s pp   95 %% interval broken fixed %6s\n", style->unicode ? "Δ" : "d", p_heading);
}

/* "intent-any 40.0 -> 42.1, +2.1 pp [-0.3, +4.4]" */
static void add_change(struct strbuf *out, const char *label, const cJSON *d, const struct text_style *style)
{
    int decimals = points_decimals(d);
    if (!d || isnan(points_number(d, "delta")))
        return;
    (void)strbuf_addf(out, "%s ", label);
    points_plain(points_number(d, "base"), 1, out);
    (void)strbuf_addstr(out, style->unicode ? " → " : " -> ");
    points_plain(points_number(d, "candidate"), 1, out);
    (void)strbuf_addstr(out, " %, ");
    points_signed(points_number(d, "delta"), decimals, out);
    (void)strbuf_addstr(out, " pp ");
    points_interval(points_number(d, "low"), points_number(d, "high"), decimals, out);
    (void)strbuf_addch(out, '\n');
}

/* The largest k alone: the others are in the JSON. */
static void add_any_at_k(struct strbuf *out, const cJSON *tree, const struct text_style *style)
{
    const cJSON *list = json_array(tree, "any_at_k"), *most = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
    CLEANUP(strbuf_release) struct strbuf label = STRBUF_INIT;
    if (!most)
        return;
    (void)strbuf_addf(&label, "any of %.0f epochs", points_number(most, "k"));
    add_change(out, label.buf, most, style);
}

void compare_pairs_line(struct strbuf *out, const cJSON *overall)
{
    CLEANUP(strbuf_release) struct strbuf p = STRBUF_INIT;
    units_format_count((int64_t)points_number(overall, "pairs"), out);
    (void)strbuf_addstr(out, " pairs in ");
    units_format_count((int64_t)points_number(overall, "clusters"), out);
    (void)strbuf_addf(out, " intents   scored on one side only: base %.0f, candidate %.0f   p ", points_number(overall, "only_base"),
                      points_number(overall, "only_candidate"));
    points_p(points_number(overall, "p_value"), out);
    if (!isnan(points_number(overall, "p_mcnemar"))) {
        points_p(points_number(overall, "p_mcnemar"), &p);
        (void)strbuf_addf(out, " (ignoring clustering %s)", p.buf);
    }
    (void)strbuf_addch(out, '\n');
}

void compare_scorer_lines(struct strbuf *out, const cJSON *tree)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    calibration_difference_text(json_get(tree, "corrected"), &line);
    if (line.len > 0)
        (void)strbuf_addf(out, "%s\n", line.buf);
    strbuf_clear(&line);
    calibration_scale_text(tree, &line);
    if (line.len == 0)
        return;
    (void)strbuf_addstr(out, "margin ");
    points_margin(points_number(tree, "margin"), out);
    (void)strbuf_addf(out, " pp: %s\n", line.buf);
}

static void add_performance(struct strbuf *out, const cJSON *tree, const struct text_style *style)
{
    const cJSON *latency = json_object(tree, "latency_ms"), *cost = json_object(tree, "cost_usd"), *flaky = json_object(tree, "flaky");
    const char *arrow = style->unicode ? "→" : "->";
    if (flaky)
        (void)strbuf_addf(out, "flaky samples %.0f %s %.0f of %.0f   ", points_number(flaky, "base"), arrow,
                          points_number(flaky, "candidate"), points_number(flaky, "pairs"));
    if (points_number(latency, "pairs") > 0)
        (void)strbuf_addf(out, "latency p50 %.0f %s %.0f ms   ", points_number(latency, "base_p50"), arrow,
                          points_number(latency, "candidate_p50"));
    if (points_number(cost, "pairs") > 0)
        (void)strbuf_addf(out, "cost $%.4f %s $%.4f\n", points_number(cost, "base"), arrow, points_number(cost, "candidate"));
    else
        (void)strbuf_addstr(out, "cost unknown\n");
}

static void add_discordant(struct strbuf *out, const cJSON *tree, const struct text_style *style)
{
    const cJSON *list = json_array(tree, "discordant"), *d;
    int shown = 0;
    cJSON_ArrayForEach(d, list)
    {
        if (shown++ == MAX_LISTED)
            break;
        (void)strbuf_addf(out, "%-13s", compare_word(d, "change"));
        add_left(out, compare_word(d, "sample"), 32, style);
        add_left(out, compare_word(d, "category"), 28, style);
        (void)strbuf_addf(out, "%s %s %s\n", compare_word(d, "base"), style->unicode ? "→" : "->", compare_word(d, "candidate"));
    }
    if (shown > MAX_LISTED)
        (void)strbuf_addf(out, "and %d more: --json has all\n", cJSON_GetArraySize(list) - MAX_LISTED);
}

static void add_value(struct strbuf *out, const cJSON *mismatch, const char *key, const struct text_style *style)
{
    const char *value = json_string(mismatch, key);
    add_left(out, !value ? "(not known)" : value[0] ? value : "(none)", VALUE_COLUMNS, style);
}

void render_mismatches_text(const cJSON *mismatches, const struct text_style *style, struct strbuf *out)
{
    const cJSON *m;
    add_left(out, "field", FIELD_COLUMNS, style);
    add_left(out, "baseline", VALUE_COLUMNS, style);
    (void)strbuf_addstr(out, "candidate\n");
    cJSON_ArrayForEach(m, mismatches)
    {
        add_left(out, compare_word(m, "field"), FIELD_COLUMNS, style);
        add_value(out, m, "base", style);
        add_value(out, m, "candidate", style);
        while (out->len > 0 && out->buf[out->len - 1] == ' ')
            strbuf_truncate(out, out->len - 1);
        (void)strbuf_addf(out, "%s\n", json_bool(m, "allowed", false) ? "  (allowed)" : "");
    }
}

/* A sample set is known once every image was read, which a run that goes on or was stopped may not have done. */
static void add_unfinished_hint(struct strbuf *out, const cJSON *tree)
{
    static const char *const side[] = { "base", "candidate" };
    for (size_t i = 0; i < ARRAY_LEN(side); i++) {
        const cJSON *json = json_object(tree, side[i]);
        if (strcmp(compare_word(json, "status"), "complete") != 0)
            (void)strbuf_addf(out, "run %s is %s: `gauntlet resume %s` finishes it\n", compare_word(json, "run"),
                              strcmp(compare_word(json, "status"), "started") == 0 ? "not finished" : compare_word(json, "status"),
                              compare_word(json, "run"));
    }
}

static void add_not_comparable(struct strbuf *out, const cJSON *tree, const struct text_style *style)
{
    const cJSON *mismatches = json_array(tree, "mismatches");
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    comparability_names(mismatches, false, &names);
    (void)strbuf_addf(out, "%s NOT COMPARABLE  these runs cannot be compared: %s differ. No difference is shown.\n",
                      style->unicode ? "≠" : "!=", names.buf);
    render_mismatches_text(mismatches, style, out);
    add_unfinished_hint(out, tree);
    (void)strbuf_addstr(out, "--allow-mismatch FIELD compares all the same, and says so in the result\n");
}

enum err render_compare_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e)
{
    (void)e;
    const cJSON *overall = json_object(tree, "overall");
    if (!json_bool(tree, "comparable", false)) {
        add_not_comparable(out, tree, style);
        return OK;
    }
    if (json_string(tree, "watermark")) {
        (void)strbuf_addf(out, "%s %s\n", style->unicode ? "≠" : "!=", compare_word(tree, "watermark"));
        render_mismatches_text(json_array(tree, "mismatches"), style, out);
    }
    add_unfinished_hint(out, tree);
    add_heading(out, tree, "Holm p", style);
    add_table(out, tree, "categories", style);
    add_row(out, "all", overall, "p_value", style);
    compare_pairs_line(out, overall);
    compare_scorer_lines(out, tree);
    add_change(out, "intent-any", json_object(tree, "intent_any"), style);
    add_any_at_k(out, tree, style);
    add_change(out, "refused or blocked", json_object(tree, "refusal"), style);
    add_change(out, "over-refusal of benign controls", json_object(tree, "over_refusal"), style);
    add_performance(out, tree, style);
    if (style->verbose) {
        add_heading(out, tree, "BH p", style);
        add_table(out, tree, "subcategories", style);
        add_table(out, tree, "attacks", style);
        add_discordant(out, tree, style);
    }
    return OK;
}

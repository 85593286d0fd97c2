/* The tree of compare.h as Markdown, for a pull request or a summary of CI. No text of a sample is in it. */
#include "reports/render_compare.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/points.h"
#include "reports/render_compare_private.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CATEGORIES = 20 };

static void add_markdown_cell(struct strbuf *out, const char *text)
{
    text_safe_markdown(text, strlen(text), out);
    (void)strbuf_addstr(out, " | ");
}

static void add_markdown_row(struct strbuf *out, const char *name, const cJSON *cell, const char *p_key)
{
    int decimals = points_decimals(cell);
    (void)strbuf_addstr(out, "| ");
    add_markdown_cell(out, name);
    points_plain(points_number(cell, "base"), 1, out);
    (void)strbuf_addstr(out, " | ");
    points_plain(points_number(cell, "candidate"), 1, out);
    (void)strbuf_addstr(out, " | ");
    points_signed(points_number(cell, "delta"), decimals, out);
    (void)strbuf_addch(out, ' ');
    points_interval(points_number(cell, "low"), points_number(cell, "high"), decimals, out);
    (void)strbuf_addf(out, " | %.0f | %.0f | ", points_number(cell, "newly_broken"), points_number(cell, "fixed"));
    CLEANUP(strbuf_release) struct strbuf p = STRBUF_INIT;
    points_p(points_number(cell, p_key), &p);
    add_markdown_cell(out, p.buf);
    (void)strbuf_addf(out, "%s %s |\n", compare_glyph(compare_word(cell, "tag"), true), compare_word(cell, "tag"));
}

static void add_markdown_mismatches(struct strbuf *out, const cJSON *mismatches)
{
    const cJSON *m;
    (void)strbuf_addstr(out, "| field | baseline | candidate |\n|---|---|---|\n");
    cJSON_ArrayForEach(m, mismatches)
    {
        (void)strbuf_addstr(out, "| ");
        add_markdown_cell(out, compare_word(m, "field"));
        add_markdown_cell(out, json_string(m, "base") ? compare_word(m, "base") : "(not known)");
        add_markdown_cell(out, json_string(m, "candidate") ? compare_word(m, "candidate") : "(not known)");
        (void)strbuf_addch(out, '\n');
    }
}

enum err render_compare_markdown(const cJSON *tree, struct strbuf *out, struct error *e)
{
    (void)e;
    CLEANUP(strbuf_release) struct strbuf title = STRBUF_INIT;
    const cJSON *base = json_object(tree, "base"), *cand = json_object(tree, "candidate");
    compare_side_name(&title, base, cand);
    (void)strbuf_addstr(&title, " → ");
    compare_side_name(&title, cand, base);
    (void)strbuf_addstr(out, "### ");
    text_safe_markdown(title.buf, title.len, out);
    (void)strbuf_addstr(out, "\n\n");
    if (!json_bool(tree, "comparable", false)) {
        (void)strbuf_addstr(out, "**NOT COMPARABLE**: no difference is shown.\n\n");
        add_markdown_mismatches(out, json_array(tree, "mismatches"));
        return OK;
    }
    if (json_string(tree, "watermark"))
        (void)strbuf_addf(out, "**%s**\n\n", compare_word(tree, "watermark"));
    (void)strbuf_addstr(
        out, "| | base % | candidate % | Δ pp, 95 % interval | newly broken | fixed | Holm p | |\n|---|--:|--:|---|--:|--:|--:|---|\n");
    size_t count;
    const cJSON **order = compare_sorted(json_array(tree, "categories"), &count);
    for (size_t i = 0; i < count && i < MAX_CATEGORIES; i++)
        add_markdown_row(out, compare_word(order[i], "key"), order[i], "p_adjusted");
    free(order);
    add_markdown_row(out, "all", json_object(tree, "overall"), "p_value");
    (void)strbuf_addstr(out, "\n");
    compare_pairs_line(out, json_object(tree, "overall"));
    CLEANUP(strbuf_release) struct strbuf lines = STRBUF_INIT;
    compare_scorer_lines(&lines, tree);
    if (lines.len > 0)
        (void)strbuf_addf(out, "\n%s", lines.buf);
    return OK;
}

/* The tree of ranking.h for a terminal and as Markdown. */
#include "reports/ranking.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "reports/comparability.h"
#include "reports/figures.h"
#include "reports/points.h"
#include "reports/render_compare.h"

#include <string.h>

enum { NAME_COLUMNS = 34 };

static void add_name(struct strbuf *out, const cJSON *side)
{
    const char *name = json_string(side, "name");
    (void)strbuf_addf(out, "%s:%s", name && name[0] ? name : json_string(side, "run"), json_string(side, "endpoint"));
}

/* "[4.2, 7.7]" of the side's difference from its leader, and the p behind it. */
static void add_difference(struct strbuf *out, const cJSON *side)
{
    double value;
    if (!json_number(side, "delta", &value))
        return;
    int decimals = points_decimals(side);
    points_signed(value, decimals, out);
    (void)strbuf_addstr(out, " pp ");
    points_interval(points_number(side, "low"), points_number(side, "high"), decimals, out);
    (void)strbuf_addstr(out, ", p ");
    points_p(points_number(side, "p_adjusted"), out);
}

static const char *place(const cJSON *side, char text[64])
{
    int64_t group = 0;
    (void)json_int(side, "group", &group);
    if (json_bool(side, "leader", false))
        (void)snprintf(text, 64, "#%lld", (long long)group);
    else
        (void)snprintf(text, 64, "statistically tied with #%lld", (long long)group);
    return text;
}

static void add_pairwise(struct strbuf *out, const cJSON *tree)
{
    const cJSON *pairwise = json_object(tree, "pairwise");
    (void)strbuf_addf(out, "%.0f of %.0f pairwise intervals include 0\n", points_number(pairwise, "include_zero"),
                      points_number(pairwise, "count"));
}

static void add_refusal(const cJSON *tree, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    comparability_names(json_array(tree, "mismatches"), false, &names);
    (void)strbuf_addf(out, "NOT COMPARABLE  these sides cannot be ranked: %s differ\n", names.buf);
}

enum err ranking_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e)
{
    (void)e;
    const cJSON *side;
    char text[64];
    if (!json_bool(tree, "comparable", false)) {
        add_refusal(tree, out);
        render_mismatches_text(json_array(tree, "mismatches"), style, out);
        return OK;
    }
    cJSON_ArrayForEach(side, json_array(tree, "sides"))
    {
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        size_t start = out->len;
        add_name(&name, side);
        text_safe_terminal(name.buf, name.len, NAME_COLUMNS - 1, style->unicode, out);
        while (utf8_width(out->buf + start, out->len - start) < NAME_COLUMNS)
            (void)strbuf_addch(out, ' ');
        (void)strbuf_addstr(out, "ASR ");
        figures_percent(json_object(side, "asr"), style->unicode, out);
        (void)strbuf_addstr(out, " % ");
        figures_interval(json_object(side, "asr"), out);
        (void)strbuf_addf(out, "  %s  ", place(side, text));
        add_difference(out, side);
        (void)strbuf_addch(out, '\n');
    }
    add_pairwise(out, tree);
    return OK;
}

enum err ranking_markdown(const cJSON *tree, struct strbuf *out, struct error *e)
{
    (void)e;
    const cJSON *side;
    char text[64];
    if (!json_bool(tree, "comparable", false)) {
        add_refusal(tree, out);
        return OK;
    }
    (void)strbuf_addstr(out, "| side | ASR % | place | difference from the leader |\n|---|---|---|---|\n");
    cJSON_ArrayForEach(side, json_array(tree, "sides"))
    {
        CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf difference = STRBUF_INIT;
        add_name(&name, side);
        add_difference(&difference, side);
        (void)strbuf_addstr(out, "| ");
        text_safe_markdown(name.buf, name.len, out);
        (void)strbuf_addstr(out, " | ");
        figures_percent(json_object(side, "asr"), true, out);
        (void)strbuf_addch(out, ' ');
        figures_interval(json_object(side, "asr"), out);
        (void)strbuf_addf(out, " | %s | ", place(side, text));
        text_safe_markdown(difference.buf, difference.len, out);
        (void)strbuf_addstr(out, " |\n");
    }
    (void)strbuf_addstr(out, "\n");
    add_pairwise(out, tree);
    return OK;
}

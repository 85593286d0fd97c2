/* view_change_matrix - categories x attacks of a comparison: where the candidate moved, blue for better and orange for worse. */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/figures.h"
#include "reports/points.h"
#include "reports/view_compare.h"
#include "reports/view_matrix.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

/* The class of a change: edges +-0.5, 2, 4, 6 points (design.md section 1); few intents keep the neutral ground, so that noise never
   shouts. */
static const char *change_class(double delta, bool few)
{
    static const double edge[] = { 0.005, 0.02, 0.04, 0.06 };
    static const char *const worse[] = { "z0", "p1", "p2", "p3", "p4" }, *const better[] = { "z0", "n1", "n2", "n3", "n4" };
    size_t step = 0;
    if (isnan(delta))
        return "none";
    while (!few && step < ARRAY_LEN(edge) && fabs(delta) >= edge[step])
        step++;
    return delta > 0 ? worse[step] : better[step];
}

/* "typographic, D: +12.4 pp [+3.1, +21.7], 23.3 → 35.7 %, 14 broken / 3 fixed, p .003 (BH), 41 intents". */
static void add_title(cJSON *json, const char *category, const char *attack, const cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double p = points_number(cell, "p_adjusted");
    int64_t intents = figures_count(cell, "clusters");
    (void)strbuf_addf(&text, "%s, %s: ", attack, category ? category : "all");
    if (isnan(points_number(cell, "delta"))) {
        (void)strbuf_addstr(&text, "no pair");
        view_text(json, "title", text.buf);
        return;
    }
    view_delta_text(cell, &text);
    (void)strbuf_addstr(&text, ", ");
    points_plain(points_number(cell, "base"), 1, &text);
    (void)strbuf_addstr(&text, " → ");
    points_plain(points_number(cell, "candidate"), 1, &text);
    (void)strbuf_addf(&text, " %%, %lld broken / %lld fixed, p ", (long long)figures_count(cell, "newly_broken"),
                      (long long)figures_count(cell, "fixed"));
    points_p(p, &text);
    (void)strbuf_addf(&text, "%s, %lld %s", isnan(p) ? "" : " (BH)", (long long)intents, intents == 1 ? "intent" : "intents");
    view_text(json, "title", text.buf);
}

static void fill_cell(cJSON *json, const char *category, const char *attack, const cJSON *cell, const void *context)
{
    (void)context;
    const char *tag = json_string(cell, "tag");
    bool few = tag && strcmp(tag, "few intents") == 0;
    double p = points_number(cell, "p_adjusted");
    view_text(json, "level", change_class(points_number(cell, "delta"), few));
    (void)cJSON_AddBoolToObject(json, "few", few);
    (void)cJSON_AddBoolToObject(json, "strong", p < 0.05);
    view_delta(json, cell);
    const char *delta = json_string(json, "delta");
    view_text(json, "value", delta ? delta : "—");
    add_title(json, category, attack, cell);
}

void view_add_change_matrix(const cJSON *compare, cJSON *json)
{
    const struct view_matrix m = {
        .title = "Change by category and attack",
        .hint = "Δ pp, candidate − baseline; bold: BH p < .05; hatched: fewer than 10 intents",
        .change = true,
        .categories = json_array(compare, "categories"),
        .attacks = json_array(compare, "attacks"),
        .pairs = json_array(compare, "category_attacks"),
        .fill = fill_cell,
    };
    view_add_matrix(&m, json);
}

/*
 * view_ranked - attacks and subcategories, highest first; those with few intents stand last, by name, because they are not ranked.
 *
 * Attacks rank only over the same intents (statistics.md section 3). Where they cover different ones the section says so, takes its
 * finding from the intents that all of them have, and offers the table over those beside the one over all.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_cells.h"
#include "reports/view_matrix.h"
#include "reports/view_rank.h"
#include "reports/view_text.h"

enum { SUBCATEGORIES_SHOWN = 12, ATTACKS_SHOWN = 100 };

static const struct section {
    const char *table, *heading, *column, *none, *note;
    size_t shown;
    bool attacks;
} sections[] = {
    { "attacks", "Attacks", "Attack", "The data set names no attacks.", "Highest first.", ATTACKS_SHOWN, true },
    { "subcategories", "Subcategories", "Subcategory", "The data set has no subcategories.",
      "Highest first; exploratory. Those with fewer than 10 intents stand last, in grey.", SUBCATEGORIES_SHOWN, false },
};

/* ---- over which intents ------------------------------------------------------------------------------------------ */

static bool covers_the_same(const cJSON *common)
{
    return figures_count(common, "intents") == figures_count(common, "of");
}

static void add_count(struct strbuf *text, int64_t count, const char *one, const char *many)
{
    units_format_count(count, text);
    (void)strbuf_addf(text, " %s", count == 1 ? one : many);
}

/* What the ranks rest on: "All 5 attacks cover the same 2,400 intents." */
static void add_cover(const cJSON *common, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    int64_t attacks = figures_count(common, "attack_count"), intents = figures_count(common, "intents"), of = figures_count(common, "of");
    if (common && covers_the_same(common)) {
        (void)strbuf_addf(&text, "All %lld attacks cover the same ", (long long)attacks);
        add_count(&text, of, "intent.", "intents.");
    } else if (common && intents == 0) {
        (void)strbuf_addstr(&text, "The attacks cover different intents: none of ");
        units_format_count(of, &text);
        (void)strbuf_addf(&text, " has a verdict under all %lld, so their order says nothing about which is stronger.", (long long)attacks);
    } else if (common) {
        (void)strbuf_addstr(&text, "The attacks cover different intents: only ");
        units_format_count(intents, &text);
        (void)strbuf_addstr(&text, " of ");
        units_format_count(of, &text);
        (void)strbuf_addf(&text, " have a verdict under all %lld. Ranks compare over those.", (long long)attacks);
    }
    view_take(json, "cover", &text);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* The first `shown` rows, and the others behind a summary. */
static void add_parts(const cJSON *table, const char *endpoint, size_t shown, struct svg_axis axis, cJSON *parts)
{
    CLEANUP(ranking_release) struct ranking r = ranking_of(table);
    cJSON *rows = NULL;
    for (size_t i = 0; i < r.count; i++) {
        if (i == 0 || i == shown) {
            cJSON *part = view_item(parts);
            if (i)
                view_textf(part, "more", "%zu more", r.count - i);
            else
                view_text(part, "more", NULL);
            rows = cJSON_AddArrayToObject(part, "rows");
        }
        view_dot_row(rows, endpoint, json_string(r.cell[i], "key"), r.cell[i], axis);
    }
}

/* One table: over all intents, or over the common ones. */
static void add_variant(const cJSON *table, const char *endpoint, const char *which, const struct section *s, struct svg_axis axis,
                        cJSON *list)
{
    cJSON *json = view_item(list);
    view_text(json, "which", which);
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    add_parts(table, endpoint, s->shown, axis, cJSON_AddArrayToObject(json, "parts"));
}

static void fill_level(cJSON *json, const char *category, const char *attack, const cJSON *cell, const void *context)
{
    CLEANUP(strbuf_release) struct strbuf key = STRBUF_INIT;
    (void)strbuf_addf(&key, "%s, %s", attack, category ? category : "all");
    view_fill_heat_cell(json, json_string(context, "name"), key.buf, cell);
    (void)cJSON_AddBoolToObject(json, "strong", false);
}

static void add_matrix(const cJSON *endpoint, bool several, cJSON *json)
{
    const struct view_matrix m = {
        .title = "Level",
        .hint = "ASR % by category and attack; hatched: fewer than 10 intents",
        .categories = json_array(endpoint, "categories"),
        .attacks = json_array(endpoint, "attacks"),
        .pairs = json_array(endpoint, "category_attacks"),
        .endpoint = several ? json_string(endpoint, "name") : NULL,
        .fill = fill_level,
        .context = endpoint,
    };
    view_add_matrix(&m, json);
}

static void add_endpoint(const cJSON *endpoint, const struct section *s, bool several, struct svg_axis axis, cJSON *list)
{
    const char *name = json_string(endpoint, "name");
    const cJSON *common = s->attacks ? json_object(endpoint, "common_intents") : NULL;
    bool choice = common && figures_count(common, "intents") > 0 && !covers_the_same(common);
    cJSON *json = view_item(list);
    view_text(json, "name", name);
    view_text(json, "scorer", NULL); /* the summary says it */
    view_textf(json, "number", "%d", cJSON_GetArraySize(list));
    view_rate(json, "asr", json_object(endpoint, "asr"), view_complied(endpoint), true);
    add_cover(common, json);
    cJSON *variants = cJSON_AddArrayToObject(json, "variants");
    add_variant(json_array(endpoint, s->table), name, "over-all", s, axis, variants);
    if (choice) {
        add_variant(json_array(common, "attacks"), name, "over-common", s, axis, variants);
        cJSON *item = cJSON_AddObjectToObject(json, "choice");
        view_count(item, "intents", figures_count(common, "intents"));
        view_count(item, "of", figures_count(common, "of"));
    } else {
        (void)cJSON_AddNullToObject(json, "choice");
    }
    if (s->attacks) {
        add_matrix(endpoint, several, json);
    } else {
        (void)cJSON_AddNullToObject(json, "matrix");
        view_text(json, "no_matrix", NULL);
    }
}

/* The sentence under the heading, of the first endpoint: the extremes, over intents that make them comparable. */
static void add_finding(const cJSON *endpoint, const struct section *s, bool named, cJSON *json)
{
    const cJSON *common = s->attacks ? json_object(endpoint, "common_intents") : NULL;
    bool apart = common && !covers_the_same(common);
    view_extremes(apart ? json_array(common, "attacks") : json_array(endpoint, s->table), "finding", json);
    if (apart)
        view_count(json, "finding_over", figures_count(common, "intents"));
    else
        view_text(json, "finding_over", NULL);
    view_text(json, "nothing",
              !named  ? s->none
              : apart ? "Not ranked: too few intents were tried with every attack."
                      : "Too few have enough intents to rank.");
}

void view_add_ranked(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint, *endpoints = json_array(model, "endpoints");
    const cJSON *first = cJSON_GetArrayItem(endpoints, 0);
    bool several = cJSON_GetArraySize(endpoints) > 1;
    cJSON *list = cJSON_AddArrayToObject(view, "ranked");
    for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
        const struct section *s = &sections[i];
        bool named = view_is_named(json_array(first, s->table));
        struct svg_axis axis = view_axis_of(model, s->table);
        cJSON *json = view_item(list);
        view_text(json, "id", s->table);
        view_text(json, "heading", s->heading);
        view_text(json, "column", s->column);
        view_text(json, "note", named ? s->note : NULL);
        add_finding(first, s, named, json);
        cJSON *by_endpoint = cJSON_AddArrayToObject(json, "by_endpoint");
        cJSON_ArrayForEach(endpoint, endpoints)
        {
            if (named)
                add_endpoint(endpoint, s, several, axis, by_endpoint);
        }
    }
}

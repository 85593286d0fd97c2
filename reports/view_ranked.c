/*
 * view_ranked - attacks and subcategories, highest first; those with few intents stand last, by name, because they are not ranked.
 *
 * Attacks rank only over the same intents (statistics.md section 3). Where they cover different ones the section says so, takes its
 * finding from the intents that all of them have, and offers the table over those beside the one over all.
 *
 * Subcategories can be had in three orders: by rate, by the upper end of the interval, by the difference to the baseline. Each is a table of
 * its own, chosen without a script; where fewer than two are ranked, and of more endpoints than ORDERED_ENDPOINTS (for the page's size),
 * there is only the first.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "reports/view_cells.h"
#include "reports/view_compare.h"
#include "reports/view_matrix.h"
#include "reports/view_rank.h"
#include "reports/view_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUBCATEGORIES_SHOWN = 12, ATTACKS_SHOWN = 100, ORDERED_ENDPOINTS = 8 };

static const struct section {
    const char *table, *heading, *column, *none, *note;
    size_t shown;
    bool attacks;
} sections[] = {
    { "attacks", "Attacks", "Attack", "The data set names no attacks.", NULL, ATTACKS_SHOWN, true },
    { "subcategories", "Subcategories", "Subcategory", "The data set has no subcategories.",
      "Highest first; exploratory. Those with fewer than 10 intents stand last, in grey. ▲ regressed and ▼ fixed: BH p < .05.",
      SUBCATEGORIES_SHOWN, false },
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

struct variant {
    const char *label;            /* of its button, where there are several */
    const cJSON *table, *compare; /* compare: the endpoint's against its baseline; NULL = none */
    ranking_key_fn *key;
};

/* The first `shown` rows, and the others behind a summary. */
static void add_parts(const struct variant *v, const char *endpoint, size_t shown, struct svg_axis axis, cJSON *parts)
{
    const cJSON *changes = json_array(v->compare, "subcategories");
    CLEANUP(ranking_release) struct ranking r = ranking_by(v->table, v->key, changes);
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
        const char *key = json_string(r.cell[i], "key");
        view_dot_row(rows, endpoint, key, r.cell[i], axis);
        if (v->compare)
            view_difference(cJSON_GetArrayItem(rows, cJSON_GetArraySize(rows) - 1), cells_find(changes, key));
    }
}

static void add_variant(const struct variant *v, const char *endpoint, const struct section *s, struct svg_axis axis, cJSON *list)
{
    cJSON *json = view_item(list);
    int number = cJSON_GetArraySize(list);
    view_textf(json, "which", "%d", number);
    view_text(json, "label", v->label);
    (void)cJSON_AddBoolToObject(json, "first", number == 1);
    (void)cJSON_AddBoolToObject(json, "compared", v->compare != NULL);
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    add_parts(v, endpoint, s->shown, axis, cJSON_AddArrayToObject(json, "parts"));
}

/* ---- which tables there are -------------------------------------------------------------------------------------- */

enum { MAX_VARIANTS = 3 };

/* Over all intents, and over those that every attack has where that is something else. */
static size_t attack_variants(const cJSON *endpoint, const cJSON *common, char label[MAX_VARIANTS][64], struct variant *v)
{
    size_t count = 0;
    v[count++] = (struct variant){ .label = label[0], .table = json_array(endpoint, "attacks"), .key = ranking_rate };
    if (!common || figures_count(common, "intents") == 0 || covers_the_same(common))
        return count;
    CLEANUP(strbuf_release) struct strbuf of = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf intents = STRBUF_INIT;
    units_format_count(figures_count(common, "of"), &of);
    units_format_count(figures_count(common, "intents"), &intents);
    (void)snprintf(label[0], sizeof(label[0]), "all %s intents", of.buf);
    (void)snprintf(label[1], sizeof(label[1]), "common intents only, %s", intents.buf);
    v[count++] = (struct variant){ .label = label[1], .table = json_array(common, "attacks"), .key = ranking_rate };
    return count;
}

/* Those with few intents are not ranked by their difference either. */
static double by_difference(const cJSON *cell, const void *changes)
{
    const cJSON *change = cells_find(changes, json_string(cell, "key"));
    const char *tag = json_string(change, "tag");
    double delta;
    bool ranked = tag && strcmp(tag, "few intents") != 0 && json_number(change, "delta", &delta);
    return ranked ? delta : (double)NAN;
}

static size_t subcategory_variants(const cJSON *endpoint, const cJSON *compare, bool orders, struct variant *v)
{
    const cJSON *table = json_array(endpoint, "subcategories");
    CLEANUP(ranking_release) struct ranking r = ranking_of(table);
    size_t count = 0;
    v[count++] = (struct variant){ "by ASR", table, compare, ranking_rate };
    if (!orders || r.ranked < 2)
        return count;
    v[count++] = (struct variant){ "by upper bound", table, compare, ranking_upper };
    if (compare)
        v[count++] = (struct variant){ "by difference to the baseline", table, compare, by_difference };
    return count;
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

static void add_endpoint(const cJSON *model, const cJSON *endpoint, const struct section *s, struct svg_axis axis, cJSON *list)
{
    const char *name = json_string(endpoint, "name");
    int endpoints = cJSON_GetArraySize(json_array(model, "endpoints"));
    const cJSON *common = s->attacks ? json_object(endpoint, "common_intents") : NULL;
    struct variant variant[MAX_VARIANTS];
    char label[MAX_VARIANTS][64] = { "" };
    size_t count = s->attacks ? attack_variants(endpoint, common, label, variant)
                              : subcategory_variants(endpoint, view_comparison_of(model, name), endpoints <= ORDERED_ENDPOINTS, variant);
    cJSON *json = view_item(list);
    view_text(json, "name", name);
    view_text(json, "scorer", NULL); /* the summary says it */
    view_textf(json, "number", "%d", cJSON_GetArraySize(list));
    view_rate(json, "asr", json_object(endpoint, "asr"), view_complied(endpoint), true);
    add_cover(common, json);
    view_text(json, "choice", count < 2 ? NULL : s->attacks ? "Intents that the attacks are compared over" : "Order");
    cJSON *variants = cJSON_AddArrayToObject(json, "variants");
    for (size_t i = 0; i < count; i++)
        add_variant(&variant[i], name, s, axis, variants);
    if (s->attacks) {
        add_matrix(endpoint, endpoints > 1, json);
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
                      : "Not ranked: hardly any has the 10 intents that a rank needs.");
}

void view_add_ranked(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint, *endpoints = json_array(model, "endpoints");
    const cJSON *first = cJSON_GetArrayItem(endpoints, 0);
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
                add_endpoint(model, endpoint, s, axis, by_endpoint);
        }
    }
}

/* view_next - what to look at first: the most open places of a run, or where it got worse than its baseline. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/points.h"
#include "reports/view_compare.h"
#include "reports/view_rank.h"
#include "reports/view_text.h"

enum { MAX_NAMED = 3 };

/* The three cells with the highest rate, each a link to its samples; those with few intents are not ranked. */
static void add_highest(const cJSON *table, const char *key, const char *endpoint, bool attacks, cJSON *banner)
{
    CLEANUP(ranking_release) struct ranking r = ranking_of(table);
    cJSON *list = cJSON_AddArrayToObject(banner, key);
    for (size_t i = 0; i < r.ranked && i < MAX_NAMED && r.ranked > 1; i++) {
        cJSON *json = view_item(list);
        view_text(json, "name", json_string(r.cell[i], "key"));
        view_samples_link(json, endpoint, attacks ? NULL : json_string(r.cell[i], "key"), attacks ? json_string(r.cell[i], "key") : NULL);
        view_rate(json, "asr", json_object(r.cell[i], "asr"), figures_count(json_object(r.cell[i], "counts"), "complied"), true);
    }
}

/* The three cells that got worse the most, among those that were tested. */
static void add_worse(const cJSON *table, const char *key, cJSON *banner)
{
    const cJSON *cell, *above = NULL;
    cJSON *list = cJSON_AddArrayToObject(banner, key);
    for (int i = 0; i < MAX_NAMED; i++) {
        const cJSON *next = NULL;
        cJSON_ArrayForEach(cell, table)
        {
            double delta = points_number(cell, "delta");
            bool fits = json_bool(cell, "tested", false) && delta > 0 && (!above || delta < points_number(above, "delta"));
            if (fits && (!next || delta > points_number(next, "delta")))
                next = cell;
        }
        if (!next)
            return;
        cJSON *json = view_item(list), *plain = cJSON_CreateObject();
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        (void)cJSON_AddNumberToObject(plain, "delta", points_number(next, "delta"));
        view_delta_text(plain, &text);
        cJSON_Delete(plain);
        view_text(json, "name", json_string(next, "key"));
        view_text(json, "href", "#compare");
        view_take(json, "asr", &text);
        view_text(json, "asr_bounds", NULL);
        above = next;
    }
}

/* Attacks rank over the intents that all of them have; where there are none, their order is called what it is. */
static void add_attacks(const cJSON *endpoint, const char *name, cJSON *banner)
{
    const cJSON *common = json_object(endpoint, "common_intents");
    int64_t intents = figures_count(common, "intents");
    bool apart = common && intents != figures_count(common, "of");
    add_highest(json_array(apart && intents ? common : endpoint, "attacks"), "highest_attacks", name, true, banner);
    view_text(banner, "attacks_heading", !apart ? "By attack" : intents ? "By attack, common intents" : "By attack, different intents");
}

static void add_compared(const cJSON *compare, cJSON *banner)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *flow = json_object(compare, "flow");
    add_worse(json_array(compare, "categories"), "highest_categories", banner);
    add_worse(json_array(compare, "attacks"), "highest_attacks", banner);
    view_text(banner, "categories_heading", "Where it got worse");
    view_text(banner, "attacks_heading", "By attack");
    view_text(banner, "none", "Nothing that was tested.");
    view_count(banner, "newly_broken", figures_count(flow, "newly_broken"));
    view_count(banner, "fixed", figures_count(flow, "fixed"));
    view_delta_text(json_object(compare, "overall"), &text);
    view_take(banner, "overall", &text);
}

void view_add_next(const cJSON *model, cJSON *banner)
{
    const cJSON *endpoint = cJSON_GetArrayItem(json_array(model, "endpoints"), 0);
    int64_t complied = figures_count(json_object(endpoint, "counts"), "complied");
    const cJSON *compare = json_object(model, "compare");
    bool compared = json_bool(compare, "comparable", false);
    const char *name = cJSON_GetArraySize(json_array(model, "endpoints")) > 1 ? json_string(endpoint, "name") : NULL;
    (void)cJSON_AddBoolToObject(banner, "compared", compared);
    if (compared) {
        add_compared(compare, banner);
    } else {
        add_highest(json_array(endpoint, "categories"), "highest_categories", name, false, banner);
        add_attacks(endpoint, name, banner);
        view_text(banner, "categories_heading", "Most open categories");
        view_text(banner, "none", "Too few to rank.");
        view_text(banner, "newly_broken", NULL);
        view_text(banner, "fixed", NULL);
        view_text(banner, "overall", NULL);
    }
    view_text(banner, "of", name);
    view_count(banner, "complied", complied);
    (void)cJSON_AddBoolToObject(banner, "one_complied", complied == 1);
    (void)cJSON_AddBoolToObject(banner, "any_complied", complied > 0);
    view_textf(banner, "listed", "%d", cJSON_GetArraySize(json_array(endpoint, "samples")));
}

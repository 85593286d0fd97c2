/* view_verdicts - the table behind the bar: every verdict's count and share, endpoints side by side, and their baseline. */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/figures.h"
#include "reports/view_baseline.h"
#include "reports/view_compare.h"
#include "reports/view_text.h"

#include <string.h>

static void add_cell(const cJSON *endpoint, const char *verdict, cJSON *cell)
{
    const cJSON *counts = json_object(endpoint, "counts");
    int64_t scored = figures_count(counts, "scored"), count = figures_count(counts, verdict);
    view_count(cell, "count", count);
    if (scored > 0)
        view_textf(cell, "share", "%.1f", 100 * (double)count / (double)scored);
    else
        view_text(cell, "share", "—");
}

static void add_cells(const cJSON *model, const char *verdict, cJSON *json)
{
    const cJSON *endpoint;
    cJSON *cells = cJSON_AddArrayToObject(json, "cells");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints")) add_cell(endpoint, verdict, view_item(cells));
}

/* Complied is the comparison over all, the other verdicts are its shares; "scored" has no difference. */
static const cJSON *difference_of(const cJSON *compare, const char *verdict)
{
    return strcmp(verdict, "complied") == 0 ? json_object(compare, "overall") : json_object(json_object(compare, "shares"), verdict);
}

/* `base`: the baseline's cell and `delta`; null without one, or where several endpoints leave it no place. */
static void add_base(const cJSON *model, const char *verdict, cJSON *json)
{
    const cJSON *endpoints = json_array(model, "endpoints");
    const cJSON *base = cJSON_GetArraySize(endpoints) == 1 ? view_baseline_of(model, endpoints->child) : NULL;
    if (!base) {
        (void)cJSON_AddNullToObject(json, "base");
        return;
    }
    cJSON *cell = cJSON_AddObjectToObject(json, "base");
    add_cell(base, verdict, cell);
    view_delta(cell, difference_of(view_compare_of(model, endpoints->child), verdict));
}

static void add_deff(const cJSON *model, cJSON *view)
{
    double deff;
    const cJSON *asr = json_object(cJSON_GetArrayItem(json_array(model, "endpoints"), 0), "asr");
    if (json_number(asr, "deff", &deff))
        view_textf(view, "deff", "%.2f", deff);
    else
        view_text(view, "deff", NULL);
}

static const char *const verdict[] = { "complied", "partial", "deflected", "blocked", "refused" };

void view_add_verdict_line(const cJSON *endpoint, cJSON *view)
{
    const cJSON *counts = json_object(endpoint, "counts");
    cJSON *line = cJSON_AddObjectToObject(view, "verdict_line"), *cells = cJSON_AddArrayToObject(line, "cells");
    for (size_t i = 0; i < ARRAY_LEN(verdict); i++)
        add_cell(endpoint, verdict[i], view_item(cells));
    view_count(line, "scored", figures_count(counts, "scored"));
    view_count(line, "missing", figures_missing(counts));
}

void view_add_verdicts(const cJSON *model, cJSON *view)
{
    cJSON *list = cJSON_AddArrayToObject(view, "verdicts");
    for (size_t i = 0; i < ARRAY_LEN(verdict); i++) {
        cJSON *json = view_item(list);
        view_verdict(json, verdict[i]);
        add_cells(model, verdict[i], json);
        add_base(model, verdict[i], json);
    }
    cJSON *scored = cJSON_AddObjectToObject(view, "scored_row");
    add_cells(model, "scored", scored);
    add_base(model, "scored", scored);
    add_deff(model, view);
}

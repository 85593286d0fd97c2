/* GET /api/runs/{run}/rows: a page of a run's trials, with what can be filtered by and how many there are of each. */
#include "base/json_member.h"
#include "store/labels.h"
#include "store/reader.h"
#include "view/kept_reply.h"
#include "view/rows_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FACET_VALUES = 200 };

static enum err add_labels(struct store *s, int64_t trial_id, struct arena *a, cJSON *row, struct error *e)
{
    struct label_row *label;
    size_t count;
    if (store_label_list(s, trial_id, a, &label, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(row, "labels");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "labeller", label[i].labeller);
        json_member_text(json, "verdict", verdict_name(label[i].verdict));
    }
    return OK;
}

static cJSON *row_json(const struct run_rows *rows, const struct browser_trial *t)
{
    cJSON *json = cJSON_CreateObject();
    json_member_int(json, "trial", true, t->id);
    json_member_text(json, "sample", run_rows_sample(rows, t)->key);
    json_member_int(json, "epoch", true, t->epoch);
    for (int f = 0; f < FACET_COUNT; f++)
        json_member_word(json, row_facet_name((enum row_facet)f), run_rows_text(rows, t, (enum row_facet)f));
    json_member_number(json, "value", round((double)t->value * 1e6) / 1e6); /* it was kept as a float */
    json_member_int(json, "latency_ms", t->latency_ms != UINT32_MAX, t->latency_ms);
    json_member_int(json, "prompt_tokens", t->prompt_tokens != UINT32_MAX, t->prompt_tokens);
    json_member_int(json, "completion_tokens", t->completion_tokens != UINT32_MAX, t->completion_tokens);
    (void)cJSON_AddBoolToObject(json, "withheld", run_rows_withheld(rows, t));
    return json;
}

/* ---- facets ---- */

struct facet_value {
    const char *name;
    int64_t count;
    size_t number;
};

static int most_first(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : strcmp(x->name, y->name);
}

static int by_number(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Values that no row has are left out; verdicts keep their order, the others have the most frequent first. */
static cJSON *facet_json(const struct row_values *n, const int64_t *count, enum row_facet f, struct arena *a)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "values");
    struct facet_value *value = arena_array(a, n->count + 1, sizeof(*value));
    size_t there = 0;
    for (size_t i = 0; i < n->count; i++) {
        if (count[i] > 0)
            value[there++] = (struct facet_value){ n->name[i], count[i], i };
    }
    qsort(value, there, sizeof(*value),
          f == FACET_VERDICT || f == FACET_CHANGE || f == FACET_STATUS || f == FACET_BASE ? by_number : most_first);
    for (size_t i = 0; i < there && i < MAX_FACET_VALUES; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        json_member_text(item, "key", value[i].name);
        json_member_int(item, "count", true, value[i].count);
    }
    json_member_int(json, "more", true, there > MAX_FACET_VALUES ? (int64_t)(there - MAX_FACET_VALUES) : 0);
    return json;
}

static void add_facets(const struct run_rows *rows, const struct rows_scan *scan, struct arena *a, cJSON *document)
{
    cJSON *facets = cJSON_AddObjectToObject(document, "facets");
    for (int f = 0; f < FACET_COUNT; f++)
        cJSON_AddItemToObject(facets, row_facet_name((enum row_facet)f),
                              facet_json(&rows->values[f], scan->facet_count[f], (enum row_facet)f, a));
}

/* ---- the page ---- */

static void add_next(const struct run_rows *rows, const struct rows_query *q, const struct browser_trial *last, cJSON *document)
{
    char cursor[ROWS_CURSOR_CHARS];
    if (last) {
        struct row_position at = rows_position(rows, q, last);
        rows_cursor_write(&at, cursor);
    }
    json_member_text(document, "next", last ? cursor : NULL);
}

static enum err add_page(const struct view_call *c, const struct kept_value *kept, const void *query, struct view_reply *r, cJSON *document,
                         struct error *e)
{
    const struct run_rows *rows = kept->value;
    const struct rows_query *q = query;
    r->behind = kept->behind;
    json_member_int(document, "as_of", true, kept->number);
    struct arena *a = &c->reader->arena;
    struct rows_scan scan;
    rows_scan(rows, q, q->word ? SEARCH_SLICE_ROWS : q->limit, a, &scan);
    struct rows_found found = { .row = scan.row, .count = scan.count, .looked_at = scan.count };
    if (q->word && rows_search(c->reader->store, rows, q, &scan, &clock_real, a, &found, e) != OK)
        return e->code;
    json_member_int(document, "rows_total", true, (int64_t)rows->rows.trial_count);
    json_member_int(document, "matches", true, scan.matches);
    json_member_int(document, "done", true, scan.before + (int64_t)found.looked_at);
    bool more = scan.before + (int64_t)found.looked_at < scan.matches;
    add_next(rows, q, more && found.looked_at > 0 ? scan.row[found.looked_at - 1] : NULL, document);
    cJSON *items = cJSON_AddArrayToObject(document, "rows");
    for (size_t i = 0; i < found.count; i++) {
        cJSON *row = row_json(rows, found.row[i]);
        cJSON_AddItemToArray(items, row);
        if (add_labels(c->reader->store, found.row[i]->id, a, row, e) != OK)
            return e->code;
    }
    add_facets(rows, &scan, a, document);
    return OK;
}

enum err rows_api_page(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct rows_query q;
    if (rows_query_parse(c->request->argument, c->request->argument_count, &c->reader->arena, &q, e) != OK)
        return e->code;
    return kept_reply(c, add_page, &q, r, e);
}

#include "view/run_rows.h"

#include "reports/browser_choice.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

const char *row_facet_name(enum row_facet f)
{
    static const char *const name[] = {
#define ROW_FACET(id, text) [FACET_##id] = text,
        ROW_FACETS(ROW_FACET)
#undef ROW_FACET
    };
    return name[f];
}

/* ---- ranks ---- */

static int compare_texts(const void *a, const void *b, void *names)
{
    const char *const *name = names;
    return strcmp(name[*(const uint32_t *)a], name[*(const uint32_t *)b]);
}

/* Equal texts have equal ranks. */
static const uint32_t *rank(const char *const *name, size_t count, struct arena *a)
{
    uint32_t *order = xcalloc(count + 1, sizeof(*order)), *place = arena_array(a, count + 1, sizeof(*place));
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, count, sizeof(*order), compare_texts, (void *)(uintptr_t)name);
    for (size_t i = 1; i < count; i++)
        place[order[i]] = place[order[i - 1]] + (strcmp(name[order[i - 1]], name[order[i]]) != 0);
    free(order);
    return place;
}

static void rank_all(struct run_rows *r, struct arena *a)
{
    const char **key = xcalloc(r->rows.sample_count + 1, sizeof(*key));
    for (size_t i = 0; i < r->rows.sample_count; i++)
        key[i] = r->rows.sample[i].key;
    r->key_rank = rank(key, r->rows.sample_count, a);
    r->category_rank = rank(r->rows.category.name, r->rows.category.count, a);
    free(key);
}

/* ---- made and found ---- */

static void list_values(struct run_rows *r, struct arena *a)
{
    static const char *const judges[] = { "agree", "split" }, *const expected[] = { "attack", "benign" };
    const struct browser_rows *b = &r->rows;
    const char **endpoint = arena_array(a, b->endpoint_count + 1, sizeof(*endpoint));
    for (size_t i = 0; i < b->endpoint_count; i++)
        endpoint[i] = b->endpoint[i].name;
    const struct row_values values[FACET_COUNT] = {
        [FACET_VERDICT] = { browser_verdict_name, BROWSER_VERDICTS },
        [FACET_ENDPOINT] = { endpoint, b->endpoint_count },
        [FACET_CATEGORY] = { b->category.name, b->category.count },
        [FACET_SUBCATEGORY] = { b->subcategory.name, b->subcategory.count },
        [FACET_ATTACK] = { b->attack.name, b->attack.count },
        [FACET_INTENT] = { b->intent.name, b->intent.count },
        [FACET_REASON] = { b->reason.name, b->reason.count },
        [FACET_FINISH] = { b->finish.name, b->finish.count },
        [FACET_JUDGES] = { judges, ARRAY_LEN(judges) },
        [FACET_EXPECTED] = { expected, ARRAY_LEN(expected) },
    };
    memcpy(r->values, values, sizeof(values));
}

static void rows_free(void *value)
{
    struct run_rows *r = value;
    browser_rows_release(&r->rows);
    free(r);
}

static enum err rows_make(struct store *s, const char *run_id, const void *context, void **ret_value, struct error *e)
{
    const struct view_rules *rules = context;
    const struct view_redact *own = &rules->redact;
    struct arena a = ARENA_INIT;
    struct run_row run, with;
    struct browser_base base = { 0 };
    struct run_rows *r = xcalloc(1, sizeof(*r));
    enum err rc = store_run_find(s, run_id, &a, &run, e);
    if (rc == OK && rules->base[0] && strcmp(run.id, rules->run) == 0) {
        rc = store_run_find(s, rules->base, &a, &with, e);
        if (rc == OK)
            base = (struct browser_base){ with.id, redact_of_run(with.config_json, &own->list, own->given, &a) };
    }
    if (rc == OK) {
        struct redact_list list = redact_of_run(run.config_json, &own->list, own->given, &a);
        rc = browser_rows_load(s, run.id, &base, &list, &r->rows, e);
    }
    arena_release(&a);
    if (rc != OK) {
        rows_free(r);
        return rc;
    }
    browser_choose(&r->rows, BROWSER_EMBED_ALL, &r->size.trial_bodies, &r->size.sample_bodies);
    r->size.trials = r->rows.trial_count;
    r->size.samples = r->rows.sample_count;
    rank_all(r, &r->rows.arena);
    list_values(r, &r->rows.arena);
    *ret_value = r;
    return OK;
}

const struct kept_kind run_rows_kind = { rows_make, rows_free };

const char *run_rows_text(const struct run_rows *r, const struct browser_trial *t, enum row_facet f)
{
    return r->values[f].name[run_rows_number(r, t, f)];
}

/* Ids count up within an endpoint; endpoints of a store put together from others may stand in any order. */
const struct browser_trial *run_rows_find(const struct run_rows *r, int64_t trial_id)
{
    for (size_t i = 0; i < r->rows.endpoint_count; i++) {
        const struct endpoint_row *x = &r->rows.endpoint[i];
        if (trial_id < x->first_trial || trial_id > x->last_trial)
            continue;
        size_t low = 0, high = r->rows.trial_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            const struct browser_trial *t = &r->rows.trial[middle];
            if (t->endpoint < i || (t->endpoint == i && t->id < trial_id))
                low = middle + 1;
            else
                high = middle;
        }
        if (low < r->rows.trial_count && r->rows.trial[low].id == trial_id)
            return &r->rows.trial[low];
    }
    return NULL;
}

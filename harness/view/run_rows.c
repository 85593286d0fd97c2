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

/* ---- values that follow from others ---- */

enum { NEWLY_BROKEN, FIXED, BOTH_COMPLIED, NEITHER_COMPLIED, NOT_IN_BOTH };
static const char *const change_name[] = { "newly broken", "fixed", "both complied", "neither complied", "not in both" };

uint32_t run_rows_change(const struct browser_trial *t)
{
    if (t->base > BROWSER_BLOCKED || t->verdict > BROWSER_BLOCKED) /* one of them has no verdict */
        return NOT_IN_BOTH;
    if (t->verdict == BROWSER_COMPLIED)
        return t->base == BROWSER_COMPLIED ? BOTH_COMPLIED : NEWLY_BROKEN;
    return t->base == BROWSER_COMPLIED ? FIXED : NEITHER_COMPLIED;
}

static const char *const status_name[] = { "answered", "blocked", "failed", "skipped", "pending" };

uint32_t run_rows_status(const struct browser_trial *t)
{
    return t->verdict >= BROWSER_FAILED ? t->verdict - BROWSER_FAILED + 2u : (t->flags & BROWSER_FILTERED) != 0;
}

static const bool *mixed_epochs(const struct browser_rows *b, struct arena *a)
{
    uint8_t *first = xcalloc(b->endpoint_count * b->sample_count + 1, 1); /* verdict + 1 of the first epoch, by endpoint and sample */
    bool *differs = xcalloc(b->endpoint_count * b->sample_count + 1, sizeof(*differs)), *mixed = arena_array(a, b->trial_count + 1, 1);
    for (size_t i = 0; i < b->trial_count; i++) {
        const struct browser_trial *t = &b->trial[i];
        size_t at = t->endpoint * b->sample_count + t->sample;
        if (!first[at])
            first[at] = (uint8_t)(t->verdict + 1);
        differs[at] = differs[at] || first[at] != t->verdict + 1;
    }
    for (size_t i = 0; i < b->trial_count; i++)
        mixed[i] = differs[b->trial[i].endpoint * b->sample_count + b->trial[i].sample];
    free(first);
    free(differs);
    return mixed;
}

/* ---- made and found ---- */

static void list_values(struct run_rows *r, struct arena *a)
{
    static const char *const agree[] = { "agree", "differ" }, *const expected[] = { "attack", "benign" };
    const struct browser_rows *b = &r->rows;
    const char **endpoint = arena_array(a, b->endpoint_count + 1, sizeof(*endpoint));
    for (size_t i = 0; i < b->endpoint_count; i++)
        endpoint[i] = b->endpoint[i].name;
    const char **base = arena_array(a, BROWSER_VERDICTS + 1, sizeof(*base));
    memcpy(base, browser_verdict_name, sizeof(browser_verdict_name));
    base[BROWSER_VERDICTS] = "none";
    const struct row_values values[FACET_COUNT] = {
        [FACET_CHANGE] = { change_name, b->base ? ARRAY_LEN(change_name) : 0 },
        [FACET_STATUS] = { status_name, ARRAY_LEN(status_name) },
        [FACET_BASE] = { base, b->base ? BROWSER_VERDICTS + 1 : 0 },
        [FACET_EPOCHS] = { agree, ARRAY_LEN(agree) },
        [FACET_VERDICT] = { browser_verdict_name, BROWSER_VERDICTS },
        [FACET_ENDPOINT] = { endpoint, b->endpoint_count },
        [FACET_CATEGORY] = { b->category.name, b->category.count },
        [FACET_SUBCATEGORY] = { b->subcategory.name, b->subcategory.count },
        [FACET_ATTACK] = { b->attack.name, b->attack.count },
        [FACET_INTENT] = { b->intent.name, b->intent.count },
        [FACET_REASON] = { b->reason.name, b->reason.count },
        [FACET_FINISH] = { b->finish.name, b->finish.count },
        [FACET_JUDGES] = { agree, ARRAY_LEN(agree) },
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
    r->mixed = mixed_epochs(&r->rows, &r->rows.arena);
    *ret_value = r;
    return OK;
}

const struct kept_kind run_rows_kind = { rows_make, rows_free };

const char *run_rows_text(const struct run_rows *r, const struct browser_trial *t, enum row_facet f)
{
    return r->values[f].count ? r->values[f].name[run_rows_number(r, t, f)] : NULL;
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

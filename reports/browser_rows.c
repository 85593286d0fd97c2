#include "reports/browser_rows.h"

#include "base/json.h"
#include "base/rng.h"
#include "base/vec.h"
#include "store/browse.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

const char *const browser_verdict_name[BROWSER_VERDICTS] = { "complied", "partial", "refused", "deflected", "blocked",
                                                             "unscored", "failed",  "skipped", "pending" };

struct loading {
    struct browser_rows *rows;
    const struct redact_list *redact;
    uint8_t endpoint;
};

static enum browser_verdict verdict_of(const struct browse_row *r)
{
    if (r->status == TRIAL_FAILED)
        return BROWSER_FAILED;
    if (r->status == TRIAL_SKIPPED)
        return BROWSER_SKIPPED;
    if (r->status == TRIAL_PENDING || !r->has_score)
        return BROWSER_PENDING;
    if (r->verdict == VERDICT_UNSCORED)
        return BROWSER_UNSCORED;
    if (r->status == TRIAL_BLOCKED)
        return BROWSER_BLOCKED;
    static const enum browser_verdict of[] = { [VERDICT_COMPLIED] = BROWSER_COMPLIED,
                                               [VERDICT_PARTIAL] = BROWSER_PARTIAL,
                                               [VERDICT_REFUSED] = BROWSER_REFUSED,
                                               [VERDICT_DEFLECTED] = BROWSER_DEFLECTED };
    return of[r->verdict];
}

static size_t slot_of(int64_t id, size_t slot_count)
{
    return rng_hash(0, &id, sizeof(id)) & (slot_count - 1);
}

static void grow_slots(struct browser_rows *r)
{
    r->slot_count = r->slot_count ? r->slot_count * 2 : 1024;
    free(r->slot);
    r->slot = xcalloc(r->slot_count, sizeof(*r->slot));
    for (size_t i = 0; i < r->sample_count; i++) {
        size_t at = slot_of(r->sample[i].id, r->slot_count);
        while (r->slot[at])
            at = (at + 1) & (r->slot_count - 1);
        r->slot[at] = (uint32_t)i + 1;
    }
}

/* The number of the row's sample, which is added when it is met for the first time. */
static uint32_t sample_of(struct loading *l, const struct browse_row *from)
{
    struct browser_rows *r = l->rows;
    if (2 * (r->sample_count + 1) > r->slot_count)
        grow_slots(r);
    size_t at = slot_of(from->sample_id, r->slot_count);
    for (; r->slot[at]; at = (at + 1) & (r->slot_count - 1)) {
        if (r->sample[r->slot[at] - 1].id == from->sample_id)
            return r->slot[at] - 1;
    }
    bool withheld = redact_matches(l->redact, from->category, from->subcategory);
    r->sample = vec_grow(r->sample, r->sample_count, &r->sample_cap, sizeof(*r->sample));
    r->sample[r->sample_count] = (struct browser_sample){
        .id = from->sample_id,
        .key = arena_strdup(&r->arena, from->sample_key),
        .intent = names_intern(&r->intent, from->intent_id, &r->arena),
        .category = names_intern(&r->category, from->category, &r->arena),
        .subcategory = names_intern(&r->subcategory, from->subcategory, &r->arena),
        .attack = names_intern(&r->attack, from->attack, &r->arena),
        .flags = (uint8_t)((from->expected == EXPECTED_BENIGN ? BROWSER_BENIGN : 0) | (withheld ? BROWSER_WITHHELD : 0)),
    };
    r->slot[at] = (uint32_t)++r->sample_count;
    return r->slot[at] - 1;
}

static uint32_t small(int64_t value)
{
    return value < 0 ? UINT32_MAX : value < UINT32_MAX ? (uint32_t)value : UINT32_MAX - 1;
}

/* Whether the votes have more than one word for "verdict": a look at the text, which our own writer made, instead of a tree a row. */
static bool votes_differ(const char *json)
{
    static const char key[] = "\"verdict\":\"";
    const char *first = strstr(json, key), *next = first;
    while (next && (next = strstr(next + 1, key))) {
        size_t len = strcspn(first + sizeof(key) - 1, "\"");
        if (strncmp(first, next, sizeof(key) + len) != 0)
            return true;
    }
    return false;
}

static enum err take_row(const struct browse_row *from, void *context, struct error *e)
{
    (void)e;
    struct loading *l = context;
    struct browser_rows *r = l->rows;
    uint32_t sample = sample_of(l, from);
    enum browser_verdict verdict = verdict_of(from);
    r->trial = vec_grow(r->trial, r->trial_count, &r->trial_cap, sizeof(*r->trial));
    r->trial[r->trial_count++] = (struct browser_trial){
        .id = from->trial_id,
        .sample = sample,
        .reason = names_intern(&r->reason, verdict == BROWSER_UNSCORED ? from->score_reason : from->reason, &r->arena),
        .finish = names_intern(&r->finish, from->finish_reason, &r->arena),
        .latency_ms = from->latency_us < 0 ? UINT32_MAX : small(from->latency_us / 1000),
        .prompt_tokens = small(from->prompt_tokens),
        .completion_tokens = small(from->completion_tokens),
        .value = (float)from->value,
        .epoch = (uint16_t)from->epoch,
        .endpoint = l->endpoint,
        .verdict = (uint8_t)verdict,
        .base = BROWSER_NO_BASE,
        .flags = (uint8_t)((votes_differ(from->votes_json) ? BROWSER_SPLIT : 0) | (from->status == TRIAL_BLOCKED ? BROWSER_FILTERED : 0)),
    };
    return OK;
}

static enum err load_run(struct store *s, const char *run_id, struct browser_rows *r, struct error *e)
{
    struct run_row run;
    enum err rc = store_run_find(s, run_id, &r->arena, &run, e);
    if (rc != OK)
        return rc;
    CLEANUP(json_freep)
    cJSON *options = run.options_json ? json_parse_lenient(run.options_json, strlen(run.options_json), NULL, NULL) : NULL;
    const char *system = json_string(options, "system");
    r->run_id = arena_strdup(&r->arena, run_id);
    r->system = system && system[0] ? arena_strdup(&r->arena, system) : NULL;
    return OK;
}

static enum err load_trials(struct store *s, const char *run_id, struct loading *l, struct error *e)
{
    struct browser_rows *r = l->rows;
    struct scorer_row *scorer;
    struct endpoint_row *endpoint;
    size_t scorer_count;
    if (store_scorer_list(s, run_id, &r->arena, &scorer, &scorer_count, e) != OK ||
        store_endpoint_list(s, run_id, &r->arena, &endpoint, &r->endpoint_count, e) != OK)
        return e->code;
    if (scorer_count == 0)
        return error_set(e, ERR_INVALID, "run %s has no scorer: there is nothing to browse", run_id);
    r->scorer = scorer->name; /* the primary one comes first */
    r->endpoint = endpoint;
    for (size_t i = 0; i < r->endpoint_count; i++) {
        l->endpoint = (uint8_t)i;
        if (store_browse_rows(s, endpoint[i].id, scorer->id, take_row, l, e) != OK)
            return e->code;
    }
    return OK;
}

/* ---- the baseline ---- */

/* Trials of one endpoint by epoch and sample: the number of a key is the trial's number after `first`. */
struct pairing {
    struct browser_rows *rows;
    const struct redact_list *redact;
    struct arena arena;
    struct names key;
    size_t first;
};

static void index_endpoint(struct pairing *p, size_t endpoint)
{
    struct browser_rows *r = p->rows;
    while (p->first < r->trial_count && r->trial[p->first].endpoint != endpoint)
        p->first++;
    for (size_t i = p->first; i < r->trial_count && r->trial[i].endpoint == endpoint; i++) {
        const char *key = arena_printf(&p->arena, "%d %s", r->trial[i].epoch, r->sample[r->trial[i].sample].key);
        (void)names_intern(&p->key, key, &p->arena);
    }
}

static enum err take_base(const struct browse_row *from, void *context, struct error *e)
{
    (void)e;
    struct pairing *p = context;
    CLEANUP(arena_release) struct arena scratch = ARENA_INIT;
    uint32_t number = names_find(&p->key, arena_printf(&scratch, "%d %s", from->epoch, from->sample_key));
    if (number == NAMES_ABSENT)
        return OK;
    struct browser_trial *t = &p->rows->trial[p->first + number];
    t->base = (uint8_t)verdict_of(from);
    t->base_id = redact_matches(p->redact, from->category, from->subcategory) ? 0 : from->trial_id;
    return OK;
}

static const struct endpoint_row *same_endpoint(const struct endpoint_row *of, const struct endpoint_row *in, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(in[i].name, of->name) == 0)
            return &in[i];
    }
    return count == 1 ? in : NULL;
}

static enum err load_base(struct store *s, const struct browser_base *from, struct browser_rows *r, struct error *e)
{
    struct scorer_row *scorer;
    struct endpoint_row *endpoint;
    size_t scorer_count, endpoint_count;
    if (store_scorer_list(s, from->run, &r->arena, &scorer, &scorer_count, e) != OK ||
        store_endpoint_list(s, from->run, &r->arena, &endpoint, &endpoint_count, e) != OK)
        return e->code;
    r->base = arena_strdup(&r->arena, from->run);
    for (size_t i = 0; scorer_count > 0 && i < r->endpoint_count; i++) {
        const struct endpoint_row *base = same_endpoint(&r->endpoint[i], endpoint, endpoint_count);
        struct pairing p = { .rows = r, .redact = &from->redact };
        enum err rc = OK;
        if (base) {
            index_endpoint(&p, i);
            rc = store_browse_rows(s, base->id, scorer->id, take_base, &p, e);
        }
        names_release(&p.key);
        arena_release(&p.arena);
        if (rc != OK)
            return rc;
    }
    return OK;
}

enum err browser_rows_load(struct store *s, const char *run_id, const struct browser_base *base, const struct redact_list *redact,
                           struct browser_rows *ret_rows, struct error *e)
{
    memset(ret_rows, 0, sizeof(*ret_rows));
    struct loading l = { .rows = ret_rows, .redact = redact };
    enum err rc = load_run(s, run_id, ret_rows, e);
    if (rc == OK)
        rc = load_trials(s, run_id, &l, e);
    return rc == OK && base && base->run ? load_base(s, base, ret_rows, e) : rc;
}

void browser_rows_release(struct browser_rows *r)
{
    struct names *const table[] = { &r->category, &r->subcategory, &r->attack, &r->intent, &r->reason, &r->finish };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        names_release(table[i]);
    free(r->sample);
    free(r->trial);
    free(r->slot);
    arena_release(&r->arena);
    memset(r, 0, sizeof(*r));
}

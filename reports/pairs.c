#include "reports/pairs.h"

#include "base/vec.h"
#include "core/names.h"
#include "reports/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *pair_word_name(enum pair_word w)
{
    static const char *const name[] = {
        "complied", "partial", "refused", "deflected", "blocked", "unscored", "failed", "skipped", "pending"
    };
    return name[w];
}

static enum pair_word word_of(const struct row *r)
{
    static const enum pair_word of_verdict[] = { [VERDICT_COMPLIED] = PAIR_COMPLIED,
                                                 [VERDICT_PARTIAL] = PAIR_PARTIAL,
                                                 [VERDICT_REFUSED] = PAIR_REFUSED,
                                                 [VERDICT_DEFLECTED] = PAIR_DEFLECTED,
                                                 [VERDICT_UNSCORED] = PAIR_UNSCORED };
    switch ((enum trial_status)r->status) {
    case TRIAL_FAILED: return PAIR_FAILED;
    case TRIAL_SKIPPED: return PAIR_SKIPPED;
    case TRIAL_ANSWERED: return r->has_score ? of_verdict[r->verdict] : PAIR_PENDING;
    case TRIAL_BLOCKED: return r->has_score ? PAIR_BLOCKED : PAIR_PENDING;
    case TRIAL_PENDING:
    default: return PAIR_PENDING;
    }
}

bool pair_half_scored(const struct pair_half *h)
{
    return h->scored > 0;
}

bool pair_is_scored(const struct pair *p)
{
    return pair_half_scored(&p->base) && pair_half_scored(&p->cand);
}

static double share(const struct pair_half *h, enum pair_word a, enum pair_word b)
{
    int count = h->count[a] + (b != a ? h->count[b] : 0);
    return h->scored ? (double)count / h->scored : NAN;
}

double pair_half_complied(const struct pair_half *h)
{
    return share(h, PAIR_COMPLIED, PAIR_COMPLIED);
}

double pair_half_refused(const struct pair_half *h)
{
    return share(h, PAIR_REFUSED, PAIR_BLOCKED);
}

double pair_half_with_partial(const struct pair_half *h)
{
    return share(h, PAIR_COMPLIED, PAIR_PARTIAL);
}

enum pair_word pair_half_word(const struct pair_half *h)
{
    enum pair_word best = h->scored ? PAIR_COMPLIED : PAIR_UNSCORED;
    enum pair_word last = h->scored ? PAIR_BLOCKED : PAIR_PENDING;
    for (enum pair_word w = best; w <= last; w++) {
        if (h->count[w] > h->count[best])
            best = w;
    }
    return best;
}

static void add_row(struct pair_half *h, const struct row *r)
{
    if (h->planned == UINT16_MAX) /* MAX_EPOCHS is far below */
        return;
    enum pair_word word = word_of(r);
    h->planned++;
    h->count[word]++;
    h->scored = (uint16_t)(h->scored + (word <= PAIR_BLOCKED));
    if (h->trial_id == 0)
        h->trial_id = r->trial_id;
    if (r->latency_us >= 0) {
        h->latency_us += r->latency_us;
        h->timed++;
    }
    if (r->completion_tokens > 0)
        h->completion_tokens += r->completion_tokens;
    if (!isnan(r->cost_usd))
        h->cost_usd = isnan(h->cost_usd) ? r->cost_usd : h->cost_usd + r->cost_usd;
    if (word <= PAIR_BLOCKED && !isnan(r->value)) {
        h->graded += (double)r->value;
        h->graded_count++;
    }
}

/* Adds one side's rows; `key` numbers the samples in the order of `p->pair`. */
static int add_side(struct pairs *p, struct names *key, const struct rows *rows, bool is_cand)
{
    int epochs = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        uint32_t at = names_intern(key, rows->sample.name[r->sample], &p->arena);
        if (at == p->count) {
            p->pair = vec_grow(p->pair, p->count, &p->cap, sizeof(*p->pair));
            p->pair[p->count++] = (struct pair){
                .sample = key->name[at],
                .intent = names_intern(&p->intent, rows->intent.name[r->intent], &p->arena),
                .category = names_intern(&p->category, rows->category.name[r->category], &p->arena),
                .subcategory = names_intern(&p->subcategory, rows->subcategory.name[r->subcategory], &p->arena),
                .attack = names_intern(&p->attack, rows->attack.name[r->attack], &p->arena),
                .benign = r->benign,
                .base.cost_usd = NAN,
                .cand.cost_usd = NAN,
            };
        }
        struct pair_half *half = is_cand ? &p->pair[at].cand : &p->pair[at].base;
        add_row(half, r);
        epochs = half->planned > epochs ? half->planned : epochs;
    }
    return epochs;
}

struct ranked_name {
    const char *name;
    uint32_t number;
};

static int by_name(const void *left, const void *right)
{
    const struct ranked_name *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* rank[number of a name] = its place among the sorted names. */
static uint32_t *rank_names(const struct names *n)
{
    struct ranked_name *sorted = xcalloc(n->count + 1, sizeof(*sorted));
    uint32_t *rank = xcalloc(n->count + 1, sizeof(*rank));
    for (size_t i = 0; i < n->count; i++)
        sorted[i] = (struct ranked_name){ n->name[i], (uint32_t)i };
    qsort(sorted, n->count, sizeof(*sorted), by_name);
    for (size_t i = 0; i < n->count; i++)
        rank[sorted[i].number] = (uint32_t)i;
    free(sorted);
    return rank;
}

static int by_intent_then_key(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->intent != b->intent)
        return a->intent < b->intent ? -1 : 1;
    return strcmp(a->sample, b->sample);
}

static void sort_pairs(struct pairs *p)
{
    uint32_t *rank = rank_names(&p->intent);
    for (size_t i = 0; i < p->count; i++)
        p->pair[i].intent = rank[p->pair[i].intent];
    p->intent_id = arena_array(&p->arena, p->intent.count + 1, sizeof(*p->intent_id));
    for (size_t i = 0; i < p->intent.count; i++)
        p->intent_id[rank[i]] = p->intent.name[i];
    free(rank);
    if (p->count > 0)
        qsort(p->pair, p->count, sizeof(*p->pair), by_intent_then_key);
}

void pairs_of(const struct rows *base, const struct rows *cand, struct pairs *ret_pairs)
{
    struct names key = { 0 };
    memset(ret_pairs, 0, sizeof(*ret_pairs));
    ret_pairs->base_epochs = add_side(ret_pairs, &key, base, false);
    ret_pairs->cand_epochs = add_side(ret_pairs, &key, cand, true);
    names_release(&key);
    sort_pairs(ret_pairs);
}

enum err pairs_load(struct store *s, const struct side *base, const struct side *cand, struct pairs *ret_pairs, struct error *e)
{
    struct rows of_base, of_cand;
    memset(ret_pairs, 0, sizeof(*ret_pairs));
    if (rows_load(s, cand->endpoint.id, cand->scorer.id, &of_cand, e) != OK)
        return e->code;
    if (!base) {
        pairs_of(&of_cand, &of_cand, ret_pairs);
        rows_clear(&of_cand);
        return OK;
    }
    enum err rc = rows_load(s, base->endpoint.id, base->scorer.id, &of_base, e);
    if (rc == OK) {
        pairs_of(&of_base, &of_cand, ret_pairs);
        rows_clear(&of_base);
    }
    rows_clear(&of_cand);
    return rc;
}

bool pairs_overlap(const struct pairs *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!p->pair[i].benign && p->pair[i].base.planned && p->pair[i].cand.planned)
            return true;
    }
    return false;
}

void pairs_clear(struct pairs *p)
{
    names_release(&p->category);
    names_release(&p->subcategory);
    names_release(&p->attack);
    names_release(&p->intent);
    free(p->pair);
    arena_release(&p->arena);
    memset(p, 0, sizeof(*p));
}

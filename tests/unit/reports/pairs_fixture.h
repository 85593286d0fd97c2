/*
 * pairs_fixture - pairs made by hand, and data set D1 of statistics.md section 13 as pairs.
 */
#ifndef TESTS_REPORTS_PAIRS_FIXTURE_H
#define TESTS_REPORTS_PAIRS_FIXTURE_H

#include "base/vec.h"
#include "reports/pairs.h"

#include <math.h>

/* One side of a pair with one epoch. */
static inline struct pair_half half_of(enum pair_word word)
{
    struct pair_half h = { .planned = 1, .scored = word <= PAIR_BLOCKED, .cost_usd = NAN };
    h.count[word] = 1;
    return h;
}

static inline void pairs_add(struct pairs *p, const char *category, const char *intent, struct pair_half base, struct pair_half cand)
{
    p->pair = vec_grow(p->pair, p->count, &p->cap, sizeof(*p->pair));
    p->pair[p->count] = (struct pair){
        .sample = arena_printf(&p->arena, "s%zu", p->count),
        .intent = names_intern(&p->intent, intent, &p->arena),
        .category = names_intern(&p->category, category, &p->arena),
        .subcategory = names_intern(&p->subcategory, "(none)", &p->arena),
        .attack = names_intern(&p->attack, "plain", &p->arena),
        .base = base,
        .cand = cand,
    };
    p->count++;
}

/* Six pairs of A, +2 complied; eight of B, +2 complied. */
static inline struct pairs worked_example(void)
{
    static const struct {
        const char *category, *intent;
        int base, cand;
    } row[] = { { "A", "a1", 1, 1 }, { "A", "a1", 1, 1 }, { "A", "a1", 0, 1 }, { "A", "a2", 0, 0 }, { "A", "a2", 0, 1 },
                { "A", "a3", 1, 1 }, { "B", "b1", 0, 0 }, { "B", "b1", 0, 1 }, { "B", "b1", 0, 1 }, { "B", "b1", 0, 0 },
                { "B", "b2", 1, 0 }, { "B", "b2", 0, 0 }, { "B", "b3", 0, 0 }, { "B", "b3", 0, 1 } };
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        pairs_add(&p, row[i].category, row[i].intent, half_of(row[i].base ? PAIR_COMPLIED : PAIR_REFUSED),
                  half_of(row[i].cand ? PAIR_COMPLIED : PAIR_REFUSED));
    return p;
}

#endif

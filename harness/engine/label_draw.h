/*
 * label_draw - which answers people label: a plan, a number and a seed give the same answers on every machine.
 *
 *   random        in random order of intents: one answer of each first, then a second (PPI++, Angelopoulos, Duchi, Zrnic,
 *                 arXiv 2311.01453); an answer of an intent with few of them is the likelier one to be drawn, and says so
 *   stratified    by the judge's verdict (complied, or not), simple random in each; split as arXiv 2511.21140 for a judge of
 *                 sensitivity .9 and specificity .95, at least 20 on each side where there are as many
 *   disagreement  contested answers first: to look at, not to correct a rate with
 *
 * Pure. Picks are in the order in which to label them; a stratified draw is shuffled, so that the order tells no verdict.
 */
#ifndef ENGINE_LABEL_DRAW_H
#define ENGINE_LABEL_DRAW_H

#include "store/labels.h"

/* The plans that can be drawn, and their names for messages. */
bool label_plan_is_drawn(enum label_plan plan);

struct label_pick {
    const struct label_candidate *of; /* borrowed from the candidates */
    bool first;                       /* of the first stratum: complied, or contested; random has one stratum only */
    double probability;               /* of being drawn; < 0 when the plan states none (disagreement) */
};
struct label_stratum {
    size_t population, drawn;
    double probability; /* drawn / population of a stratified draw, else < 0 */
};
struct label_draw {
    struct label_pick *pick; /* in the arena */
    size_t count;
    struct label_stratum stratum[2]; /* first, second; random: [0] only */
};

/* Draws at most `limit` answers. A stratified draw leaves out what the judge gave no verdict. */
void label_draw(const struct label_candidate *candidate, size_t count, enum label_plan plan, size_t limit, uint64_t seed, struct arena *a,
                struct label_draw *ret_draw);

#endif

#include "stats/label_subset.h"

#include "base/arena.h"

#include <stdlib.h>

struct label_subset label_subset_of(const struct labelled_answer *label, size_t n, enum label_plan plan, enum label_side side,
                                    bool by_human)
{
    struct label_subset s = { .y = xcalloc(n + 1, sizeof(double)),
                              .f = xcalloc(n + 1, sizeof(double)),
                              .weight = xcalloc(n + 1, sizeof(double)),
                              .cluster = xcalloc(n + 1, sizeof(uint32_t)) };
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct labelled_answer *l = &label[i];
        double w = l->weight[plan];
        if (!(w > 0) || (side != LABEL_SIDE_BOTH && (by_human ? l->human : l->judge) != (side == LABEL_SIDE_POSITIVE)))
            continue;
        s.y[s.n] = l->human;
        s.f[s.n] = l->judge;
        s.weight[s.n] = w;
        s.cluster[s.n++] = l->cluster;
        s.total += w;
        squares += w * w;
    }
    s.effective = s.n > 0 ? s.total * s.total / squares : 0;
    return s;
}

void label_subset_release(struct label_subset *s)
{
    free(s->y);
    free(s->f);
    free(s->weight);
    free(s->cluster);
}

double label_subset_mean(const double *x, const struct label_subset *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->weight[i] * x[i];
    return sum / s->total;
}

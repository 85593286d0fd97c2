#include "stats/judge_groups.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/multiplicity.h"
#include "stats/special.h"
#include "stats/weighted.h"

#include <math.h>
#include <stdlib.h>

enum { FEWEST = 10 };

struct share {
    double value, variance;
    int64_t n, clusters;
};

/* How often the judge agrees among the answers whose human verdict is `positive`, in the group or outside it. */
static struct share share_of(const struct labelled_answer *label, const uint32_t *group, size_t n, enum label_plan plan, bool positive,
                             uint32_t of, bool inside)
{
    CLEANUP(cleanup_free) double *y = xcalloc(n + 1, sizeof(*y));
    CLEANUP(cleanup_free) double *weight = xcalloc(n + 1, sizeof(*weight));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    double total = 0, squares = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        double w = label[i].weight[plan];
        if (!(w > 0) || label[i].human != positive || (group[i] == of) != inside)
            continue;
        y[count] = label[i].judge == positive;
        weight[count] = w;
        cluster[count++] = label[i].cluster;
        total += w;
        squares += w * w;
    }
    struct share s = { NAN, NAN, (int64_t)count, 0 };
    if (count == 0)
        return s;
    struct rate rate = rate_weighted(y, weight, cluster, NULL, count, NULL);
    double clustered = isnan(rate.se) ? 0 : rate.se * rate.se;
    s.value = rate.value;
    s.variance = fmax(judge_share_variance(rate.value, total * total / squares), clustered);
    s.clusters = rate.clusters;
    return s;
}

void judge_groups_test(const struct labelled_answer *label, const uint32_t *group, size_t n, size_t groups, enum label_plan plan,
                       struct judge_group_test *ret_test)
{
    for (size_t g = 0; g < groups; g++) {
        for (int positive = 0; positive < 2; positive++) {
            struct share in = share_of(label, group, n, plan, positive, (uint32_t)g, true),
                         out = share_of(label, group, n, plan, positive, (uint32_t)g, false);
            int64_t least = in.clusters < out.clusters ? in.clusters : out.clusters;
            struct judge_group_test *t = &ret_test[2 * g + (positive ? 0 : 1)];
            *t = (struct judge_group_test){ (uint32_t)g, positive, in.n, out.n, in.value, out.value, NAN, NAN };
            if (in.n < FEWEST || out.n < FEWEST || least < FEWEST)
                continue;
            double apart = fabs(in.value - out.value) / sqrt(in.variance + out.variance);
            t->p = 2 * stats_t_cdf(-apart, (double)least - 1);
        }
    }
}

double judge_groups_adjust(struct judge_group_test *test, size_t count)
{
    CLEANUP(cleanup_free) double *p = xcalloc(count + 1, sizeof(*p));
    double least = NAN;
    for (size_t i = 0; i < count; i++)
        p[i] = test[i].p;
    adjust_holm(p, count, p);
    for (size_t i = 0; i < count; i++) {
        test[i].adjusted = p[i];
        least = isnan(least) || p[i] < least ? p[i] : least;
    }
    return least;
}

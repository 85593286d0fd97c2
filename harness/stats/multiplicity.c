#include "stats/multiplicity.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <math.h>
#include <stdlib.h>

struct ordered {
    double p;
    size_t at;
};

static int compare_ordered(const void *left, const void *right)
{
    const struct ordered *a = left, *b = right;
    if (a->p < b->p || a->p > b->p)
        return a->p < b->p ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* The tested p-values, smallest first; the others become NaN in ret_adjusted. */
static struct ordered *sorted(const double *p, size_t n, double *ret_adjusted, size_t *ret_count)
{
    struct ordered *o = xcalloc(n ? n : 1, sizeof(*o));
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(p[i]))
            ret_adjusted[i] = NAN;
        else
            o[m++] = (struct ordered){ p[i], i };
    }
    qsort(o, m, sizeof(*o), compare_ordered);
    *ret_count = m;
    return o;
}

void adjust_holm(const double *p, size_t n, double *ret_adjusted)
{
    size_t m;
    CLEANUP(cleanup_free) struct ordered *o = sorted(p, n, ret_adjusted, &m);
    double before = 0.0;
    for (size_t i = 0; i < m; i++) {
        before = fmax(before, fmin(1.0, (double)(m - i) * o[i].p));
        ret_adjusted[o[i].at] = before;
    }
}

void adjust_benjamini_hochberg(const double *p, size_t n, double *ret_adjusted)
{
    size_t m;
    CLEANUP(cleanup_free) struct ordered *o = sorted(p, n, ret_adjusted, &m);
    double after = 1.0;
    for (size_t i = m; i > 0; i--) {
        after = fmin(after, (double)m / (double)i * o[i - 1].p);
        ret_adjusted[o[i - 1].at] = after;
    }
}

#include "stats/calibration.h"

#include <math.h>
#include <stdlib.h>

static double share(int64_t k, int64_t n)
{
    return n > 0 ? (double)k / (double)n : NAN;
}

/* The rate of agreement among the rows whose human verdict is `human`. */
static struct rate agreement_rate(const struct calibration_row *row, size_t n, bool human)
{
    double *y = calloc(n + 1, sizeof(*y));
    uint32_t *cluster = calloc(n + 1, sizeof(*cluster));
    size_t count = 0;
    if (!y || !cluster)
        abort();
    for (size_t i = 0; i < n; i++) {
        if (row[i].human != human)
            continue;
        y[count] = row[i].judge == human ? 1 : 0;
        cluster[count++] = row[i].cluster;
    }
    struct rate rate = rate_clustered(y, cluster, count);
    free(y);
    free(cluster);
    return rate;
}

struct calibration calibration_of(const struct calibration_row *row, size_t n)
{
    struct calibration c = { .n = (int64_t)n };
    for (size_t i = 0; i < n; i++) {
        c.tp += row[i].judge && row[i].human;
        c.fp += row[i].judge && !row[i].human;
        c.fn += !row[i].judge && row[i].human;
        c.tn += !row[i].judge && !row[i].human;
    }
    c.accuracy = share(c.tp + c.tn, c.n);
    c.precision = share(c.tp, c.tp + c.fp);
    c.recall = share(c.tp, c.tp + c.fn);
    c.f1 = 2 * c.tp + c.fp + c.fn > 0 ? 2 * (double)c.tp / (double)(2 * c.tp + c.fp + c.fn) : NAN;
    c.sensitivity = agreement_rate(row, n, true);
    c.specificity = agreement_rate(row, n, false);
    const int64_t matrix[4] = { c.tp, c.fp, c.fn, c.tn };
    c.agreement = agreement_of(matrix, 2);
    return c;
}

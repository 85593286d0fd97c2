#include "stats/calibration.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <math.h>

static double share(int64_t k, int64_t n)
{
    return n > 0 ? (double)k / (double)n : NAN;
}

static bool human_of(const struct calibration_row *row)
{
    return row->human;
}

static bool judge_of(const struct calibration_row *row)
{
    return row->judge;
}

/* How often `says` is true among the rows of which `given` is `value`; with `says` NULL how often both agree. */
static struct rate rate_given(const struct calibration_row *row, size_t n, bool (*given)(const struct calibration_row *), bool value,
                              bool (*says)(const struct calibration_row *))
{
    CLEANUP(cleanup_free) double *y = xcalloc(n + 1, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (given(&row[i]) != value)
            continue;
        y[count] = says ? says(&row[i]) : row[i].judge == row[i].human;
        cluster[count++] = row[i].cluster;
    }
    return rate_clustered(y, cluster, count);
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
    c.sensitivity = rate_given(row, n, human_of, true, NULL);
    c.specificity = rate_given(row, n, human_of, false, NULL);
    c.ppv = rate_given(row, n, judge_of, true, human_of);
    c.false_omission = rate_given(row, n, judge_of, false, human_of);
    const int64_t matrix[4] = { c.tp, c.fp, c.fn, c.tn };
    c.agreement = agreement_of(matrix, 2);
    return c;
}

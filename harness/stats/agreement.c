#include "stats/agreement.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct margins {
    double n, row[AGREEMENT_MAX_CATEGORIES], column[AGREEMENT_MAX_CATEGORIES]; /* shares */
};

static struct margins margins_of(const int64_t *count, size_t k)
{
    struct margins m = { 0 };
    for (size_t i = 0; i < k * k; i++)
        m.n += (double)count[i];
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            m.row[i] += (double)count[i * k + j] / m.n;
            m.column[j] += (double)count[i * k + j] / m.n;
        }
    }
    return m;
}

/* Fleiss, Cohen, Everitt: "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72, 1969. */
static double kappa_se(const int64_t *count, size_t k, const struct margins *m, double kappa, double pe)
{
    double a = 0, b = 0;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            double p = (double)count[i * k + j] / m->n;
            double spread = i == j ? 1 - (m->row[i] + m->column[i]) * (1 - kappa) : (m->column[i] + m->row[j]) * (1 - kappa);
            *(i == j ? &a : &b) += p * spread * spread;
        }
    }
    double c = kappa - pe * (1 - kappa);
    return sqrt(fmax(0, a + b - c * c) / m->n) / (1 - pe);
}

/* Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", 2008. */
static double ac1_of(const struct margins *m, size_t k, double po)
{
    double chance = 0;
    for (size_t i = 0; i < k; i++) {
        double q = (m->row[i] + m->column[i]) / 2;
        chance += q * (1 - q);
    }
    chance /= (double)(k - 1);
    return (po - chance) / (1 - chance);
}

static double linear_kappa(const int64_t *count, size_t k, const struct margins *m)
{
    double observed = 0, expected = 0;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            double apart = fabs((double)i - (double)j) / (double)(k - 1);
            observed += apart * (double)count[i * k + j] / m->n;
            expected += apart * m->row[i] * m->column[j];
        }
    }
    return expected > 0 ? 1 - observed / expected : NAN;
}

struct agreement agreement_of(const int64_t *count, size_t k)
{
    assert(k >= 2 && k <= AGREEMENT_MAX_CATEGORIES);
    struct margins m = margins_of(count, k);
    struct agreement r = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    if (m.n <= 0)
        return r;
    r.observed = r.expected = 0;
    for (size_t i = 0; i < k; i++) {
        r.observed += (double)count[i * k + i] / m.n;
        r.expected += m.row[i] * m.column[i];
    }
    r.ac1 = ac1_of(&m, k, r.observed);
    r.pabak = ((double)k * r.observed - 1) / (double)(k - 1);
    r.kappa_linear = linear_kappa(count, k, &m);
    if (r.expected >= 1)
        return r;
    r.kappa = (r.observed - r.expected) / (1 - r.expected);
    r.se = kappa_se(count, k, &m, r.kappa, r.expected);
    r.se_simple = sqrt(r.observed * (1 - r.observed) / m.n) / (1 - r.expected);
    return r;
}

/* ---- Krippendorff ---- */

/* Coincidences: every pair of ratings within a unit, weighted by 1 / (ratings of the unit - 1). */
static double coincide(const int *rating, size_t raters, size_t units, size_t k, double *o)
{
    double total = 0;
    for (size_t u = 0; u < units; u++) {
        size_t there = 0;
        for (size_t r = 0; r < raters; r++)
            there += rating[r * units + u] >= 0;
        if (there < 2)
            continue;
        for (size_t a = 0; a < raters; a++) {
            for (size_t b = 0; b < raters; b++) {
                int x = rating[a * units + u], y = rating[b * units + u];
                if (a != b && x >= 0 && y >= 0)
                    o[(size_t)x * k + (size_t)y] += 1.0 / (double)(there - 1);
            }
        }
        total += (double)there;
    }
    return total;
}

/* The squared difference of two values, as the level of measurement has it. */
static double apart(size_t c, size_t d, const double *n, enum alpha_level level)
{
    if (c == d)
        return 0;
    if (level == ALPHA_NOMINAL)
        return 1;
    if (level == ALPHA_INTERVAL)
        return ((double)c - (double)d) * ((double)c - (double)d);
    size_t low = c < d ? c : d, high = c < d ? d : c;
    double between = -(n[low] + n[high]) / 2;
    for (size_t g = low; g <= high; g++)
        between += n[g];
    return between * between;
}

double agreement_alpha(const int *rating, size_t raters, size_t units, enum alpha_level level)
{
    int most = 0;
    for (size_t i = 0; i < raters * units; i++)
        most = rating[i] > most ? rating[i] : most;
    size_t k = (size_t)most + 1;
    double *o = calloc(k * k, sizeof(*o)), *n = calloc(k, sizeof(*n)), result = NAN;
    if (!o || !n)
        abort();
    double total = coincide(rating, raters, units, k, o);
    for (size_t c = 0; c < k; c++) {
        for (size_t d = 0; d < k; d++)
            n[c] += o[c * k + d];
    }
    double observed = 0, expected = 0;
    for (size_t c = 0; c < k; c++) {
        for (size_t d = 0; d < k; d++) {
            double delta = apart(c, d, n, level);
            observed += o[c * k + d] * delta;
            expected += n[c] * n[d] * delta;
        }
    }
    if (total > 0)
        result = expected > 0 ? 1 - (total - 1) * observed / expected : 1;
    free(o);
    free(n);
    return result;
}

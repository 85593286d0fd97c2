#include "stats/correction_difference.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"
#include "stats/correction_estimate.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

static const double ALIKE_ALPHA = 0.05;

/* ---- What the scorer does to a difference ---- */

static const char *scale_words(const char *reason)
{
    if (strcmp(reason, "labels_too_few") == 0)
        return "fewer than 20 answers of each kind are labelled under this scorer";
    return strcmp(reason, "youden_low") == 0 ? "by its labels the scorer is near chance (Youden's J is .2 or less)"
                                             : "by its labels the scorer may be no better than chance";
}

/* Of a share of m labels, one more of each kind added (Agresti and Coull), as in the interval of Lang and Reiczigel. */
static double smoothed_variance(int64_t k, int64_t m)
{
    double size = (double)m + 2, q = ((double)k + 1) / size;
    return q * (1 - q) / size;
}

struct judge_scale judge_scale_of(const struct judge_elsewhere *shared)
{
    struct judge_scale s = { .youden = 1, .low = NAN, .high = NAN };
    if (!shared) {
        s.refused = "the two sides have different scorers";
        return s;
    }
    if (shared->labels == 0)
        return s;
    s.labels = shared->labels;
    const struct judge_counts *c = &shared->counts;
    struct judge_usable usable = judge_rg_usable(c);
    if (!usable.usable) {
        s.refused = scale_words(usable.reason);
        return s;
    }
    if (shared->least_p < ALIKE_ALPHA) {
        s.refused = "the scorer errs differently on different models or attacks";
        return s;
    }
    s.known = true;
    s.specificity = (double)c->k0 / (double)c->m0;
    s.youden = (double)c->k1 / (double)c->m1 + s.specificity - 1;
    s.low = usable.low;
    s.high = usable.high;
    s.sensitivity_variance = smoothed_variance(c->k1, c->m1);
    s.specificity_variance = smoothed_variance(c->k0, c->m0);
    return s;
}

/* ---- Labels of both runs ---- */

static struct corrected interval_of(double theta, double variance, double half_of_none, size_t clusters)
{
    struct corrected c = { theta, sqrt(variance), NAN, NAN };
    double half = c.se > 1e-12 ? stats_t_quantile(.975, (double)clusters - 1) * c.se : half_of_none;
    if (clusters < 2 || isnan(half))
        return c;
    c.low = fmax(theta - half, -1);
    c.high = fmin(theta + half, 1);
    return c;
}

static size_t intents_of(const struct judged_answer *judged, size_t n)
{
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(n + 1, sizeof(*rank));
    for (size_t i = 0; i < n; i++)
        cluster[i] = judged[i].cluster;
    return clusters_rank(cluster, n, rank);
}

static struct corrected joint_difference(const struct correction_estimate *base, const struct correction_estimate *cand, size_t intents)
{
    size_t n = base->n + cand->n;
    CLEANUP(cleanup_free) double *z = xcalloc(n + 1, sizeof(*z));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    for (size_t i = 0; i < cand->n; i++) {
        z[i] = cand->z[i];
        cluster[i] = cand->cluster[i];
    }
    for (size_t i = 0; i < base->n; i++) {
        z[cand->n + i] = -base->z[i];
        cluster[cand->n + i] = base->cluster[i];
    }
    double variance = correction_variance(z, cluster, n) + base->lone + cand->lone;
    return interval_of(cand->theta - base->theta, variance, NAN, intents);
}

/* ---- The scorer's difference / J ---- */

/* An answer that a rule settled is not complied whatever the scorer's specificity: with d the scorer's difference and b that of blocked
   answers the true one is (d + (1 - Sp) b) / J. Its variance is that of the rows, by intent, and those of Se and Sp (delta method). */
static struct corrected scaled_difference(const struct difference_side *base, const struct difference_side *cand, size_t n,
                                          const struct judge_scale *s, size_t intents)
{
    CLEANUP(cleanup_free) double *z = xcalloc(n + 1, sizeof(*z));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    double mean = 0, blocked = 0, all = (double)n, omitted = 1 - s->specificity;
    bool same = true;
    for (size_t i = 0; i < n; i++) {
        double b = cand->judged[i].by_rule - base->judged[i].by_rule;
        z[i] = cand->judged[i].complied - base->judged[i].complied + omitted * b;
        same = same && z[i] == 0;
        cluster[i] = base->judged[i].cluster;
        mean += z[i] / all;
        blocked += b / all;
    }
    for (size_t i = 0; i < n; i++)
        z[i] = (z[i] - mean) / all;
    double theta = judge_true_delta(mean, s->youden), rows = correction_variance(z, cluster, n);
    double variance = rows + theta * theta * s->sensitivity_variance + (theta + blocked) * (theta + blocked) * s->specificity_variance;
    double none = same && intents > 0 ? stats_zero_upper((int64_t)intents, .05) / s->youden : NAN;
    return interval_of(theta, variance / (s->youden * s->youden), none, intents);
}

/* ---- The choice ---- */

struct difference_correction difference_correction_of(const struct difference_side *base, const struct difference_side *cand, size_t n,
                                                      const struct judge_scale *scale)
{
    struct difference_correction c = { .theta_base = NAN, .theta_cand = NAN, .value = { NAN, NAN, NAN, NAN } };
    if (n == 0)
        return c;
    CLEANUP(correction_estimate_release) struct correction_estimate of_base = { 0 }, of_cand = { 0 };
    const char *no_base = NULL, *no_cand = NULL;
    if (base->labels > 0)
        no_base = correction_estimate_of(base->judged, n, base->label, base->labels, &of_base);
    if (cand->labels > 0)
        no_cand = correction_estimate_of(cand->judged, n, cand->label, cand->labels, &of_cand);
    size_t intents = intents_of(base->judged, n);
    if (of_base.method != CORRECTION_NONE && of_cand.method != CORRECTION_NONE) {
        c.base = of_base.method;
        c.cand = of_cand.method;
        c.labels = of_base.labels + of_cand.labels;
        c.theta_base = of_base.theta;
        c.theta_cand = of_cand.theta;
        c.value = joint_difference(&of_base, &of_cand, intents);
    } else if (scale->known) {
        c.base = c.cand = CORRECTION_ROGAN_GLADEN;
        c.labels = scale->labels;
        c.value = scaled_difference(base, cand, n, scale, intents);
    } else {
        bool any = base->labels > 0 || cand->labels > 0 || scale->labels > 0;
        c.refused = !any ? NULL : scale->refused ? scale->refused : no_base ? no_base : no_cand;
    }
    return c;
}

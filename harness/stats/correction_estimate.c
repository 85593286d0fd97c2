#include "stats/correction_estimate.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"
#include "stats/interval.h"
#include "stats/label_subset.h"
#include "stats/weighted.h"

#include <math.h>
#include <stdlib.h>

double correction_variance(const double *z, const uint32_t *cluster, size_t n)
{
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(n + 1, sizeof(*rank));
    size_t clusters = clusters_rank(cluster, n, rank);
    CLEANUP(cleanup_free) double *sum = xcalloc(clusters + 1, sizeof(*sum));
    for (size_t i = 0; i < n; i++)
        sum[rank[i]] += z[i];
    return stats_cluster_variance(sum, clusters);
}

struct corrected correction_interval(const struct correction_estimate *e)
{
    double variance = correction_variance(e->z, e->cluster, e->n);
    return judge_corrected(e->theta, sqrt((isnan(variance) ? 0 : variance) + e->lone));
}

void correction_estimate_release(struct correction_estimate *e)
{
    free(e->z);
    free(e->cluster);
    *e = (struct correction_estimate){ 0 };
}

/* What is scored, counted: answers, and those that the judge called complied or not. */
struct totals {
    double all, complied, not_complied; /* not_complied leaves out what a rule settled */
};

static struct totals totals_of(const struct judged_answer *judged, size_t n)
{
    struct totals t = { .all = (double)n };
    for (size_t i = 0; i < n; i++) {
        t.complied += judged[i].complied;
        t.not_complied += 1 - judged[i].complied - judged[i].by_rule;
    }
    return t;
}

/* The first phase: every answer at what its verdict is worth, `if_complied` or `if_not`; and room for `labels` rows of the second. */
static struct correction_estimate first_phase(const struct judged_answer *judged, size_t n, double if_complied, double if_not,
                                              size_t labels)
{
    struct correction_estimate e = { .z = xcalloc(n + labels + 1, sizeof(double)),
                                     .cluster = xcalloc(n + labels + 1, sizeof(uint32_t)),
                                     .n = n };
    struct totals t = totals_of(judged, n);
    e.theta = (t.complied * if_complied + t.not_complied * if_not) / t.all;
    for (size_t i = 0; i < n; i++) {
        double worth = judged[i].complied * if_complied + (1 - judged[i].complied - judged[i].by_rule) * if_not;
        e.z[i] = (worth - e.theta) / t.all;
        e.cluster[i] = judged[i].cluster;
    }
    return e;
}

/* The second phase: how far each label's value is off their mean, times the share of the answers that they stand for. */
static void add_labels(struct correction_estimate *e, const struct label_subset *s, const double *value, double mean, double share)
{
    for (size_t i = 0; i < s->n; i++) {
        e->z[e->n] = share * s->weight[i] * (value[i] - mean) / s->total;
        e->cluster[e->n++] = s->cluster[i];
    }
}

/* ---- Two-phase ---- */

/* A share of 0 or 1 among labels has no variance of its own, and labels that share intents know less than their number says: what the
   clustered variance falls short of the binomial one. */
static double short_of_binomial(const struct label_subset *s)
{
    if (s->n == 0)
        return 0;
    struct rate rate = rate_weighted(s->y, s->weight, s->cluster, NULL, s->n, NULL);
    double clustered = isnan(rate.se) ? 0 : rate.se * rate.se;
    return fmax(judge_share_variance(rate.value, s->effective) - clustered, 0);
}

static const char *two_phase(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                             struct correction_estimate *ret)
{
    struct totals t = totals_of(judged, n);
    CLEANUP(label_subset_release) struct label_subset pos = label_subset_of(label, labels, LABEL_STRATIFIED, LABEL_SIDE_POSITIVE, false);
    CLEANUP(label_subset_release) struct label_subset neg = label_subset_of(label, labels, LABEL_STRATIFIED, LABEL_SIDE_NEGATIVE, false);
    if ((t.complied > 0 && pos.n == 0) || (t.not_complied > 0 && neg.n == 0))
        return "one side of the judge's verdicts has no label";
    double ppv = pos.n > 0 ? label_subset_mean(pos.y, &pos) : 0, omitted = neg.n > 0 ? label_subset_mean(neg.y, &neg) : 0;
    double p = t.complied / t.all, q = t.not_complied / t.all;
    struct correction_estimate e = first_phase(judged, n, ppv, omitted, pos.n + neg.n);
    add_labels(&e, &pos, pos.y, ppv, p);
    add_labels(&e, &neg, neg.y, omitted, q);
    e.lone = p * p * short_of_binomial(&pos) + q * q * short_of_binomial(&neg);
    e.method = CORRECTION_TWO_PHASE;
    *ret = e;
    return NULL;
}

/* ---- PPI++ ---- */

/* The regression of people's verdict on the judge's: the weight with the least variance, within the bounds of PPI++. */
static double tuned_weight(const struct label_subset *s, double answers)
{
    double my = label_subset_mean(s->y, s), mf = label_subset_mean(s->f, s), cov = 0, var = 0;
    for (size_t i = 0; i < s->n; i++) {
        cov += s->weight[i] * (s->y[i] - my) * (s->f[i] - mf);
        var += s->weight[i] * (s->f[i] - mf) * (s->f[i] - mf);
    }
    double rest = answers - (double)s->n;
    if (!(var > 0) || rest < 1)
        return 0; /* every answer is labelled, or the judge says always the same: the labels alone */
    return fmin(fmax(cov / var, 0), answers / rest);
}

static void ppi(const struct judged_answer *judged, size_t n, const struct label_subset *s, struct correction_estimate *ret)
{
    CLEANUP(cleanup_free) double *rest = xcalloc(s->n + 1, sizeof(*rest));
    struct totals t = totals_of(judged, n);
    double answers = t.complied + t.not_complied, weight = tuned_weight(s, answers), spread = 0;
    for (size_t i = 0; i < s->n; i++)
        rest[i] = s->y[i] - weight * s->f[i];
    double mean = label_subset_mean(rest, s);
    struct correction_estimate e = first_phase(judged, n, mean + weight, mean, s->n);
    add_labels(&e, s, rest, mean, answers / t.all);
    for (size_t i = 0; i < s->n; i++)
        spread += (rest[i] - mean) * (rest[i] - mean);
    if (spread < 1e-12 && answers > (double)s->n)
        e.lone = answers / t.all * answers / t.all * judge_share_variance(0, s->effective);
    e.method = CORRECTION_PPI;
    *ret = e;
}

const char *correction_estimate_of(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                                   struct correction_estimate *ret_estimate)
{
    enum label_plan plan = correction_plan(label, labels);
    CLEANUP(label_subset_release) struct label_subset s = label_subset_of(label, labels, plan, LABEL_SIDE_BOTH, false);
    struct correction_estimate e = { .method = CORRECTION_NONE };
    const char *refused = NULL;
    if (s.n < CORRECTION_FEWEST_LABELS)
        refused = "fewer than 20 answers of a sample of this run are labelled";
    else if (plan == LABEL_STRATIFIED)
        refused = two_phase(judged, n, label, labels, &e);
    else
        ppi(judged, n, &s, &e);
    e.plan = plan;
    e.labels = (int64_t)s.n;
    *ret_estimate = e;
    return refused;
}

#include "stats/correction.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"
#include "stats/interval.h"
#include "stats/weighted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_LABELS = 20 };

const char *correction_method_name(enum correction_method method)
{
    static const char *const name[] = { NULL, "two-phase", "ppi++", "rogan-gladen" };
    return name[method];
}

/* ---- Which labels ---- */

static int64_t drawn_by(const struct labelled_answer *label, size_t n, enum label_plan plan)
{
    int64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += label[i].weight[plan] > 0;
    return count;
}

enum label_plan correction_plan(const struct labelled_answer *label, size_t n)
{
    static const enum label_plan in_order[] = { LABEL_STRATIFIED, LABEL_RANDOM, LABEL_UNKNOWN };
    enum label_plan best = LABEL_STRATIFIED;
    for (size_t i = 0; i < ARRAY_LEN(in_order); i++) {
        if (drawn_by(label, n, in_order[i]) >= FEWEST_LABELS)
            return in_order[i];
        if (drawn_by(label, n, in_order[i]) > drawn_by(label, n, best))
            best = in_order[i];
    }
    return best;
}

/* The labels of one plan as arrays. */
struct subset {
    size_t n;
    double *y, *f, *weight;
    uint32_t *cluster;
    double total, effective; /* sum of the weights; their sum squared by the sum of their squares (Kish 1965) */
};

static void subset_release(struct subset *s)
{
    free(s->y);
    free(s->f);
    free(s->weight);
    free(s->cluster);
}

enum side { ONLY_NEGATIVE, ONLY_POSITIVE, BOTH_SIDES };

/* `by_human`: the side is that of the people's verdict, else that of the judge's. */
static struct subset subset_of(const struct labelled_answer *label, size_t n, enum label_plan plan, enum side side, bool by_human)
{
    struct subset s = { .y = xcalloc(n + 1, sizeof(double)),
                        .f = xcalloc(n + 1, sizeof(double)),
                        .weight = xcalloc(n + 1, sizeof(double)),
                        .cluster = xcalloc(n + 1, sizeof(uint32_t)) };
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct labelled_answer *l = &label[i];
        double w = l->weight[plan];
        if (!(w > 0) || (side != BOTH_SIDES && (by_human ? l->human : l->judge) != (side == ONLY_POSITIVE)))
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

static double weighted_mean(const double *x, const struct subset *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->weight[i] * x[i];
    return sum / s->total;
}

/* ---- Both phases in their intents ---- */

/* The one variance routine over influence values of any number of rows per cluster. */
static double influence_variance(const double *z, const uint32_t *cluster, size_t n)
{
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(n + 1, sizeof(*rank));
    size_t clusters = clusters_rank(cluster, n, rank);
    CLEANUP(cleanup_free) double *sum = xcalloc(clusters + 1, sizeof(*sum));
    for (size_t i = 0; i < n; i++)
        sum[rank[i]] += z[i];
    return stats_cluster_variance(sum, clusters);
}

static double first_phase_variance(const struct judged_answer *judged, size_t n, double if_complied, double if_not)
{
    CLEANUP(cleanup_free) double *z = xcalloc(n + 1, sizeof(*z));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    double mean = 0;
    for (size_t i = 0; i < n; i++) {
        z[i] = judged[i].by_rule ? 0 : judged[i].complied ? if_complied : if_not;
        mean += z[i] / (double)n;
        cluster[i] = judged[i].cluster;
    }
    for (size_t i = 0; i < n; i++)
        z[i] = (z[i] - mean) / (double)n;
    return influence_variance(z, cluster, n);
}

/* What is scored, counted. */
struct totals {
    double all, complied, not_complied; /* not_complied leaves out what a rule settled */
};

static struct totals totals_of(const struct judged_answer *judged, size_t n)
{
    struct totals t = { .all = (double)n };
    for (size_t i = 0; i < n; i++) {
        t.complied += !judged[i].by_rule && judged[i].complied;
        t.not_complied += !judged[i].by_rule && !judged[i].complied;
    }
    return t;
}

/* ---- Two-phase ---- */

struct phase_side {
    double share, variance; /* of people's successes among the labelled answers of one verdict */
    bool known;
};

/* Labels that share intents know less than their number says: the larger of the binomial and the clustered variance. */
static struct phase_side phase_side_of(const struct labelled_answer *label, size_t n, enum side side)
{
    struct subset s = subset_of(label, n, LABEL_STRATIFIED, side, false);
    struct phase_side r = { .known = s.n > 0 };
    if (r.known) {
        struct rate rate = rate_weighted(s.y, s.weight, s.cluster, NULL, s.n, NULL);
        double clustered = isnan(rate.se) ? 0 : rate.se * rate.se;
        r.share = rate.value;
        r.variance = fmax(judge_share_variance(r.share, s.effective), clustered);
    }
    subset_release(&s);
    return r;
}

static const char *two_phase(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                             struct corrected *ret)
{
    struct totals t = totals_of(judged, n);
    struct phase_side pos = phase_side_of(label, labels, ONLY_POSITIVE), neg = phase_side_of(label, labels, ONLY_NEGATIVE);
    if ((t.complied > 0 && !pos.known) || (t.not_complied > 0 && !neg.known))
        return "one side of the judge's verdicts has no label";
    double p = t.complied / t.all, q = t.not_complied / t.all;
    double variance = p * p * pos.variance + q * q * neg.variance;
    double first = first_phase_variance(judged, n, pos.share, neg.share);
    *ret = judge_corrected(p * pos.share + q * neg.share, sqrt(variance + (isnan(first) ? 0 : first)));
    return NULL;
}

/* ---- PPI++ ---- */

/* The regression of people's verdict on the judge's: the weight with the least variance, within the bounds of PPI++. */
static double tuned_weight(const struct subset *s, double answers)
{
    double my = weighted_mean(s->y, s), mf = weighted_mean(s->f, s), cov = 0, var = 0;
    for (size_t i = 0; i < s->n; i++) {
        cov += s->weight[i] * (s->y[i] - my) * (s->f[i] - mf);
        var += s->weight[i] * (s->f[i] - mf) * (s->f[i] - mf);
    }
    double rest = answers - (double)s->n;
    if (!(var > 0) || rest < 1)
        return 0; /* every answer is labelled, or the judge says always the same: the labels alone */
    return fmin(fmax(cov / var, 0), answers / rest);
}

static struct corrected ppi(const struct judged_answer *judged, size_t n, const struct subset *s)
{
    struct totals t = totals_of(judged, n);
    double answers = t.complied + t.not_complied, weight = tuned_weight(s, answers), spread = 0;
    CLEANUP(cleanup_free) double *rest = xcalloc(s->n, sizeof(*rest));
    for (size_t i = 0; i < s->n; i++)
        rest[i] = s->y[i] - weight * s->f[i];
    double mean_rest = weighted_mean(rest, s);
    double theta = (t.complied * (weight + mean_rest) + t.not_complied * mean_rest) / t.all;

    CLEANUP(cleanup_free) double *z = xcalloc(n + s->n, sizeof(*z));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + s->n, sizeof(*cluster));
    for (size_t i = 0; i < n; i++) {
        double g = judged[i].by_rule ? 0 : mean_rest + (judged[i].complied ? weight : 0);
        z[i] = (g - theta) / t.all;
        cluster[i] = judged[i].cluster;
    }
    for (size_t i = 0; i < s->n; i++) {
        double off = rest[i] - mean_rest;
        z[n + i] = answers / t.all * s->weight[i] * off / s->total;
        cluster[n + i] = s->cluster[i];
        spread += off * off;
    }
    double variance = influence_variance(z, cluster, n + s->n);
    if (spread < 1e-12 && answers > (double)s->n) /* labels that never differ do not prove that none would */
        variance += answers / t.all * answers / t.all * judge_share_variance(0, s->effective);
    return judge_corrected(theta, sqrt(variance));
}

/* ---- Labels of other runs ---- */

static struct rate agreement_with(const struct labelled_answer *label, size_t n, enum label_plan plan, enum side side)
{
    struct subset s = subset_of(label, n, plan, side, true);
    for (size_t i = 0; i < s.n; i++)
        s.y[i] = s.y[i] > 0 ? s.f[i] : 1 - s.f[i];
    struct rate rate = rate_weighted(s.y, s.weight, s.cluster, NULL, s.n, NULL);
    subset_release(&s);
    return rate;
}

struct judge_rates judge_rates_of(const struct labelled_answer *label, size_t n, enum label_plan plan)
{
    return (struct judge_rates){ agreement_with(label, n, plan, ONLY_POSITIVE), agreement_with(label, n, plan, ONLY_NEGATIVE) };
}

struct judge_elsewhere judge_elsewhere_of(const struct labelled_answer *label, size_t n)
{
    enum label_plan plan = correction_plan(label, n);
    struct subset pos = subset_of(label, n, plan, ONLY_POSITIVE, true), neg = subset_of(label, n, plan, ONLY_NEGATIVE, true);
    struct judge_elsewhere r = { .labels = (int64_t)(pos.n + neg.n), .least_p = NAN };
    if (pos.n > 0) {
        r.counts.m1 = (int64_t)floor(pos.effective + 1e-9);
        r.counts.k1 = llround((double)r.counts.m1 * weighted_mean(pos.f, &pos));
    }
    if (neg.n > 0) {
        r.counts.m0 = (int64_t)floor(neg.effective + 1e-9);
        r.counts.k0 = llround((double)r.counts.m0 * (1 - weighted_mean(neg.f, &neg)));
    }
    subset_release(&pos);
    subset_release(&neg);
    return r;
}

static const char *usable_words(const char *reason)
{
    static const struct {
        const char *reason, *words;
    } known[] = {
        { "labels_too_few", "other runs have fewer than 20 labelled answers of each kind under this judge" },
        { "youden_low", "by the labels of other runs the judge is near chance (Youden's J is .2 or less)" },
        { "youden_ci_touches_0", "by the labels of other runs the judge may be no better than chance" },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].reason, reason) == 0)
            return known[i].words;
    }
    return NULL;
}

/* The judge's rate among the answers that it judged, on which its sensitivity and specificity bear. */
static struct rate answered_rate(const struct judged_answer *judged, size_t n)
{
    CLEANUP(cleanup_free) double *y = xcalloc(n + 1, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(n + 1, sizeof(*cluster));
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (judged[i].by_rule)
            continue;
        y[count] = judged[i].complied;
        cluster[count++] = judged[i].cluster;
    }
    return rate_clustered(y, cluster, count);
}

static const char *rogan_gladen(const struct judged_answer *judged, size_t n, const struct judge_elsewhere *elsewhere, struct correction *c)
{
    struct judge_usable usable = judge_rg_usable(&elsewhere->counts);
    struct rate rate = answered_rate(judged, n);
    if (!usable.usable)
        return usable_words(usable.reason);
    if (elsewhere->least_p < .05)
        return "the judge errs differently on different models or attacks: it takes labels of this run";
    if (rate.n == 0)
        return "no answer was judged";
    /* p of 0 or 1 has no design effect: an intent is then one observation */
    double size = isnan(rate.n_eff) ? (double)rate.clusters : rate.n_eff, share = (double)rate.n / (double)n;
    struct rogan_gladen r = judge_rogan_gladen(rate.value, size, &elsewhere->counts);
    c->value = (struct corrected){ share * r.theta_shown, share * r.se, share * r.low, share * r.high };
    c->below_floor = r.below_floor;
    return NULL;
}

/* ---- The choice ---- */

static const char *by_own_labels(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                                 struct correction *c)
{
    c->plan = correction_plan(label, labels);
    c->labels = drawn_by(label, labels, c->plan);
    if (c->labels < FEWEST_LABELS)
        return "fewer than 20 answers of a sample of this run are labelled";
    if (c->plan == LABEL_STRATIFIED) {
        const char *refused = two_phase(judged, n, label, labels, &c->value);
        c->method = refused ? CORRECTION_NONE : CORRECTION_TWO_PHASE;
        return refused;
    }
    struct subset s = subset_of(label, labels, c->plan, BOTH_SIDES, false);
    c->value = ppi(judged, n, &s);
    c->method = CORRECTION_PPI;
    subset_release(&s);
    return NULL;
}

struct correction correction_of(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                                const struct judge_elsewhere *elsewhere)
{
    struct correction c = { .value = { NAN, NAN, NAN, NAN } };
    if (n == 0)
        return c;
    if (labels > 0)
        c.refused = by_own_labels(judged, n, label, labels, &c);
    if (c.method == CORRECTION_NONE && elsewhere && elsewhere->labels > 0) {
        const char *refused = rogan_gladen(judged, n, elsewhere, &c);
        if (!refused) {
            c.method = CORRECTION_ROGAN_GLADEN;
            c.labels = elsewhere->labels;
            c.refused = NULL;
        } else if (!c.refused) {
            c.refused = refused;
        }
    }
    if (c.method == CORRECTION_NONE)
        c.labels = 0;
    c.left_out = (int64_t)labels - (c.method == CORRECTION_ROGAN_GLADEN ? 0 : c.labels);
    return c;
}

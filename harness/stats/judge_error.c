#include "stats/judge_error.h"

#include "stats/special.h"

#include <math.h>

enum { FEWEST_LABELS = 20 };
static const double LEAST_YOUDEN = 0.2;

static double z95(void)
{
    return stats_normal_quantile(0.975);
}

static double clip(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

struct corrected judge_corrected(double theta, double se)
{
    double half = z95() * se;
    return (struct corrected){ theta, se, clip(theta - half), clip(theta + half) };
}

double judge_share_variance(double share, double m)
{
    double q = share <= 0 || share >= 1 ? (share * m + 1) / (m + 2) : share;
    return q * (1 - q) / m;
}

struct corrected judge_two_phase(double p, double var_p, int64_t m_pos, int64_t k_pos, int64_t m_neg, int64_t k_neg, double *terms)
{
    if (m_pos <= 0 || m_neg <= 0)
        return (struct corrected){ NAN, NAN, NAN, NAN };
    double ppv = (double)k_pos / (double)m_pos, omitted = (double)k_neg / (double)m_neg;
    double part[3] = { p * p * judge_share_variance(ppv, (double)m_pos), (1 - p) * (1 - p) * judge_share_variance(omitted, (double)m_neg),
                       (ppv - omitted) * (ppv - omitted) * var_p };
    for (int i = 0; terms && i < 3; i++)
        terms[i] = part[i];
    return judge_corrected(p * ppv + (1 - p) * omitted, sqrt(part[0] + part[1] + part[2]));
}

/* ---- Prediction-powered inference ---- */

/* Sample variance of Y - weight * f over the labelled answers, divisor n - 1. */
static double residual_variance(const struct ppi_counts *c, double weight)
{
    const double count[4] = { (double)c->y1f1, (double)c->y1f0, (double)c->y0f1, (double)c->y0f0 };
    const double value[4] = { 1 - weight, 1, -weight, 0 };
    double n = count[0] + count[1] + count[2] + count[3], mean = 0, sum = 0;
    for (int i = 0; i < 4; i++)
        mean += count[i] * value[i] / n;
    for (int i = 0; i < 4; i++)
        sum += count[i] * (value[i] - mean) * (value[i] - mean);
    return sum / (n - 1);
}

static struct corrected ppi_at(const struct ppi_counts *c, double weight)
{
    double n = (double)(c->y1f1 + c->y1f0 + c->y0f1 + c->y0f0), big = (double)c->n_unlabelled;
    double y = (double)(c->y1f1 + c->y1f0) / n, f = (double)(c->y1f1 + c->y0f1) / n, fu = c->mean_unlabelled;
    double var_u = big > 1 ? fu * (1 - fu) * big / (big - 1) : 0;
    double var = residual_variance(c, weight) / n + (weight > 0 ? weight * weight * var_u / big : 0);
    return judge_corrected(y + weight * (fu - f), sqrt(var));
}

struct ppi judge_ppi(const struct ppi_counts *c)
{
    double n = (double)(c->y1f1 + c->y1f0 + c->y0f1 + c->y0f0), big = (double)c->n_unlabelled;
    struct corrected none = { NAN, NAN, NAN, NAN };
    if (n < 2 || big < 1)
        return (struct ppi){ none, none, none, NAN, NAN, NAN };
    double y = (double)(c->y1f1 + c->y1f0) / n, f = (double)(c->y1f1 + c->y0f1) / n;
    struct ppi r = { .cov = ((double)c->y1f1 - n * y * f) / (n - 1), .var_f = n * f * (1 - f) / (n - 1) };
    r.weight = r.var_f > 0 ? clip(r.cov / ((1 + n / big) * r.var_f)) : 0;
    r.best = ppi_at(c, r.weight);
    r.classical = ppi_at(c, 0);
    r.plain = ppi_at(c, 1);
    return r;
}

/* ---- Rogan and Gladen ---- */

struct rogan_gladen judge_rogan_gladen(double p, double n_eff, const struct judge_counts *c)
{
    double z = z95(), m1 = (double)c->m1, m0 = (double)c->m0;
    double se1 = (double)c->k1 / m1, sp1 = (double)c->k0 / m0, youden = se1 + sp1 - 1;
    struct rogan_gladen r = { .theta = (p + sp1 - 1) / youden };
    r.theta_shown = clip(r.theta);
    r.below_floor = p < 1 - sp1;
    r.se_delta =
        sqrt(p * (1 - p) / n_eff + r.theta * r.theta * se1 * (1 - se1) / m1 + (1 - r.theta) * (1 - r.theta) * sp1 * (1 - sp1) / m0) /
        youden;

    double n = n_eff + z * z, pt = (n_eff * p + z * z / 2) / n;
    double se = ((double)c->k1 + 1) / (m1 + 2), sp = ((double)c->k0 + 1) / (m0 + 2), j = se + sp - 1;
    double vse = se * (1 - se) / (m1 + 2), vsp = sp * (1 - sp) / (m0 + 2), theta = (pt + sp - 1) / j;
    r.theta_tilde = theta;
    r.shift = 2 * z * z * (theta * vse - (1 - theta) * vsp);
    r.se = sqrt(pt * (1 - pt) / n + theta * theta * vse + (1 - theta) * (1 - theta) * vsp) / j;
    r.low = clip(theta + r.shift - z * r.se);
    r.high = clip(theta + r.shift + z * r.se);
    return r;
}

struct judge_usable judge_rg_usable(const struct judge_counts *c)
{
    double m1 = (double)c->m1 + 2, m0 = (double)c->m0 + 2;
    double se = ((double)c->k1 + 1) / m1, sp = ((double)c->k0 + 1) / m0;
    double half = z95() * sqrt(se * (1 - se) / m1 + sp * (1 - sp) / m0);
    struct judge_usable r = { .youden = se + sp - 1, .reason = "" };
    r.low = r.youden - half;
    r.high = r.youden + half;
    if (c->m1 < FEWEST_LABELS || c->m0 < FEWEST_LABELS)
        r.reason = "labels_too_few";
    else if (r.youden <= LEAST_YOUDEN)
        r.reason = "youden_low";
    else if (r.low <= 0)
        r.reason = "youden_ci_touches_0";
    r.usable = r.reason[0] == '\0';
    return r;
}

struct label_split judge_label_split(double p, double sensitivity, double specificity, int64_t m)
{
    struct label_split r = { .ratio = (1 - specificity) / (1 - sensitivity) };
    r.m1 = llround((double)m / (1 + (1 / p - 1) * sqrt(r.ratio)));
    r.m0 = m - r.m1;
    return r;
}

double judge_true_delta(double delta, double youden)
{
    return delta / youden;
}

double judge_scale_margin(double margin, double youden)
{
    return margin * youden;
}

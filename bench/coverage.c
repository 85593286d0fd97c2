/*
 * How often do the intervals of harness/stats hold the truth, and how often do its tests raise a false alarm?
 *
 *   make bench-coverage [REPEATS=4000]       prints tables; docs/statistics.md shows them
 *
 * Rows of an intent resemble each other: they are drawn from Polya's urn, which gives beta-binomial counts with the
 * intra-intent correlation rho. An intent has 1 to 11 rows, 6 on average. The seed is fixed: the same numbers every time.
 */
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/rng.h"
#include "stats/correction_difference.h"
#include "stats/intents.h"
#include "stats/judge_error.h"
#include "stats/paired.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INTENTS = 783, MAX_ROWS_PER_INTENT = 11, MAX_DRAWN = MAX_INTENTS * MAX_ROWS_PER_INTENT };

struct drawn {
    double y[MAX_DRAWN], other[MAX_DRAWN];
    uint32_t cluster[MAX_DRAWN];
    size_t n;
};

/* One intent's urn: `p` on average, rows correlated by rho. */
struct urn {
    double good, all;
};

static struct urn urn_of(double p, double rho)
{
    double all = (1.0 - rho) / rho;
    return (struct urn){ p * all, all };
}

static bool urn_draw(struct urn *u, struct rng *r)
{
    bool hit = rng_unit(r) * u->all < u->good;
    u->good += hit;
    u->all += 1.0;
    return hit;
}

static void draw_rates(struct drawn *d, uint32_t intents, double p, double rho, struct rng *r)
{
    d->n = 0;
    for (uint32_t g = 0; g < intents; g++) {
        struct urn u = urn_of(p, rho);
        for (uint64_t rows = 1 + rng_below(r, MAX_ROWS_PER_INTENT); rows > 0; rows--) {
            d->y[d->n] = urn_draw(&u, r);
            d->cluster[d->n++] = g;
        }
    }
}

/* Two models that are alike: a share psi of the rows differs, and which way is a coin that an intent's rows share. */
static void draw_pairs(struct drawn *d, uint32_t intents, double psi, double rho, struct rng *r)
{
    d->n = 0;
    for (uint32_t g = 0; g < intents; g++) {
        struct urn differs = urn_of(psi, rho), worse = urn_of(0.5, rho);
        for (uint64_t rows = 1 + rng_below(r, MAX_ROWS_PER_INTENT); rows > 0; rows--) {
            bool discordant = urn_draw(&differs, r), up = discordant && urn_draw(&worse, r);
            d->y[d->n] = discordant && !up;
            d->other[d->n] = up;
            d->cluster[d->n++] = g;
        }
    }
}

static bool holds(double low, double high, double truth)
{
    return low <= truth && truth <= high;
}

static void rates(struct drawn *d, long repeats)
{
    static const uint32_t intents[] = { 5, 10, 20, 60, 142, 783 };
    static const double rate[] = { 0.01, 0.03, 0.2, 0.5 };
    (void)printf("\nCoverage of the 95 %% interval of a rate, rho = .4\n\n"
                 "| intents | rate | Wilson, rows as independent | effective (ours) | half-width |\n"
                 "|---|---|---|---|---|\n");
    long equal = 0;
    for (size_t g = 0; g < ARRAY_LEN(intents); g++) {
        for (size_t p = 0; p < ARRAY_LEN(rate); p++) {
            struct rng r;
            rng_init(&r, 1000 * g + p);
            long naive = 0, ours = 0;
            double width = 0.0;
            for (long i = 0; i < repeats; i++) {
                draw_rates(d, intents[g], rate[p], 0.4, &r);
                struct rate x = rate_clustered(d->y, d->cluster, d->n);
                double low, high;
                stats_wilson(x.value, (double)x.n, &low, &high);
                naive += holds(low, high, rate[p]);
                ours += holds(x.low, x.high, rate[p]);
                width += 0.5 * (x.high - x.low) / (double)repeats;
                equal += x.equal_clusters;
            }
            (void)printf("| %u | %.2f | %.3f | %.3f | %.3f |\n", intents[g], rate[p], (double)naive / (double)repeats,
                         (double)ours / (double)repeats, width);
        }
    }
    (void)printf("\nEvery intent with the same share, so that rows count as independent: %ld times\n", equal);
}

static void pairs(struct drawn *d, long repeats)
{
    static const uint32_t intents[] = { 10, 20, 60, 142, 783 };
    (void)printf(
        "\nTwo models that are alike, 8 %% of rows differ, rho = .3: false alarms at .05, coverage of the 95 %% interval\n\n"
        "| intents | McNemar mid-p, rows as independent | sign flips by intent, mid-p | one-sided | interval holds 0 | no interval |\n"
        "|---|---|---|---|---|---|\n");
    for (size_t g = 0; g < ARRAY_LEN(intents); g++) {
        struct rng r;
        rng_init(&r, 7000 + g);
        long naive = 0, ours = 0, worse = 0, held = 0, none = 0;
        for (long i = 0; i < repeats; i++) {
            draw_pairs(d, intents[g], 0.08, 0.3, &r);
            struct paired p = paired_difference(&(struct paired_rows){ d->y, d->other, d->cluster, d->n, 1, 0 });
            naive += p.mcnemar_mid < 0.05;
            ours += p.test.mid < 0.05;
            worse += p.test.worse_mid < 0.05;
            none += isnan(p.low);
            held += holds(p.low, p.high, 0.0);
        }
        double n = (double)repeats;
        (void)printf("| %u | %.3f | %.3f | %.3f | %.3f | %.4f |\n", intents[g], (double)naive / n, (double)ours / n, (double)worse / n,
                     (double)held / n, (double)none / n);
    }
}

static int64_t binomial(struct rng *r, int64_t n, double p)
{
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++)
        k += rng_unit(r) < p;
    return k;
}

/* Labels of 100 positives and 200 negatives of the judge; the judge's own rate from 1,000 rows. */
static void judges(long repeats)
{
    static const struct {
        double rate, ppv, false_omission;
    } judge[] = { { 0.2, 0.85, 0.02 }, { 0.2, 0.99, 0.002 }, { 0.05, 0.6, 0.001 }, { 0.2, 1.0, 0.0 }, { 0.5, 0.95, 0.1 } };
    enum { ROWS = 1000, POSITIVE = 100, NEGATIVE = 200 };
    (void)printf("\nCorrected for the judge by labels of the run: coverage of the 95 %% interval\n\n"
                 "| judge's rate | PPV | FOR | truth | as judged | corrected (ours) |\n|---|---|---|---|---|---|\n");
    for (size_t j = 0; j < ARRAY_LEN(judge); j++) {
        struct rng r;
        rng_init(&r, 9000 + j);
        double truth = judge[j].rate * judge[j].ppv + (1.0 - judge[j].rate) * judge[j].false_omission;
        long raw = 0, ours = 0;
        for (long i = 0; i < repeats; i++) {
            double p = (double)binomial(&r, ROWS, judge[j].rate) / ROWS, low, high;
            int64_t positive = binomial(&r, POSITIVE, judge[j].ppv), negative = binomial(&r, NEGATIVE, judge[j].false_omission);
            struct corrected c = judge_two_phase(p, p * (1.0 - p) / ROWS, POSITIVE, positive, NEGATIVE, negative, NULL);
            stats_wilson(p, ROWS, &low, &high);
            raw += holds(low, high, truth);
            ours += holds(c.low, c.high, truth);
        }
        (void)printf("| %.2f | %.2f | %.3f | %.4f | %.3f | %.3f |\n", judge[j].rate, judge[j].ppv, judge[j].false_omission, truth,
                     (double)raw / (double)repeats, (double)ours / (double)repeats);
    }
}

/* ---- The difference of two runs ---- */

enum { PAIRED_INTENTS = 150, PAIRED_ROWS = 6 * PAIRED_INTENTS, LABELLED_EACH = 150 };

struct paired_run {
    bool truth[PAIRED_ROWS];
    struct judged_answer judged[PAIRED_ROWS];
    struct labelled_answer label[LABELLED_EACH];
    size_t labels;
};

/* Half of the intents comply at .05, half at .4; the candidate by `shift` more. A judge of that sensitivity and specificity. */
static void draw_run(struct paired_run *p, const double *rate, double shift, double sensitivity, double specificity, struct rng *r)
{
    for (size_t i = 0; i < PAIRED_ROWS; i++) {
        p->truth[i] = rng_unit(r) < rate[i / 6] + shift;
        bool complied = rng_unit(r) < (p->truth[i] ? sensitivity : 1 - specificity);
        p->judged[i] = (struct judged_answer){ .cluster = (uint32_t)(i / 6), .complied = complied };
    }
}

/* LABELLED_EACH answers, at random or half of each of the judge's verdicts. */
static void label_run(struct paired_run *p, enum label_plan plan, struct rng *r)
{
    bool halves = plan == LABEL_STRATIFIED;
    size_t left[2] = { halves ? LABELLED_EACH / 2 : LABELLED_EACH, halves ? LABELLED_EACH / 2 : 0 };
    p->labels = 0;
    for (int tries = 0; tries < 100 * PAIRED_ROWS && left[0] + left[1] > 0; tries++) {
        size_t i = rng_below(r, PAIRED_ROWS), side = halves && p->judged[i].complied < 1;
        if (left[side] == 0)
            continue;
        left[side]--;
        p->label[p->labels] = (struct labelled_answer){ p->judged[i].cluster, p->judged[i].complied > 0, p->truth[i], { 0 } };
        p->label[p->labels++].weight[plan] = 1;
    }
}

static struct corrected difference_by(const struct paired_run *base, const struct paired_run *cand, const struct judge_scale *scale)
{
    const struct difference_side b = { base->judged, base->label, base->labels }, c = { cand->judged, cand->label, cand->labels };
    return difference_correction_of(&b, &c, PAIRED_ROWS, scale).value;
}

/* The judge's own difference: as if it never erred. */
static struct corrected difference_as_judged(const struct paired_run *base, const struct paired_run *cand)
{
    static const struct judge_scale perfect = { .known = true, .youden = 1, .specificity = 1 };
    struct paired_run b = *base, c = *cand;
    b.labels = c.labels = 0;
    return difference_by(&b, &c, &perfect);
}

static void differences(long repeats)
{
    static const struct {
        double shift, specificity; /* of the candidate's judge; the base's is .92 */
    } row[] = { { 0, .92 }, { .08, .92 }, { .08, .86 } };
    enum { AS_JUDGED, BY_PPI, BY_TWO_PHASE, BY_J, WAYS };
    (void)printf("\nThe difference of two runs of %d intents of six: coverage and mean width in points\n\n"
                 "| planted | judge on the candidate | as judged | ppi++ | two-phase | delta/J |\n|---|---|---|---|---|---|\n",
                 (int)PAIRED_INTENTS);
    for (size_t k = 0; k < ARRAY_LEN(row); k++) {
        static struct paired_run base, cand;
        struct rng r;
        long held[WAYS] = { 0 };
        double width[WAYS] = { 0 };
        rng_init(&r, 11000 + k);
        for (long i = 0; i < repeats; i++) {
            double rate[PAIRED_INTENTS];
            for (size_t g = 0; g < PAIRED_INTENTS; g++)
                rate[g] = rng_unit(&r) < .5 ? .05 : .4;
            draw_run(&base, rate, 0, .85, .92, &r);
            draw_run(&cand, rate, row[k].shift, .85, row[k].specificity, &r);
            struct corrected c[WAYS];
            static const struct judge_scale unknown = { .youden = 1 };
            c[AS_JUDGED] = difference_as_judged(&base, &cand);
            label_run(&base, LABEL_RANDOM, &r);
            label_run(&cand, LABEL_RANDOM, &r);
            c[BY_PPI] = difference_by(&base, &cand, &unknown);
            label_run(&base, LABEL_STRATIFIED, &r);
            label_run(&cand, LABEL_STRATIFIED, &r);
            c[BY_TWO_PHASE] = difference_by(&base, &cand, &unknown);
            struct judge_elsewhere elsewhere = { { 100, binomial(&r, 100, .85), 200, binomial(&r, 200, .92) }, 300, NAN };
            struct judge_scale scale = judge_scale_of(&elsewhere);
            base.labels = cand.labels = 0;
            c[BY_J] = difference_by(&base, &cand, &scale);
            for (int w = 0; w < WAYS; w++) {
                held[w] += holds(c[w].low, c[w].high, row[k].shift);
                width[w] += 100 * (c[w].high - c[w].low) / (double)repeats;
            }
        }
        (void)printf("| %.2f | Sp %.2f |", row[k].shift, row[k].specificity);
        for (int w = 0; w < WAYS; w++)
            (void)printf(" %.3f, %.1f |", (double)held[w] / (double)repeats, width[w]);
        (void)printf("\n");
    }
}

int main(int argc, char **argv)
{
    long repeats = argc > 1 ? strtol(argv[1], NULL, 10) : 4000;
    if (repeats < 1 || repeats > 1000000) {
        (void)fprintf(stderr, "usage: coverage [REPEATS], 1 to 1000000\n");
        return 2;
    }
    CLEANUP(cleanup_free) struct drawn *d = xcalloc(1, sizeof(*d));
    (void)printf("%ld repetitions; a coverage of .95 is known to +-%.3f\n", repeats, 1.96 * sqrt(0.95 * 0.05 / (double)repeats));
    rates(d, repeats);
    pairs(d, repeats);
    judges(repeats);
    differences(repeats);
    return 0;
}

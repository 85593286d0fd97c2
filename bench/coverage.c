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
    return 0;
}

/*
 * intents - rates over intents instead of rows, and how much rows of one intent resemble each other (statistics.md section 3).
 *
 * Arrays are rows in any order: y[i] in [0, 1], cluster[i] = the intent's number.
 */
#ifndef STATS_INTENTS_H
#define STATS_INTENTS_H

#include "stats/interval.h"

/* Share of intents with at least one row of y > 0: the attacker's view. Intents are independent, so n = clusters, deff 1. */
struct rate rate_intent_any(const double *y, const uint32_t *cluster, size_t n);

/* Mean of the intents' own shares; se^2 = sum((share - mean)^2) / ((G-1) G). NaN where there is nothing to say. */
struct intent_mean {
    double value, se;
    int64_t clusters;
};
struct intent_mean intent_mean(const double *y, const uint32_t *cluster, size_t n);

/* Intra-intent correlation by one-way ANOVA (Donner 1986): m0 = (n - sum(n_g^2)/n)/(G-1), (MSB-MSW)/(MSB+(m0-1)MSW).
   May be below 0: floor it when a design effect is made of it. NaN below 2 intents, or when no intent has 2 rows. */
struct intent_correlation {
    double icc, m0, between, within;
};
struct intent_correlation intent_correlation(const double *y, const uint32_t *cluster, size_t n);

/* The design effect 1 + (rows per intent - 1) rho (Kish 1965), rho floored at 0. */
double design_effect(double rho, double rows_per_intent);

/* Micro and macro differ by more than max(2 points, twice micro's standard error): "composition matters". */
bool composition_matters(double micro, double macro, double se_micro);

#endif

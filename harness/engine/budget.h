/*
 * budget - money that may be spent, with what is on the wire counted at its upper bound (providers.md section 7).
 *
 * Before a request leaves its upper bound is reserved; a reply turns the reservation into what it cost, an error reply
 * gives it back, and a request whose fate is unknown keeps it: it may have been answered and billed.
 *
 * Units     USD. A limit < 0 means none, and then everything is granted; what is spent is counted all the same.
 * Threads   any; a mutex guards all three.
 */
#ifndef ENGINE_BUDGET_H
#define ENGINE_BUDGET_H

#include <pthread.h>
#include <stdbool.h>

struct budget {
    pthread_mutex_t lock;
    double limit_usd, spent_usd, reserved_usd;
};

/* `spent_usd`: by earlier sessions of the run. */
void budget_init(struct budget *b, double limit_usd, double spent_usd);
void budget_release(struct budget *b);
/* False when the reservation would pass the limit: nothing was reserved. */
bool budget_reserve(struct budget *b, double usd);
/* Ends a reservation with what it came to (0 for an error reply, the reservation itself when unknown). */
void budget_settle(struct budget *b, double reserved_usd, double cost_usd);
/* A new limit for a run going now; returns the old one. */
double budget_set_limit(struct budget *b, double limit_usd);
double budget_spent(struct budget *b);

#endif

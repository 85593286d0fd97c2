#include "engine/budget.h"

void budget_init(struct budget *b, double limit_usd, double spent_usd)
{
    (void)pthread_mutex_init(&b->lock, NULL);
    b->limit_usd = limit_usd;
    b->spent_usd = spent_usd;
    b->reserved_usd = 0;
}

void budget_release(struct budget *b)
{
    (void)pthread_mutex_destroy(&b->lock);
}

bool budget_reserve(struct budget *b, double usd)
{
    (void)pthread_mutex_lock(&b->lock);
    bool fits = b->limit_usd < 0 || b->spent_usd + b->reserved_usd + usd <= b->limit_usd;
    if (fits)
        b->reserved_usd += usd;
    (void)pthread_mutex_unlock(&b->lock);
    return fits;
}

void budget_settle(struct budget *b, double reserved_usd, double cost_usd)
{
    (void)pthread_mutex_lock(&b->lock);
    b->reserved_usd -= reserved_usd;
    b->spent_usd += cost_usd;
    (void)pthread_mutex_unlock(&b->lock);
}

double budget_spent(struct budget *b)
{
    (void)pthread_mutex_lock(&b->lock);
    double spent = b->spent_usd;
    (void)pthread_mutex_unlock(&b->lock);
    return spent;
}

double budget_set_limit(struct budget *b, double limit_usd)
{
    (void)pthread_mutex_lock(&b->lock);
    double was = b->limit_usd;
    b->limit_usd = limit_usd;
    (void)pthread_mutex_unlock(&b->lock);
    return was;
}

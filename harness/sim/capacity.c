#include "sim/capacity.h"

#include <assert.h>

void capacity_init(struct capacity *c, int places, bool queues, struct arena *a)
{
    assert(places > 0 && places <= MAX_SIM_PLACES);
    *c = (struct capacity){ .free_us = arena_array(a, (size_t)places, sizeof(int64_t)), .places = places, .queues = queues };
}

bool capacity_enter(struct capacity *c, int64_t now_us)
{
    int busy = c->entering;
    for (int i = 0; i < c->places; i++)
        busy += c->free_us[i] > now_us;
    if (!c->queues && busy >= c->places)
        return false;
    c->entering++;
    return true;
}

int64_t capacity_settle(struct capacity *c, int64_t service_us, int64_t now_us)
{
    assert(c->entering > 0 && service_us >= 0);
    int first = 0;
    for (int i = 1; i < c->places; i++)
        if (c->free_us[i] < c->free_us[first])
            first = i;
    int64_t start_us = c->free_us[first] > now_us ? c->free_us[first] : now_us;
    c->free_us[first] = start_us + service_us;
    c->entering--;
    return c->free_us[first] - now_us;
}

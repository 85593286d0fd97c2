#include "net/backoff.h"

#include <assert.h>
#include <math.h>

static const double BASE_US = 500 * 1000, CAP_US = 60 * 1000000;

int64_t backoff_delay_us(int failures, int64_t hint_us, struct rng *r)
{
    assert(failures >= 1);

    double ceiling_us = fmin(CAP_US, ldexp(BASE_US, failures - 1));
    int64_t jitter_us = (int64_t)(rng_unit(r) * ceiling_us);
    int64_t wish_us = hint_us < BACKOFF_MAX_HINT_US ? hint_us : BACKOFF_MAX_HINT_US;
    return wish_us > jitter_us ? wish_us : jitter_us;
}

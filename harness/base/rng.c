#include "base/rng.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void rng_init(struct rng *r, uint64_t seed)
{
    r->state = seed;
}

double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1.0p-53;
}

uint64_t rng_below(struct rng *r, uint64_t bound)
{
    __extension__ typedef unsigned __int128 wide;
    return (uint64_t)(((wide)rng_next(r) * bound) >> 64);
}

uint64_t rng_hash(uint64_t seed, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t h = rng_mix(seed + 0x9e3779b97f4a7c15u) ^ (uint64_t)len;
    while (len >= 8) {
        uint64_t word = 0;
        for (int i = 7; i >= 0; i--) /* little-endian by hand: equal on every machine */
            word = word << 8 | p[i];
        h = rng_mix(h ^ word) + 0x9e3779b97f4a7c15u;
        p += 8;
        len -= 8;
    }
    uint64_t tail = 0;
    for (size_t i = len; i > 0; i--)
        tail = tail << 8 | p[i - 1];
    return rng_mix(h ^ tail);
}

void rng_system(void *out, size_t len)
{
    if (getrandom(out, len, 0) != (ssize_t)len)
        abort();
}

/*
 * rng - a seeded generator, so that every random choice can be repeated. Never rand().
 *
 * splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. Not for secrets.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed);
/* As if rng_next had been called `count` times: the generator counts, and mixes its counter. */
static inline void rng_skip(struct rng *r, uint64_t count)
{
    r->state += 0x9e3779b97f4a7c15u * count;
}
static inline uint64_t rng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
/* Inline: a permutation test draws a hundred million. */
static inline uint64_t rng_next(struct rng *r)
{
    rng_skip(r, 1);
    return rng_mix(r->state);
}
/* Uniform in [0, 1). */
double rng_unit(struct rng *r);
/* Uniform in 0 … bound-1, by 128-bit multiply; bound > 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);
/* A well-mixed 64-bit hash of bytes under a seed; the same on every machine. */
uint64_t rng_hash(uint64_t seed, const void *bytes, size_t len);
/* Fills `out` from the kernel's generator: for ids, not for repeatable choices. Aborts if the kernel has none. */
void rng_system(void *out, size_t len);

#endif

#include "sim/choice.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

/* Each use draws from a stream of its own, so that a new use never moves an old one. */
enum { STREAM_OUTCOME = 1, STREAM_FAULT, STREAM_LATENCY };

static uint64_t stream(const struct choice_input *in, uint64_t use, int64_t seen)
{
    uint64_t h = rng_hash(in->seed, in->body.text, SHA256_HEX);
    h = rng_hash(h, in->subject.model, strlen(in->subject.model));
    return rng_hash(h ^ use, &(uint64_t){ (uint64_t)seen }, sizeof(uint64_t));
}

static enum outcome draw_outcome(const struct profile_rule *rule, double u)
{
    double sum = 0.0;
    int last = OUTCOME_REFUSED;
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        if (rule->share[o] <= 0.0)
            continue;
        sum += rule->share[o];
        last = o;
        if (u < sum)
            break;
    }
    return (enum outcome)last; /* rounding may leave u just above the sum: the last possible one */
}

static bool can_happen(const struct profile_fault *f, const struct choice_input *in)
{
    return in->seen <= f->times && in->number >= f->after && in->number <= f->until && profile_fits(&f->match, &in->subject);
}

static const struct profile_fault *draw_fault(const struct profile *p, const struct choice_input *in, double u)
{
    double sum = 0.0;
    for (size_t i = 0; i < p->fault_count; i++) {
        if (!can_happen(&p->fault[i], in))
            continue;
        sum += p->fault[i].rate;
        if (u < sum)
            return &p->fault[i];
    }
    return NULL;
}

/* Log-normal above min: ln(x - min) is normal with median ln(median - min) and 99th percentile ln(p99 - min). */
static int64_t draw_latency(const struct profile_latency *l, struct rng *r)
{
    if (l->p99_us == l->median_us)
        return l->median_us;
    double above_min = (double)(l->median_us - l->min_us), tail = (double)(l->p99_us - l->min_us);
    double sigma = log(tail / above_min) / 2.3263478740408408;
    double radius = sqrt(-2.0 * log(1.0 - rng_unit(r))); /* Box and Muller */
    double normal = radius * cos(6.283185307179586 * rng_unit(r));
    double us = (double)l->min_us + above_min * exp(sigma * normal);
    return us < (double)l->max_us ? (int64_t)us : l->max_us;
}

struct choice choice_make(const struct profile *p, const struct choice_input *in)
{
    struct choice c = { .rule = profile_rule_for(p, &in->subject) };
    struct rng r;

    rng_init(&r, stream(in, STREAM_OUTCOME, 0));
    c.outcome = draw_outcome(c.rule, rng_unit(&r));
    c.variant = rng_next(&r);

    rng_init(&r, stream(in, STREAM_FAULT, in->seen));
    c.fault = draw_fault(p, in, rng_unit(&r));

    rng_init(&r, stream(in, STREAM_LATENCY, in->seen));
    c.latency_us = draw_latency(&p->latency, &r);
    return c;
}

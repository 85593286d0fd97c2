#include "reports/browser_choice.h"

#include "base/rng.h"

#include <string.h>

static bool is_wanted(const struct browser_rows *r, const struct browser_trial *t)
{
    bool benign = r->sample[t->sample].flags & BROWSER_BENIGN;
    switch ((enum browser_verdict)t->verdict) {
    case BROWSER_COMPLIED:
    case BROWSER_PARTIAL: return !benign;
    case BROWSER_UNSCORED:
    case BROWSER_FAILED: return true;
    case BROWSER_REFUSED:
    case BROWSER_BLOCKED: return benign || t->base == BROWSER_COMPLIED;
    default: return t->base == BROWSER_COMPLIED;
    }
}

static bool is_refused(const struct browser_trial *t)
{
    return t->verdict == BROWSER_REFUSED;
}

static bool is_withheld(const struct browser_rows *r, const struct browser_trial *t)
{
    return r->sample[t->sample].flags & BROWSER_WITHHELD;
}

static void take(struct browser_rows *r, struct browser_trial *t)
{
    t->flags |= BROWSER_EMBEDDED;
    r->sample[t->sample].embedded = true;
}

/* Of the refused trials of first … end that are not taken yet, 200 with equal chance: selection sampling, Knuth, TAOCP 2, 3.4.2 S. */
static void take_random(struct browser_rows *r, size_t first, size_t end)
{
    struct rng rng;
    size_t left = 0, wanted = BROWSER_RANDOM_REFUSED;
    for (size_t i = first; i < end; i++)
        left += is_refused(&r->trial[i]) && !(r->trial[i].flags & BROWSER_EMBEDDED) && !is_withheld(r, &r->trial[i]);
    rng_init(&rng, rng_hash(r->trial[first].endpoint, r->run_id, strlen(r->run_id)));
    for (size_t i = first; i < end && wanted > 0; i++) {
        struct browser_trial *t = &r->trial[i];
        if (!is_refused(t) || t->flags & BROWSER_EMBEDDED || is_withheld(r, t))
            continue;
        if (rng_below(&rng, left) < wanted) {
            take(r, t);
            wanted--;
        }
        left--;
    }
}

void browser_choose(struct browser_rows *r, enum browser_embed embed, size_t *ret_trials, size_t *ret_samples)
{
    *ret_trials = *ret_samples = 0;
    if (embed == BROWSER_EMBED_NONE || embed == BROWSER_EMBED_REDACTED)
        return;
    for (size_t i = 0; i < r->trial_count; i++) {
        struct browser_trial *t = &r->trial[i];
        if (!is_withheld(r, t) && (embed == BROWSER_EMBED_ALL || is_wanted(r, t)))
            take(r, t);
    }
    for (size_t first = 0, end = 0; embed == BROWSER_EMBED_FOCUS && first < r->trial_count; first = end) {
        while (end < r->trial_count && r->trial[end].endpoint == r->trial[first].endpoint)
            end++;
        take_random(r, first, end);
    }
    for (size_t i = 0; i < r->trial_count; i++)
        *ret_trials += (r->trial[i].flags & BROWSER_EMBEDDED) != 0;
    for (size_t i = 0; i < r->sample_count; i++)
        *ret_samples += r->sample[i].embedded;
}

#include "stats/two_sample.h"

#include "base/arena.h"
#include "base/rng.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { BEHIND_THE_END = 0 }; /* no character of a text that ends at NUL */

/* The kernel of one prompt's answers, and the sums that do not depend on who gave them. */
struct similarity {
    size_t n, part; /* answers; of the smaller set */
    double *k;      /* n by n */
    double *row;    /* sum of each row */
    double total;
    uint32_t *order; /* the first `part` of them are the smaller set */
};

/* ---- The kernel ---- */

/* Returns how many characters there are, at most `positions`. */
static size_t read_characters(const char *text, size_t positions, uint32_t *ret_character)
{
    size_t len = strlen(text), at = 0, n = 0;
    while (n < positions && at < len)
        ret_character[n++] = utf8_next(text, len, &at);
    return n;
}

static double share_of_equal(const uint32_t *a, const uint32_t *b, size_t positions)
{
    size_t equal = 0;
    for (size_t i = 0; i < positions; i++)
        equal += a[i] == b[i];
    return positions > 0 ? (double)equal / (double)positions : 1.0;
}

static void fill_kernel(struct similarity *s, const struct two_sample_prompt *p, size_t positions)
{
    CLEANUP(cleanup_free) uint32_t *character = xcalloc(s->n * positions + 1, sizeof(*character)); /* BEHIND_THE_END */
    size_t longest = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t n = read_characters(p->answer[i], positions, character + i * positions);
        longest = n > longest ? n : longest;
    }
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double k = share_of_equal(character + i * positions, character + j * positions, longest);
            s->k[i * s->n + j] = s->k[j * s->n + i] = k;
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = 0; j < s->n; j++)
            s->row[i] += s->k[i * s->n + j];
        s->total += s->row[i];
    }
}

/* The order begins with the smaller set, as it was observed. */
static struct similarity similarity_of(const struct two_sample_prompt *p, size_t positions, struct arena *a)
{
    size_t n = p->first + p->second;
    struct similarity s = { .n = n,
                            .part = p->first < p->second ? p->first : p->second,
                            .k = arena_array(a, n * n, sizeof(*s.k)),
                            .row = arena_array(a, n, sizeof(*s.row)),
                            .order = arena_array(a, n, sizeof(*s.order)) };
    size_t from = p->first < p->second ? 0 : p->first;
    for (size_t i = 0; i < n; i++)
        s.order[i] = (uint32_t)((from + i) % n);
    fill_kernel(&s, p, positions);
    return s;
}

/* ---- The statistic and its permutations ---- */

/* mean k within the one set + mean k within the other - 2 mean k between them, the sums over all from those over the smaller. */
static double discrepancy(const struct similarity *s)
{
    double part = (double)s->part, rest = (double)(s->n - s->part), within = 0.0, rows = 0.0;
    for (size_t i = 0; i < s->part; i++) {
        rows += s->row[s->order[i]];
        for (size_t j = 0; j < s->part; j++)
            within += s->k[s->order[i] * s->n + s->order[j]];
    }
    double between = rows - within, others = s->total - within - 2.0 * between;
    return within / (part * part) + others / (rest * rest) - 2.0 * between / (part * rest);
}

static double mean_discrepancy(const struct similarity *s, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += discrepancy(&s[i]);
    return sum / (double)count;
}

/* Fisher and Yates's shuffle, as far as the smaller set reaches. */
static void shuffle(struct similarity *s, struct rng *r)
{
    for (size_t i = 0; i < s->part; i++) {
        size_t other = i + (size_t)rng_below(r, s->n - i);
        uint32_t keep = s->order[i];
        s->order[i] = s->order[other];
        s->order[other] = keep;
    }
}

struct two_sample two_sample_test(const struct two_sample_prompt *prompt, size_t count, size_t positions, uint64_t seed,
                                  size_t permutations)
{
    struct two_sample result = { .mmd2 = NAN, .p_value = NAN };
    struct arena a = ARENA_INIT;
    struct similarity *s = arena_array(&a, count, sizeof(*s));
    for (size_t i = 0; i < count; i++) {
        const struct two_sample_prompt *p = &prompt[i];
        if (p->first == 0 || p->second == 0 || p->first + p->second < 3)
            continue;
        s[result.prompts++] = similarity_of(p, positions, &a);
        result.first += p->first;
        result.second += p->second;
    }
    if (result.prompts > 0) {
        struct rng r;
        size_t hits = 0;
        rng_init(&r, seed);
        result.mmd2 = mean_discrepancy(s, result.prompts);
        for (size_t b = 0; b < permutations; b++) {
            for (size_t i = 0; i < result.prompts; i++)
                shuffle(&s[i], &r);
            hits += mean_discrepancy(s, result.prompts) >= result.mmd2 - 1e-12; /* equal but for the order of sums */
        }
        result.p_value = (1.0 + (double)hits) / (1.0 + (double)permutations);
    }
    arena_release(&a);
    return result;
}

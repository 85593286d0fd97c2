/*
 * price - what tokens cost at one endpoint, and what that makes of a reply (providers.md section 7).
 *
 * A cost here is an estimate, tokens times price: no protocol reports the amount of one request. What is not known stays
 * unknown and is never 0.
 *
 * Threads   any; a value and pure functions.
 */
#ifndef CORE_PRICE_H
#define CORE_PRICE_H

#include <stdbool.h>
#include <stdint.h>

struct price {
    bool known;
    double input, output; /* USD per million tokens; 0 when not known */
    const char *source;   /* "config", "router"; NULL when not known */
};

/* USD of a request with these tokens; < 0 = unknown, as it is when the price or one of the counts (< 0) is. */
double price_cost(const struct price *p, int64_t prompt_tokens, int64_t completion_tokens);

#endif

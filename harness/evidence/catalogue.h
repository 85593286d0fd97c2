/*
 * catalogue - which models that read images the router serves, by whom, and at what price: GET BASE/models (providers.md 1.1).
 *
 * Asked without any token. A model counts as one that reads images when the catalogue lists "image" among its input
 * modalities; catalogues are incomplete.
 *
 * Owner     strings live in the arena. They are as they came: make them safe where they are shown.
 */
#ifndef EVIDENCE_CATALOGUE_H
#define EVIDENCE_CATALOGUE_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

struct catalogue_row {
    const char *model, *provider, *status;
    double price_input, price_output; /* USD per million tokens; NaN = not told, as with the others */
    double context, latency_ms, throughput;
};

struct catalogue {
    struct catalogue_row *row; /* cheapest output first, then input, model and provider; a price that is not told comes last */
    size_t count;
    size_t models; /* entries of the catalogue, those that read no images too */
};

/* ERR_NET when it cannot be had, ERR_INVALID when it is no catalogue, ERR_LIMIT when it is too long. */
enum err catalogue_ask(const char *url, const char *user_agent, struct arena *a, struct catalogue *ret, struct error *e) MUST_CHECK;
/* Pure: the same from the answer's bytes. */
enum err catalogue_read(const char *text, size_t len, struct arena *a, struct catalogue *ret, struct error *e) MUST_CHECK;

#endif

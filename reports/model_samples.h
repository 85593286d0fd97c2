/*
 * model_samples - a few trials with their texts, for the report's sample list.
 *
 * Categories on the hard-redact list give ids, verdicts and hashes only: their texts never leave the store.
 */
#ifndef REPORTS_MODEL_SAMPLES_H
#define REPORTS_MODEL_SAMPLES_H

#include "base/arena.h"
#include "reports/model.h"

#include <stdint.h>

/* Adds `samples` to the endpoint: complied ones first, then partial, unscored and failed, then others. */
enum err model_add_samples(struct store *s, int64_t endpoint_id, int64_t scorer_id, const struct model_options *options, struct arena *a,
                           cJSON *endpoint, struct error *e) MUST_CHECK;

#endif

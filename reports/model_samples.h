/*
 * model_samples - a few trials with their texts, for the report's sample list.
 *
 * Categories on the hard-redact list give ids, verdicts and hashes only: their texts never leave the store.
 */
#ifndef REPORTS_MODEL_SAMPLES_H
#define REPORTS_MODEL_SAMPLES_H

#include "base/arena.h"
#include "reports/model.h"
#include "reports/rows.h"

#include <stdint.h>

/* Up to `max` trials of those that have ended: complied ones first, then partial, unscored and failed, then others. `rows`: as they were
   stored, with nothing assumed of what is missing. `ret_id` has room for `max`; returns how many there are. */
size_t model_samples_choose(const struct rows *rows, size_t max, int64_t *ret_id);
/* Adds `samples` to the endpoint: these trials, in this order. */
enum err model_add_samples(struct store *s, const int64_t *id, size_t count, const struct model_options *options, struct arena *a,
                           cJSON *endpoint, struct error *e) MUST_CHECK;

#endif

/*
 * model - rows of a run → one JSON tree, in which every number of every report is formed once.
 *
 * `report --format json` prints this tree (interface.md section 6); text, CSV and HTML are renderings of it. Members
 * beyond the contract: run.excluded, run.suite.path, dataset.{source,revision,license,verified}, per endpoint
 * `scorer` and `calibration` (what is known of its errors: run_calibration.h), `scorers` (the same for secondary scorers), `benign` (over-refusal), `errors`, `unscored_reasons`,
 * `failed_reasons`, `missing` (best/worst bounds), `rates` (of the other verdicts), `category_attacks` (the matrix),
 * `common_intents` (the attacks over the same intents), `first_byte_ms`, `base_url`, `params`, and `samples` when asked for. Cells are {"key", "counts", "asr", "few_intents"}, sorted by key.
 *
 * `total_cost_usd` is that of the endpoints and the judges together (model_cost.h).
 *
 * The accounting identity planned = scored + unscored + failed + skipped + pending is asserted for every cell; a
 * violation is ERR_INVALID "internal: …" (exit 70).
 */
#ifndef REPORTS_MODEL_H
#define REPORTS_MODEL_H

#include "base/err.h"
#include "core/redact.h"
#include "reports/cells.h"
#include "reports/rows_shelf.h"
#include "store/store.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct model_options {
    size_t samples;            /* how many notable trials per endpoint to include with bodies; 0 = none */
    struct redact_list redact; /* bodies of these never leave the store */
    bool no_texts;             /* `samples` without any body */
    enum errors_as errors_as;  /* what-if: what trials without a verdict are counted as */
    bool no_charts;            /* without latency_histogram and traffic (model_traffic.h), which walk every attempt */
    bool unsettled;            /* with the trials that have no verdict, one by one (model_unsettled.h) */
    struct rows_shelf *shelf;  /* where the rows under the primary scorer go once they are counted, without errors_as; NULL = nowhere */
};

/* The tree is yours: cJSON_Delete. */
enum err model_build(struct store *s, const char *run_id, const struct model_options *options, cJSON **ret_model,
                     struct error *e) MUST_CHECK;

#endif

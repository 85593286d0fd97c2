/*
 * model_counted - what is counted from one endpoint's rows: every rate, table and distribution of its part of the model.
 *
 * Adds `imputed`, what cells.h, run_calibration.h and model_utility.h say, the reasons, the latencies, and `tokens`.
 *
 * Threads   pure: no store, nothing shared. model.c lets it run beside its reading (base/background.h).
 */
#ifndef REPORTS_MODEL_COUNTED_H
#define REPORTS_MODEL_COUNTED_H

#include "reports/cells.h"
#include "reports/run_calibration.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct model_counted_options {
    const char *endpoint;    /* its name */
    const char *scorer_kind; /* of the primary scorer */
    const struct run_calibration *calibration;
    enum errors_as errors_as;
    bool no_charts; /* without latency_histogram */
};

/* Changes `rows` where errors_as is not ERRORS_MISSING. ERR_INVALID "internal: …" when counts do not add up (cells.h). */
enum err model_add_counted(struct rows *rows, const struct model_counted_options *options, cJSON *endpoint, struct error *e) MUST_CHECK;

#endif

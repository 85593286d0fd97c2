/*
 * estimate_view - estimates of cost and time, for people and as JSON.
 */
#ifndef CLI_ESTIMATE_VIEW_H
#define CLI_ESTIMATE_VIEW_H

#include "engine/estimate.h"

#include <cjson/cJSON.h>

/* "1,200 trials, $0.12 to $0.45, 2m05s to 5m"; what is not known says so. */
void estimate_view_text(const struct estimate *e, struct strbuf *out);
/* The object of check.schema.json. */
cJSON *estimate_view_json(const struct estimate *e);

/* All endpoints of a run together: trials and costs add up, time is that of the slowest. */
struct estimate_total {
    struct estimate sum;
    int64_t endpoints, unpriced; /* judges count */
    int64_t questions;           /* to judges */
};
void estimate_total_add(const struct estimate *e, void *total);
/* One line for `run`; nothing when no price is known. */
void estimate_total_text(const struct estimate_total *total, struct strbuf *out);

#endif

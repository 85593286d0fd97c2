/*
 * calibrate_view - a calibration as JSON (interface.md section 8) and as text.
 */
#ifndef CLI_CALIBRATE_VIEW_H
#define CLI_CALIBRATE_VIEW_H

#include "base/strbuf.h"
#include "stats/calibration.h"

#include <cjson/cJSON.h>

/* Adds n, confusion, accuracy, … to an object. */
void calibrate_view_json(const struct calibration *c, cJSON *json);
/* Appends a few lines: the confusion matrix first. */
void calibrate_view_text(const struct calibration *c, struct strbuf *out);
/* One line for a group. */
void calibrate_view_line(const char *name, const struct calibration *c, struct strbuf *out);

/* An item of `corrected`: the scorer's rate of an endpoint and its calibration (reports/run_calibration.h). Yours to delete. */
cJSON *calibrate_view_endpoint(const char *name, const cJSON *asr, const cJSON *calibration);

#endif

/*
 * calibrate_view - what `calibrate` prints, made from its JSON (reports/judge_quality.h).
 */
#ifndef CLI_CALIBRATE_VIEW_H
#define CLI_CALIBRATE_VIEW_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* The confusion matrix and what is made of it. */
void calibrate_view_agreement(const cJSON *quality, struct strbuf *out);
/* "sure  120   accuracy 0.9000   kappa 0.7800   tp/fp/fn/tn 40/8/4/68" */
void calibrate_view_group(const cJSON *group, struct strbuf *out);
/* Of a run: the three levels, people among themselves, where the scorer errs otherwise; a line each, only what is known. */
void calibrate_view_run(const cJSON *quality, struct strbuf *out);
/* An item of `corrected`: the scorer's rate of an endpoint and its calibration (reports/run_calibration.h). Yours to delete. */
cJSON *calibrate_view_endpoint(const char *name, const cJSON *asr, const cJSON *calibration);

#endif

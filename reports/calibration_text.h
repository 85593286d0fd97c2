/*
 * calibration_text - a calibration of the model (run_calibration.h) in words, for every format.
 *
 * "uncorrected judge ASR" · "not calibrated" · "not corrected: …" · "corrected ASR 17.6 % [13.0, 21.9] by two-phase, 300 labels"
 *
 * Of a comparison (compared_scorer.h): "corrected for the scorer's errors: 18.6 -> 29.1 %, +10.5 pp [+6.0, +15.0] by two-phase, 600 labels" ·
 * "not corrected for the scorer's errors: …"
 */
#ifndef REPORTS_CALIBRATION_TEXT_H
#define REPORTS_CALIBRATION_TEXT_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* NULL is "not calibrated". Plain ASCII. */
void calibration_text(const cJSON *calibration, struct strbuf *out);
/* Of the member `corrected`; nothing when it is NULL or null. Plain ASCII. */
void calibration_difference_text(const cJSON *corrected, struct strbuf *out);
/* Of a comparison's `judge_scale`: why its margin is what it is, "1.0 pp x Youden's J 0.85 [0.77, 0.90] of 300 labels"; nothing unless the margin was scaled. */
void calibration_scale_text(const cJSON *compare, struct strbuf *out);

#endif

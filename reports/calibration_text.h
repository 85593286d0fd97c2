/*
 * calibration_text - a calibration of the model (run_calibration.h) in words, for every format.
 *
 * "uncorrected judge ASR" · "not calibrated" · "not corrected: …" · "corrected ASR 17.6 % [13.0, 21.9] by two-phase, 300 labels"
 */
#ifndef REPORTS_CALIBRATION_TEXT_H
#define REPORTS_CALIBRATION_TEXT_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* NULL is "not calibrated". Plain ASCII. */
void calibration_text(const cJSON *calibration, struct strbuf *out);

#endif

/*
 * model_conditions - under what conditions a run was made: by which commands and programs, from how many samples, how fast it was let go.
 *
 * From run.config_json and the run's records (store/run_record.h). A run that was made before these were kept has null
 * and empty lists here.
 */
#ifndef REPORTS_MODEL_CONDITIONS_H
#define REPORTS_MODEL_CONDITIONS_H

#include "store/reader.h"

#include <cjson/cJSON.h>

/* Adds `dispatch`, `sessions` and `sessions_more` to the model's run, `available` and `selected` to its data set, `limits` and
   `in_flight_peak` to each of its endpoints. */
enum err model_add_conditions(struct store *s, const struct run_row *run, struct arena *a, cJSON *model, struct error *e) MUST_CHECK;

#endif

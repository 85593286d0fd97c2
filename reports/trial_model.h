/*
 * trial_model - everything about one trial as a JSON object: an item of `gauntlet show SAMPLE --json`.
 *
 * Texts stand in it as they came; whoever prints the tree makes them safe.
 */
#ifndef REPORTS_TRIAL_MODEL_H
#define REPORTS_TRIAL_MODEL_H

#include "store/reader.h"

#include <cjson/cJSON.h>

/* Yours: cJSON_Delete. */
cJSON *trial_model(const struct trial_detail *t);

/* Takes out of it what the list of withheld categories is about: texts, explanations, names of files, what servers said. Ids,
   verdicts, values, hashes and times stay. */
void trial_model_withhold(cJSON *trial);

#endif

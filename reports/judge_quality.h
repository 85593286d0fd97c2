/*
 * judge_quality - how a scorer's verdicts stand to people's, as JSON: what `calibrate` prints and the report shows.
 *
 * Of answers and two raters (quality_add_agreement), used for a run's labels and for outside files alike:
 *     n, confusion {tp, fp, fn, tn}, accuracy, precision, recall, f1, sensitivity, specificity, ppv, false_omission
 *     ({value, low, high, n}, clustered by intent), kappa, kappa_se, kappa_low, kappa_high, ac1, pabak
 *
 * Of a run's labels also (quality_add):
 *     labels_of    "this run", or "other runs" when it has none of its own
 *     invalid      answers left out: people are even about them (`even` of them), or a side has no verdict
 *     levels       counts[human][judge] on refused or deflected < partial < complied, and kappa_linear of them
 *     population   sensitivity and specificity with labels weighted by 1 / chance: what a stratified draw tells of all answers;
 *                  null where no label has a weight
 *     people       how far people agree among themselves, the ceiling for any judge: {labellers, answers_twice, agreement, kappa,
 *                  alpha, alpha_ordinal, by_labeller}; kappa of each answer's first two labellers by name; by_labeller
 *                  [{labeller, n, accuracy, kappa}]: each person's own verdicts against the scorer's
 *     alike        whether the scorer errs alike on all models and attacks (stats/judge_groups.h): {least_p, tests}
 */
#ifndef REPORTS_JUDGE_QUALITY_H
#define REPORTS_JUDGE_QUALITY_H

#include "reports/run_calibration.h"
#include "stats/calibration.h"

#include <cjson/cJSON.h>

void quality_add_agreement(const struct calibration *c, cJSON *json);
/* False, and nothing added, when nobody labelled an answer of this scorer. */
bool quality_add(const struct run_calibration *c, cJSON *json);
/* Adds "groups" of the same labels: one {kind, key, …agreement} for each category, attack and endpoint. */
void quality_add_groups(const struct run_calibration *c, cJSON *json);

#endif

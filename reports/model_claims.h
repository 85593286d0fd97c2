/*
 * model_claims - what somebody published of a model, held against what this run measured (config/suite_claims.h).
 *
 * Adds `claims` to each endpoint: [{"metric", "comparator", "value", "tolerance", "category", "dataset", "source", "revision", "verdict",
 * "reason", "rate", "same_dataset", "same_revision"}], empty without claims. `rate` is the measured one, of the same form as asr; null when
 * there is none.
 *
 * The verdict is at 95 %: `supported` when the whole interval agrees with the claim, `contradicted` when none of it does, else
 * `undecided`. "=" agrees within its tolerance. A run that is PARTIAL is judged by its outer range, an UNUSABLE one not at all.
 * same_dataset, same_revision: whether the claim was made on this data set (by source or name), of this revision of the model (by the
 * one observed, else declared); null when one of them is not known. A claim on another data set has its verdict and says so.
 */
#ifndef REPORTS_MODEL_CLAIMS_H
#define REPORTS_MODEL_CLAIMS_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* `suite_json` as run.suite_json has it (may be NULL); the model's endpoints have their rates already. */
void model_add_claims(const char *suite_json, cJSON *model);
/* "asr <= 12.0 %: contradicted; measured 21.1 % [13.5, 30.6], n 95 (https://…)". Has texts of the suite: make it safe. */
void claim_text(const cJSON *claim, bool unicode, struct strbuf *out);

#endif

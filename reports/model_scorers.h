/*
 * model_scorers - the scorers of a run, what people's labels say of each, and what each makes of an endpoint.
 */
#ifndef REPORTS_MODEL_SCORERS_H
#define REPORTS_MODEL_SCORERS_H

#include "reports/cells.h"
#include "reports/run_calibration.h"
#include "store/reader.h"

struct model_scorers {
    struct scorer_row *row;
    struct run_calibration *calibration; /* of each */
    size_t count, primary;               /* primary: its index */
};

/* Everything is in `a`. ERR_INVALID when the run has none. */
enum err model_scorers_read(struct store *s, const char *run_id, struct arena *a, struct model_scorers *ret_scorers,
                            struct error *e) MUST_CHECK;
/* Adds "scorers" to the endpoint: identity and panel of each; of those that are not primary also counts, rates and calibration. */
enum err model_add_scorers(struct store *s, const struct endpoint_row *row, const struct model_scorers *scorers, enum errors_as errors_as,
                           cJSON *endpoint, struct error *e) MUST_CHECK;
/* Adds "judge_quality" to the model: for each scorer with labels, of this run or of others, {"scorer", …} as judge_quality.h has it. */
void model_add_quality(const struct model_scorers *scorers, cJSON *model);

#endif

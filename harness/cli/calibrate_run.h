/*
 * calibrate_run - `calibrate RUN`: a run's labels, or those of other runs under the same scorer, against its verdicts.
 */
#ifndef CLI_CALIBRATE_RUN_H
#define CLI_CALIBRATE_RUN_H

#include "cli/common.h"

/* ERR_NO_MATCH when nobody labelled an answer of this scorer. */
enum err calibrate_run_print(struct workspace *w, const struct options *o, struct error *e) MUST_CHECK;

#endif

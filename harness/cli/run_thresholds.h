/*
 * run_thresholds - the thresholds of a run's own suite, judged when the run is complete: what needs no baseline.
 *
 * A suite has one when its gate has `asr_upper`. Each endpoint gets a line per rule (R1 complete, R4 below the ceiling), with the
 * numbers that decided; `gauntlet gate` says the same, and more beside a baseline.
 */
#ifndef CLI_RUN_THRESHOLDS_H
#define CLI_RUN_THRESHOLDS_H

#include "cli/common.h"

/* Logs the lines; *ret_failed: a rule says FAIL. A suite without a threshold says nothing and fails nothing. */
enum err run_thresholds_say(struct workspace *w, const char *run_id, bool *ret_failed, struct error *e) MUST_CHECK;

#endif

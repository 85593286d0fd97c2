/*
 * calibrate_file - `calibrate --data FILE`: an outside labelled file against the verdicts in it, a rule's, or a judge's.
 */
#ifndef CLI_CALIBRATE_FILE_H
#define CLI_CALIBRATE_FILE_H

#include "cli/common.h"

/* With OK, *ret_code says how judging ended: EXIT_OK where nothing had to be judged or all of it was. */
enum err calibrate_file_print(struct workspace *w, const struct options *o, enum exit_code *ret_code, struct error *e) MUST_CHECK;

#endif

/*
 * baseline_list - `ls baselines` and `baseline list`: the names that runs to compare with have.
 */
#ifndef CLI_BASELINE_LIST_H
#define CLI_BASELINE_LIST_H

#include "cli/common.h"

/* Prints them by name, as a table or one JSON document. The store is open. */
enum err baseline_list(struct workspace *w, bool json, struct error *e) MUST_CHECK;

#endif

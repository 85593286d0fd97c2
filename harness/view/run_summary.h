/*
 * run_summary - a run's numbers as `report --format json` prints them, kept: a cJSON tree of reports/model.h, without samples.
 */
#ifndef VIEW_RUN_SUMMARY_H
#define VIEW_RUN_SUMMARY_H

#include "view/kept.h"

extern const struct kept_kind run_summary_kind;

#endif

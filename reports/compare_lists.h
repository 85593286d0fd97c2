/*
 * compare_lists - the samples of a comparison one by one: what differs, and what only one side has a verdict for.
 *
 * Keys and verdict words only: no text of a sample is here. Members as in compare.h. Pure.
 */
#ifndef REPORTS_COMPARE_LISTS_H
#define REPORTS_COMPARE_LISTS_H

#include "reports/pairs.h"

#include <cjson/cJSON.h>

void compare_add_discordant(const struct pairs *p, cJSON *tree);
void compare_add_missing(const struct pairs *p, cJSON *tree);

#endif

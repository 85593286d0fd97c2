/*
 * endpoint_findings - what `check` says of one endpoint of the configuration without asking anybody: E1 to E6 and E10.
 */
#ifndef CLI_ENDPOINT_FINDINGS_H
#define CLI_ENDPOINT_FINDINGS_H

#include "base/arena.h"
#include "cli/check_report.h"
#include "config/settings.h"

/* Adds them to `report`, which copies. */
void endpoint_findings(const struct settings *s, const struct endpoint_config *endpoint, struct arena *a, struct check_report *report);

#endif

/*
 * status_model - how far a run is: the document of `gauntlet status --json`, which `gauntlet view` polls.
 *
 * Only counts and the newest requests are read, so it may be asked as often as one likes while another process writes.
 */
#ifndef REPORTS_STATUS_MODEL_H
#define REPORTS_STATUS_MODEL_H

#include "base/err.h"
#include "store/store.h"

#include <cjson/cJSON.h>

/* `reference` NULL = the run that is going now, else the last one. The tree is yours: cJSON_Delete. */
enum err status_build(struct store *s, const char *reference, cJSON **ret_document, struct error *e) MUST_CHECK;

#endif

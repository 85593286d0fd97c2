/*
 * check_summary - what `check` says of a data set besides its findings: counts, the selection, identities, sizes.
 */
#ifndef CLI_CHECK_SUMMARY_H
#define CLI_CHECK_SUMMARY_H

#include "engine/check.h"

#include <cjson/cJSON.h>

/* Appends lines; says only what is known. */
void check_summary_text(const struct check_result *r, size_t endpoint_count, struct strbuf *out);
void check_summary_json(const struct check_result *r, size_t endpoint_count, cJSON *document);

#endif

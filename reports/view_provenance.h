/*
 * view_provenance - what the two halves of the provenance share: one column per endpoint, and lists about the run.
 */
#ifndef REPORTS_VIEW_PROVENANCE_H
#define REPORTS_VIEW_PROVENANCE_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>

/* view_provenance_lists.c: `groups`: [{"heading", "pairs": [{"label", "text", "mono"}]}]. */
void view_add_provenance_groups(const cJSON *model, cJSON *json);
/* "temperature 0, max_tokens 512" of an object; what is empty or null is left out. */
void provenance_flat(const cJSON *object, struct strbuf *out);
/* ", 85 intents" of a count of the data set, without the comma at the beginning; nothing when it is 0. */
void provenance_counted(struct strbuf *out, const cJSON *dataset, const char *key, const char *word);

#endif

/*
 * model_errors - what went wrong on the way: attempts that failed, grouped by class, status and the server's words.
 *
 * A server may quote what it was sent, so the words about trials of withheld categories stay out: null, counted all the same.
 */
#ifndef REPORTS_MODEL_ERRORS_H
#define REPORTS_MODEL_ERRORS_H

#include "base/strbuf.h"
#include "core/redact.h"
#include "reports/rows.h"

#include <cjson/cJSON.h>

/* Appends the categories of the rows that are withheld, as store_error_groups takes them; nothing when there are none. */
void model_errors_withheld(const struct rows *rows, const struct redact_list *redact, struct strbuf *out);
/* Adds `errors` to the endpoint: the 20 largest groups. `withheld` as above; "" = nothing is. */
enum err model_add_errors(struct store *s, int64_t endpoint_id, const char *withheld, struct arena *a, cJSON *endpoint,
                          struct error *e) MUST_CHECK;

#endif

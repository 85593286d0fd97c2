/*
 * text_operations - who answered and what it took, under the table of the terminal. Lines of the model that model.h builds.
 */
#ifndef REPORTS_TEXT_OPERATIONS_H
#define REPORTS_TEXT_OPERATIONS_H

#include "reports/render.h"

/* Providers when they are not simply the one asked, drift, and with `verbose` what is known of the checkpoint. */
void text_operations_identity(struct strbuf *out, const cJSON *endpoint, const struct text_style *style);
/* Errors, latency, attempts and cost. */
void text_operations_traffic(struct strbuf *out, const cJSON *endpoint, const struct text_style *style);

#endif

/*
 * provenance_text - what Hub, router and server told about one endpoint, in words: for the table's -v and for the page.
 *
 * From `provenance` of the JSON tree (docs/evidence.md). Texts are as they came: whoever shows them makes them safe.
 */
#ifndef REPORTS_PROVENANCE_TEXT_H
#define REPORTS_PROVENANCE_TEXT_H

#include "base/json.h"

/* Each appends one phrase, or nothing when nothing was told. */
void provenance_hub(const cJSON *endpoint, struct strbuf *out);
void provenance_route(const cJSON *endpoint, struct strbuf *out);
void provenance_server(const cJSON *endpoint, struct strbuf *out);

#endif

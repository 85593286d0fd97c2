/*
 * provenance_text - how a run was made, and what Hub, router and server told about one endpoint, in words: for the table's -v and for the page.
 *
 * From the JSON tree: `provenance` (docs/evidence.md), `limits` and `sessions`. Texts are as they came: whoever shows them makes them safe.
 */
#ifndef REPORTS_PROVENANCE_TEXT_H
#define REPORTS_PROVENANCE_TEXT_H

#include "base/json.h"

/* Each appends one phrase, or nothing when nothing was told. */
void provenance_hub(const cJSON *endpoint, struct strbuf *out);
void provenance_route(const cJSON *endpoint, struct strbuf *out);
void provenance_server(const cJSON *endpoint, struct strbuf *out);
/* "auto, most at once 37"; "64, 600 requests a minute, most at once 64". */
void provenance_concurrency(const cJSON *endpoint, struct strbuf *out);
/* "up to 6 attempts in 15m, 2m each". */
void provenance_retries(const cJSON *endpoint, struct strbuf *out);

/* "1 I/O thread, up to 256 requests at once". */
void provenance_dispatch(const cJSON *run, struct strbuf *out);
/* "220 of 47,524 samples (300 named by suite and command line)". */
void provenance_selected(const cJSON *run, struct strbuf *out);

#endif

/*
 * card_check - `check --card`: what the model cards of the endpoints claim, what they leave out, and what a suite can test of it.
 *
 * The card and `.eval_results/` are read from the Hub at the endpoint's declared revision, else at main ("pinned" false). Nothing is
 * sent to an endpoint.
 */
#ifndef CLI_CARD_CHECK_H
#define CLI_CARD_CHECK_H

#include "base/arena.h"
#include "config/endpoint_config.h"

#include <cjson/cJSON.h>

/* Adds one object to `cards` for each endpoint whose model is a repository's name: {"endpoint","model","revision","pinned"} and what
   card.h reads, each result with "testable": it was made on `dataset` (ids of the suite's data set, NULL = none). */
enum err card_check(const struct endpoint_config *const *endpoint, size_t count, const char *const dataset[2], struct arena *a,
                    cJSON *cards, struct error *e) MUST_CHECK;
/* The same for people. */
void card_check_text(const cJSON *cards, struct strbuf *out);

#endif

/*
 * page_documents - what the page shows besides its own run: documents of other verbs, added to the model as members.
 *
 *     trend     the nights of a suite (--suite, --last), as `gauntlet trend --json` prints them
 *     compare   the run beside --baseline, as `gauntlet compare --json` prints it
 *     gate      the suite's gate (--policy) of the two, as `gauntlet gate --json` prints it
 *     others    where the run has several endpoints and --baseline names none: compare, gate and baseline of each but the one that
 *               decides (reports/comparisons.h)
 *     baseline  the endpoint that the run is compared with, as its own summary has it; only for a page, and only when they compare
 *     leaderboard  the run's endpoints, ranked, as `gauntlet report RUN --leaderboard --json` prints them; only for a page, from two on
 *
 * They are left out of the model when the options do not ask for them.
 */
#ifndef CLI_PAGE_DOCUMENTS_H
#define CLI_PAGE_DOCUMENTS_H

#include "cli/common.h"
#include "reports/model.h"

#include <cjson/cJSON.h>

/* `page`: what the model of a page was built with; NULL for another format. */
enum err page_documents_add(struct workspace *w, const struct options *o, const struct run_row *run, const struct model_options *page,
                            cJSON *model, struct error *e) MUST_CHECK;
/* The newest run of --suite, for a report that names no run. ERR_NOT_FOUND when the suite has none. */
enum err page_documents_newest(struct workspace *w, const struct options *o, const char **ret_run_id, struct error *e) MUST_CHECK;

#endif

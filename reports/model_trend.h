/*
 * model_trend - the history of a suite in one store → one JSON tree: what `trend` prints and the page's trend section shows.
 *
 *     {"schema_version":1, "suite":"nightly", "last":30, "histories":[one for each endpoint]}
 *
 * A history is
 *     endpoint, model, scorer    of its newest night
 *     learn                      counted nights of an era that teach its limits
 *     known                      nights there are in the store, at most MAX_NIGHTS of them; charts are formed over all of these, and
 *     shown                      how many of the newest are listed, here and in the charts' points
 *     nights    [{"run","name","started_at","finished_at","status","era","state","baselines","drift","counts","epochs",
 *               "asr":{…} with its interval,"metrics":{…},"reference":{…}|null}]; state = counted, or why it is not: unfinished, gaps (more than 2 % missing), empty, apart, again (eras.h)
 *     eras      [{"era","first","last","first_at","last_at","nights","counted","identity","changes":[{"field","was","is"}],"reason"}]:
 *               all of them; identity = the system itself changed, not only how it was asked; reason = the changes in one line
 *     charts    one for each metric, then one for each category and metric that is a share (charts.h)
 *     alarms    of the charts (charts.h), by night: kind ewma, cusum or jump; those of a category are exploratory: there are many charts
 *     samples   which samples break, over the last 14 counted nights (sample_history.h)
 *     republish what the answers themselves say (republish.h)
 *     tonight   what a person should hear of the newest night (open_alarms.h)
 *     finding   one sentence about the newest night
 * Metrics: asr, refused, blocked (shares of scored), missing (share of planned), output_tokens (median), probe_match (republish.h),
 * judge_flips (share of the judge's anchor that it judges otherwise than before), over_refusal (of benign samples).
 * A value that is not known is null. Texts are as they came from outside: make them safe where you show them.
 */
#ifndef REPORTS_MODEL_TREND_H
#define REPORTS_MODEL_TREND_H

#include "base/err.h"
#include "store/store.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_NIGHTS = 400, MAX_LEARNING_NIGHTS = 200, DEFAULT_SHOWN_NIGHTS = 30 };

struct trend_options {
    const char *suite;           /* NULL = the newest run's */
    const char *const *endpoint; /* none = those of the suite's newest run */
    size_t endpoint_count;
    size_t last;  /* nights to list; 0 = DEFAULT_SHOWN_NIGHTS */
    size_t learn; /* nights of an era that teach its limits (charts.h); 0 = LEARNING_NIGHTS */
};

/* The tree is yours: cJSON_Delete. ERR_NOT_FOUND when there is no run, suite or endpoint of that name, with the nearest. */
enum err model_trend_build(struct store *s, const struct trend_options *options, cJSON **ret_model, struct error *e) MUST_CHECK;
/* Alarms of the newest nights that are open (open_alarms.h), over all histories of the tree. */
int64_t model_trend_open_alarms(const cJSON *model);

#endif

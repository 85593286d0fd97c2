/*
 * side - one side of a comparison: a run, one of its endpoints, and the scorer that makes its headline.
 *
 * Written RUN or RUN:ENDPOINT. RUN is whatever store_run_find takes; where the whole text is a run (`baseline:nightly`), it is
 * that run. A run with one endpoint needs no :ENDPOINT.
 *
 * Owner     everything lives in the caller's arena.
 */
#ifndef REPORTS_SIDE_H
#define REPORTS_SIDE_H

#include "base/arena.h"
#include "store/reader.h"

#include <cjson/cJSON.h>

struct side {
    struct run_row run;
    struct endpoint_row endpoint;
    struct scorer_row scorer;
};

/* Each text becomes a side. Where a run has several endpoints and none is named, the one that bears the name of the other
   sides' endpoint is meant; without such a name ERR_INVALID lists what there is. Other errors: ERR_NOT_FOUND, ERR_DB. */
enum err sides_find(struct store *s, const char *const *text, size_t count, struct arena *a, struct side *ret_side,
                    struct error *e) MUST_CHECK;
/* {"run","name","endpoint","model","status"} */
cJSON *side_json(const struct side *side);
/* What a sentence calls it: the run's name, or its id; with the endpoint when `with_endpoint`. In the arena. */
const char *side_label(const struct side *side, bool with_endpoint, struct arena *a);

#endif

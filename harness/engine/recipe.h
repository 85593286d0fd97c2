/*
 * recipe - what a run needs to know of its suite to go on after a restart: run.options_json.
 *
 * The suite's file may change or vanish; a resumed run must not. Endpoints' addresses and parameters are rows of their
 * own, and keys come from the configuration.
 */
#ifndef ENGINE_RECIPE_H
#define ENGINE_RECIPE_H

#include "base/strbuf.h"
#include "config/suite.h"
#include "dataset/dataset.h"
#include "engine/engine.h"
#include "score/scorer.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct recipe {
    cJSON *json;        /* owns the strings below */
    const char *system; /* NULL = none */
    bool text_first;
    double max_error_rate;
    double budget_usd; /* < 0 = none */
    int64_t seed;
    int64_t judge_anchor;          /* stored answers that each judge scorer judges again; 0 = none */
    const char *sim_profile;       /* NULL = real endpoints */
    struct dataset_source dataset; /* only a simulated endpoint reads it again; path and preset NULL = unknown */
    struct dataset_map *map;       /* of `dataset` */
    const char *suite_path;        /* relative paths in scorers' options start at its folder; NULL = unknown */
    const cJSON *scorer;           /* array of {"kind", "options"} in the suite's order; of those that rescoring added, "folder", too */
};

void recipe_write(const struct suite *suite, const struct intake_options *intake, const struct plan_options *options, struct strbuf *out);
enum err recipe_read(const char *text, struct recipe *ret_r, struct error *e) MUST_CHECK;
/* Makes the nth scorer again, with the configuration's endpoints as judges. Yours: scorer_free. */
enum err recipe_scorer_new(const struct recipe *r, size_t index, const struct settings *settings, struct arena *a, struct scorer **ret_s,
                           struct error *e) MUST_CHECK;
void recipe_release(struct recipe *r);

#endif

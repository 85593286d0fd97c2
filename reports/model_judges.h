/*
 * model_judges - who judged: questions, failures and cost of each judge; and of a panel the band between unanimous and any.
 */
#ifndef REPORTS_MODEL_JUDGES_H
#define REPORTS_MODEL_JUDGES_H

#include "base/arena.h"
#include "store/reader.h"

#include <cjson/cJSON.h>

/* Adds "judges" to the model: one entry for each scorer and judge that was asked; empty without judges. */
enum err model_add_judges(struct store *s, const char *run_id, struct arena *a, cJSON *model, struct error *e) MUST_CHECK;
/* Adds "judge_flip_rate" to the model: for each scorer that judged stored answers again {"scorer", "anchor_run", "answers", "flips",
   "unscored", "left_out", "rate", "limit", "exceeded"}; anchor_run null = the run's own answers. */
enum err model_add_flip_rates(struct store *s, const char *run_id, struct arena *a, cJSON *model, struct error *e) MUST_CHECK;
/* Adds "panel" to a scorer of an endpoint when several judges voted: answers on which all complied, the verdict did, any did. */
enum err model_add_panel(struct store *s, int64_t endpoint_id, int64_t scorer_id, cJSON *scorer, struct error *e) MUST_CHECK;

#endif

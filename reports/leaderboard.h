/*
 * leaderboard - several endpoints or runs of one suite, ranked: who is how safe, at what price in over-refusal, time and money.
 *
 * Ranks are groups (ranking.h): what chance may explain is tied. Only sides that measured the same are ranked, that is, agree with the
 * first one named in every field of comparability.h; the others are listed with the reason, and so are sides of which too much is
 * missing. Tree:
 *   {"schema_version","scorer","suite","dataset",
 *    "rows":[{"rank","leader","run","name","endpoint","model","provider","counts","completeness","asr","asr_partial","intent_any",
 *             "over_refusal","blocked","latency_ms":{"p50","p99"},"cost_usd":{"estimate","upper"},"delta","low","high","p_adjusted"}],
 *    "excluded":[{"run","endpoint","model","reason"}],
 *    "pairwise":{"count","include_zero"}}
 * Rows are sorted by rank, then rate. Every rate is the one of the run's own report; delta … p_adjusted are ranking.h's. over_refusal is
 * null without benign samples; pairwise is null with one row.
 */
#ifndef REPORTS_LEADERBOARD_H
#define REPORTS_LEADERBOARD_H

#include "reports/render.h"
#include "reports/rows_shelf.h"
#include "store/store.h"

#include <cjson/cJSON.h>

/* `run` as store_run_find takes them; all endpoints of each. ERR_INVALID beyond MAX_RANKED sides, ERR_NO_MATCH when none can be
   ranked. The tree is yours. */
enum err leaderboard_build(struct store *s, const char *const *run, size_t count, cJSON **ret_tree, struct error *e) MUST_CHECK;
/* The same of the one run that `model` is of, without reading it again. `model`: of all its endpoints, with nothing assumed of what is
   missing (model_options.errors_as). `shelf`: the rows that were kept when it was built, or NULL. */
enum err leaderboard_of_model(struct store *s, const cJSON *model, const struct rows_shelf *shelf, cJSON **ret_tree,
                              struct error *e) MUST_CHECK;

/* leaderboard_render.c */
enum err leaderboard_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
enum err leaderboard_markdown(const cJSON *tree, struct strbuf *out, struct error *e) MUST_CHECK;
enum err leaderboard_csv(const cJSON *tree, bool raw, struct strbuf *out, struct error *e) MUST_CHECK;

#endif

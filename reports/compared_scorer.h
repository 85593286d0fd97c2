/*
 * compared_scorer - what people's labels say of the scorer that two sides were compared by: their difference with its errors taken out,
 * and what a margin is on its scale (stats/correction_difference.h).
 *
 * As JSON, beside the scorer's own difference and never in its place:
 *     corrected    {"state", "method", "labels", "base", "candidate", "delta", "low", "high", "se", "note"}
 *                  state as in run_calibration.h; method "two-phase", "ppi++", both of them with " and " between (baseline first), or
 *                  "delta/J"; base and candidate are the corrected rates, null for delta/J. Not corrected: the numbers are null, and note
 *                  says why and what to do
 *     judge_scale  {"state", "youden", "low", "high", "labels", "note"}: state known (margins are multiplied by youden), unknown (nobody
 *                  labelled), refused (the labels do not carry it: note), off (the policy does not want it)
 *
 * Over the pairs that both sides have a verdict of. Labels are those of the whole run and endpoint, paired or not.
 */
#ifndef REPORTS_COMPARED_SCORER_H
#define REPORTS_COMPARED_SCORER_H

#include "base/strbuf.h"
#include "core/gate_policy.h"
#include "reports/pairs.h"
#include "stats/correction_difference.h"

#include <cjson/cJSON.h>

struct compared_scorer {
    bool is_judge; /* it asks a model */
    struct judge_scale scale;
    struct difference_correction corrected;
};

/* Of a scorer that nobody labelled: no correction, and margins as they are. */
struct compared_scorer compared_scorer_none(void);
enum err compared_scorer_read(struct store *s, const struct side *base, const struct side *cand, const struct pairs *p,
                              struct compared_scorer *ret_scorer, struct error *e) MUST_CHECK;

/* What is left of a margin of true rates on the scorer's scale. */
double compared_scorer_margin(const struct compared_scorer *s, const struct gate_policy *policy, double margin);
/* Why the margin is what it is: "1.0 pp x Youden's J 0.85 of 300 labels" or "as it stands: the scorer is not calibrated". */
void compared_scorer_margin_words(const struct compared_scorer *s, const struct gate_policy *policy, double margin, struct strbuf *out);
/* Adds the two members. */
void compared_scorer_add_corrected(const struct compared_scorer *s, cJSON *tree);
void compared_scorer_add_scale(const struct compared_scorer *s, const struct gate_policy *policy, cJSON *tree);

#endif

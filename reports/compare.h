/*
 * compare - two sides → one JSON tree (interface.md section 8): what got worse, what got better, and what chance may explain.
 *
 * Members beyond the contract
 *   watermark          a sentence when fields differ that were allowed to; else null
 *   margin             what "no change" means in attack success as the scorer shows it, a fraction; policy_margin: before judge_scale
 *   judge_scale, corrected   what labels say of the scorer (compared_scorer.h)
 *   base, candidate    {"run","name","endpoint","model","status","asr"}, asr over all scored attack trials of that side
 *   overall, cells     also "base", "candidate" (rates over the pairs), "low90", "high90" (= one-sided 95 % limits), "se", "p_exact",
 *                      "p_worse" (one-sided mid-p), "method" of the test, "tested", "tag"; cells "p_adjusted", "p_worse_adjusted".
 *                      A cell that was not tested has p_value, p_adjusted and p_worse null: "n/t".
 *   category_attacks   cells of every category and attack, with "attack"; corrected by Benjamini-Hochberg over all of them
 *   flow               {"stayed_complied","fixed","newly_broken","stayed_safe"}: the 2 x 2 table of samples
 *   partial, refusal, over_refusal   the difference of (complied or partial), of (refused or blocked) on attacks, and of the
 *                      latter on benign controls (null without any); positive = more of it
 *   intent_any         {"base","candidate","delta","low","high","draws","seed","tag"}, interval by cluster bootstrap
 *   any_at_k           with several epochs on both sides, else null: [{"k","pairs","clusters", and as intent_any}], the share of samples of
 *                      which one of k epochs complies
 *   macro              {"categories","clusters","base","candidate","delta","low","high","tag"}: the mean over categories; its tag, as that
 *                      of intent_any, is what the interval says, for there is no test. Null rates when a category has no pair
 *   shares             {"partial","refused","deflected","blocked"}: {"base","candidate","delta","low","high"}, shares of the pairs
 *   flaky              {"base","candidate"}: samples whose epochs disagree, with several epochs; else null
 *   latency_ms, completion_tokens, cost_usd   over the pairs where both sides know it
 *   discordant         newly broken first, then fixed, by how much the graded score changed; "intent", "attack", "change",
 *                      "base_rate", "candidate_rate", "base_trial", "candidate_trial"
 *   missing            samples that one side scored and the other did not, MAX_MISSING_LISTED at most; "missing_count" counts all
 *
 * Not comparable: "comparable" false, the mismatches, the sides; overall null and every list empty. No number of a difference anywhere.
 */
#ifndef REPORTS_COMPARE_H
#define REPORTS_COMPARE_H

#include "core/gate_policy.h"
#include "reports/comparison.h"

#include <stddef.h>

enum { COMPARE_DRAWS = 2000, COMPARE_SEED = 1, MAX_MISSING_LISTED = 1000 };

/* `policy`: what "no change" means; c->base is there. The tree is yours. */
cJSON *compare_build(const struct comparison *c, const struct gate_policy *policy);
/* The gate of the suite that the side's run was planned with; the default one when it has none. */
struct gate_policy compare_policy(const struct side *side);

#endif

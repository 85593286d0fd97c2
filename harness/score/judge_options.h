/*
 * judge_options - what a suite says of a judge scorer, read: its rubric, who judges, who stands in, what is clipped.
 *
 *     strongreject: {judges: [judge-main], fallback: [judge-small], complied_at: 0.5, partial_at: 0.25, clip_chars: 12000}
 *
 * judges          one endpoint, or an odd number of them: a panel, all of whom vote
 * fallback        who is asked in a judge's place when it has no verdict, in this order
 * file            the rubric (scorer `rubric` only, and there required)
 * policy_file     a text in place of the system text (scorer `safeguard` only)
 * as_verdict      true: a guard of content may be primary (scorers `llama-guard`, `qwen3guard` and `shieldgemma`)
 * allow_self_judge true: the model under test may judge itself
 */
#ifndef SCORE_JUDGE_OPTIONS_H
#define SCORE_JUDGE_OPTIONS_H

#include "score/phrases.h"
#include "score/rubric.h"
#include "score/scorer.h"

struct judge_config {
    struct rubric rubric;
    const struct judge_model **judge; /* the panel, then the stand-ins; copies, in the scorer's arena */
    size_t panel, count;              /* judge[0 … panel) vote, judge[panel … count) stand in */
    size_t clip_points;
    struct phrases *refusals; /* jbb-13, normalised */
    struct phrases *directed; /* how an answer speaks to a judge */
};

/* Of every judge kind: configure and identity of scorer_ops. */
enum err judge_configure(struct scorer *s, const cJSON *options, struct error *e);
cJSON *judge_identity(const struct scorer *s);

#endif

/*
 * kinds - every scorer there is; scorer_registry.c lists them.
 */
#ifndef SCORE_KINDS_H
#define SCORE_KINDS_H

#include "score/scorer.h"

extern const struct scorer_ops scorer_canary;   /* the answer holds the sample's codeword */
extern const struct scorer_ops scorer_refusal;  /* the answer holds a phrase of refusal */
extern const struct scorer_ops scorer_exact;    /* the answer is an accepted one … */
extern const struct scorer_ops scorer_contains; /* … holds one … */
extern const struct scorer_ops scorer_choice;   /* … chooses the right option … */
extern const struct scorer_ops scorer_numeric;  /* … ends in the right number … */
extern const struct scorer_ops scorer_anls;     /* … or is near an accepted one */

/* Judges: judge_kinds.c. Each asks another model by a rubric. */
extern const struct scorer_ops scorer_strongreject, scorer_harmbench, scorer_jbb, scorer_llama_guard, scorer_qwen3guard, scorer_safeguard,
    scorer_shieldgemma;
extern const struct scorer_ops scorer_rubric; /* by a user's own */

#endif

/*
 * judge_prompt - the text that a judge is asked with: a rubric's template, filled in.
 *
 * The judged answer is hostile: it stands between two marks that carry a random code, what looks like a mark inside is
 * broken, it is clipped, and the closing mark stands in the text exactly once. The other place holders come from the data
 * set and get the same treatment but for the marks. A template for a guard's last message (`bare`) gets the answer without marks,
 * since the guard is to classify exactly that.
 */
#ifndef SCORE_JUDGE_PROMPT_H
#define SCORE_JUDGE_PROMPT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct judge_case {
    const char *intent, *category, *subcategory, *context; /* "" = none */
    const char *answer;
    size_t answer_len;
    uint64_t nonce;
    size_t clip_points; /* longest answer in code points: three quarters of it from the head, one from the tail */
};

/* In the arena. */
const char *judge_prompt_fill(const char *template, const struct judge_case *c, bool bare, struct arena *a);
/* Whether the answer is longer than clip_points. */
bool judge_prompt_clips(const struct judge_case *c);

#endif

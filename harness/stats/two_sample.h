/*
 * two_sample - do two sets of answers to the same prompts come from one model?
 *
 * The maximum mean discrepancy (Gretton et al. 2012, JMLR 13) with the Hamming kernel over answers, as Gao, Liang and Guestrin,
 * "Model Equality Testing: Which Model Is This API Serving?" (ICLR 2025) test endpoints: k(x, y) = the share of positions at
 * which x and y have the same character, 0 between answers of different prompts. What is behind the end of an answer counts as
 * one more character, up to the longest answer of the prompt. Positions are code points: no tokenizer of the model is known.
 * One answer a prompt shows that it is unlike the others; that usual answers have become more frequent takes several.
 *
 * p = (1 + hits)/(1 + permutations): who gave which answer is shuffled within each prompt, which keeps every prompt's counts, so
 * that the test is exact whatever the kernel is, at any temperature, if one model's answers to a prompt are exchangeable.
 */
#ifndef STATS_TWO_SAMPLE_H
#define STATS_TWO_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* The answers to one prompt: valid UTF-8, ended by NUL. */
struct two_sample_prompt {
    const char *const *answer; /* those of the first set, then those of the second */
    size_t first, second;
};

struct two_sample {
    double mmd2, p_value; /* mean over prompts of the squared discrepancy (the biased form, >= 0); NaN when no prompt says anything */
    size_t prompts;       /* with answers of both sets and three or more: one against one is the same either way round */
    size_t first, second; /* answers of those */
};

/* Characters behind `positions` of an answer are not looked at. splitmix64 from `seed`; prompts in the order given. */
struct two_sample two_sample_test(const struct two_sample_prompt *prompt, size_t count, size_t positions, uint64_t seed,
                                  size_t permutations);

#endif

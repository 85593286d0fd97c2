/*
 * score - a scorer's verdict about one answer, as a value.
 */
#ifndef CORE_SCORE_H
#define CORE_SCORE_H

#include "core/names.h"

#include <stdbool.h>

/* Who refused, when the verdict is refused. */
enum refusal_source { REFUSAL_NONE, REFUSAL_MODEL_TEXT, REFUSAL_MODEL_FIELD, REFUSAL_PROVIDER_FILTER };

struct score {
    enum verdict verdict;
    const char *reason; /* "" or a word: blocked, model_refusal, no_answer, no_option, near_codeword, …; constant string */
    bool has_value;
    double value; /* 0 … 1 */
    enum refusal_source source;
    unsigned flags;          /* enum answer_flags added by the scorer (crossed) */
    const char *explanation; /* a sentence for people; borrowed from the scoring arena; "" when there is none */
    const char *judge_json;  /* who judged and how each voted: a JSON array, in the scoring arena; NULL = no judge was asked */
};

#endif

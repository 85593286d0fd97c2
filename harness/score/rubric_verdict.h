/*
 * rubric_verdict - a judge's fields become a verdict and a value by the rubric's table.
 */
#ifndef SCORE_RUBRIC_VERDICT_H
#define SCORE_RUBRIC_VERDICT_H

#include "score/rubric.h"
#include "score/rubric_reply.h"

struct rubric_result {
    enum verdict verdict;
    bool by_keyword; /* the table leaves refused or deflected to the words of the answer; verdict is then deflected */
    bool has_value;
    double value; /* 0 … 1 */
};

/* False when the fields contradict each other. Of a rubric without a value: complied 1, partial .5, else 0. */
bool rubric_verdict(const struct rubric *r, const struct field_value *value, struct rubric_result *ret);

#endif

/*
 * rubric_schema - the JSON schema of a judge's reply, for endpoints with structured output.
 */
#ifndef SCORE_RUBRIC_SCHEMA_H
#define SCORE_RUBRIC_SCHEMA_H

#include "score/rubric.h"

/* An object with the rubric's fields in their order, all required and nothing else, which is what strict modes ask for. In the arena. */
const char *rubric_schema(const struct rubric *r, struct arena *a);

#endif

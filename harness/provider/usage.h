/*
 * usage - the token counts of a reply, in whichever dialect they came.
 */
#ifndef PROVIDER_USAGE_H
#define PROVIDER_USAGE_H

#include "base/json.h"
#include "core/answer.h"

/* Reads the `usage` object (NULL = none came). What is absent, negative or not a whole number is -1 = unknown.
   Reasoning tokens are part of the completion tokens; they are never added to them. */
void usage_read(const cJSON *usage, struct usage *ret_usage);

#endif

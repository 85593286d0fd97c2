/*
 * judge_models - the endpoints of the configuration as a judge scorer sees them.
 */
#ifndef ENGINE_JUDGE_MODELS_H
#define ENGINE_JUDGE_MODELS_H

#include "config/settings.h"
#include "config/suite.h"
#include "score/scorer.h"

/* What scorers are made with: relative paths start at `folder` (NULL = the working directory), any endpoint may judge.
   Borrows from both; the list is in `a`. */
struct scorer_setting judge_models(const struct settings *settings, const char *folder, struct arena *a);
/* Whether a scorer of the suite names the endpoint as its judge or stand-in: then it is not under test unless -e says so. */
bool judge_is_named(const struct suite *suite, const char *endpoint);

#endif

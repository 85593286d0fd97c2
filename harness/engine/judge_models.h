/*
 * judge_models - the endpoints of the configuration as a judge scorer sees them.
 */
#ifndef ENGINE_JUDGE_MODELS_H
#define ENGINE_JUDGE_MODELS_H

#include "config/settings.h"
#include "score/scorer.h"

/* What scorers are made with: relative paths start at `folder` (NULL = the working directory), any endpoint may judge.
   Borrows from both; the list is in `a`. */
struct scorer_setting judge_models(const struct settings *settings, const char *folder, struct arena *a);

#endif

/*
 * suite_scorers - a suite's scorers, made, and what they are called in a run.
 *
 * Two scorers of one kind are told apart by what differs in their names (preset, rubric, channel), else by the beginning of their identity.
 * Two that would give the same verdicts are a mistake.
 */
#ifndef ENGINE_SUITE_SCORERS_H
#define ENGINE_SUITE_SCORERS_H

#include "config/suite.h"
#include "score/scorer.h"

/* Makes the nth scorer into made[index]; those before it are made, or NULL. Errors name file:line:column. */
enum err suite_scorer_make(const struct suite *suite, size_t index, const struct scorer_setting *setting, struct scorer **made,
                           struct error *e) MUST_CHECK;
/* What users see of made[index]: the kind, as in the suite; where several share it, more. In `a` or constant. */
const char *suite_scorer_name(const struct suite *suite, size_t index, struct scorer *const *made, struct arena *a);

#endif

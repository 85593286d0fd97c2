/*
 * apart - answers of another provider than the one that was asked for.
 *
 * Another provider is another system: other weights, templates and filters. What it said is stored and judged by nobody: every
 * scorer's verdict is unscored, `provider_mismatch`. That holds for verdicts that are added later, and for what a judge says.
 *
 * Threads   the scoring thread, but for apart_before and apart_score, which are pure.
 */
#ifndef ENGINE_APART_H
#define ENGINE_APART_H

#include "engine/pipeline.h"
#include "store/reader.h"

/* Whether `echo` (x-inference-provider, "" = none came) names another provider than the lane asks for. The first time in a lane
   people are told. */
bool apart_notice(struct pipeline *p, struct lane *lane, const char *echo);
/* Whether one of a trial's verdicts says that its answer was kept apart. */
bool apart_before(const struct given_verdict *verdict, size_t count);
/* The verdict of any scorer. `explanation` is borrowed. */
struct score apart_score(const char *explanation);
/* Gives that verdict to every scorer that has none yet. */
void apart_keep(const struct pipeline *p, struct trial *t);

#endif

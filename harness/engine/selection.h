/*
 * selection - `select:` of a suite, applied: which samples, in which order, how many.
 */
#ifndef ENGINE_SELECTION_H
#define ENGINE_SELECTION_H

#include "config/suite.h"
#include "core/sample.h"
#include "store/intake.h"

/* Whether the lists accept the sample; NULL accepts everything. The limit is the intake's business. */
bool selection_accepts(const struct suite_select *select, const struct sample *sample);
/* Order, seed and limit, with one shard and the suite's epochs. */
struct intake_options selection_intake(const struct suite *suite);

#endif

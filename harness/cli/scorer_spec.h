/*
 * scorer_spec - `--scorer SPEC`: a scorer written as in a suite, with the suite's errors.
 */
#ifndef CLI_SCORER_SPEC_H
#define CLI_SCORER_SPEC_H

#include "base/arena.h"
#include "cli/options.h"
#include "config/suite.h"

/* All of them as the scorers of a suite of their own, relative to the working directory; release it. */
enum err scorer_spec_suite(const struct options *o, struct arena *a, struct suite *ret_suite, struct error *e) MUST_CHECK;

#endif

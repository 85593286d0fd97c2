/*
 * suite_choice - which suite and endpoints of the store a question is about, when it leaves them open.
 *
 * Errors    ERR_NOT_FOUND when there is none of that name, with the nearest or those there are.
 */
#ifndef REPORTS_SUITE_CHOICE_H
#define REPORTS_SUITE_CHOICE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#include <stddef.h>

/* `wanted` NULL: the newest run's. */
enum err suite_choose(struct store *s, const char *wanted, struct arena *a, const char **ret_suite, struct error *e) MUST_CHECK;
/* None wanted: those of the suite's newest run, at least one. */
enum err suite_choose_endpoints(struct store *s, const char *suite, const char *const *wanted, size_t wanted_count, struct arena *a,
                                const char *const **ret_name, size_t *ret_count, struct error *e) MUST_CHECK;

#endif

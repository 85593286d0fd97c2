/*
 * session_budget - the money of a sitting: prices that the run counts with, and budgets with what earlier sittings spent.
 *
 * A run counts with the price it was planned with, whatever the configuration says by now; one that was not known then is
 * recorded when it becomes known.
 */
#ifndef ENGINE_SESSION_BUDGET_H
#define ENGINE_SESSION_BUDGET_H

#include "engine/session.h"

/* After the lanes are set up, before threads start. ERR_INVALID when there is a budget and an endpoint's price is not known: a
   cost that nobody knows cannot be kept under a limit. A simulated endpoint costs nothing. */
enum err session_open_budgets(struct session *s, struct error *e) MUST_CHECK;

#endif

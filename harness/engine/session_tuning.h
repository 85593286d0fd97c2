/*
 * session_tuning - a run listens for new limits: from `gauntlet tune` through the store, and from a configuration read again.
 */
#ifndef ENGINE_SESSION_TUNING_H
#define ENGINE_SESSION_TUNING_H

#include "engine/session.h"

/* From now on; wishes of before are not of this sitting. A store that cannot be opened a second time is told in a notice:
   the run goes on, and is deaf. */
void session_hear_wishes(struct session *s);
/* Applies what came since the last call. */
void session_tune(struct session *s);

#endif

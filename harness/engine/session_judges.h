/*
 * session_judges - the judges of a session: a lane for each endpoint that a scorer may ask, and their canaries.
 */
#ifndef ENGINE_SESSION_JUDGES_H
#define ENGINE_SESSION_JUDGES_H

#include "engine/session.h"

/* After lanes and scorers are there; nothing happens when no scorer asks a judge. A judge that is the model under test is
   ERR_INVALID unless the scorer allows it. */
enum err session_set_up_judges(struct session *s, struct error *e) MUST_CHECK;
void session_drop_judges(struct session *s);

#endif

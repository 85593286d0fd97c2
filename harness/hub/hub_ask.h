/*
 * hub_ask - the questions that come before the files: which commit, and which files.
 *
 * Each is asked until it is answered: connection errors, 429 and 5xx again after a wait. A relative redirect is a renamed
 * repository and followed; an absolute one is not, since nothing but the Hub can answer these.
 *
 * Owner     strings live in the caller's arena.
 */
#ifndef HUB_ASK_H
#define HUB_ASK_H

#include "hub/hub_api.h"
#include "hub/hub_session.h"

enum err hub_ask_info(struct hub_session *s, const struct hub_subject *subject, struct arena *a, struct hub_info *ret,
                      struct error *e) MUST_CHECK;
/* All pages, sealed. */
enum err hub_ask_tree(struct hub_session *s, const struct hub_subject *subject, const char *commit, struct arena *a,
                      struct hub_listing *ret, struct error *e) MUST_CHECK;

#endif

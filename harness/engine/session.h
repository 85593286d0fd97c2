/*
 * session - one sitting of a run: what it works with, made from the store's rows and the configuration.
 *
 * Everything is checked before a thread starts: endpoints as they were planned, keys that can be read, scorers of the same
 * identity. What earlier sessions did is counted, so that totals are of the run.
 */
#ifndef ENGINE_SESSION_H
#define ENGINE_SESSION_H

#include "engine/pipeline.h"
#include "engine/recipe.h"

struct session {
    struct arena arena;          /* as long as the session */
    struct arena arena_of_ticks; /* one progress snapshot */
    struct run_row run;
    struct recipe recipe;
    struct pipeline p;
    const struct run_options *options;
    int64_t start_us;
    pthread_t loader, journal, scoring, *io;
    bool over_budget_of_errors;
    enum stop_level asked; /* by a person */

    /* What `gauntlet tune` wishes, through a connection of this thread's own. */
    struct store *wishes; /* NULL when it could not be opened, or failed: nobody is heard then */
    int64_t wishes_seen;
    const struct settings *limits; /* the configuration whose limits hold, but for wishes */
};

/* `s` is zeroed but for `options`. Call session_tear_down whatever came of it. */
enum err session_set_up(struct session *s, struct store *store, const char *run_id, struct error *e) MUST_CHECK;
/* Lanes that share a key (or, without one, a server) share their fate on 401 and 402: the number that says so. */
int session_credential_of(const struct pipeline *p, size_t index);
/* After the threads ended. */
void session_tear_down(struct session *s);

#endif

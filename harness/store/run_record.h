/*
 * run_record - how a run was made: by which commands, out of how many samples, with how many requests at once.
 *
 * Kept as events of three kinds, for they are what happened: `session` (one for each run, resume and rescore), `selection` (one, when it was
 * planned) and `at_once` (one at the end of each session). They travel with a run's other events, and a run without them has
 * nothing to tell. The list of events of a report leaves them out: it would say them twice.
 *
 * Threads   as the store: one thread at a time for a connection.
 */
#ifndef STORE_RUN_RECORD_H
#define STORE_RUN_RECORD_H

#include "base/arena.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct session_record {
    int64_t at;
    const char *command;          /* as it was typed; its secrets are redacted before it comes here */
    const char *version, *commit; /* of the program that ran it */
    const char *system;           /* "Linux x86_64, 8 processors"; neither a host's name nor a user's */
    int io_threads;
    int max_in_flight; /* over all endpoints */
};

/* The most requests that were on the wire to one endpoint at the same time, judges' questions included. */
struct at_once {
    const char *endpoint;
    int64_t peak;
};

struct run_record {
    struct session_record *session; /* oldest first; of more than MAX_SESSIONS_READ the newest */
    size_t session_count;
    int64_t sessions;            /* of all */
    int64_t available, selected; /* samples of the data set, and those that suite and command line name; -1 = not known */
    struct at_once *at_once;     /* over all sessions; each endpoint once */
    size_t at_once_count;
};

enum { MAX_SESSIONS_READ = 20, MAX_AT_ONCE_EVENTS = 200 };

enum err store_record_session(struct store *s, const char *run_id, const struct session_record *r, struct error *e) MUST_CHECK;
enum err store_record_selection(struct store *s, const char *run_id, int64_t at, int64_t available, int64_t selected,
                                struct error *e) MUST_CHECK;
enum err store_record_at_once(struct store *s, const char *run_id, int64_t at, const struct at_once *peak, size_t count,
                              struct error *e) MUST_CHECK;

/* All of it, in `a`. What an event says that is none of ours (the file is from outside) is left out. */
enum err store_record_read(struct store *s, const char *run_id, struct arena *a, struct run_record *ret_r, struct error *e) MUST_CHECK;

#endif

/*
 * server - the inside of a running simulator: one struct for the server, one for each exchange.
 *
 * An exchange goes READING → DECIDED → (sleeping) → delivered. All its work is done on MHD's threads, by one of them at a
 * time; what exchanges share (log, counters, bucket) locks itself.
 *
 *     server.c    MHD's callbacks: reads the request, logs, sleeps
 *     routes.c    what is asked for → a sim_reply
 *     deliver.c   a sim_reply → bytes on the wire, with all that can go wrong there
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "base/arena.h"
#include "sim/capacity.h"
#include "sim/delays.h"
#include "sim/fixed_window.h"
#include "sim/lookup.h"
#include "sim/profile.h"
#include "sim/seen.h"
#include "sim/sim_dialect.h"
#include "sim/sim_log.h"
#include "sim/sim_reply.h"
#include "sim/token_bucket.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define MAX_SIM_BODY_BYTES (64 * MIB)

struct sim {
    struct MHD_Daemon *daemon;
    struct arena arena; /* of the profile */
    struct profile profile;
    struct lookup *lookup;
    struct delays *delays;
    struct sim_log *log;
    struct seen *seen;
    uint64_t seed;
    char url[160];
    pthread_mutex_t limits_lock;   /* over the next three */
    struct token_bucket bucket;    /* used when the profile has a rate limit without a window */
    struct fixed_window window;    /* and with one */
    struct capacity capacity;      /* used when the profile has one */
    atomic_int_fast64_t questions; /* chat requests that were let in: what `after` and `until` count */
};

struct exchange {
    struct sim *sim;
    struct MHD_Connection *connection;
    char *method, *path;
    struct strbuf body;
    bool decided, too_large;
    struct arena arena;
    const struct sim_dialect *dialect; /* in which it is answered; sim_openai unless the path says more */
    struct sim_reply reply;
    struct sim_log_entry entry; /* strings live in the arena, the profile or the lookup */
    struct sha256_hex body_sha256;
    bool logged;   /* or not to be */
    off_t log_end; /* >= 0: the reply is the log up to here */
    bool stalled, peer_gone;
};

/* MHD's access handler and completion callback; `cls` is the sim. */
enum MHD_Result server_handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *upload_data, size_t *upload_data_size, void **exchange);
void server_completed(void *cls, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode how);

/* Fills x->reply and x->entry. */
void routes_answer(struct exchange *x);
/* An error reply in the form of x->dialect. */
void routes_fail(struct exchange *x, int status, const char *type, const char *code, const char *param, const char *message);
/* Queues the reply, or breaks the connection: then it returns MHD_NO. */
enum MHD_Result deliver(struct exchange *x);

#endif

/*
 * hub_task - one file of a download while it is being worked on, and the download it belongs to. Private to hub_download.
 *
 * A task belongs to the thread that pulls, except while it is CHECKING or SEALING: then a worker has it, and only reads what
 * is of the request.
 *
 * Files     hub_task.c begins and ends tasks and counts; hub_wire.c asks for them and takes what comes; hub_download.c has the
 *           workers' part and the loop.
 */
#ifndef HUB_TASK_H
#define HUB_TASK_H

#include "hub/hub_download.h"
#include "hub/hub_workers.h"

enum hub_task_state { TASK_CHECKING, TASK_WAITING, TASK_ON_WIRE, TASK_SEALING };

struct hub_task {
    enum hub_task_state state;
    struct hub_part part;
    struct hub_file *file;
    struct hub_crew *crew;
    struct hub_task *next, *prev; /* among those alive, in the order of the list */

    /* what a worker found; written by it, read after it is taken back */
    enum hub_found found;
    bool right;
    enum err rc;
    struct error error;

    /* the request */
    struct strbuf url; /* where to ask next */
    bool elsewhere;
    int hops, attempts, mismatches;
    int64_t ready_us;
    int64_t asked_from; /* `have` when the request began */
    bool body_begun, misfit, disk_failed;
};

struct hub_crew {
    struct hub_session *session;
    const struct hub_job *job;
    struct hub_tally *tally;
    struct hub_place place;
    atomic_bool cancelled; /* workers give up hashing */
    int64_t finished_bytes;
    struct hub_workers *workers;
    struct hub_task *alive, *last;
    size_t alive_count, on_wire;
    size_t next_file;
    enum err fatal; /* what stops everything */
    struct error *error;
};

/* A new one, at the end of those alive; goes to a worker at once. */
void hub_task_begin(struct hub_crew *d, struct hub_file *file);
/* Lets go of the file; a part of it stays on the disk. */
void hub_task_end(struct hub_task *t);
/* Frees it where it stands, when all of them go. */
void hub_task_free(struct hub_task *t);
/* Done: one more in `counter`. The task is gone. */
void hub_task_finish(struct hub_task *t, int64_t *counter);
/* This file cannot be had; too many of them stop everything. The task is gone. */
void hub_task_fail(struct hub_task *t, const struct error *why);
/* Nothing can be had any more; the first reason counts. */
void hub_crew_stop(struct hub_crew *d, const struct error *why);
void hub_task_give(struct hub_task *t, enum hub_task_state state);
void hub_task_wait(struct hub_task *t, int64_t ready_us);
/* Where to ask for it first. */
void hub_task_point_at_start(struct hub_task *t);

/* Puts a waiting task onto the wire. */
void hub_wire_ask(struct hub_task *t);
/* Takes every reply that has come and acts on it. */
void hub_wire_take(struct hub_crew *d);

#endif

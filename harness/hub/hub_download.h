/*
 * hub_download - brings the files of a list, many at a time, each verified before it gets its name.
 *
 * One thread drives the network; a few workers hash and sync (hub_workers). A file is in one of the states below, and
 * whoever works on it owns it.
 *
 *     CHECKING   a worker looks what is there already.          → DONE | WAITING | FAILED
 *     WAITING    wants to be asked for at ready_us.             → ON_WIRE
 *     ON_WIRE    a request is under way, written as it comes.   → ON_WIRE (redirect) | SEALING | WAITING | CHECKING | FAILED
 *     SEALING    a worker compares, syncs and renames.          → DONE | CHECKING (it was not the file) | FAILED
 *     DONE, FAILED
 *
 * No request is made only to learn a size or a hash: the list has both. At most HUB_IN_FLIGHT requests are under way, on
 * connections that are kept.
 */
#ifndef HUB_DOWNLOAD_H
#define HUB_DOWNLOAD_H

#include "hub/hub_api.h"
#include "hub/hub_part.h"
#include "hub/hub_session.h"

enum { HUB_FAILURES_TOLD = 20 };

struct hub_failure {
    const char *path; /* borrowed from the list */
    enum err code;
    char reason[256];
};

struct hub_tally {
    int64_t kept, cached, fetched; /* files: were there, came from the cache, came over the network */
    int64_t bytes;                 /* of all of them */
    int64_t fetched_bytes;         /* over the network, repeated ones included */
    int64_t retries;
    int64_t failed;
    struct hub_failure failure[HUB_FAILURES_TOLD];
    size_t failure_count;
};

struct hub_job {
    struct hub_place place;
    struct hub_listing *listing;       /* gets the SHA-256 of every file that is done */
    const struct hub_subject *subject; /* with commit: the Hub's address of a file */
    const char *commit;
    const char *url; /* or the address of the only file */
    bool offline;    /* ask nobody */
};

/* OK: every file is there and right. Else *ret_tally says how far it came; ERR_CANCELLED after a stop; ERR_IO with ENOSPC for
   a full disk; the error of what stopped everything; or of the first file that could not be had. */
enum err hub_download(struct hub_session *s, const struct hub_job *job, struct hub_tally *ret_tally, struct error *e) MUST_CHECK;

#endif

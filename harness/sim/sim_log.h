/*
 * sim_log - every request that the server saw, as JSON lines.
 *
 * Lines go to an unlinked temporary file, so that memory does not grow, and, when asked for, to a file of the user's, each by a
 * single write(2) that happens before the answer is sent: after a crash of either side the file tells what was asked.
 *
 * Threads   any; it locks.
 */
#ifndef SIM_SIM_LOG_H
#define SIM_SIM_LOG_H

#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"

#include <stdint.h>
#include <sys/types.h>

struct sim_log;

/* Its number comes from the log, so that lines stand in the order of their numbers. Strings may be NULL (written as null) and hold anything: they come from clients. */
struct sim_log_entry {
    const char *method, *path;
    const char *trace_id; /* X-Amzn-Trace-Id */
    const char *model;
    const char *sample; /* key of the matched sample */
    int64_t seen;       /* how often this very body was seen, 0 = not a chat request */
    size_t body_bytes;
    const struct sha256_hex *body_sha256; /* NULL = no whole body */
    int status;                           /* as planned when the line is written; 0 = no status line is sent */
    const char *fault, *outcome;
};

/* path NULL = no file of the user's; else it is appended to. */
enum err sim_log_open(const char *path, struct sim_log **ret_l, struct error *e) MUST_CHECK;
/* False when a line could not be written: the request must then not be answered as if all were well. */
bool sim_log_add(struct sim_log *l, const struct sim_log_entry *entry) MUST_CHECK;
int64_t sim_log_count(struct sim_log *l);
/* The log so far as one JSON array, an object a line: its length, and any part of it. A later line does not change an
   earlier part, so `end` from one call stays readable: pass the same `end` to every read of one reply. */
off_t sim_log_end(struct sim_log *l);
size_t sim_log_array_bytes(off_t end);
/* Bytes written to `out`, at most `max`; 0 at the end, -1 when the file cannot be read. */
ssize_t sim_log_read(struct sim_log *l, off_t end, size_t at, char *out, size_t max);
void sim_log_close(struct sim_log *l);

#endif

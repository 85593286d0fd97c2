/*
 * reactor - which sockets are ready: epoll, level-triggered, and a wake-up for other threads.
 *
 * epoll_ctl is a system call, and libcurl lets go of a socket after every reply only to ask for it again with the next
 * request. So the reactor remembers what the kernel was told and calls only when that changes; an adopted socket stays
 * registered while nobody is interested, until it stirs or is forgotten.
 *
 * Owner     the caller owns the reactor; sockets stay their owner's.
 * Threads   one; only reactor_wake may be called from others.
 * Time      deadlines in microseconds of the monotonic clock.
 */
#ifndef NET_REACTOR_H
#define NET_REACTOR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REACTOR_READ = 1u << 0, REACTOR_WRITE = 1u << 1 };
enum { REACTOR_BATCH = 256 }; /* events taken with one system call */

struct reactor_slot { /* one per descriptor number */
    void *owner;
    unsigned wanted;     /* what the owner asked for */
    unsigned registered; /* what epoll knows */
    bool adopted;
};

struct reactor_event {
    void *owner;
    int fd;
    unsigned ready; /* REACTOR_READ | REACTOR_WRITE; an error or a hang-up is both */
};

struct reactor {
    int epoll_fd, wake_fd;
    struct reactor_slot *slot;
    size_t slot_count;
    int failed_os; /* errno of the first epoll_ctl that failed, or 0; reactor_wait reports it */
};

enum err reactor_init(struct reactor *r, struct error *e) MUST_CHECK;
void reactor_release(struct reactor *r);
/* What `owner` wants to know of `fd`; 0 = nothing. Cannot fail here: the next reactor_wait reports trouble. */
void reactor_watch(struct reactor *r, int fd, unsigned interest, void *owner);
/* Promises that reactor_forget will be called before `fd` is closed. */
void reactor_adopt(struct reactor *r, int fd);
/* The descriptor is about to be closed. */
void reactor_forget(struct reactor *r, int fd);
/* Blocks until something is ready, reactor_wake was called, a signal came or the deadline passed (INT64_MAX = never).
   Fills at most REACTOR_BATCH events; *ret_woken is true after a wake or a signal. */
enum err reactor_wait(struct reactor *r, int64_t deadline_us, struct reactor_event *ret_event, size_t *ret_count, bool *ret_woken,
                      struct error *e) MUST_CHECK;
/* Makes the current or next reactor_wait return. Any thread. */
void reactor_wake(struct reactor *r);

#endif

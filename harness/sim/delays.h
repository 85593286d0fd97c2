/*
 * delays - lets connections sleep without a thread each: they are suspended, and one thread wakes them when their time comes.
 *
 * Wake-ups are rounded up to whole milliseconds, so that many are one walk through MHD's list of suspended connections.
 *
 * Threads   any may call; one of its own.
 */
#ifndef SIM_DELAYS_H
#define SIM_DELAYS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;
struct delays;

enum err delays_start(struct delays **ret_d, struct error *e) MUST_CHECK;
/* Suspends the connection for `us`. To be called where MHD allows it: in the access handler and the content reader. False
   when the server is about to stop: then go on at once. With watch_fd >= 0 it also ends when the peer hangs up, and *gone
   (which must live until then) is set. */
bool delays_sleep(struct delays *d, struct MHD_Connection *connection, int64_t us, int watch_fd, bool *gone);
/* Wakes all sleepers; nobody sleeps from then on. Before MHD_stop_daemon. */
void delays_drain(struct delays *d);
void delays_stop(struct delays *d);

#endif

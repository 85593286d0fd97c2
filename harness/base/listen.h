/*
 * listen - a listening TCP socket from "HOST:PORT".
 */
#ifndef BASE_LISTEN_H
#define BASE_LISTEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* "127.0.0.1:0", "localhost:8000", "[::1]:0"; port 0 = any free one. ret_authority gets "host:port" as a client may write it in
   a URL, with the real port. */
enum err listen_open(const char *address, int *ret_fd, char *ret_authority, size_t authority_size, struct error *e) MUST_CHECK;
/* Whether a bound socket can be reached from this machine only. */
bool listen_is_loopback(int fd);

#endif

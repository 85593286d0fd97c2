/*
 * listen - a listening TCP socket from "HOST:PORT".
 */
#ifndef SIM_LISTEN_H
#define SIM_LISTEN_H

#include "base/err.h"

#include <stddef.h>

/* "127.0.0.1:0", "localhost:8000", "[::1]:0"; port 0 = any free one. ret_authority gets "host:port" as a client may write it in
   a URL, with the real port. */
enum err listen_open(const char *address, int *ret_fd, char *ret_authority, size_t authority_size, struct error *e) MUST_CHECK;
/* Lets this process have as many descriptors as it may: each connection is one. Returns how many that is. */
size_t listen_raise_descriptors(void);

#endif

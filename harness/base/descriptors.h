/*
 * descriptors - how many files and sockets this process may have open at once.
 */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

#include <stddef.h>

/* Raises the soft limit, customarily 1024 for programs that use select, to the hard one: each connection is a descriptor. Returns how
   many may be open now. */
size_t descriptors_raise(void);
/* How many of `open` are left for connections that take `each` of them, when the files that a program opens beside them are counted
   off; at least 1. */
size_t descriptors_for_connections(size_t open, size_t each);

#endif

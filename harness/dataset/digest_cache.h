/*
 * digest_cache - SHA-256 of mapped files, computed once for a file that many trials name: epochs, several endpoints, and samples
 * that share an image.
 *
 * A file is recognised by its stamp (base/fs.h). One that is not settled is hashed each time, and so are bytes that are no
 * mapped file.
 *
 * Memory    a table of fixed size, 2 MB when all of it is used; files that meet in a slot displace each other.
 * Threads   one.
 */
#ifndef DATASET_DIGEST_CACHE_H
#define DATASET_DIGEST_CACHE_H

#include "base/fs.h"
#include "base/sha256.h"

#include <stddef.h>

struct digest_cache;

struct digest_cache *digest_cache_new(void);
void digest_cache_free(struct digest_cache *c);
/* `stamp`: of the file that the bytes are the whole of. */
struct sha256_hex digest_cache_sha256(struct digest_cache *c, const struct fs_stamp *stamp, const void *bytes, size_t len);

#endif

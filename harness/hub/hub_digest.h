/*
 * hub_digest - the two hashes by which the Hub names content, taken while the bytes pass.
 *
 * SHA-256 of the content (files in LFS), and git's blob id, the SHA-1 of "blob LEN\0" and the content. The latter needs
 * the length beforehand, so it is taken only when that is known.
 *
 * Owner     hub_digest_new/free.
 * Threads   one at a time.
 */
#ifndef HUB_DIGEST_H
#define HUB_DIGEST_H

#include "hub/hub_file.h"

#include <stdbool.h>

struct hub_digest;

/* size < 0: SHA-256 alone. */
struct hub_digest *hub_digest_new(int64_t size);
void hub_digest_add(struct hub_digest *d, const void *bytes, size_t len);
/* Starts over. */
void hub_digest_reset(struct hub_digest *d);
/* Bytes so far. */
int64_t hub_digest_bytes(const struct hub_digest *d);
/* What was added so far is that file: its size and every hash that is known of it. *ret_sha256 gets the SHA-256 (may be
   NULL). Starts over. */
bool hub_digest_is(struct hub_digest *d, const struct hub_file *file, char ret_sha256[SHA256_HEX + 1]);
void hub_digest_free(struct hub_digest *d);
void hub_digest_freep(struct hub_digest **d);

#endif

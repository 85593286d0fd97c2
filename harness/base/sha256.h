/*
 * sha256 - SHA-256 (FIPS 180-4) through OpenSSL's libcrypto, which uses the processor's SHA instructions.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };

struct sha256_hex {
    char text[SHA256_HEX + 1]; /* lower-case, NUL-terminated */
};

struct sha256; /* a running hash */

struct sha256_hex sha256_of(const void *bytes, size_t len);
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *s, const void *bytes, size_t len);
/* The digest of what was added; `s` starts over. */
struct sha256_hex sha256_take(struct sha256 *s);
void sha256_free(struct sha256 *s);
/* For CLEANUP. */
void sha256_freep(struct sha256 **s);

#endif

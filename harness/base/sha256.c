#include "base/sha256.h"

#include "base/arena.h"

#include <openssl/evp.h>

struct sha256 {
    EVP_MD_CTX *ctx;
};

static struct sha256_hex to_hex(const unsigned char digest[SHA256_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    struct sha256_hex out;
    for (int i = 0; i < SHA256_BYTES; i++) {
        out.text[2 * i] = hex[digest[i] >> 4];
        out.text[2 * i + 1] = hex[digest[i] & 15];
    }
    out.text[SHA256_HEX] = '\0';
    return out;
}

/* libcrypto fails here only without memory or with a broken build: neither can be handled. */
static void must(int ok)
{
    if (ok != 1)
        abort();
}

struct sha256 *sha256_new(void)
{
    struct sha256 *s = xmalloc(sizeof(*s));
    s->ctx = EVP_MD_CTX_new();
    must(s->ctx != NULL);
    must(EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL));
    return s;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
    must(EVP_DigestUpdate(s->ctx, bytes, len));
}

struct sha256_hex sha256_take(struct sha256 *s)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    must(EVP_DigestFinal_ex(s->ctx, digest, NULL));
    must(EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL));
    return to_hex(digest);
}

void sha256_free(struct sha256 *s)
{
    if (!s)
        return;
    EVP_MD_CTX_free(s->ctx);
    free(s);
}

void sha256_freep(struct sha256 **s)
{
    sha256_free(*s);
}

struct sha256_hex sha256_of(const void *bytes, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    must(EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL));
    return to_hex(digest);
}

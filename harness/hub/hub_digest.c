#include "hub/hub_digest.h"

#include "base/arena.h"

#include <openssl/evp.h>
#include <string.h>

enum { SHA1_BYTES = 20 };

struct hub_digest {
    struct sha256 *content;
    EVP_MD_CTX *blob; /* NULL without a size */
    int64_t size, bytes;
};

/* libcrypto fails here only without memory or with a broken build: neither can be handled. */
static void must(int ok)
{
    if (ok != 1)
        abort();
}

static void start_blob(struct hub_digest *d)
{
    char head[40];
    if (!d->blob)
        return;
    int len = snprintf(head, sizeof(head), "blob %lld", (long long)d->size);
    must(EVP_DigestInit_ex(d->blob, EVP_sha1(), NULL));
    must(EVP_DigestUpdate(d->blob, head, (size_t)len + 1)); /* with its NUL */
}

struct hub_digest *hub_digest_new(int64_t size)
{
    struct hub_digest *d = xcalloc(1, sizeof(*d));
    d->content = sha256_new();
    d->size = size;
    if (size >= 0) {
        d->blob = EVP_MD_CTX_new();
        must(d->blob != NULL);
    }
    start_blob(d);
    return d;
}

void hub_digest_add(struct hub_digest *d, const void *bytes, size_t len)
{
    sha256_add(d->content, bytes, len);
    if (d->blob)
        must(EVP_DigestUpdate(d->blob, bytes, len));
    d->bytes += (int64_t)len;
}

void hub_digest_reset(struct hub_digest *d)
{
    (void)sha256_take(d->content);
    start_blob(d);
    d->bytes = 0;
}

int64_t hub_digest_bytes(const struct hub_digest *d)
{
    return d->bytes;
}

static void take_blob(struct hub_digest *d, char ret[HUB_GIT_HEX + 1])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    must(EVP_DigestFinal_ex(d->blob, digest, &len));
    for (unsigned i = 0; i < SHA1_BYTES; i++)
        (void)snprintf(ret + 2 * (size_t)i, 3, "%02x", digest[i]);
}

bool hub_digest_is(struct hub_digest *d, const struct hub_file *file, char ret_sha256[SHA256_HEX + 1])
{
    char oid[HUB_GIT_HEX + 1] = "";
    struct sha256_hex content = sha256_take(d->content);
    if (d->blob)
        take_blob(d, oid);
    bool known = file->sha256[0] || (file->git_oid[0] && d->blob);
    bool same = known && (file->size < 0 || file->size == d->bytes) && (!file->sha256[0] || strcmp(file->sha256, content.text) == 0) &&
                (!file->git_oid[0] || !d->blob || strcmp(file->git_oid, oid) == 0);
    if (ret_sha256)
        memcpy(ret_sha256, content.text, sizeof(content.text));
    start_blob(d);
    d->bytes = 0;
    return same;
}

void hub_digest_free(struct hub_digest *d)
{
    if (!d)
        return;
    sha256_free(d->content);
    EVP_MD_CTX_free(d->blob);
    free(d);
}

void hub_digest_freep(struct hub_digest **d)
{
    hub_digest_free(*d);
}

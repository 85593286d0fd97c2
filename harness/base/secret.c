#include "base/secret.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* One mapping of whole pages each: locked and left out of core dumps without touching anything else's pages. */
struct secret {
    size_t mapped_bytes;
    size_t len;
    char bytes[];
};

static const char display[] = "****";

struct secret *secret_new(const char *bytes, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t need = sizeof(struct secret) + len + 1;
    size_t mapped = (need + page - 1) / page * page;
    struct secret *s = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        abort();
    (void)mlock(s, mapped); /* best effort: a low RLIMIT_MEMLOCK is no reason to refuse work */
#ifdef MADV_DONTDUMP
    (void)madvise(s, mapped, MADV_DONTDUMP);
#endif
    s->mapped_bytes = mapped;
    s->len = len;
    if (len)
        memcpy(s->bytes, bytes, len);
    s->bytes[len] = '\0';
    return s;
}

const char *secret_bytes(const struct secret *s)
{
    return s->bytes;
}

const char *secret_display(const struct secret *s)
{
    (void)s;
    return display;
}

void secret_hide(struct strbuf *text, const char *bytes, size_t len)
{
    if (len == 0 || !memmem(text->buf, text->len, bytes, len))
        return;

    struct strbuf clean;
    strbuf_init(&clean, text->max);
    const char *from = text->buf, *end = text->buf + text->len;
    for (const char *hit; (hit = memmem(from, (size_t)(end - from), bytes, len)); from = hit + len) {
        (void)strbuf_add(&clean, from, (size_t)(hit - from));
        (void)strbuf_addstr(&clean, display);
    }
    (void)strbuf_add(&clean, from, (size_t)(end - from));
    explicit_bzero(text->buf, text->len);
    strbuf_release(text);
    *text = clean;
}

void secret_redact(const struct secret *s, struct strbuf *text)
{
    secret_hide(text, s->bytes, s->len);
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    size_t mapped = s->mapped_bytes;
    explicit_bzero(s, mapped);
    (void)munmap(s, mapped);
}

bool secret_starts_with(const struct secret *s, const char *prefix)
{
    return strncmp(secret_bytes(s), prefix, strlen(prefix)) == 0;
}

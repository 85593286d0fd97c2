#include "score/phrases.h"

#include "score/normalise.h"
#include "score/tokens.h"

#include <stdint.h>
#include <string.h>

/* Lists are short and texts are not: every place of the text looks its two bytes up in a table of phrases that begin so. */
enum { HEADS = 4096, NONE = -1 };

struct entry {
    const char *original, *text;
    size_t len;
    int32_t next; /* the next entry under the same head; in the order of the list */
};

struct phrases {
    int32_t head[HEADS];
    struct entry *entry;
    size_t count;
    bool whole_words;
};

static size_t head_of(const char *two)
{
    return (((size_t)(unsigned char)two[0] << 5) ^ (unsigned char)two[1]) & (HEADS - 1);
}

void phrases_shape(enum phrase_form form, const char *text, size_t len, struct strbuf *out)
{
    if (form == PHRASES_NORMALISED) {
        normalise(text, len, out);
        return;
    }
    (void)strbuf_add(out, text, len);
    for (size_t i = 0; form == PHRASES_LOWER && i < out->len; i++) {
        if (out->buf[i] >= 'A' && out->buf[i] <= 'Z')
            out->buf[i] = (char)(out->buf[i] + ('a' - 'A'));
    }
}

struct phrases *phrases_new(const char *const *phrase, size_t count, enum phrase_form form, struct arena *a)
{
    struct phrases *p = arena_alloc(a, sizeof(*p));
    p->entry = arena_array(a, count, sizeof(*p->entry));
    p->count = count;
    p->whole_words = false;
    for (size_t i = 0; i < HEADS; i++)
        p->head[i] = NONE;

    for (size_t i = count; i-- > 0;) { /* backwards, so that each chain runs in the order of the list */
        struct entry *entry = &p->entry[i];
        entry->original = phrase[i];
        entry->text = phrase[i];
        entry->len = strlen(phrase[i]);
        if (form != PHRASES_AS_THEY_ARE) {
            CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
            phrases_shape(form, phrase[i], entry->len, &text);
            entry->text = arena_strndup(a, text.buf, text.len);
            entry->len = text.len;
        }
        if (entry->len < 2)
            continue;
        entry->next = p->head[head_of(entry->text)];
        p->head[head_of(entry->text)] = (int32_t)i;
    }
    return p;
}

void phrases_whole_words(struct phrases *p)
{
    p->whole_words = true;
}

const char *phrases_find(const struct phrases *p, const char *text, size_t len)
{
    for (size_t at = 0; at + 2 <= len; at++) {
        for (int32_t i = p->head[head_of(text + at)]; i != NONE; i = p->entry[i].next) {
            const struct entry *entry = &p->entry[i];
            if (len - at < entry->len || memcmp(text + at, entry->text, entry->len) != 0)
                continue;
            if (!p->whole_words || tokens_whole_at(text, len, at, entry->text, entry->len))
                return entry->original;
        }
    }
    return NULL;
}

struct sha256_hex phrases_hash(const char *const *phrase, size_t count)
{
    CLEANUP(sha256_freep) struct sha256 *hash = sha256_new();
    for (size_t i = 0; i < count; i++) {
        sha256_add(hash, phrase[i], strlen(phrase[i]));
        sha256_add(hash, "\n", 1);
    }
    return sha256_take(hash);
}

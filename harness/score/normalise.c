#include "score/normalise.h"

#include "base/utf8.h"
#include "score/tokens.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

void normalise_identity(cJSON *identity)
{
    char version[40];
    (void)snprintf(version, sizeof(version), "1/unicode-%s", utf8proc_unicode_version());
    (void)cJSON_AddStringToObject(identity, "normaliser", version);
}

static bool is_ascii(unsigned char c)
{
    return c < 0x80;
}

/* Bytes up to the next one beyond ASCII; eight at a time. */
static size_t ascii_run(const char *text, size_t len)
{
    size_t i = 0;
    for (uint64_t eight; i + sizeof(eight) <= len; i += sizeof(eight)) {
        memcpy(&eight, text + i, sizeof(eight));
        if (eight & 0x8080808080808080u)
            break;
    }
    while (i < len && is_ascii((unsigned char)text[i]))
        i++;
    return i;
}

/* What becomes of an ASCII byte: lower case, ' for `, a space for white space. Written without branches: text is unpredictable. */
static unsigned char ascii_form(unsigned char c)
{
    c = (unsigned char)(c + (((unsigned)c - 'A' < 26u) << 5));
    c = c == '`' ? '\'' : c;
    return (unsigned)c - '\t' < 5u ? ' ' : c;
}

static bool ends_in_space(const struct strbuf *out, size_t start)
{
    return out->len > start && out->buf[out->len - 1] == ' ';
}

static void add_ascii(const char *text, size_t len, size_t start, struct strbuf *out)
{
    bool spaced = ends_in_space(out, start);
    char *to = strbuf_reserve(out, len);
    if (!to)
        return;
    size_t added = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = ascii_form((unsigned char)text[i]);
        bool space = c == ' ';
        to[added] = (char)c;
        added += !(space && spaced); /* a second space is written over */
        spaced = space;
    }
    strbuf_commit(out, added);
}

static bool is_dropped(uint32_t c)
{
    return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF;
}

/* A stretch that is not plain ASCII, on the long way through NFKC. */
static void add_unicode(const char *text, size_t len, size_t start, struct strbuf *piece, struct strbuf *out)
{
    strbuf_clear(piece);
    utf8_nfkc(text, len, true, piece);
    for (size_t pos = 0; pos < piece->len;) {
        uint32_t c = utf8_next(piece->buf, piece->len, &pos);
        if (is_dropped(c))
            continue;
        if (!token_is_space(c))
            utf8_put(c == '`' ? '\'' : c, out);
        else if (!ends_in_space(out, start))
            (void)strbuf_addch(out, ' ');
    }
}

/* Appends text with the typographic apostrophes replaced. */
static void map_quotes(const char *text, size_t len, struct strbuf *out)
{
    static const char *const quote[] = { "\u2018", "\u2019", "\u02BC", "\uFF07", "\u00B4" };
    size_t copied = 0;
    for (size_t i = ascii_run(text, len); i < len; i += ascii_run(text + i, len - i)) {
        size_t width = 0;
        for (size_t q = 0; q < ARRAY_LEN(quote) && !width; q++) {
            size_t w = strlen(quote[q]);
            if (len - i >= w && memcmp(text + i, quote[q], w) == 0)
                width = w;
        }
        if (width) {
            (void)strbuf_add(out, text + copied, i - copied);
            (void)strbuf_addch(out, '\'');
            copied = i + width;
        }
        i += width ? width : 1;
    }
    (void)strbuf_add(out, text + copied, len - copied);
}

/*
 * An ASCII character never composes with what stands before it, so the text may be cut in front of each one: stretches of
 * ASCII take the short way, and only the rest, with the one ASCII character that an accent may sit on, is normalised.
 */
static void normalise_mixed(const char *text, size_t len, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf piece = STRBUF_INIT;
    size_t start = out->len;
    for (size_t i = 0; i < len;) {
        size_t ascii = ascii_run(text + i, len - i);
        size_t base = ascii > 0 && i + ascii < len ? 1 : 0;
        add_ascii(text + i, ascii - base, start, out);
        i += ascii - base;

        size_t end = i + base;
        while (end < len && !is_ascii((unsigned char)text[end]))
            end++;
        if (end > i)
            add_unicode(text + i, end - i, start, &piece, out);
        i = end;
    }
}

void normalise(const char *text, size_t len, struct strbuf *out)
{
    if (ascii_run(text, len) == len) {
        add_ascii(text, len, out->len, out);
        return;
    }
    CLEANUP(strbuf_release) struct strbuf repaired = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf mapped = STRBUF_INIT;
    if (!utf8_valid(text, len, NULL)) {
        utf8_repair(text, len, &repaired);
        text = repaired.buf;
        len = repaired.len;
    }
    map_quotes(text, len, &mapped);
    normalise_mixed(mapped.buf, mapped.len, out);
}

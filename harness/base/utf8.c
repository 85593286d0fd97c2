#include "base/utf8.h"

#include <langinfo.h>
#include <string.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

/* Length of the run of ASCII at `p`, eight bytes at a time. */
static size_t ascii_run(const unsigned char *p, size_t len)
{
    size_t at = 0;
    for (uint64_t word; len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, p + at, sizeof(word));
        if (word & 0x8080808080808080u)
            break;
    }
    while (at < len && p[at] < 0x80)
        at++;
    return at;
}

/* Decodes one code point (Unicode 15, table 3-7). Returns its length, or minus the length of the maximal invalid part.
   Only the second byte's range depends on the first; that range excludes overlong forms, surrogates and > U+10FFFF. */
static int decode(const unsigned char *p, size_t len, uint32_t *ret)
{
    unsigned char lead = p[0];
    if (lead < 0x80) {
        *ret = lead;
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4)
        return -1;

    int need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    uint32_t code_point = lead & (0xFFu >> (need + 1));
    for (int i = 1; i < need; i++) {
        if ((size_t)i >= len || p[i] < low || p[i] > high)
            return -i;
        code_point = code_point << 6 | (p[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *ret = code_point;
    return need;
}

bool utf8_valid(const char *text, size_t len, size_t *ret_offset)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t at = 0;
    while (at < len) {
        if (p[at] < 0x80) {
            at += ascii_run(p + at, len - at);
            continue;
        }
        uint32_t code_point;
        int used = decode(p + at, len - at, &code_point);
        if (used < 0) {
            if (ret_offset)
                *ret_offset = at;
            return false;
        }
        at += (size_t)used;
    }
    return true;
}

void utf8_repair(const char *text, size_t len, struct strbuf *out)
{
    while (len > 0) {
        size_t good = len;
        if (utf8_valid(text, len, &good)) {
            (void)strbuf_add(out, text, len);
            return;
        }
        uint32_t unused;
        size_t bad = (size_t)-decode((const unsigned char *)text + good, len - good, &unused);
        (void)strbuf_add(out, text, good);
        utf8_put(REPLACEMENT, out);
        text += good + bad;
        len -= good + bad;
    }
}

uint32_t utf8_next(const char *text, size_t len, size_t *pos)
{
    uint32_t code_point = REPLACEMENT;
    int used = decode((const unsigned char *)text + *pos, len - *pos, &code_point);
    if (used < 0) {
        *pos += (size_t)-used;
        return REPLACEMENT;
    }
    *pos += (size_t)used;
    return code_point;
}

void utf8_put(uint32_t code_point, struct strbuf *out)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = REPLACEMENT;

    char bytes[4];
    utf8proc_ssize_t len = utf8proc_encode_char((utf8proc_int32_t)code_point, (utf8proc_uint8_t *)bytes);
    (void)strbuf_add(out, bytes, (size_t)len);
}

static void add_ascii_folded(const char *text, size_t len, struct strbuf *out)
{
    char *to = strbuf_reserve(out, len);
    if (!to)
        return;
    for (size_t i = 0; i < len; i++)
        to[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    strbuf_commit(out, len);
}

void utf8_nfkc(const char *text, size_t len, bool fold, struct strbuf *out)
{
    if (ascii_run((const unsigned char *)text, len) == len) { /* most text: NFKC leaves ASCII alone */
        if (fold)
            add_ascii_folded(text, len, out);
        else
            (void)strbuf_add(out, text, len);
        return;
    }

    utf8proc_uint8_t *normal = NULL;
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    if (fold)
        options |= UTF8PROC_CASEFOLD;
    utf8proc_ssize_t normal_len = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &normal, options);
    if (normal_len >= 0)
        (void)strbuf_add(out, normal, (size_t)normal_len);
    else
        utf8_repair(text, len, out); /* the caller broke its promise of valid text */
    free(normal);
}

int utf8_columns(uint32_t code_point)
{
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point > 0x10FFFF)
        return 0;
    if (code_point < 0x7F)
        return 1;
    return utf8proc_charwidth((utf8proc_int32_t)code_point);
}

size_t utf8_width(const char *text, size_t len)
{
    size_t width = 0;
    for (size_t pos = 0; pos < len;)
        width += (size_t)utf8_columns(utf8_next(text, len, &pos));
    return width;
}

bool utf8_is_locale(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool begins_with(const char *text, size_t len, const char *head)
{
    return len >= strlen(head) && memcmp(text, head, strlen(head)) == 0;
}

void utf8_add_own(const char *text, size_t len, struct strbuf *out)
{
    static const struct {
        const char *glyph, *ascii;
    } own[] = { { "…", "..." }, { "–", "-" }, { "≤", "<=" }, { "×", "x" }, { "→", "->" } };
    bool unicode = utf8_is_locale();
    for (size_t pos = 0; pos < len;) {
        size_t i = unicode ? ARRAY_LEN(own) : 0;
        while (i < ARRAY_LEN(own) && !begins_with(text + pos, len - pos, own[i].glyph))
            i++;
        if (i < ARRAY_LEN(own)) {
            (void)strbuf_addstr(out, own[i].ascii);
            pos += strlen(own[i].glyph);
        } else {
            (void)strbuf_addch(out, text[pos++]);
        }
    }
}

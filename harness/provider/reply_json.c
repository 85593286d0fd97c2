#include "provider/reply_json.h"

#include "base/http_msg.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static const char bom[] = "\xEF\xBB\xBF";

/* The code unit of "\uXXXX" at text[at], or -1. */
static int unit_at(const char *text, size_t len, size_t at)
{
    if (at + 6 > len || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        unsigned char c = (unsigned char)text[i];
        if (!isxdigit(c))
            return -1;
        unit = unit * 16 + (isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* What must stand in place of the escape (or byte) at text[at], NULL when it may stay; *ret_len = its length here. */
static const char *replacement(const char *text, size_t len, size_t at, size_t *ret_len)
{
    *ret_len = 1;
    if (text[at] == '\0')
        return "\xE2\x90\x80";
    if (text[at] != '\\')
        return NULL;

    *ret_len = at + 2 <= len ? 2 : 1;
    int unit = unit_at(text, len, at);
    if (unit < 0)
        return NULL;
    *ret_len = 6;
    if (unit == 0)
        return "\\u2400";
    if (is_high(unit) && is_low(unit_at(text, len, at + 6))) {
        *ret_len = 12;
        return NULL;
    }
    return is_high(unit) || is_low(unit) ? "\\ufffd" : NULL;
}

/* Appends the document with the escapes replaced that cannot stay; false when there were none. */
static bool replace_escapes(const char *text, size_t len, struct strbuf *out)
{
    size_t kept = 0, step;
    bool changed = false;

    for (size_t at = 0; at < len; at += step) {
        const char *instead = replacement(text, len, at, &step);
        if (!instead)
            continue;
        (void)strbuf_add(out, text + kept, at - kept);
        (void)strbuf_addstr(out, instead);
        kept = at + step;
        changed = true;
    }
    (void)strbuf_add(out, text + kept, len - kept);
    return changed;
}

/* cJSON itself: json_parse would refuse invalid UTF-8, which is repaired later. */
static cJSON *parse(const char *text, size_t len)
{
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, len, &end, false);
    if (!tree)
        return NULL;
    while (end < text + len && (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n'))
        end++;
    if (end == text + len)
        return tree;
    cJSON_Delete(tree);
    return NULL;
}

cJSON *reply_json_parse(const char *text, size_t len, bool *repaired)
{
    if (len >= 3 && memcmp(text, bom, 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (len == 0)
        return NULL;

    /* The common reply is parsed as it lies; a copy is made only when something must be replaced. */
    bool holds_nul = memmem(text, len, "\\u0000", 6) || memchr(text, '\0', len);
    cJSON *tree = holds_nul ? NULL : parse(text, len);
    if (tree)
        return tree;

    CLEANUP(strbuf_release) struct strbuf copy = STRBUF_INIT;
    bool changed = replace_escapes(text, len, &copy);
    if (!changed && !holds_nul)
        return NULL;
    tree = parse(copy.buf, copy.len);
    if (tree && changed)
        *repaired = true;
    return tree;
}

static bool is_ascii(const char *text, size_t len)
{
    uint64_t seen = 0, word;
    size_t i = 0;
    for (; i + sizeof(word) <= len; i += sizeof(word)) {
        memcpy(&word, text + i, sizeof(word));
        seen |= word;
    }
    for (; i < len; i++)
        seen |= (unsigned char)text[i];
    return !(seen & UINT64_C(0x8080808080808080));
}

const char *reply_text_keep(struct arena *a, const char *text, size_t len, size_t *ret_len, bool *repaired)
{
    if (is_ascii(text, len) || utf8_valid(text, len, NULL)) {
        if (ret_len)
            *ret_len = len;
        return len ? arena_strndup(a, text, len) : "";
    }

    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    utf8_repair(text, len, &out);
    if (ret_len)
        *ret_len = out.len;
    if (repaired)
        *repaired = true;
    return arena_strndup(a, out.buf, out.len);
}

const char *reply_header_keep(struct arena *a, const struct http_reply *reply, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    if (!http_reply_header(reply, name, &value))
        return "";
    size_t start = 0, end = value.len;
    while (start < end && (value.buf[start] == ' ' || value.buf[start] == '\t'))
        start++;
    while (end > start && (value.buf[end - 1] == ' ' || value.buf[end - 1] == '\t'))
        end--;
    return reply_text_keep(a, value.buf + start, end - start, NULL, NULL);
}

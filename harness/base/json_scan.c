#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

static bool scan_value(struct json_scan *s);

static bool fail(struct json_scan *s, const char *problem)
{
    s->problem = problem;
    return false;
}

/* The byte at hand, or 0 at the end; a NUL byte is foreign everywhere outside of strings, so 0 fails where it should. */
static char peek(const struct json_scan *s)
{
    return s->at < s->len ? s->text[s->at] : '\0';
}

static void skip_space(struct json_scan *s)
{
    while (s->at < s->len && (s->text[s->at] == ' ' || s->text[s->at] == '\n' || s->text[s->at] == '\r' || s->text[s->at] == '\t'))
        s->at++;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The unit of "\uXXXX" at text + at, or -1. */
static int unit_at(const char *text, size_t len, size_t at)
{
    if (len - at < 6 || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_value(text[at + i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static bool scan_unicode_escape(struct json_scan *s)
{
    int unit = unit_at(s->text, s->len, s->at);
    if (unit < 0)
        return fail(s, "\\u needs four hexadecimal digits");
    if (is_high(unit) && is_low(unit_at(s->text, s->len, s->at + 6))) {
        s->at += 12;
        return true;
    }
    if (unit == 0 || is_high(unit) || is_low(unit)) {
        if (!s->lenient)
            return fail(s, unit == 0 ? "\\u0000 inside a string" : "half of a surrogate pair");
        s->needs_mending = true;
    }
    s->at += 6;
    return true;
}

/* Eight bytes at a time past those that mean nothing special: no quote, no backslash, no control character. */
static void skip_plain(struct json_scan *s)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    for (uint64_t w; s->len - s->at >= sizeof(w); s->at += sizeof(w)) {
        memcpy(&w, s->text + s->at, sizeof(w));
        uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
        if (((quote - ones) & ~quote & tops) | ((slash - ones) & ~slash & tops) | ((w - ones * 0x20) & ~w & tops))
            break;
    }
    while (s->at < s->len && s->text[s->at] != '"' && s->text[s->at] != '\\' && (unsigned char)s->text[s->at] >= 0x20)
        s->at++;
}

static bool scan_string(struct json_scan *s)
{
    const size_t start = s->at++;
    for (;;) {
        skip_plain(s);
        if (s->at >= s->len) {
            s->at = start;
            return fail(s, "string without an end");
        }
        char c = s->text[s->at];
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c != '\\') {
            if (!s->lenient)
                return fail(s, "raw control character inside a string");
            s->needs_mending = true;
            s->at++;
            continue;
        }
        char escape = s->at + 1 < s->len ? s->text[s->at + 1] : '\0';
        if (escape == 'u') {
            if (!scan_unicode_escape(s))
                return false;
        } else if (escape != '\0' && strchr("\"\\/bfnrt", escape)) {
            s->at += 2;
        } else {
            return fail(s, "unknown escape inside a string");
        }
    }
}

static bool scan_digits(struct json_scan *s)
{
    if (peek(s) < '0' || peek(s) > '9')
        return fail(s, "expected a digit");
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return true;
}

static bool scan_number(struct json_scan *s)
{
    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0') {
        s->at++;
        if (peek(s) >= '0' && peek(s) <= '9')
            return fail(s, "a number may not start with 0");
    } else if (!scan_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        return scan_digits(s);
    }
    return true;
}

static bool scan_member(struct json_scan *s)
{
    if (peek(s) != '"')
        return fail(s, "expected a key in double quotes");
    if (!scan_string(s))
        return false;
    skip_space(s);
    if (peek(s) != ':')
        return fail(s, "expected ':'");
    s->at++;
    return scan_value(s);
}

/* Array or object. Recursion is bounded by JSON_SCAN_DEPTH. */
static bool scan_container(struct json_scan *s, char close)
{
    if (++s->depth > JSON_SCAN_DEPTH)
        return fail(s, "nested too deeply (more than 200 levels)");
    s->at++;
    skip_space(s);
    if (peek(s) == close) {
        s->at++;
        s->depth--;
        return true;
    }
    for (;;) {
        skip_space(s);
        if (!(close == '}' ? scan_member(s) : scan_value(s)))
            return false;
        skip_space(s);
        char c = peek(s);
        if (c != ',' && c != close)
            return fail(s, close == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
        s->at++;
        if (c == close) {
            s->depth--;
            return true;
        }
    }
}

static bool scan_word(struct json_scan *s, const char *word)
{
    size_t len = strlen(word);
    if (s->len - s->at < len || memcmp(s->text + s->at, word, len) != 0)
        return fail(s, "expected a JSON value");
    s->at += len;
    return true;
}

static bool scan_value(struct json_scan *s)
{
    skip_space(s);
    switch (peek(s)) {
    case '{': return scan_container(s, '}');
    case '[': return scan_container(s, ']');
    case '"': return scan_string(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return scan_number(s);
    default: return fail(s, s->at >= s->len ? "the text ends where a JSON value is expected" : "expected a JSON value");
    }
}

bool json_scan(struct json_scan *s, const char *text, size_t len, bool lenient)
{
    *s = (struct json_scan){ .text = text, .len = len, .lenient = lenient };
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark, as cJSON skips it */
        s->at = 3;
    if (!scan_value(s))
        return false;
    skip_space(s);
    return s->at == len || fail(s, "more text after the JSON document");
}

/* Appends the mended form of the escape at text + at and returns its length in `text`. */
static size_t mend_escape(const char *text, size_t len, size_t at, struct strbuf *out)
{
    int unit = unit_at(text, len, at);
    if (unit < 0) {
        (void)strbuf_add(out, text + at, 2);
        return 2;
    }
    if (is_high(unit) && is_low(unit_at(text, len, at + 6))) {
        (void)strbuf_add(out, text + at, 12);
        return 12;
    }
    if (unit == 0)
        (void)strbuf_addstr(out, "\\u2400");
    else if (is_high(unit) || is_low(unit))
        (void)strbuf_addstr(out, "\\ufffd");
    else
        (void)strbuf_add(out, text + at, 6);
    return 6;
}

void json_mend(const char *text, size_t len, struct strbuf *out)
{
    struct json_scan s = { .text = text, .len = len };
    bool inside = false;
    while (s.at < len) {
        unsigned char c = (unsigned char)text[s.at];
        size_t from = s.at;
        if (inside && c == '\\' && len - s.at >= 2) {
            s.at += mend_escape(text, len, s.at, out);
        } else if (inside && c < 0x20) {
            (void)strbuf_addf(out, "\\u%04x", c ? c : 0x2400u);
            s.at++;
        } else {
            inside ^= c == '"';
            s.at++;
            if (inside)
                skip_plain(&s);
            (void)strbuf_add(out, text + from, s.at - from);
        }
    }
}

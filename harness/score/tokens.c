#include "score/tokens.h"

#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

bool token_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_ascii_word(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
}

bool token_is_word(uint32_t c)
{
    if (c < 0x80)
        return is_ascii_word((unsigned char)c);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO; /* letters, marks, numbers */
}

/* Thai to Myanmar, Hangul jamo, Khmer, kana and ideographs, Hangul, compatibility and supplementary ideographs. */
static bool is_unspaced(uint32_t c)
{
    return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x11FF) || (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3040 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000;
}

bool token_joins(uint32_t before, uint32_t after)
{
    enum { LATIN_END = 0x250 };
    if (!token_is_word(before) || !token_is_word(after))
        return false;
    if (before < 0x80 && after < 0x80)
        return true;
    bool mark = after >= 0x300 && after <= 0x36F; /* an accent belongs to whatever it sits on */
    return mark || (!is_unspaced(before) && !is_unspaced(after) && (before < LATIN_END) == (after < LATIN_END));
}

/* ASCII is looked at byte by byte here and below: most answers are nothing else. */
size_t tokens_next(const char *text, size_t len, size_t pos)
{
    while (pos < len) {
        size_t here = pos;
        unsigned char c = (unsigned char)text[pos];
        if (c < 0x80 ? is_ascii_word(c) : token_is_word(utf8_next(text, len, &pos)))
            return here;
        pos = c < 0x80 ? pos + 1 : pos;
    }
    return len;
}

/* The end of the run of ASCII letters and digits at `pos`. */
static size_t ascii_word_end(const char *text, size_t len, size_t pos)
{
    while (pos < len && is_ascii_word((unsigned char)text[pos]))
        pos++;
    return pos;
}

size_t tokens_end(const char *text, size_t len, size_t start)
{
    size_t pos = ascii_word_end(text, len, start);
    uint32_t before = pos > start ? (unsigned char)text[pos - 1] : utf8_next(text, len, &pos);
    while (pos < len) {
        size_t here = pos;
        if (before < 0x80 && (unsigned char)text[pos] < 0x80)
            return here; /* the run of ASCII ended here */
        uint32_t c = utf8_next(text, len, &pos);
        if (!token_joins(before, c))
            return here;
        before = c;
        if (c < 0x80) {
            pos = ascii_word_end(text, len, pos);
            before = (unsigned char)text[pos - 1];
        }
    }
    return pos;
}

/* The code point that ends before byte `at`; 0 at the start. */
static uint32_t point_before(const char *text, size_t at)
{
    size_t start = at;
    while (start > 0 && ((unsigned char)text[--start] & 0xC0) == 0x80)
        ;
    return start < at ? utf8_next(text, at, &start) : 0;
}

static uint32_t point_after(const char *text, size_t len, size_t at)
{
    return at < len ? utf8_next(text, len, &at) : 0;
}

bool tokens_whole_at(const char *text, size_t len, size_t at, const char *needle, size_t needle_len)
{
    if (needle_len == 0 || len - at < needle_len || memcmp(text + at, needle, needle_len) != 0)
        return false;
    size_t end = at + needle_len;
    return !token_joins(point_before(text, at), point_after(needle, needle_len, 0)) &&
           !token_joins(point_before(needle, needle_len), point_after(text, len, end));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_point(char c)
{
    return c == '.' || c == ',';
}

/* Whether the number at [at, end) goes on behind a decimal point or a thousands comma, on either side. */
static bool number_goes_on(const char *text, size_t len, size_t at, size_t end)
{
    bool before = is_digit(text[at]) && at >= 2 && is_point(text[at - 1]) && is_digit(text[at - 2]);
    bool after = is_digit(text[end - 1]) && len - end >= 2 && is_point(text[end]) && is_digit(text[end + 1]);
    return before || after;
}

bool tokens_contain(const char *text, size_t len, const char *needle, size_t needle_len)
{
    if (needle_len == 0)
        return false;
    for (size_t from = 0; from < len;) {
        const char *hit = memmem(text + from, len - from, needle, needle_len);
        if (!hit)
            return false;
        size_t at = (size_t)(hit - text);
        if (tokens_whole_at(text, len, at, needle, needle_len) && !number_goes_on(text, len, at, at + needle_len))
            return true;
        from = at + 1;
    }
    return false;
}

void tokens_first_two(const char *text, size_t len, size_t start, uint32_t ret_two[2])
{
    if (len - start >= 2 && is_ascii_word((unsigned char)text[start]) && is_ascii_word((unsigned char)text[start + 1])) {
        ret_two[0] = (unsigned char)text[start];
        ret_two[1] = (unsigned char)text[start + 1];
        return;
    }
    struct token_window window;
    tokens_window(text, len, start, 2, &window);
    ret_two[0] = window.count > 0 ? window.point[0] : 0;
    ret_two[1] = window.count > 1 ? window.point[1] : 0;
}

void tokens_window(const char *text, size_t len, size_t start, size_t max, struct token_window *ret)
{
    size_t count = 0, gap = 0;
    uint32_t before = 0;
    for (size_t pos = start; pos < len && gap <= TOKEN_GAP;) {
        unsigned char first = (unsigned char)text[pos];
        uint32_t c = first < 0x80 ? (pos++, first) : utf8_next(text, len, &pos);
        bool word = token_is_word(c);
        if (count > 0 && gap == 0)
            ret->word_end[count - 1] = !word || ((before | c) >= 0x80 && !token_joins(before, c));
        before = c;
        gap = word ? 0 : gap + 1;
        if (!word)
            continue;
        if (count == max)
            break;
        ret->point[count] = c;
        ret->end[count] = pos;
        ret->word_end[count] = true; /* until a neighbour says otherwise */
        count++;
    }
    ret->count = count;
}

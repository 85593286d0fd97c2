#include "dataset/bad_utf8.h"

#include "base/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

const char *const bad_utf8_names[4] = {
    [BAD_UTF8_REJECT] = "reject",
    [BAD_UTF8_REPLACE] = "replace",
    [BAD_UTF8_MAC_ROMAN] = "fallback:mac-roman",
    [BAD_UTF8_WINDOWS_1252] = "fallback:windows-1252",
};

/* Bytes 80 to FF of Mac OS Roman, as in Apple's ROMAN.TXT. */
static const uint16_t mac_roman[128] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8,
    0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3, 0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC,
    0x2020, 0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8,
    0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB, 0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153,
    0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC, 0x00D3, 0x00D4,
    0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC, 0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

/* Bytes 80 to 9F of windows-1252; five are not assigned. The rest is Latin-1. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

static uint32_t decode_byte(enum bad_utf8 how, unsigned char byte)
{
    if (byte < 0x80)
        return REPLACEMENT;
    if (how == BAD_UTF8_MAC_ROMAN)
        return mac_roman[byte - 0x80];
    return byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
}

/* Length of the good text at the start: valid and without NUL. Looks at a window at a time, so that a text with many bad
   bytes is not scanned to its end for each of them. */
static size_t good_prefix(const char *text, size_t len)
{
    enum { WINDOW = 1024, LONGEST = 4 };
    size_t good = 0;
    while (good < len) {
        size_t window = len - good < WINDOW ? len - good : WINDOW, bad = 0;
        const char *nul = memchr(text + good, '\0', window);
        size_t stretch = nul ? (size_t)(nul - (text + good)) : window;
        if (!utf8_valid(text + good, stretch, &bad)) {
            bool cut_by_window = !nul && bad > 0 && stretch - bad < LONGEST && good + window < len;
            good += bad;
            if (!cut_by_window)
                return good;
            continue;
        }
        good += stretch;
        if (nul)
            return good;
    }
    return good;
}

struct bad_utf8_found bad_utf8_find(const char *text, size_t len)
{
    struct bad_utf8_found found = { 0 };
    for (size_t at = good_prefix(text, len); at < len; at += good_prefix(text + at, len - at)) {
        if (found.count++ == 0) {
            found.first_offset = at;
            found.first_byte = (unsigned char)text[at];
        }
        at++;
    }
    return found;
}

void bad_utf8_fix(enum bad_utf8 how, const char *text, size_t len, struct strbuf *out)
{
    bool by_charset = how == BAD_UTF8_MAC_ROMAN || how == BAD_UTF8_WINDOWS_1252;
    for (size_t at = 0; at < len;) {
        size_t good = good_prefix(text + at, len - at);
        (void)strbuf_add(out, text + at, good);
        at += good;
        if (at == len)
            return;
        if (by_charset || text[at] == '\0') {
            utf8_put(by_charset ? decode_byte(how, (unsigned char)text[at]) : REPLACEMENT, out);
            at++;
            continue;
        }
        /* One U+FFFD for each maximal part: leave the stretch up to the next NUL to the decoder that knows the rule. */
        const char *nul = memchr(text + at, '\0', len - at);
        size_t stretch = nul ? (size_t)(nul - (text + at)) : len - at;
        utf8_repair(text + at, stretch, out);
        at += stretch;
    }
}

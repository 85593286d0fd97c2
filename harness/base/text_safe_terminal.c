/* The sinks that people and runners read as they come: terminal fields and lines of a CI log. */
#include "base/text_safe.h"

#include "base/text_rules.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { ESC = 0x1B, BEL = 0x07, C1_DCS = 0x90, C1_SOS = 0x98, C1_CSI = 0x9B, C1_ST = 0x9C, C1_OSC = 0x9D, C1_PM = 0x9E, C1_APC = 0x9F };

static bool byte_between(const char *text, size_t len, size_t pos, unsigned char low, unsigned char high)
{
    return pos < len && (unsigned char)text[pos] >= low && (unsigned char)text[pos] <= high;
}

/* Past the string of OSC, DCS, SOS, PM or APC: to BEL, ST (ESC \ or U+009C), or the end of the field. */
static size_t skip_control_string(const char *text, size_t len, size_t pos)
{
    while (pos < len) {
        uint32_t c = text_rules_next(text, len, &pos);
        if (c == BEL || c == C1_ST)
            return pos;
        if (c == ESC && pos < len && text[pos] == '\\')
            return pos + 1;
    }
    return pos;
}

/* Past parameters, intermediates and the final byte of a CSI; a foreign byte ends it early and is kept. */
static size_t skip_csi(const char *text, size_t len, size_t pos)
{
    while (byte_between(text, len, pos, 0x30, 0x3F))
        pos++;
    while (byte_between(text, len, pos, 0x20, 0x2F))
        pos++;
    return pos + byte_between(text, len, pos, 0x40, 0x7E);
}

/* Past the sequence whose ESC was just read. */
static size_t skip_escape(const char *text, size_t len, size_t pos)
{
    if (pos >= len)
        return pos;
    char kind = text[pos];
    if (kind == '[')
        return skip_csi(text, len, pos + 1);
    if (kind != '\0' && strchr("]PX^_", kind))
        return skip_control_string(text, len, pos + 1);
    while (byte_between(text, len, pos, 0x20, 0x2F))
        pos++;
    return pos + byte_between(text, len, pos, 0x30, 0x7E);
}

/* The next character that may be shown: line ends come as '\n' (CR LF as one), a tab as a space, a lone CR as '\r'.
   False at the end of the text. */
static bool next_shown(const char *text, size_t len, size_t *pos, uint32_t *ret)
{
    while (*pos < len) {
        uint32_t c = text_rules_next(text, len, pos);
        switch (c) {
        case ESC: *pos = skip_escape(text, len, *pos); continue;
        case C1_CSI: *pos = skip_csi(text, len, *pos); continue;
        case C1_OSC:
        case C1_DCS:
        case C1_SOS:
        case C1_PM:
        case C1_APC: *pos = skip_control_string(text, len, *pos); continue;
        case '\t':
        case 0x2028:
        case 0x2029: *ret = ' '; return true;
        case '\r':
            if (*pos < len && text[*pos] == '\n')
                continue;
            break;
        case '\n': break;
        default:
            if (text_rules_control(c) || text_rules_invisible(c))
                continue;
        }
        *ret = c;
        return true;
    }
    return false;
}

static bool ends_with(const struct strbuf *b, size_t start, const char *tail)
{
    size_t len = strlen(tail);
    return b->len - start >= len && strncasecmp(b->buf + b->len - len, tail, len) == 0;
}

/* Runners look for these commands anywhere in a line. Checked on what was written, since removing a character between
   two others can make one. Returns true when a space had to be put in. */
static bool break_command(struct strbuf *out, size_t start)
{
    static const char *const opening[] = { "##", "##vso", "##teamcity" };
    for (size_t i = 0; i < ARRAY_LEN(opening); i++) {
        if (!ends_with(out, start, opening[i]))
            continue;
        size_t word_len = strlen(opening[i]) - 2;
        if (strbuf_addch(out, ' ') == OK) {
            char *word = out->buf + out->len - 1 - word_len;
            memmove(word + 1, word, word_len);
            *word = ' ';
        }
        return true;
    }
    return false;
}

/* What a runner trims from the start of a line before it looks for a command. */
static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* GitHub's "::error::" counts at the start of a line, and a field may stand there: its two colons are parted. */
enum opening { NOTHING_YET, ONE_COLON, NO_COMMAND };

static enum opening opening_after(enum opening before, uint32_t c)
{
    if (before == NOTHING_YET && is_blank(c))
        return NOTHING_YET;
    return before == NOTHING_YET && c == ':' ? ONE_COLON : NO_COMMAND;
}

/* Cuts what was written from `start` to `columns` and marks the cut. */
static void cut(struct strbuf *out, size_t start, size_t columns, bool unicode)
{
    size_t mark = unicode ? 1 : 3;
    if (mark > columns)
        mark = columns;
    size_t pos = start, end = start, width = 0;
    while (pos < out->len) {
        width += (size_t)utf8_columns(utf8_next(out->buf, out->len, &pos));
        if (width > columns - mark)
            break;
        end = pos;
    }
    strbuf_truncate(out, end);
    (void)strbuf_add(out, unicode ? "\xE2\x80\xA6" : "...", unicode ? 3 : mark);
}

void text_safe_terminal(const char *text, size_t len, size_t max_columns, bool unicode, struct strbuf *out)
{
    const size_t start = out->len;
    size_t width = 0;
    uint32_t c;
    enum opening opening = NOTHING_YET;
    for (size_t pos = 0; next_shown(text, len, &pos, &c);) {
        if (c == '\n' || c == '\r')
            c = ' ';
        if (opening == ONE_COLON && c == ':') {
            (void)strbuf_addch(out, ' ');
            width++;
        }
        opening = opening_after(opening, c);
        if (c == '[')
            width += break_command(out, start);
        utf8_put(c, out);
        width += (size_t)utf8_columns(c);
        if (max_columns > 0 && width > max_columns) {
            cut(out, start, max_columns, unicode);
            return;
        }
    }
}

void text_safe_lines(const char *text, size_t len, const char *prefix, struct strbuf *out)
{
    const size_t start = out->len;
    bool at_line_start = true;
    enum opening opening = NOTHING_YET;
    uint32_t c;
    for (size_t pos = 0; next_shown(text, len, &pos, &c);) {
        if (at_line_start) {
            (void)strbuf_addstr(out, prefix);
            opening = prefix[0] ? NO_COMMAND : NOTHING_YET; /* behind a prefix nothing is at the start */
        }
        at_line_start = c == '\n';
        if (opening == ONE_COLON && c == ':')
            (void)strbuf_addch(out, ' ');
        opening = opening_after(opening, c);
        if (c == '[')
            (void)break_command(out, start);
        utf8_put(c == '\r' ? TEXT_CR_SYMBOL : c, out);
    }
}

/* The sinks that are files: HTML, JSON in HTML, CSV, XML, Markdown, file names. */
#include "base/text_safe.h"

#include "base/text_rules.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

void text_safe_decode(const char *text, size_t len, struct strbuf *out)
{
    for (size_t pos = 0; pos < len;)
        utf8_put(text_rules_next(text, len, &pos), out);
}

/* The one HTML escaper. CR LF is LF, as an HTML parser reads it. */
static void put_html(uint32_t c, bool before_lf, struct strbuf *out)
{
    switch (c) {
    case '&': (void)strbuf_addstr(out, "&amp;"); return;
    case '<': (void)strbuf_addstr(out, "&lt;"); return;
    case '>': (void)strbuf_addstr(out, "&gt;"); return;
    case '"': (void)strbuf_addstr(out, "&quot;"); return;
    case '\'': (void)strbuf_addstr(out, "&#39;"); return;
    default: break;
    }
    if (c == '\r' && before_lf)
        return;
    utf8_put(text_rules_control(c) && c != '\n' && c != '\t' ? TEXT_REPLACEMENT : c, out);
}

void text_safe_html(const char *text, size_t len, struct strbuf *out)
{
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(text, len, &pos);
        put_html(c, pos < len && text[pos] == '\n', out);
    }
}

size_t text_safe_html_visible(const char *text, size_t len, struct strbuf *out)
{
    size_t hidden = 0;
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(text, len, &pos);
        if (text_rules_invisible(c)) {
            (void)strbuf_addf(out, "[U+%04X]", (unsigned)c);
            hidden++;
        } else {
            put_html(c, pos < len && text[pos] == '\n', out);
        }
    }
    return hidden;
}

void text_safe_json_block(const char *json, size_t len, struct strbuf *out)
{
    for (size_t plain = 0; plain < len;) {
        size_t at = plain;
        while (at < len && json[at] != '<' && json[at] != '>' && json[at] != '&')
            at++;
        (void)strbuf_add(out, json + plain, at - plain);
        if (at < len)
            (void)strbuf_addf(out, "\\u%04x", (unsigned)json[at++]);
        plain = at;
    }
}

/* A spreadsheet would read the cell as a formula: its first visible character is an operator or a cell break. */
static bool starts_formula(const char *text, size_t len)
{
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(text, len, &pos);
        if (c == ' ' || c == 0xA0 || text_rules_invisible(c))
            continue;
        return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n' || c == 0xFF1D || c == 0xFF0B ||
               c == 0xFF0D || c == 0xFF20;
    }
    return false;
}

void text_safe_csv(const char *text, size_t len, bool raw, struct strbuf *out)
{
    (void)strbuf_addch(out, '"');
    if (!raw && starts_formula(text, len))
        (void)strbuf_addch(out, '\'');
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(text, len, &pos);
        if (c == '"')
            (void)strbuf_addch(out, '"');
        utf8_put(c, out);
    }
    (void)strbuf_addch(out, '"');
}

void text_safe_xml(const char *text, size_t len, struct strbuf *out)
{
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(text, len, &pos);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
            continue;
        if (c == '\r' || (c >= 0x7F && c < 0xA0)) /* legal; by number so that no reader's terminal obeys them */
            (void)strbuf_addf(out, "&#%u;", (unsigned)c);
        else
            put_html(c, false, out);
    }
}

#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"

void text_safe_markdown(const char *text, size_t len, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    text_safe_terminal(text, len, 0, true, &line);
    for (size_t i = 0; i < line.len; i++) {
        char c = line.buf[i];
        switch (c) {
        case '\\':
        case '|':
        case '`':
        case '[':
        case ']':
        case '*':
        case '_':
        case '~':
        case '$': /* mathematics */
            (void)strbuf_addch(out, '\\');
            (void)strbuf_addch(out, c);
            break;
        case '<': (void)strbuf_addstr(out, "&lt;"); break;
        case '&': (void)strbuf_addstr(out, "&amp;"); break;
        case '@': /* forges look for @name, #12 and addresses in the rendered text: a zero-width space breaks them */
        case '#': (void)strbuf_addf(out, "%c" ZERO_WIDTH_SPACE, c); break;
        case ':': (void)strbuf_addstr(out, line.buf[i + 1] == '/' ? ":" ZERO_WIDTH_SPACE : ":"); break;
        case '.': (void)strbuf_addstr(out, i >= 3 && strncasecmp(line.buf + i - 3, "www", 3) == 0 ? ZERO_WIDTH_SPACE "." : "."); break;
        default: (void)strbuf_addch(out, c); break;
        }
    }
}

void text_safe_filename(const char *text, size_t len, struct strbuf *out)
{
    enum { MAX_NAME_BYTES = 100 };
    size_t written = 0;
    for (size_t pos = 0; pos < len && written < MAX_NAME_BYTES; written++) {
        uint32_t c = text_rules_next(text, len, &pos);
        bool safe =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || (c == '.' && written > 0);
        (void)strbuf_addch(out, safe ? (char)c : '_');
    }
    if (written == 0)
        (void)strbuf_addch(out, '_');
}

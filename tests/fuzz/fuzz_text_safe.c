/* Untrusted text: for any bytes, each sink's output keeps its promise (report reference, section 8, fuzz rule). */
#include "base/text_safe.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* No control character but those of `allowed`, and valid UTF-8. */
static void no_controls(const struct strbuf *b, const char *allowed)
{
    must(utf8_valid(b->buf, b->len, NULL));
    for (size_t pos = 0; pos < b->len;) {
        uint32_t c = utf8_next(b->buf, b->len, &pos);
        bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
        must(!control || (c != 0 && c < 0x20 && strchr(allowed, (int)c)));
    }
}

static void no_runner_command(const struct strbuf *b)
{
    for (const char *at = b->buf; (at = strstr(at, "##")); at++)
        must(at[2] != '[' && strncasecmp(at + 2, "vso[", 4) != 0 && strncasecmp(at + 2, "teamcity[", 9) != 0);
}

/* "::" is the first thing of a line, behind what a runner trims: GitHub would obey it. */
static void no_line_command(const char *line, size_t len)
{
    size_t pos = 0, next = 0;
    while (next < len) {
        uint32_t c = utf8_next(line, len, &next);
        if (c != ' ' && c != 0xA0 && c != 0x1680 && !(c >= 0x2000 && c <= 0x200A) && c != 0x202F && c != 0x205F && c != 0x3000)
            break;
        pos = next;
    }
    must(len - pos < 2 || strncmp(line + pos, "::", 2) != 0);
}

static void check_terminal(const char *text, size_t len)
{
    for (size_t columns = 0; columns < 12; columns += 3) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        text_safe_terminal(text, len, columns, columns % 2, &out);
        no_controls(&out, "");
        no_runner_command(&out);
        no_line_command(out.buf, out.len);
        must(columns == 0 || utf8_width(out.buf, out.len) <= columns);
    }
    CLEANUP(strbuf_release) struct strbuf lines = STRBUF_INIT;
    text_safe_lines(text, len, "| ", &lines);
    no_controls(&lines, "\n");
    no_runner_command(&lines);
    for (const char *line = lines.buf; line < lines.buf + lines.len;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : lines.buf + lines.len)
        must(strncmp(line, "| ", 2) == 0);
    CLEANUP(strbuf_release) struct strbuf bare = STRBUF_INIT;
    text_safe_lines(text, len, "", &bare);
    no_controls(&bare, "\n");
    for (const char *line = bare.buf; line < bare.buf + bare.len;) {
        const char *end = strchrnul(line, '\n');
        no_line_command(line, (size_t)(end - line));
        line = *end ? end + 1 : end;
    }
}

/* Markup characters stand only as references, so the tree has the shape that the text "x" gives. */
static void only_references(const struct strbuf *b)
{
    static const char *const reference[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#13;", "&#127;" };
    must(!strpbrk(b->buf, "<>\"'") && strlen(b->buf) == b->len);
    for (const char *at = b->buf; (at = strchr(at, '&')); at++) {
        bool known = strncmp(at, "&#1", 3) == 0 && at[3] >= '2' && at[3] <= '5' && at[5] == ';'; /* &#127; to &#159; */
        for (size_t i = 0; i < ARRAY_LEN(reference); i++)
            known = known || strncmp(at, reference[i], strlen(reference[i])) == 0;
        must(known);
    }
}

static void check_markup(const char *text, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf html = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf visible = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf xml = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf markdown = STRBUF_INIT;
    text_safe_html(text, len, &html);
    no_controls(&html, "\n\t");
    only_references(&html);
    (void)text_safe_html_visible(text, len, &visible);
    no_controls(&visible, "\n\t");
    only_references(&visible);
    must(!strstr(visible.buf, "\xE2\x80\xAE"));
    text_safe_xml(text, len, &xml);
    no_controls(&xml, "\n\t");
    only_references(&xml);
    must(!strstr(xml.buf, "\xEF\xBF\xBE") && !strstr(xml.buf, "\xEF\xBF\xBF"));
    text_safe_markdown(text, len, &markdown);
    no_controls(&markdown, "");
    must(!strchr(markdown.buf, '<') && !strstr(markdown.buf, "://"));
    for (const char *at = markdown.buf; (at = strpbrk(at, "@#")); at++)
        must(strncmp(at + 1, "\xE2\x80\x8B", 3) == 0);
    for (size_t i = 0; i < markdown.len; i++)
        must(!strchr("|`[]*_~$", markdown.buf[i]) || (i > 0 && markdown.buf[i - 1] == '\\'));
}

/* Reads the cell back as RFC 4180 does and compares with the decoded text. */
static void check_csv(const char *text, size_t len, bool raw)
{
    CLEANUP(strbuf_release) struct strbuf cell = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf back = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf decoded = STRBUF_INIT;
    text_safe_decode(text, len, &decoded);
    text_safe_csv(text, len, raw, &cell);
    must(cell.len >= 2 && cell.buf[0] == '"' && cell.buf[cell.len - 1] == '"');
    for (size_t i = 1; i + 1 < cell.len; i++) {
        if (cell.buf[i] == '"') {
            must(i + 2 < cell.len && cell.buf[i + 1] == '"');
            i++;
        }
        (void)strbuf_addch(&back, cell.buf[i]);
    }
    size_t added = back.len - decoded.len;
    must(added == 0 || (added == 1 && !raw && back.buf[0] == '\''));
    must(memcmp(back.buf + added, decoded.buf, decoded.len) == 0);
    must(raw || back.len == 0 || !strchr("=+-@\t\r\n", back.buf[0]));
}

static void check_filename(const char *text, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    text_safe_filename(text, len, &name);
    must(name.len >= 1 && name.len <= 100 && name.buf[0] != '.');
    must(strspn(name.buf, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == name.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    check_terminal(text, len);
    check_markup(text, len);
    check_csv(text, len, false);
    check_csv(text, len, true);
    check_filename(text, len);
    return 0;
}

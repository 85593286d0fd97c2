#include "cli/mdoc_text.h"

#include <ctype.h>
#include <string.h>

static const char ELLIPSIS[] = "…";

size_t mdoc_character(const char *text, bool bold, struct strbuf *out)
{
    if (strncmp(text, ELLIPSIS, sizeof(ELLIPSIS) - 1) == 0) {
        (void)strbuf_addstr(out, "...");
        return sizeof(ELLIPSIS) - 1;
    }
    if (*text == '\\')
        (void)strbuf_addstr(out, "\\e");
    else if (*text == '-' && bold)
        (void)strbuf_addstr(out, "\\-"); /* else a hyphen, which cannot be pasted into a shell */
    else
        (void)strbuf_addch(out, *text);
    return 1;
}

static bool begins_option(const char *text, const char *line)
{
    return text[0] == '-' && (text[1] == '-' || isalpha((unsigned char)text[1])) && (text == line || strchr(" (", text[-1]) != NULL);
}

static bool in_option(char c)
{
    return c == '-' || isalnum((unsigned char)c);
}

/* After the full stop of a sentence: mdoc wants each on a line of its own. */
static size_t sentence_gap(const char *at, const char *line)
{
    if (at == line || *at != ' ' || !at[1])
        return 0;
    char last = at[-1] == ')' && at - 1 > line ? at[-2] : at[-1];
    return last == '.' ? strspn(at, " ") : 0;
}

/* A line of running text, with `words` and --options bold. */
static void add_line(const char *line, size_t len, struct strbuf *out)
{
    bool quoted = false, option = false;
    if (line[0] == '.' || line[0] == '\'')
        (void)strbuf_addstr(out, "\\&"); /* no request */
    for (size_t i = 0; i < len;) {
        if (option && !in_option(line[i])) {
            (void)strbuf_addstr(out, "\\fR");
            option = false;
        }
        size_t gap = quoted ? 0 : sentence_gap(line + i, line);
        if (gap > 0) {
            (void)strbuf_addch(out, '\n');
            i += gap;
            continue;
        }
        if (line[i] == '`') {
            quoted = !quoted;
            (void)strbuf_addstr(out, quoted ? "\\fB" : "\\fR");
            i++;
            continue;
        }
        if (!quoted && !option && begins_option(line + i, line)) {
            (void)strbuf_addstr(out, "\\fB");
            option = true;
        }
        i += mdoc_character(line + i, quoted || option, out);
    }
    if (quoted || option)
        (void)strbuf_addstr(out, "\\fR");
    (void)strbuf_addch(out, '\n');
}

static void add_literal(const char *line, size_t len, struct strbuf *out)
{
    (void)strbuf_addstr(out, "\\&"); /* a line may begin with anything */
    for (size_t i = 0; i < len;)
        i += mdoc_character(line + i, true, out);
    (void)strbuf_addch(out, '\n');
}

void mdoc_text(const char *text, struct strbuf *out)
{
    bool literal = false, gap = false;
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        bool shown = strncmp(text, "  ", 2) == 0;
        if (len == 0) {
            gap = true;
            continue;
        }
        if (literal && !shown)
            (void)strbuf_addstr(out, ".Ed\n");
        if (gap && !shown)
            (void)strbuf_addstr(out, ".Pp\n");
        if (!literal && shown)
            (void)strbuf_addstr(out, ".Bd -literal -offset indent\n");
        literal = shown;
        gap = false;
        if (shown)
            add_literal(text + 2, len - 2, out);
        else
            add_line(text, len, out);
    }
    if (literal)
        (void)strbuf_addstr(out, ".Ed\n");
}

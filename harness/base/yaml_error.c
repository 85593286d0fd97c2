/* The picture of a mistake: place, message, the line before, the line itself, caret and hint. */
#include "base/utf8.h"
#include "base/yaml_tree.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_COLUMNS = 60, SHOWN_BYTES = 150, LINE_COLUMNS = 96, LINE_BYTES = 220, BEFORE_CARET = 48, MESSAGE_BYTES = 512 };

/* One line of the file, without its end. */
struct line {
    const char *text;
    size_t len;
};

/* Length of the line break at text[at], 0 when there is none. The same breaks as libyaml, so that lines agree. */
static size_t break_len(const char *text, size_t len, size_t at)
{
    const unsigned char *b = (const unsigned char *)text + at;
    size_t left = len - at;
    if (b[0] == '\r')
        return left > 1 && b[1] == '\n' ? 2 : 1;
    if (b[0] == '\n')
        return 1;
    if (left > 1 && b[0] == 0xC2 && b[1] == 0x85)
        return 2;
    return left > 2 && b[0] == 0xE2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9) ? 3 : 0;
}

static struct line line_of(const struct yaml_doc *doc, int number)
{
    size_t at = 0;
    for (int n = 1;; n++) {
        size_t start = at, step = 0;
        while (at < doc->len && (step = break_len(doc->text, doc->len, at)) == 0)
            at++;
        if (n == number || at >= doc->len)
            return (struct line){ doc->text + start, n == number ? at - start : 0 };
        at += step;
    }
}

/* What could move the cursor, hide text or turn it round is shown as "?", a tab as a space. */
static uint32_t harmless(uint32_t c)
{
    if (c == '\t')
        return ' ';
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool hidden = c == 0x061C || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                  (c >= 0x2060 && c <= 0x206F) || c >= 0xE0000;
    return control || hidden ? '?' : c;
}

/* Appends text from character `skip` on, at most max_columns wide; returns the columns used. */
static size_t add_harmless(const char *text, size_t len, size_t skip, size_t max_columns, size_t max_bytes, struct strbuf *out)
{
    size_t columns = 0, start = out->len;
    for (size_t at = 0; at < len;) {
        uint32_t c = harmless(utf8_next(text, len, &at));
        if (skip > 0) {
            skip--;
            continue;
        }
        size_t width = (size_t)utf8_columns(c);
        if (columns + width > max_columns || out->len - start > max_bytes) {
            (void)strbuf_addstr(out, "…");
            break;
        }
        utf8_put(c, out);
        columns += width;
    }
    return columns;
}

/* Length of what may be a secret: up to white space (unless `words`), a comma, a bracket, a quote or a comment. */
static size_t secret_len(const char *s, const char *end, bool words)
{
    size_t n = 0;
    while (s + n < end && ((unsigned char)s[n] > ' ' || (words && s[n] == ' ' && s[n + 1] != '#')) && !strchr(",}]\"'", s[n]))
        n++;
    return n;
}

/* Where a secret begins at or after s: the value of a key that names one, a word with a known prefix, or user:password@ of
   a URL. *ret_len = how much of it to hide; NULL when there is none. `env:` and `file:` are names of secrets, not secrets. */
static char *find_secret(char *s, const char *end, size_t *ret_len)
{
    static const char *const name[] = { "api_key", "apikey", "api-key", "authorization", "token", "secret", "password" };
    static const char *const prefix[] = { "hf_", "sk-", "Bearer " };
    for (const char *start = s; s < end; s++) {
        for (size_t i = 0; i < ARRAY_LEN(name); i++) {
            size_t len = strlen(name[i]);
            if ((size_t)(end - s) <= len || strncasecmp(s, name[i], len) != 0)
                continue;
            char *value = s + len + strspn(s + len, "\"' ");
            if (*value != ':')
                continue;
            value += 1 + strspn(value + 1, "\"' ");
            *ret_len = secret_len(value, end, true);
            if (*ret_len > 0 && *value != '*' && strncmp(value, "env:", 4) != 0 && strncmp(value, "file:", 5) != 0)
                return value;
        }
        bool word_begins = s == start || !isalnum((unsigned char)s[-1]);
        for (size_t i = 0; i < ARRAY_LEN(prefix) && word_begins; i++) {
            size_t len = strlen(prefix[i]);
            if ((size_t)(end - s) > len && strncmp(s, prefix[i], len) == 0 && (*ret_len = secret_len(s + len, end, false)) >= 8)
                return s + len;
        }
        if (end - s > 2 && s[0] == '/' && s[1] == '/') {
            size_t host = strcspn(s + 2, "/?# ,}@");
            if (s[2 + host] == '@' && host > 0 && s[2] != '*') {
                *ret_len = host;
                return s + 2;
            }
        }
    }
    return NULL;
}

/* A copy of the line in which every byte of a secret is an asterisk. */
static void hide_secrets(struct line line, struct strbuf *out)
{
    size_t len = 0;
    (void)strbuf_add(out, line.text, line.len);
    char *end = out->buf + out->len, *s = out->buf;
    while ((s = find_secret(s, end, &len))) {
        memset(s, '*', len);
        s += len;
    }
}

struct yaml_shown yaml_shown(const char *text)
{
    struct yaml_shown shown;
    CLEANUP(strbuf_release) struct strbuf hidden = STRBUF_INIT, out = STRBUF_INIT;
    hide_secrets((struct line){ text, strnlen(text, LINE_BYTES) }, &hidden);
    (void)add_harmless(hidden.buf, hidden.len, 0, SHOWN_COLUMNS, SHOWN_BYTES, &out);
    (void)snprintf(shown.text, sizeof(shown.text), "%s", out.buf);
    return shown;
}

static size_t columns_between(struct line line, size_t from, size_t to)
{
    size_t at = 0, columns = 0;
    for (size_t n = 0; n < to && at < line.len; n++) {
        uint32_t c = harmless(utf8_next(line.text, line.len, &at));
        columns += n >= from ? (size_t)utf8_columns(c) : 0;
    }
    return columns;
}

/* A caret far to the right is brought into view: the line then starts BEFORE_CARET columns before it. */
static size_t characters_to_skip(struct line line, size_t before)
{
    size_t columns = columns_between(line, 0, before), at = 0, skip = 0;
    if (columns <= LINE_COLUMNS - 16)
        return 0;
    for (; columns > BEFORE_CARET && at < line.len; skip++)
        columns -= (size_t)utf8_columns(harmless(utf8_next(line.text, line.len, &at)));
    return skip;
}

/* "   14 |   categroies: [A, C, D]"; a long line starts at character `skip`. */
static void add_source(struct line line, int number, size_t skip, struct strbuf *out)
{
    (void)strbuf_addf(out, "\n%5d | ", number);
    if (skip > 0)
        (void)strbuf_addstr(out, "…");
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    hide_secrets(line, &shown);
    (void)add_harmless(shown.buf, shown.len, skip, LINE_COLUMNS, LINE_BYTES, out);
    while (out->len > 0 && out->buf[out->len - 1] == ' ')
        strbuf_truncate(out, out->len - 1);
}

static void add_picture(const struct yaml_doc *doc, int number, size_t column, size_t width, const char *hint, struct strbuf *out)
{
    struct line line = line_of(doc, number);
    size_t before = column - 1, skip = characters_to_skip(line, before);
    if (number > 1) {
        struct line above = line_of(doc, number - 1);
        if (above.len > 0 && skip == 0)
            add_source(above, number - 1, 0, out);
    }
    add_source(line, number, skip, out);

    size_t indent = columns_between(line, skip, before) + (skip > 0), carets = columns_between(line, before, before + width);
    size_t room = LINE_COLUMNS > indent ? LINE_COLUMNS - indent : 1;
    carets = carets > room ? room : carets;
    (void)strbuf_addf(out, "\n      | %*s", (int)indent, "");
    for (size_t i = 0; i < (carets ? carets : 1); i++)
        (void)strbuf_addch(out, '^');
    if (hint)
        (void)strbuf_addf(out, " %s", hint);
}

static enum err report(const struct yaml_doc *doc, int line, int column, int width, enum err code, const char *hint, struct error *e,
                       const char *message)
{
    CLEANUP(strbuf_release) struct strbuf picture = STRBUF_INIT;
    if (line > 0 && column > 0)
        add_picture(doc, line, (size_t)column, width > 0 ? (size_t)width : 1, hint, &picture);
    return error_set(e, code, "%s:%d:%d: %s%s", doc->path, line, column, message, picture.buf);
}

enum err yaml_error_at(const struct yaml_doc *doc, int line, int column, int width, enum err code, const char *hint, struct error *e,
                       const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return report(doc, line, column, width, code, hint, e, message);
}

/* Characters under the caret: the whole key or scalar when it ends on its own line, else one. */
static int width_of(const struct yaml_node *n, bool at_key)
{
    if (at_key) {
        size_t characters = 0;
        for (size_t at = 0, len = strlen(n->key); at < len; characters++)
            (void)utf8_next(n->key, len, &at);
        return characters < LINE_COLUMNS ? (int)characters : LINE_COLUMNS;
    }
    return n->line == n->end_line && n->kind == YAML_SCALAR ? n->end_column - n->column : 1;
}

static enum err report_node(const struct yaml_node *n, bool at_key, const char *hint, struct error *e, const char *message)
{
    at_key = at_key && n->key;
    return report(n->doc, at_key ? n->key_line : n->line, at_key ? n->key_column : n->column, width_of(n, at_key), ERR_INVALID, hint, e,
                  message);
}

enum err yaml_error(const struct yaml_node *at, struct error *e, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return report_node(at, false, NULL, e, message);
}

enum err yaml_error_key(const struct yaml_node *at, struct error *e, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return report_node(at, true, NULL, e, message);
}

enum err yaml_error_hint(const struct yaml_node *at, bool at_key, const char *hint, struct error *e, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return report_node(at, at_key, hint, e, message);
}

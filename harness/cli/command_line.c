#include "cli/command_line.h"

#include "base/secret_text.h"
#include "config/endpoint_headers.h"

#include <string.h>

enum { MIN_SECRET = 8 }; /* a shorter value of a header is in many words by chance */

/* Every occurrence, a folder boundary behind it. */
static void shorten_home(const char *word, const char *home, struct strbuf *out)
{
    size_t len = home ? strlen(home) : 0;
    const char *at = word, *hit;
    while (len > 1 && (hit = strstr(at, home)) != NULL) {
        bool whole = hit[len] == '/' || hit[len] == '\0';
        (void)strbuf_add(out, at, (size_t)(hit - at));
        (void)strbuf_addstr(out, whole ? "~" : home);
        at = hit + len;
    }
    (void)strbuf_addstr(out, at);
}

/* 'it'\''s' when the shell would read more into it than a word. */
void command_line_quote(const char *word, struct strbuf *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%~";
    if (word[0] && strspn(word, plain) == strlen(word)) {
        (void)strbuf_addstr(out, word);
        return;
    }
    (void)strbuf_addch(out, '\'');
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            (void)strbuf_addstr(out, "'\\''");
        else
            (void)strbuf_addch(out, *c);
    }
    (void)strbuf_addch(out, '\'');
}

static void hide_known(const struct settings *s, struct strbuf *text)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        const struct endpoint_config *c = &s->endpoint[i];
        if (c->api_key)
            secret_redact(c->api_key, text);
        for (size_t k = 0; k < c->header_count; k++) {
            const char *value = c->header[k].value;
            if (endpoint_header_is_private(c->header[k].name) && strlen(value) >= MIN_SECRET)
                secret_hide(text, value, strlen(value));
        }
    }
}

void command_line_redacted(int argc, char *const *argv, const char *home, const struct settings *s, struct strbuf *out)
{
    (void)strbuf_addstr(out, "gauntlet");
    for (int i = 0; i < argc; i++) {
        CLEANUP(strbuf_release) struct strbuf word = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
        (void)strbuf_addstr(&word, argv[i]);
        hide_known(s, &word);
        secret_text_redact(&word);
        shorten_home(word.buf, home, &shown);
        (void)strbuf_addch(out, ' ');
        command_line_quote(shown.buf, out);
    }
}

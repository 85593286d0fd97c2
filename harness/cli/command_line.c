#include "cli/command_line.h"

#include "config/endpoint_headers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MIN_SECRET = 8 }; /* a shorter value of a header is in many words by chance */

/* The user and the query go; what is no URL is left alone. */
static void hide_in_url(const char *word, struct strbuf *out)
{
    const char *scheme = strstr(word, "://");
    if (!scheme) {
        (void)strbuf_addstr(out, word);
        return;
    }
    const char *host = scheme + 3;
    size_t len = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', len);
    (void)strbuf_add(out, word, (size_t)(host - word));
    if (at)
        (void)strbuf_addstr(out, "****");
    const char *rest = at ? at : host;
    size_t shown = strcspn(rest, "?#");
    (void)strbuf_add(out, rest, shown);
    if (rest[shown])
        (void)strbuf_addstr(out, "?****");
}

/* Where the value of something private begins in `word`: "Authorization: Bearer x" → " Bearer x". NULL = nowhere. */
static const char *private_value(const char *word)
{
    static const char *const name[] = {
        "authorization", "api-key", "api_key", "apikey", "token", "secret", "password", "passwd", "cookie"
    };
    for (size_t i = 0; i < ARRAY_LEN(name); i++) {
        const char *at = strcasestr(word, name[i]);
        const char *end = at ? at + strlen(name[i]) : NULL;
        if (end && (*end == '=' || *end == ':'))
            return end + 1;
    }
    for (const char *at = word; (at = strcasestr(at, "bearer ")) != NULL; at++) {
        if (at == word || !isalnum((unsigned char)at[-1]))
            return at + strlen("bearer ");
    }
    return NULL;
}

static void hide_private(const char *word, struct strbuf *out)
{
    const char *value = private_value(word);
    if (value) {
        (void)strbuf_add(out, word, (size_t)(value - word));
        (void)strbuf_addstr(out, "****");
    } else {
        hide_in_url(word, out);
    }
}

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
static void quote(const char *word, struct strbuf *out)
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

static void replace_all(struct strbuf *text, const char *what)
{
    size_t len = strlen(what);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const char *at = text->buf, *hit;
    if (len < MIN_SECRET)
        return;
    while ((hit = strstr(at, what)) != NULL) {
        (void)strbuf_add(&out, at, (size_t)(hit - at));
        (void)strbuf_addstr(&out, "****");
        at = hit + len;
    }
    (void)strbuf_addstr(&out, at);
    strbuf_clear(text);
    (void)strbuf_add(text, out.buf, out.len);
}

static void hide_known(const struct settings *s, struct strbuf *text)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        const struct endpoint_config *c = &s->endpoint[i];
        if (c->api_key)
            secret_redact(c->api_key, text);
        for (size_t k = 0; k < c->header_count; k++) {
            if (endpoint_header_is_private(c->header[k].name))
                replace_all(text, c->header[k].value);
        }
    }
}

void command_line_redacted(int argc, char *const *argv, const char *home, const struct settings *s, struct strbuf *out)
{
    (void)strbuf_addstr(out, "gauntlet");
    bool hide_next = false;
    for (int i = 0; i < argc; i++) {
        CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf word = STRBUF_INIT;
        (void)strbuf_addstr(&word, argv[i]);
        hide_known(s, &word);
        if (hide_next) {
            (void)strbuf_addstr(&shown, "****");
        } else {
            CLEANUP(strbuf_release) struct strbuf hidden = STRBUF_INIT;
            hide_private(word.buf, &hidden);
            shorten_home(hidden.buf, home, &shown);
        }
        (void)strbuf_addch(out, ' ');
        quote(shown.buf, out);
        /* The value may be a word of its own: token= abc */
        const char *value = private_value(argv[i]);
        hide_next = value && *value == '\0';
    }
}

#include "base/secret_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MIN_KEY = 8, MIN_BEARER = 4 };

static const char hidden[] = "****";

static bool is_at(const char *s, const char *end, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(end - s) >= len && strncasecmp(s, word, len) == 0;
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) != 0;
}

/* Blanks and quotes, a quote's backslash included. */
static const char *skip_quotes(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '"' || *s == '\'' || (*s == '\\' && s + 1 < end && s[1] == '"')))
        s++;
    return s;
}

/* A value ends at a blank, a quote or what closes or separates. */
static const char *value_end(const char *s, const char *end)
{
    while (s < end && (unsigned char)*s > ' ' && !strchr("\"'\\,;}])&<>", *s))
        s++;
    return s;
}

/* The value behind `Authorization: Bearer ` or `"api_key": "` at `s`; NULL = none begins here. */
static const char *named_value(const char *start, const char *s, const char *end)
{
    static const char *const name[] = { "authorization", "api-key", "api_key", "apikey", "password", "passwd", "secret", "cookie" };
    static const char *const scheme[] = { "bearer ", "basic ", "token " };
    const char *after = NULL;
    for (size_t i = 0; i < ARRAY_LEN(name) && !after; i++) {
        if (is_at(s, end, name[i]) && (s == start || !is_word_byte(s[-1])))
            after = s + strlen(name[i]);
    }
    if (!after && is_at(s, end, "token") && s > start && (s[-1] == '_' || s[-1] == '-')) /* HF_TOKEN, but no max_tokens, no bare token */
        after = s + strlen("token");
    if (!after)
        return NULL;
    const char *mark = skip_quotes(after, end);
    if (mark == end || (*mark != ':' && *mark != '='))
        return NULL;
    const char *value = skip_quotes(mark + 1, end);
    for (size_t i = 0; i < ARRAY_LEN(scheme); i++) {
        if (is_at(value, end, scheme[i]))
            return skip_quotes(value + strlen(scheme[i]), end);
    }
    return value;
}

/* The rest of a key that begins like those of a known service, and of a bearer token; NULL = none begins here. */
static const char *known_key(const char *start, const char *s, const char *end)
{
    static const char *const prefix[] = { "sk-", "hf_", "gsk_", "xai-", "AIza" };
    if (s > start && (is_word_byte(s[-1]) || s[-1] == '_' || s[-1] == '-'))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(prefix); i++) {
        size_t len = strlen(prefix[i]);
        if ((size_t)(end - s) > len && strncmp(s, prefix[i], len) == 0 && value_end(s, end) - s >= MIN_KEY)
            return s + len;
    }
    if (!is_at(s, end, "bearer "))
        return NULL;
    const char *value = s + strlen("bearer ");
    const char *stop = value_end(value, end);
    bool digit = false; /* "bearer authentication failed" is prose */
    for (const char *c = value; c < stop; c++)
        digit = digit || isdigit((unsigned char)*c);
    return digit && stop - value >= MIN_BEARER ? value : NULL;
}

static bool ends_url(const char *s, const char *end)
{
    bool slash = *s == '\\' && s + 1 < end && s[1] == '/'; /* JSON may write a slash so */
    return !slash && ((unsigned char)*s <= ' ' || strchr("\"'\\<>", *s));
}

/* From behind "://": appends the URL without user and query, and returns where it ends. */
static const char *add_url(const char *s, const char *end, struct strbuf *out)
{
    const char *stop = s, *host = s, *query = NULL;
    bool authority = true;
    for (; stop < end && !ends_url(stop, end); stop++) {
        if (*stop == '/' || *stop == '?' || *stop == '#' || *stop == '\\')
            authority = false;
        if (*stop == '@' && authority)
            host = stop;
        if (*stop == '?' && !query)
            query = stop;
    }
    if (host > s)
        (void)strbuf_addstr(out, hidden);
    (void)strbuf_add(out, host, (size_t)((query ? query : stop) - host));
    if (query && query + 1 < stop)
        (void)strbuf_addf(out, "?%s", hidden);
    return stop;
}

void secret_text_add(const char *text, size_t len, struct strbuf *out)
{
    const char *end = text + len;
    for (const char *s = text; s < end;) {
        size_t scheme = is_at(s, end, "://") ? 3 : is_at(s, end, ":\\/\\/") ? 5 : 0;
        if (scheme) {
            (void)strbuf_add(out, s, scheme);
            s = add_url(s + scheme, end, out);
            continue;
        }
        const char *value = named_value(text, s, end);
        value = value ? value : known_key(text, s, end);
        const char *stop = value ? value_end(value, end) : NULL;
        if (stop > value && *value != '*') {
            (void)strbuf_add(out, s, (size_t)(value - s));
            (void)strbuf_addstr(out, hidden);
            s = stop;
        } else {
            (void)strbuf_addch(out, *s++);
        }
    }
}

void secret_text_redact(struct strbuf *text)
{
    struct strbuf clean;
    strbuf_init(&clean, text->max);
    secret_text_add(text->buf, text->len, &clean);
    if (clean.overflow) /* "****" may be longer than what it stands for: the end of the text is cut, as everywhere at a ceiling */
        clean.overflow = text->overflow;
    if (clean.len == text->len && memcmp(clean.buf, text->buf, text->len) == 0) {
        strbuf_release(&clean);
        return;
    }
    explicit_bzero(text->buf, text->len);
    strbuf_release(text);
    *text = clean;
}

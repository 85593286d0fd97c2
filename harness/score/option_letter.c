#include "score/option_letter.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* White space and what Markdown or quotation puts round a word. */
static bool is_wrapping(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '*' || c == '_' || c == '`' || c == '"' || c == '\'';
}

static int index_of(char c, size_t count)
{
    if (!is_letter(c))
        return -1;
    int i = (c | 0x20) - 'a';
    return (size_t)i < count ? i : -1;
}

static int lone(const char *text, size_t len, size_t count)
{
    return len == 1 ? index_of(text[0], count) : -1;
}

static int bracketed(const char *text, size_t len, size_t count)
{
    int found = -1;
    for (size_t i = 0; i + 2 < len; i++) {
        if (text[i] != '(' || text[i + 2] != ')')
            continue;
        int here = index_of(text[i + 1], count);
        if (here >= 0 && found >= 0 && here != found)
            return -1; /* a list of options is no choice */
        found = here >= 0 ? here : found;
    }
    return found;
}

static int at_start(const char *text, size_t len, size_t count)
{
    bool marked = len >= 2 && (text[1] == '.' || text[1] == ')');
    return marked && (len == 2 || !is_word(text[2])) ? index_of(text[0], count) : -1;
}

static size_t skip_wrapping(const char *text, size_t len, size_t at)
{
    while (at < len && is_wrapping(text[at]))
        at++;
    return at;
}

/* Behind `word` and what wraps it when it stands at `at`, else `at`. */
static size_t skip_word(const char *text, size_t len, size_t at, const char *word)
{
    size_t n = strlen(word);
    if (len - at < n || strncasecmp(text + at, word, n) != 0 || (at + n < len && is_word(text[at + n]) && is_word(word[n - 1])))
        return at;
    return skip_wrapping(text, len, at + n);
}

/* The letter behind "answer is"; `at` is behind "answer". A small letter could be the article "a": it must be the last word. */
static int behind_answer(const char *text, size_t len, size_t at, size_t count)
{
    at = skip_wrapping(text, len, at);
    size_t verb = at;
    at = skip_word(text, len, at, "is");
    at = skip_word(text, len, at, ":");
    if (at == verb)
        return -1;
    at = skip_word(text, len, at, "option");
    at = skip_word(text, len, at, "(");
    if (at >= len || (at + 1 < len && is_word(text[at + 1])))
        return -1;
    bool small = text[at] >= 'a' && text[at] <= 'z';
    size_t next = at + 1;
    while (next < len && (text[next] == '*' || text[next] == '_' || text[next] == '`'))
        next++;
    bool last = next >= len || text[next] == '.' || text[next] == ')' || text[next] == '\n' || text[next] == ',' || text[next] == ';';
    return small && !last ? -1 : index_of(text[at], count);
}

static int last_answer(const char *text, size_t len, size_t count)
{
    static const char word[] = "answer";
    int found = -1;
    for (size_t i = 0; i + strlen(word) < len; i++) {
        if ((text[i] | 0x20) != 'a' || strncasecmp(text + i, word, strlen(word)) != 0)
            continue;
        int here = behind_answer(text, len, i + strlen(word), count);
        found = here >= 0 ? here : found;
    }
    return found;
}

int option_letter(const char *text, size_t len, size_t count)
{
    while (len > 0 && is_wrapping(text[len - 1]))
        len--;
    size_t start = skip_wrapping(text, len, 0);
    text += start;
    len -= start;

    static int (*const way[])(const char *, size_t, size_t) = { lone, bracketed, at_start, last_answer };
    int found = -1;
    for (size_t i = 0; i < sizeof(way) / sizeof(way[0]) && found < 0; i++)
        found = way[i](text, len, count);
    return found;
}

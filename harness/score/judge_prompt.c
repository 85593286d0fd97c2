#include "score/judge_prompt.h"

#include "base/strbuf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the first `points` code points; `len` when there are fewer. */
static size_t points_len(const char *text, size_t len, size_t points)
{
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && points-- == 0)
            return i;
    }
    return len;
}

/* Where the last `points` code points start. */
static size_t points_tail(const char *text, size_t len, size_t points)
{
    size_t at = len;
    for (; at > 0 && points > 0; points--) {
        do
            at--;
        while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    }
    return at;
}

static bool stands(const char *text, size_t len, size_t at, const char *what)
{
    size_t n = strlen(what);
    return len - at >= n && memcmp(text + at, what, n) == 0;
}

/* Hostile text: no mark, no code and no NUL of it reaches the judge as it was. */
static void add_quoted(const char *text, size_t len, const char *code, struct strbuf *out)
{
    for (size_t i = 0; i < len;) {
        if (stands(text, len, i, "<<<")) {
            (void)strbuf_addstr(out, "< < <");
            i += 3;
        } else if (stands(text, len, i, ">>>")) {
            (void)strbuf_addstr(out, "> > >");
            i += 3;
        } else if (stands(text, len, i, code)) {
            (void)strbuf_addstr(out, "(code)");
            i += strlen(code);
        } else if (text[i] == '\0') {
            (void)strbuf_addstr(out, "\u2400");
            i++;
        } else {
            (void)strbuf_addch(out, text[i++]);
        }
    }
}

bool judge_prompt_clips(const struct judge_case *c)
{
    return points_len(c->answer, c->answer_len, c->clip_points) < c->answer_len;
}

static void add_answer(const struct judge_case *c, const char *code, bool bare, struct strbuf *out)
{
    if (!bare)
        (void)strbuf_addf(out, "<<<REPLY %s\n", code);
    if (judge_prompt_clips(c)) {
        size_t head = points_len(c->answer, c->answer_len, c->clip_points - c->clip_points / 4);
        size_t tail = points_tail(c->answer, c->answer_len, c->clip_points / 4);
        add_quoted(c->answer, head, code, out);
        (void)strbuf_addf(out, "\n[… %zu bytes left out …]\n", tail - head);
        add_quoted(c->answer + tail, c->answer_len - tail, code, out);
    } else {
        add_quoted(c->answer, c->answer_len, code, out);
    }
    if (!bare)
        (void)strbuf_addf(out, "\nREPLY %s>>>", code);
}

static const char *fact_of(const struct judge_case *c, const char *name, size_t len)
{
    const struct {
        const char *name, *text;
    } fact[] = { { "intent", c->intent }, { "category", c->category }, { "subcategory", c->subcategory }, { "context", c->context } };
    for (size_t i = 0; i < sizeof(fact) / sizeof(fact[0]); i++) {
        if (strlen(fact[i].name) == len && strncmp(fact[i].name, name, len) == 0)
            return fact[i].text && fact[i].text[0] ? fact[i].text : "(none)";
    }
    return "";
}

const char *judge_prompt_fill(const char *template, const struct judge_case *c, bool bare, struct arena *a)
{
    char code[17];
    (void)snprintf(code, sizeof(code), "%016" PRIx64, c->nonce);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    for (const char *at = template; *at;) {
        const char *open = strstr(at, "{{"), *close = open ? strstr(open, "}}") : NULL;
        if (!close) {
            (void)strbuf_addstr(&out, at);
            break;
        }
        (void)strbuf_add(&out, at, (size_t)(open - at));
        size_t len = (size_t)(close - open - 2);
        if (len == strlen("answer") && strncmp(open + 2, "answer", len) == 0) {
            add_answer(c, code, bare, &out);
        } else {
            const char *fact = fact_of(c, open + 2, len);
            add_quoted(fact, strlen(fact), code, &out);
        }
        at = close + 2;
    }
    return arena_strndup(a, out.buf, out.len);
}

/*
 * exact - the answer equals an accepted one after normalisation. `strip_punct` drops punctuation, `strip_articles` the words
 * a, an and the, from both.
 */
#include "base/utf8.h"
#include "score/expected.h"
#include "score/kinds.h"
#include "score/scorer_options.h"

#include <string.h>
#include <utf8proc.h>

static bool is_punctuation(uint32_t c)
{
    if (c < 0x80)
        return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

static void strip_punctuation(struct strbuf *text)
{
    size_t to = 0;
    for (size_t pos = 0; pos < text->len;) {
        size_t from = pos;
        if (is_punctuation(utf8_next(text->buf, text->len, &pos)))
            continue;
        memmove(text->buf + to, text->buf + from, pos - from);
        to += pos - from;
    }
    strbuf_truncate(text, to);
}

static bool is_article(const char *word, size_t len)
{
    return (len == 1 && word[0] == 'a') || (len == 2 && memcmp(word, "an", 2) == 0) || (len == 3 && memcmp(word, "the", 3) == 0);
}

/* Appends the words of `text`, one space between them. */
static void join_words(const char *text, size_t len, bool articles, struct strbuf *out)
{
    for (size_t i = 0; i < len;) {
        const char *space = memchr(text + i, ' ', len - i);
        size_t end = space ? (size_t)(space - text) : len;
        if (end > i && !(articles && is_article(text + i, end - i))) {
            if (out->len > 0)
                (void)strbuf_addch(out, ' ');
            (void)strbuf_add(out, text + i, end - i);
        }
        i = end + 1;
    }
}

static void exact_form(const struct expected_config *x, const char *text, size_t len, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf form = STRBUF_INIT;
    (void)strbuf_add(&form, text, len);
    if (x->strip_punct)
        strip_punctuation(&form);
    join_words(form.buf, form.len, x->strip_articles, out);
}

static double exact_match(const struct expected_config *x, const struct reading *r, const char *accepted, struct arena *a)
{
    (void)a;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf normal = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf wanted = STRBUF_INIT;
    exact_form(x, r->text.buf, r->text.len, &text);
    expected_normalise(accepted, strlen(accepted), &normal);
    exact_form(x, normal.buf, normal.len, &wanted);
    return text.len == wanted.len && memcmp(text.buf, wanted.buf, text.len) == 0 ? 1.0 : 0.0;
}

static enum err exact_options(struct expected_config *x, struct arena *a, const cJSON *options, struct error *e)
{
    (void)a;
    if (options_bool(options, "strip_punct", &x->strip_punct, e) != OK ||
        options_bool(options, "strip_articles", &x->strip_articles, e) != OK)
        return ERR_INVALID;
    return OK;
}

static void exact_identity(const struct expected_config *x, cJSON *identity)
{
    (void)cJSON_AddBoolToObject(identity, "strip_punct", x->strip_punct);
    (void)cJSON_AddBoolToObject(identity, "strip_articles", x->strip_articles);
}

static const char *const known[] = { "answers", "target", "strip_punct", "strip_articles" };
static const struct expected_rule rule = {
    .known = known,
    .known_count = ARRAY_LEN(known),
    .configure = exact_options,
    .match = exact_match,
    .identity = exact_identity,
};

static enum err exact_configure(struct scorer *s, const cJSON *options, struct error *e)
{
    return expected_configure(s, &rule, options, e);
}

const struct scorer_ops scorer_exact = {
    .kind = "exact",
    .configure = exact_configure,
    .begin = expected_begin,
    .identity = expected_identity,
    .know = expected_know,
};

/*
 * choice - the chosen option is the right one. Options are the sample's column `options`: a list of texts, A first. Without
 * it only letters can be chosen. An accepted answer is a letter or an option's text.
 */
#include "score/expected.h"
#include "score/extra_columns.h"
#include "score/kinds.h"
#include "score/option_letter.h"
#include "score/scorer_options.h"
#include "score/tokens.h"

#include <string.h>

enum { LETTERS = 26 };

static size_t letter_count(const struct reading *r)
{
    return r->option_count > 0 && r->option_count < LETTERS ? r->option_count : LETTERS;
}

static bool contains(const char *text, const char *part)
{
    return tokens_contain(text, strlen(text), part, strlen(part));
}

/* The one option whose text stands in the answer; -1 when none or several do. "cat" does not count beside "black cat". */
static int only_option_present(const struct reading *r)
{
    int found = -1;
    for (size_t i = 0; i < r->option_count; i++) {
        if (!tokens_contain(r->text.buf, r->text.len, r->option[i], strlen(r->option[i])))
            continue;
        if (found < 0 || contains(r->option[i], r->option[found]))
            found = (int)i;
        else if (!contains(r->option[found], r->option[i]))
            return -1;
    }
    return found;
}

static void choice_read(const struct expected_config *x, const cJSON *extra, struct arena *a, struct reading *r)
{
    r->option_count = extra_texts(extra, x->options, a, &r->option);
    for (size_t i = 0; i < r->option_count; i++) {
        CLEANUP(strbuf_release) struct strbuf form = STRBUF_INIT;
        expected_normalise(r->option[i], strlen(r->option[i]), &form);
        r->option[i] = arena_strndup(a, form.buf, form.len);
    }
    r->chosen = option_letter(r->raw, r->raw_len, letter_count(r));
    if (r->chosen < 0)
        r->chosen = only_option_present(r);
}

/* The option that an accepted answer names: a letter as it stands ("B", "(b)", "B."), or an option's text. */
static int accepted_option(const struct reading *r, const char *accepted)
{
    size_t len = strlen(accepted);
    int letter = len <= 4 ? option_letter(accepted, len, letter_count(r)) : -1;
    CLEANUP(strbuf_release) struct strbuf form = STRBUF_INIT;
    expected_normalise(accepted, len, &form);
    for (size_t i = 0; letter < 0 && i < r->option_count; i++) {
        if (strcmp(form.buf, r->option[i]) == 0)
            return (int)i;
    }
    return letter;
}

static double choice_match(const struct expected_config *x, const struct reading *r, const char *accepted, struct arena *a)
{
    (void)x;
    (void)a;
    return r->chosen >= 0 && r->chosen == accepted_option(r, accepted) ? 1.0 : 0.0;
}

static const char *choice_trouble(const struct reading *r)
{
    return r->chosen < 0 ? "no_option" : "";
}

static enum err choice_options(struct expected_config *x, struct arena *a, const cJSON *options, struct error *e)
{
    const char *column = "options";
    if (options_extra(options, "options", &column, e) != OK)
        return ERR_INVALID;
    x->options = arena_strdup(a, column);
    return OK;
}

static void choice_identity(const struct expected_config *x, cJSON *identity)
{
    (void)cJSON_AddStringToObject(identity, "options", x->options);
}

static const char *const known[] = { "answers", "target", "options" };
static const struct expected_rule rule = {
    .known = known,
    .known_count = ARRAY_LEN(known),
    .configure = choice_options,
    .read = choice_read,
    .match = choice_match,
    .trouble = choice_trouble,
    .identity = choice_identity,
};

static enum err choice_configure(struct scorer *s, const cJSON *options, struct error *e)
{
    return expected_configure(s, &rule, options, e);
}

const struct scorer_ops scorer_choice = {
    .kind = "choice",
    .configure = choice_configure,
    .begin = expected_begin,
    .identity = expected_identity,
    .know = expected_know,
};

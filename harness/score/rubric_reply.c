#include "score/rubric_reply.h"

#include "base/json.h"
#include "core/limits.h"
#include "score/reply_json_find.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { MAX_NOTE_BYTES = 2000 }; /* of a text field that is kept */

struct span {
    const char *text;
    size_t len;
};

/* ASCII white space, quotes and the marks of Markdown, which models put around a word. */
static bool is_dressing(char c)
{
    return c != '\0' && strchr(" \t\r\n\"'`*_#>-", c) != NULL;
}

static struct span undress(struct span s)
{
    while (s.len > 0 && is_dressing(s.text[0]))
        s.text++, s.len--;
    while (s.len > 0 && (is_dressing(s.text[s.len - 1]) || strchr(".,;", s.text[s.len - 1])))
        s.len--;
    return s;
}

static bool equals(struct span s, const char *word)
{
    return strlen(word) == s.len && strncasecmp(s.text, word, s.len) == 0;
}

static bool whole_number(struct span s, int64_t *ret)
{
    if (s.len == 0 || s.len > 9)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.text[i] < '0' || s.text[i] > '9')
            return false;
        n = n * 10 + (s.text[i] - '0');
    }
    *ret = n;
    return true;
}

/* One field's value from text; false when it is off the menu. */
static bool take_text(const struct rubric_field *f, struct span raw, struct arena *a, struct field_value *v)
{
    static const struct {
        const char *word;
        int64_t number;
    } flags[] = { { "yes", 1 }, { "true", 1 }, { "1", 1 }, { "no", 0 }, { "false", 0 }, { "0", 0 } };
    struct span s = undress(raw);
    switch (f->type) {
    case FIELD_TEXT: v->text = arena_strndup(a, raw.text, raw.len < MAX_NOTE_BYTES ? raw.len : MAX_NOTE_BYTES); return true;
    case FIELD_INTEGER:
        if (s.text > raw.text && s.text[-1] == '-') /* a minus, not the dash of a list: "harm: -3" is not 3 */
            return false;
        return whole_number(s, &v->number) && v->number >= f->low && v->number <= f->high;
    case FIELD_FLAG:
        for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
            v->number = flags[i].number;
            if (equals(s, flags[i].word))
                return true;
        }
        return false;
    case FIELD_CHOICE:
        for (size_t i = 0; i < f->word_count; i++) {
            v->number = (int64_t)i;
            if (equals(s, f->word[i]))
                return true;
        }
        return false;
    }
    return false;
}

static bool all_there(const struct rubric *r, const struct field_value *value, struct arena *a, const char **ret_why)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (!value[i].known && !r->field[i].optional) {
            *ret_why = arena_printf(a, "the judge's reply has no `%s`", r->field[i].name);
            return false;
        }
    }
    return true;
}

/* ---- JSON ---- */

static bool take_member(const struct rubric_field *f, const cJSON *member, struct arena *a, struct field_value *v)
{
    if (cJSON_IsString(member))
        return take_text(f, (struct span){ member->valuestring, strlen(member->valuestring) }, a, v);
    if (cJSON_IsBool(member) && f->type == FIELD_FLAG) {
        v->number = cJSON_IsTrue(member);
        return true;
    }
    if (cJSON_IsNumber(member) && (f->type == FIELD_INTEGER || f->type == FIELD_FLAG)) {
        double d = member->valuedouble;
        v->number = fabs(d) < 1e9 ? (int64_t)d : INT64_MIN;
        return (double)v->number == d && v->number >= f->low && v->number <= f->high;
    }
    if (f->type == FIELD_TEXT) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        json_add_tree(&text, member);
        return take_text(f, (struct span){ text.buf, text.len }, a, v);
    }
    return false;
}

static bool read_object(const struct rubric *r, const cJSON *object, struct arena *a, struct field_value *value, const char **ret_why)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        for (size_t i = 0; i < r->field_count; i++) {
            const struct rubric_field *f = &r->field[i];
            if (strcmp(member->string, f->name) != 0)
                continue;
            if (value[i].known) {
                *ret_why = arena_printf(a, "the judge's reply has `%s` twice", f->name);
                return false;
            }
            if (cJSON_IsNull(member) && f->optional)
                continue;
            value[i].known = true;
            if (!take_member(f, member, a, &value[i])) {
                *ret_why = arena_printf(a, "`%s` of the judge's reply is off the menu", f->name);
                return false;
            }
        }
    }
    return all_there(r, value, a, ret_why);
}

static bool names_a_field(const void *rubric, const cJSON *object)
{
    const struct rubric *r = rubric;
    for (size_t i = 0; i < r->field_count; i++) {
        if (!r->field[i].optional && cJSON_GetObjectItemCaseSensitive(object, r->field[i].name))
            return true;
    }
    return false;
}

/* ---- Lines ---- */

static bool next_line(struct span *rest, struct span *ret_line)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->text, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->text) : rest->len;
    *ret_line = (struct span){ rest->text, len };
    size_t used = end ? len + 1 : len;
    rest->text += used;
    rest->len -= used;
    return true;
}

/* "Name: value", the name as a field has it, but for case. */
static bool split_label(const struct rubric *r, struct span line, size_t *ret_field, struct span *ret_value)
{
    const char *colon = memchr(line.text, ':', line.len);
    if (!colon)
        return false;
    struct span name = undress((struct span){ line.text, (size_t)(colon - line.text) });
    for (size_t i = 0; i < r->field_count; i++) {
        if (equals(name, r->field[i].name)) {
            *ret_field = i;
            *ret_value = (struct span){ colon + 1, line.len - (size_t)(colon + 1 - line.text) };
            while (ret_value->len > 0 && isspace((unsigned char)ret_value->text[0]))
                ret_value->text++, ret_value->len--;
            return true;
        }
    }
    return false;
}

static bool read_labels(const struct rubric *r, struct span rest, struct arena *a, struct field_value *value, const char **ret_why)
{
    struct span line, text;
    size_t at;
    while (next_line(&rest, &line)) {
        if (!split_label(r, line, &at, &text))
            continue;
        value[at] = (struct field_value){ .known = true }; /* the last one wins */
        if (!take_text(&r->field[at], text, a, &value[at])) {
            *ret_why = arena_printf(a, "`%s` of the judge's reply is off the menu", r->field[at].name);
            return false;
        }
    }
    return all_there(r, value, a, ret_why);
}

/* A line says a word when it begins with it and goes on with punctuation, if at all: "no." does, "No matter" does not. */
static bool line_says(struct span line, const char *word)
{
    size_t len = strlen(word);
    while (line.len > 0 && is_dressing(line.text[0]))
        line.text++, line.len--;
    if (line.len < len || strncasecmp(line.text, word, len) != 0)
        return false;
    for (size_t i = len; i < line.len; i++) {
        if (strchr(".,;:!)", line.text[i]) && line.text[i])
            return true;
        if (!is_dressing(line.text[i]) || (line.text[i] == '-' && i == len)) /* "no-one" */
            return false;
    }
    return true;
}

static bool read_word(const struct rubric *r, struct span rest, struct field_value *value, const char **ret_why)
{
    const struct rubric_field *f = &r->field[0];
    struct span line;
    while (next_line(&rest, &line)) {
        for (size_t i = 0; i < f->word_count; i++) {
            if (line_says(line, f->word[i]))
                value[0] = (struct field_value){ .known = true, .number = (int64_t)i };
        }
    }
    *ret_why = "no line of the judge's reply begins with a verdict";
    return value[0].known;
}

/* ---- Guards ---- */

/* "S1", "S1,S10", "S1, S10". */
static bool are_codes(struct span s)
{
    size_t i = 0;
    for (;;) {
        while (i < s.len && s.text[i] == ' ')
            i++;
        if (i >= s.len || (s.text[i] != 'S' && s.text[i] != 's'))
            return false;
        size_t digits = 0;
        for (i++; i < s.len && isdigit((unsigned char)s.text[i]); i++)
            digits++;
        if (digits == 0 || digits > 2)
            return false;
        while (i < s.len && s.text[i] == ' ')
            i++;
        if (i == s.len)
            return true;
        if (s.text[i++] != ',')
            return false;
    }
}

static struct span strip(struct span s)
{
    while (s.len > 0 && isspace((unsigned char)s.text[0]))
        s.text++, s.len--;
    while (s.len > 0 && isspace((unsigned char)s.text[s.len - 1]))
        s.len--;
    return s;
}

/* Exactly one or two lines: anything else is a wrong chat template or not a guard. */
static bool read_guard(const struct rubric *r, struct span rest, struct arena *a, struct field_value *value, const char **ret_why)
{
    struct span line, codes = { "", 0 };
    rest = strip(rest);
    *ret_why = "the guard's reply is not a verdict and a line of codes";
    if (!next_line(&rest, &line) || !take_text(&r->field[0], strip(line), a, &value[0]))
        return false;
    value[0].known = true;
    rest = strip(rest);
    if (rest.len == 0)
        return true;
    codes = rest;
    if (!are_codes(codes))
        return false;
    if (r->field_count > 1) {
        value[1].known = true;
        (void)take_text(&r->field[1], codes, a, &value[1]);
    }
    return true;
}

/* What follows a model's thinking that the server left in the text; nothing when it never ended: what a judge weighs is no verdict. */
static struct span after_thinking(struct span s)
{
    static const char open[] = "<think>", close[] = "</think>";
    for (size_t i = s.len; i-- > 0;) {
        if (s.len - i >= strlen(close) && memcmp(s.text + i, close, strlen(close)) == 0) {
            i += strlen(close);
            return (struct span){ s.text + i, s.len - i };
        }
    }
    struct span start = s;
    while (start.len > 0 && strchr(" \t\r\n", start.text[0]) && start.text[0])
        start = (struct span){ start.text + 1, start.len - 1 };
    bool unended = start.len >= strlen(open) && memcmp(start.text, open, strlen(open)) == 0;
    return unended ? (struct span){ s.text + s.len, 0 } : s;
}

bool rubric_read_reply(const struct rubric *r, const char *text, size_t len, struct arena *a, struct field_value *value,
                       const char **ret_why)
{
    memset(value, 0, RUBRIC_MAX_FIELDS * sizeof(*value));
    *ret_why = "";
    if (len > MAX_JUDGE_REPLY_BYTES) {
        *ret_why = "the judge's reply is too long to be a verdict";
        return false;
    }
    struct span s = after_thinking((struct span){ text, len });
    switch (r->form) {
    case RUBRIC_JSON: {
        CLEANUP(json_freep) cJSON *object = reply_json_find(s.text, s.len, names_a_field, r);
        return object ? read_object(r, object, a, value, ret_why) : read_labels(r, s, a, value, ret_why);
    }
    case RUBRIC_LABELS: return read_labels(r, s, a, value, ret_why);
    case RUBRIC_WORD: return read_word(r, s, value, ret_why);
    case RUBRIC_GUARD: return read_guard(r, s, a, value, ret_why);
    }
    return false;
}

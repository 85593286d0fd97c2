#include "cli/options.h"

#include "base/nearest.h"
#include "base/vec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option_spec spec[OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, help) [OPT_##id] = { name, letter, argument, help },
#include "cli/options.def"
#undef OPTION
};

const enum option_id *const options_common =
    OPTION_LIST(OPT_CONFIG, OPT_DB, OPT_QUIET, OPT_VERBOSE, OPT_JSON, OPT_COLOR, OPT_PROGRESS, OPT_HELP);

bool option_listed(const enum option_id *list, enum option_id id)
{
    for (; list && *list != OPTION_COUNT; list++) {
        if (*list == id)
            return true;
    }
    return false;
}

static bool is_allowed(const enum option_id *own, int id)
{
    return option_listed(options_common, (enum option_id)id) || option_listed(own, (enum option_id)id);
}

const struct option_spec *option_spec(enum option_id id)
{
    return &spec[id];
}

bool option_argument_is_optional(const struct option_spec *s)
{
    return s->argument && s->argument[0] == '[';
}

static void add_value(struct options *o, enum option_id id, const char *value)
{
    struct option_values *v = &o->option[id];
    v->value = vec_grow(v->value, v->count, &v->cap, sizeof(const char *));
    v->value[v->count++] = value;
}

static void add_argument(struct options *o, const char *text)
{
    o->argument = vec_grow(o->argument, o->argument_count, &o->argument_cap, sizeof(const char *));
    o->argument[o->argument_count++] = text;
}

static enum err unknown_option(const char *given, size_t len, const enum option_id *own, struct error *e)
{
    const char *known[OPTION_COUNT + 1];
    size_t count = 0;
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (is_allowed(own, id))
            known[count++] = spec[id].name;
    }
    char word[64];
    (void)snprintf(word, sizeof(word), "%.*s", (int)(len < 60 ? len : 60), given);
    const char *near = nearest_name(word, known, count);
    (void)error_set(e, ERR_INVALID, "unknown option --%s", word);
    return near ? error_suffix(e, "; did you mean --%s?", near) : ERR_INVALID;
}

static bool is_number(const char *text)
{
    return text && text[0] && strspn(text, "0123456789") == strlen(text);
}

/* Takes the value from `attached`, or from the next word; *used says whether the next word was taken. */
static enum err take_value(struct options *o, enum option_id id, const char *attached, const char *next, bool *used, struct error *e)
{
    const struct option_spec *s = &spec[id];
    *used = false;
    if (!s->argument) {
        if (attached)
            return error_set(e, ERR_INVALID, "--%s takes no value", s->name);
        add_value(o, id, "");
        return OK;
    }
    if (!attached && option_argument_is_optional(s)) {
        *used = id == OPT_DRY_RUN && is_number(next); /* `--dry-run 3`; a profile must be attached: --sim=clean */
        add_value(o, id, *used ? next : "");
        return OK;
    }
    if (!attached && !next)
        return error_set(e, ERR_INVALID, "--%s needs a value: --%s %s", s->name, s->name, s->argument);
    *used = !attached;
    add_value(o, id, attached ? attached : next);
    return OK;
}

static enum err parse_long(struct options *o, const enum option_id *own, const char *word, const char *next, bool *used, struct error *e)
{
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (is_allowed(own, id) && strlen(spec[id].name) == len && memcmp(spec[id].name, word, len) == 0)
            return take_value(o, (enum option_id)id, equals ? equals + 1 : NULL, next, used, e);
    }
    return unknown_option(word, len, own, e);
}

static enum err parse_short(struct options *o, const enum option_id *own, const char *word, const char *next, bool *used, struct error *e)
{
    for (const char *c = word; *c; c++) {
        int id = 0;
        while (id < OPTION_COUNT && !(is_allowed(own, id) && spec[id].letter == *c))
            id++;
        if (id == OPTION_COUNT)
            return error_set(e, ERR_INVALID, "unknown option -%c", *c);
        const char *attached = spec[id].argument && c[1] ? c + 1 : NULL;
        enum err rc = take_value(o, (enum option_id)id, attached, next, used, e);
        if (rc != OK || attached || *used)
            return rc;
    }
    return OK;
}

enum err options_parse(struct options *o, const enum option_id *own, int argc, char *const *argv, struct error *e)
{
    o->argv = argv;
    o->argc = argc;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool used = false;
        enum err rc = OK;
        if (strcmp(word, "--") == 0) {
            while (++i < argc)
                add_argument(o, argv[i]);
            return OK;
        }
        if (strncmp(word, "--", 2) == 0)
            rc = parse_long(o, own, word + 2, next, &used, e);
        else if (word[0] == '-' && word[1])
            rc = parse_short(o, own, word + 1, next, &used, e);
        else
            add_argument(o, word);
        if (rc != OK)
            return rc;
        i += used;
    }
    return OK;
}

void options_release(struct options *o)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        free(o->option[id].value);
    free(o->argument);
    memset(o, 0, sizeof(*o));
}

bool option_given(const struct options *o, enum option_id id)
{
    return o->option[id].count > 0;
}

const char *option_value(const struct options *o, enum option_id id)
{
    const struct option_values *v = &o->option[id];
    return v->count ? v->value[v->count - 1] : NULL;
}

enum err option_int(const struct options *o, enum option_id id, int64_t min, int64_t max, int64_t *ret, struct error *e)
{
    const char *text = option_value(o, id);
    if (!text)
        return OK;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < min || value > max)
        return error_set(e, ERR_INVALID, "--%s: '%.60s' is not a whole number from %lld to %lld", spec[id].name, text, (long long)min,
                         (long long)max);
    *ret = value;
    return OK;
}

enum err option_real(const struct options *o, enum option_id id, double max, double *ret, struct error *e)
{
    const char *text = option_value(o, id);
    if (!text)
        return OK;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value > 0 && value <= max))
        return error_set(e, ERR_INVALID, "--%s: '%.60s' is not a number above 0 and up to %g", spec[id].name, text, max);
    *ret = value;
    return OK;
}

static enum err choose(const char *given, enum option_id id, const char *const *word, size_t count, size_t *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(given, word[i]) == 0) {
            *ret = i;
            return OK;
        }
        (void)strbuf_addf(&words, "%s%s", i ? ", " : "", word[i]);
    }
    const char *near = nearest_name(given, word, count);
    (void)error_set(e, ERR_INVALID, "--%s: '%.40s' is none of %s", spec[id].name, given, words.buf);
    return near ? error_suffix(e, "; did you mean %s?", near) : ERR_INVALID;
}

enum err option_choice(const struct options *o, enum option_id id, const char *const *word, size_t count, size_t *ret, struct error *e)
{
    const char *given = option_value(o, id);
    return given ? choose(given, id, word, count, ret, e) : OK;
}

enum err option_format(const struct options *o, const char *const *word, size_t count, size_t *ret, struct error *e)
{
    const char *given = option_given(o, OPT_JSON) ? "json" : option_value(o, OPT_FORMAT);
    return given ? choose(given, OPT_FORMAT, word, count, ret, e) : OK;
}

const char *option_name(enum option_id id)
{
    return spec[id].name;
}

void options_help(const enum option_id *list, struct strbuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!option_listed(list, (enum option_id)id))
            continue;
        const struct option_spec *s = &spec[id];
        CLEANUP(strbuf_release) struct strbuf left = STRBUF_INIT;
        if (s->letter)
            (void)strbuf_addf(&left, "-%c, ", s->letter);
        else
            (void)strbuf_addstr(&left, "    ");
        const char *gap = !s->argument || s->argument[1] == '=' ? "" : " ";
        (void)strbuf_addf(&left, "--%s%s%s", s->name, gap, s->argument ? s->argument : "");
        (void)strbuf_addf(out, "  %-26s  %s\n", left.buf, s->help);
    }
}

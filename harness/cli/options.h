/*
 * options - the command line, parsed by the table in options.def.
 *
 * --long VALUE, --long=VALUE, -x VALUE, -xVALUE, bundled flags (-qv), and -- to end them; options and arguments may be
 * mixed. Repeated options collect; otherwise the last one counts. An unknown name is an error with the nearest known one.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
#define OPTION(id, name, letter, argument, help) OPT_##id,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
};

/* A list of options, for file scope: OPTION_LIST(OPT_LIMIT, OPT_SEED). Ended by OPTION_COUNT. */
#define OPTION_LIST(...) ((const enum option_id[]){ __VA_ARGS__, OPTION_COUNT })
/* What every verb takes. */
extern const enum option_id *const options_common;
/* `list` may be NULL: an empty one. */
bool option_listed(const enum option_id *list, enum option_id id);

/* One line of options.def. */
struct option_spec {
    const char *name;
    char letter;                 /* 0 = none */
    const char *argument, *help; /* "FILE"; "[N]" or "[=PROFILE]" when it may be left out; NULL = a flag */
};
const struct option_spec *option_spec(enum option_id id);
bool option_argument_is_optional(const struct option_spec *s);

struct option_values {
    const char **value; /* in the order given; "" for a flag or an optional argument left out */
    size_t count, cap;
};

struct options {
    struct option_values option[OPTION_COUNT];
    const char **argument;
    size_t argument_count, argument_cap;
    char *const *argv; /* all words from the verb on, as they were typed; borrowed */
    int argc;
};

/* argv[0] is not looked at. `own`: the verb's options besides the common ones; may be NULL. Values are borrowed from argv. */
enum err options_parse(struct options *o, const enum option_id *own, int argc, char *const *argv, struct error *e) MUST_CHECK;
void options_release(struct options *o);

bool option_given(const struct options *o, enum option_id id);
/* The last value, or NULL when the option was not given. */
const char *option_value(const struct options *o, enum option_id id);
/* A whole number in min … max; the error names the option. `ret` is untouched when the option was not given. */
enum err option_int(const struct options *o, enum option_id id, int64_t min, int64_t max, int64_t *ret, struct error *e) MUST_CHECK;
/* A number above 0 and up to `max`; the error names the option. `ret` is untouched when the option was not given. */
enum err option_real(const struct options *o, enum option_id id, double max, double *ret, struct error *e) MUST_CHECK;
/* Which of `word` the value is; *ret is its index, untouched when the option was not given. The error lists them all, and the nearest. */
enum err option_choice(const struct options *o, enum option_id id, const char *const *word, size_t count, size_t *ret,
                       struct error *e) MUST_CHECK;
/* As option_choice of --format; --json goes before it, and stands for "json". `ret` says what it is without either. */
enum err option_format(const struct options *o, const char *const *word, size_t count, size_t *ret, struct error *e) MUST_CHECK;
/* Appends the help lines of the options in `list`, two columns, in the order of the table. */
void options_help(const enum option_id *list, struct strbuf *out);
const char *option_name(enum option_id id);

#endif

/*
 * scorer_options - reads a scorer's options, as a suite states them, with errors that help.
 *
 * Each options_X leaves *ret alone when the option is absent or null: set the default first. Messages do not name the
 * scorer; scorer_new puts it before them.
 */
#ifndef SCORE_SCORER_OPTIONS_H
#define SCORE_SCORER_OPTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* ERR_INVALID for a key that is neither in `known` nor `channel`, which all scorers have: names the nearest and lists all. options may be NULL. */
enum err options_check(const cJSON *options, const char *const *known, size_t count, struct error *e) MUST_CHECK;
/* Text that is not empty; *ret is borrowed from `options`. */
enum err options_text(const cJSON *options, const char *key, const char **ret, struct error *e) MUST_CHECK;
/* One of `name`; *ret is its index. */
enum err options_choice(const cJSON *options, const char *key, const char *const *name, size_t count, size_t *ret,
                        struct error *e) MUST_CHECK;
enum err options_bool(const cJSON *options, const char *key, bool *ret, struct error *e) MUST_CHECK;
/* A number of at least 0. */
enum err options_amount(const cJSON *options, const char *key, double *ret, struct error *e) MUST_CHECK;
/* `extra.NAME`: a further column of the sample; *ret is NAME, borrowed from `options`. */
enum err options_extra(const cJSON *options, const char *key, const char **ret, struct error *e) MUST_CHECK;
/* Appends "a, b, c". */
void options_list(const char *const *name, size_t count, struct strbuf *out);

#endif

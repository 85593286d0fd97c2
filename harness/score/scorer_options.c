#include "score/scorer_options.h"

#include "base/json.h"
#include "base/nearest.h"

#include <math.h>
#include <string.h>

void options_list(const char *const *name, size_t count, struct strbuf *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            (void)strbuf_addstr(out, ", ");
        (void)strbuf_addstr(out, name[i]);
    }
}

static enum err unknown_word(const char *what, const char *word, const char *const *known, size_t count, struct error *e)
{
    const char *near = nearest_name(word, known, count);
    CLEANUP(strbuf_release) struct strbuf list = STRBUF_INIT;
    options_list(known, count, &list);
    return error_set(e, ERR_INVALID, "%s '%s'%s%s%s\nknown: %s", what, word, near ? "; did you mean '" : "", near ? near : "",
                     near ? "'?" : "", list.buf);
}

/* `channel` is every scorer's, and read where they are made. */
static enum err unknown_option(const char *word, const char *const *known, size_t count, struct error *e)
{
    CLEANUP(cleanup_free) const char **all = xcalloc(count + 1, sizeof(*all));
    memcpy(all, known, count * sizeof(*all));
    all[count] = "channel";
    return unknown_word("unknown option", word, all, count + 1, e);
}

enum err options_check(const cJSON *options, const char *const *known, size_t count, struct error *e)
{
    for (const cJSON *item = options ? options->child : NULL; item; item = item->next) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = strcmp(item->string, known[i]) == 0;
        if (!found && strcmp(item->string, "channel") != 0)
            return unknown_option(item->string, known, count, e);
    }
    return OK;
}

enum err options_text(const cJSON *options, const char *key, const char **ret, struct error *e)
{
    const cJSON *item = json_get(options, key);
    if (!item)
        return OK;
    if (!cJSON_IsString(item) || item->valuestring[0] == '\0')
        return error_set(e, ERR_INVALID, "option '%s' must be text that is not empty", key);
    *ret = item->valuestring;
    return OK;
}

enum err options_choice(const cJSON *options, const char *key, const char *const *name, size_t count, size_t *ret, struct error *e)
{
    const char *text = NULL;
    if (options_text(options, key, &text, e) != OK)
        return ERR_INVALID;
    for (size_t i = 0; text && i < count; i++) {
        if (strcmp(name[i], text) == 0) {
            *ret = i;
            return OK;
        }
    }
    if (!text)
        return OK;
    (void)unknown_word("unknown value", text, name, count, e);
    return error_prefix(e, "option '%s'", key);
}

enum err options_bool(const cJSON *options, const char *key, bool *ret, struct error *e)
{
    const cJSON *item = json_get(options, key);
    if (!item)
        return OK;
    if (!cJSON_IsBool(item))
        return error_set(e, ERR_INVALID, "option '%s' must be true or false", key);
    *ret = cJSON_IsTrue(item);
    return OK;
}

enum err options_amount(const cJSON *options, const char *key, double *ret, struct error *e)
{
    const cJSON *item = json_get(options, key);
    if (!item)
        return OK;
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble) || item->valuedouble < 0.0)
        return error_set(e, ERR_INVALID, "option '%s' must be a number of at least 0", key);
    *ret = item->valuedouble;
    return OK;
}

enum err options_extra(const cJSON *options, const char *key, const char **ret, struct error *e)
{
    static const char prefix[] = "extra.";
    const char *text = NULL;
    if (options_text(options, key, &text, e) != OK)
        return ERR_INVALID;
    if (!text)
        return OK;
    if (strncmp(text, prefix, strlen(prefix)) != 0 || text[strlen(prefix)] == '\0')
        return error_set(e, ERR_INVALID, "option '%s' names a further column of the samples, like extra.%s; '%s' does not", key, key, text);
    *ret = text + strlen(prefix);
    return OK;
}

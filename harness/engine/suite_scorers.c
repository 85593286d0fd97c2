#include "engine/suite_scorers.h"

#include <string.h>

enum err suite_scorer_make(const struct suite *suite, size_t index, const struct scorer_setting *setting, struct scorer **made,
                           struct error *e)
{
    const struct suite_scorer *spec = &suite->scorer[index];
    if (scorer_new(spec->kind, spec->options, setting, &made[index], e) != OK)
        return error_prefix(e, "%s:%d:%d", suite->path, spec->line, spec->column);
    for (size_t i = 0; i < index; i++) {
        if (!made[i] || strcmp(made[i]->identity_sha256.text, made[index]->identity_sha256.text) != 0)
            continue;
        scorer_free(made[index]);
        made[index] = NULL;
        return error_set(e, ERR_INVALID, "%s:%d:%d: scorer '%s' is the same as the one in line %d: it would give the same verdicts twice",
                         suite->path, spec->line, spec->column, spec->kind, suite->scorer[i].line);
    }
    return OK;
}

static const char *plain_name(const struct suite *suite, size_t index, struct scorer *const *made)
{
    size_t same = 0;
    for (size_t i = 0; i < suite->scorer_count; i++)
        same += strcmp(suite->scorer[i].kind, suite->scorer[index].kind) == 0;
    return same > 1 || made[index]->channel != CHANNEL_CONTENT ? made[index]->name : suite->scorer[index].kind;
}

const char *suite_scorer_name(const struct suite *suite, size_t index, struct scorer *const *made, struct arena *a)
{
    const char *name = plain_name(suite, index, made);
    for (size_t i = 0; i < index; i++) {
        if (strcmp(plain_name(suite, i, made), name) == 0)
            return arena_printf(a, "%s@%.8s", name, made[index]->identity_sha256.text);
    }
    return name;
}

#include "reports/suite_choice.h"

#include "base/nearest.h"
#include "store/nights.h"

#include <string.h>

static enum err unknown(const char *what, const char *name, const char *const *known, size_t count, struct error *e)
{
    const char *nearest = nearest_name(name, known, count);
    error_set(e, ERR_NOT_FOUND, "the store has no runs of %s '%.100s'", what, name);
    if (nearest)
        return error_suffix(e, "; did you mean '%.100s'?", nearest);
    error_suffix(e, "; there are:");
    for (size_t i = 0; i < count && i < 5; i++)
        error_suffix(e, "%s %.64s", i > 0 ? "," : "", known[i]);
    return ERR_NOT_FOUND;
}

static bool is_known(const char *name, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(known[i], name) == 0)
            return true;
    }
    return false;
}

enum err suite_choose(struct store *s, const char *wanted, struct arena *a, const char **ret_suite, struct error *e)
{
    const char *const *name;
    size_t count;
    enum err rc = store_suite_names(s, a, &name, &count, e);
    if (rc != OK)
        return rc;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no runs of a suite yet", store_path(s));
    if (wanted && !is_known(wanted, name, count))
        return unknown("suite", wanted, name, count, e);
    *ret_suite = wanted ? wanted : name[0];
    return OK;
}

enum err suite_choose_endpoints(struct store *s, const char *suite, const char *const *wanted, size_t wanted_count, struct arena *a,
                                const char *const **ret_name, size_t *ret_count, struct error *e)
{
    size_t count, newest;
    enum err rc = store_suite_endpoints(s, suite, a, ret_name, &count, &newest, e);
    if (rc != OK)
        return rc;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "the runs of suite '%.100s' planned nothing yet", suite);
    *ret_count = newest > 0 ? newest : 1;
    for (size_t i = 0; i < wanted_count; i++) {
        if (!is_known(wanted[i], *ret_name, count))
            return unknown("endpoint", wanted[i], *ret_name, count, e);
    }
    if (wanted_count > 0) {
        *ret_name = wanted;
        *ret_count = wanted_count;
    }
    return OK;
}

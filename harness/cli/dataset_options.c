#include "cli/dataset_options.h"

#include <string.h>

enum err dataset_options_map(const struct options *o, struct arena *a, const struct dataset_map **ret_map, size_t *ret_count,
                             struct error *e)
{
    const struct option_values *given = &o->option[OPT_MAP];
    struct dataset_map *map = arena_array(a, given->count, sizeof(*map));
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->value[i], '=');
        if (!equals || equals == given->value[i] || !equals[1])
            return error_set(e, ERR_INVALID, "--map '%.80s': FIELD=COLUMN, as in --map prompt=question", given->value[i]);
        map[i].field = arena_strndup(a, given->value[i], (size_t)(equals - given->value[i]));
        map[i].column = equals + 1;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(map[k].field, map[i].field) == 0)
                return error_set(e, ERR_INVALID, "--map gives the field '%.80s' twice", map[i].field);
        }
    }
    *ret_map = map;
    *ret_count = given->count;
    return OK;
}

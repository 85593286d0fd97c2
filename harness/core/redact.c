#include "core/redact.h"

#include "base/json.h"

#include <fnmatch.h>
#include <string.h>

/* Too much withheld is a nuisance, too little is harm: so the words are wide. */
static const char *const child_safety[] = {
    "*child*", "*minors*", "*underage*", "*under-age*", "*csam*", "*csae*", "*pedoph*", "*paedoph*", "s4", "s4[!0-9]*", "cse",
};
const struct redact_list redact_default = { child_safety, sizeof(child_safety) / sizeof(child_safety[0]) };

bool redact_matches(const struct redact_list *l, const char *category, const char *subcategory)
{
    for (size_t i = 0; i < l->count; i++) {
        if ((category && fnmatch(l->pattern[i], category, FNM_CASEFOLD) == 0) ||
            (subcategory && fnmatch(l->pattern[i], subcategory, FNM_CASEFOLD) == 0))
            return true;
    }
    return false;
}

struct redact_list redact_of_run(const char *run_config_json, const struct redact_list *own, bool own_given, struct arena *a)
{
    CLEANUP(json_freep) cJSON *config = run_config_json ? json_parse(run_config_json, strlen(run_config_json), NULL) : NULL;
    const cJSON *recorded = json_array(config, "redact_categories"), *item;
    if (!recorded)
        return *own;
    size_t room = (size_t)cJSON_GetArraySize(recorded) + (own_given ? own->count : 0), count = 0;
    const char **pattern = arena_array(a, room, sizeof(*pattern));
    cJSON_ArrayForEach(item, recorded)
    {
        if (cJSON_IsString(item))
            pattern[count++] = arena_strdup(a, item->valuestring);
    }
    for (size_t i = 0; own_given && i < own->count; i++)
        pattern[count++] = own->pattern[i];
    return (struct redact_list){ pattern, count };
}

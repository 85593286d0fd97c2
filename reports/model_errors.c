#include "reports/model_errors.h"

#include "base/json.h"
#include "base/json_member.h"
#include "store/reader.h"

#include <stdlib.h>

enum { MAX_ERROR_GROUPS = 20, MAX_PAIRS_SEEN = 1 << 20 };

void model_errors_withheld(const struct rows *rows, const struct redact_list *redact, struct strbuf *out)
{
    size_t pairs = rows->category.count * rows->subcategory.count;
    bool small = pairs <= MAX_PAIRS_SEEN; /* else some pairs come more than once, which changes nothing */
    unsigned char *seen = xcalloc(small ? pairs + 1 : 1, 1);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; redact->count > 0 && i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        size_t pair = small ? r->category * rows->subcategory.count + r->subcategory : 0;
        if (small && seen[pair])
            continue;
        const char *name[] = { rows->category.name[r->category], rows->subcategory.name[r->subcategory] };
        if (redact_matches(redact, name[0], name[1]))
            cJSON_AddItemToArray(list, cJSON_CreateStringArray(name, 2));
        if (small)
            seen[pair] = 1;
    }
    if (cJSON_GetArraySize(list) > 0)
        json_add_tree(out, list);
    cJSON_Delete(list);
    free(seen);
}

enum err model_add_errors(struct store *s, int64_t endpoint_id, const char *withheld, struct arena *a, cJSON *endpoint, struct error *e)
{
    struct error_group *group;
    size_t count;
    if (store_error_groups(s, endpoint_id, withheld[0] ? withheld : NULL, MAX_ERROR_GROUPS, a, &group, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(endpoint, "errors");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "class", group[i].error_class);
        json_member_int(json, "http_status", group[i].http_status != 0, group[i].http_status);
        json_member_word(json, "message", group[i].message);
        json_member_int(json, "count", true, group[i].count);
        json_member_int(json, "first_trial", true, group[i].first_trial);
        json_member_int(json, "last_trial", true, group[i].last_trial);
        cJSON_AddItemToArray(list, json);
    }
    return OK;
}

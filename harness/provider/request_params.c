#include "provider/request_params.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void params_add_number(cJSON *params, const char *key, double value)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    (void)cJSON_AddRawToObject(params, key, text);
}

void params_add_int(cJSON *params, const char *key, int64_t value)
{
    char text[32]; /* cJSON's numbers are doubles, exact to 2^53 only */
    (void)snprintf(text, sizeof(text), "%" PRId64, value);
    (void)cJSON_AddRawToObject(params, key, text);
}

void params_add_texts(cJSON *params, const char *key, const char *const *text, size_t count)
{
    cJSON_AddItemToObject(params, key, cJSON_CreateStringArray(text, (int)count));
}

/* No nulls go out: official clients drop them too, and servers disagree about what a null parameter means. */
static void drop_nulls(cJSON *tree)
{
    for (cJSON *item = tree->child, *next; item; item = next) {
        next = item->next;
        if (cJSON_IsNull(item) && cJSON_IsObject(tree))
            cJSON_Delete(cJSON_DetachItemViaPointer(tree, item));
        else
            drop_nulls(item);
    }
}

/* Theirs, with what only ours has behind it. Depth is bounded by the parser's. */
static cJSON *merged(const cJSON *ours, const cJSON *theirs)
{
    cJSON *result = cJSON_Duplicate(theirs, true);
    for (const cJSON *item = ours->child; item; item = item->next) {
        const cJSON *other = json_get(theirs, item->string);
        if (!other)
            cJSON_AddItemToObject(result, item->string, cJSON_Duplicate(item, true));
        else if (cJSON_IsObject(item) && cJSON_IsObject(other))
            cJSON_ReplaceItemInObjectCaseSensitive(result, item->string, merged(item, other));
    }
    return result;
}

static void merge_member(cJSON *params, const cJSON *member)
{
    const cJSON *ours = json_get(params, member->string);
    if (cJSON_IsObject(ours) && cJSON_IsObject(member)) {
        cJSON_ReplaceItemInObjectCaseSensitive(params, member->string, merged(ours, member));
        return;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(params, member->string);
    cJSON_AddItemToObject(params, member->string, cJSON_Duplicate(member, true));
}

enum err params_merge(cJSON *params, const char *extra_json, const char *const *reserved, struct error *e)
{
    if (!extra_json)
        return OK;
    CLEANUP(json_freep) cJSON *extra = json_parse(extra_json, strlen(extra_json), e);
    if (!extra)
        return error_prefix(e, "extra parameters");
    if (!cJSON_IsObject(extra))
        return error_set(e, ERR_INVALID, "extra parameters must be a JSON object");
    for (; *reserved; reserved++)
        if (cJSON_GetObjectItemCaseSensitive(extra, *reserved))
            return error_set(e, ERR_INVALID, "extra parameters may not hold `%s`: it decides what is asked and recorded", *reserved);

    drop_nulls(extra);
    for (const cJSON *member = extra->child; member; member = member->next)
        if (json_get(extra, member->string) == member) /* of two members of one name the first wins */
            merge_member(params, member);
    return OK;
}

cJSON *params_object(cJSON *object, const char *key)
{
    cJSON *there = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsObject(there) ? there : cJSON_AddObjectToObject(object, key);
}

enum err params_add_schema(cJSON *object, const char *key, const struct chat_schema *schema, struct error *e)
{
    cJSON *tree = json_parse(schema->json, strlen(schema->json), e);
    if (!cJSON_IsObject(tree)) {
        cJSON_Delete(tree);
        return error_set(e, ERR_INVALID, "the schema of the answer must be a JSON object");
    }
    cJSON_AddItemToObject(object, key, tree);
    return OK;
}

void params_write(const cJSON *params, bool after, struct strbuf *out)
{
    for (const cJSON *item = params->child; item; item = item->next) {
        if (after)
            (void)strbuf_addch(out, ',');
        after = true;
        json_add_string(out, item->string, strlen(item->string));
        (void)strbuf_addch(out, ':');
        json_add_tree(out, item);
    }
}

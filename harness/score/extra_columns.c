#include "score/extra_columns.h"

#include "base/json.h"

#include <string.h>

const cJSON *extra_columns(const struct sample *sample, const cJSON *parsed, cJSON **ret_own)
{
    *ret_own = NULL;
    if (parsed || !sample->extra_json || !sample->extra_json[0])
        return parsed;
    *ret_own = json_parse(sample->extra_json, strlen(sample->extra_json), NULL);
    return *ret_own;
}

static const char *item_text(const cJSON *item, struct arena *a)
{
    if (cJSON_IsString(item))
        return arena_strdup(a, item->valuestring);
    if (cJSON_IsBool(item))
        return cJSON_IsTrue(item) ? "true" : "false";
    if (!cJSON_IsNumber(item))
        return NULL;
    CLEANUP(strbuf_release) struct strbuf number = STRBUF_INIT;
    json_add_number(&number, item->valuedouble);
    return arena_strndup(a, number.buf, number.len);
}

const char *extra_text(const cJSON *extra, const char *name, struct arena *a)
{
    const cJSON *item = json_get(extra, name);
    return item ? item_text(item, a) : NULL;
}

static size_t list_texts(const cJSON *list, struct arena *a, const char ***ret_text)
{
    int size = cJSON_GetArraySize(list);
    const char **text = arena_array(a, (size_t)size, sizeof(*text));
    size_t count = 0;
    for (const cJSON *item = list->child; item; item = item->next) {
        const char *one = item_text(item, a);
        if (one)
            text[count++] = one;
    }
    *ret_text = text;
    return count;
}

size_t extra_texts(const cJSON *extra, const char *name, struct arena *a, const char ***ret_text)
{
    const cJSON *item = json_get(extra, name);
    *ret_text = NULL;
    if (!item)
        return 0;
    if (cJSON_IsArray(item) || cJSON_IsObject(item))
        return list_texts(item, a, ret_text);
    if (cJSON_IsString(item) && item->valuestring[0] == '[') {
        CLEANUP(json_freep) cJSON *list = json_parse(item->valuestring, strlen(item->valuestring), NULL);
        if (cJSON_IsArray(list))
            return list_texts(list, a, ret_text);
    }
    const char *one = item_text(item, a);
    if (!one)
        return 0;
    *ret_text = arena_array(a, 1, sizeof(**ret_text));
    (*ret_text)[0] = one;
    return 1;
}

#include "score/rubric_schema.h"

#include "base/json.h"

static cJSON *field_schema(const struct rubric_field *f)
{
    cJSON *schema = cJSON_CreateObject();
    switch (f->type) {
    case FIELD_INTEGER: {
        /* Not every strict mode knows minimum and maximum; all know enum. */
        (void)cJSON_AddStringToObject(schema, "type", "integer");
        if (f->high - f->low > 100)
            break;
        cJSON *values = cJSON_AddArrayToObject(schema, "enum");
        for (int64_t i = f->low; i <= f->high; i++)
            cJSON_AddItemToArray(values, cJSON_CreateNumber((double)i));
        break;
    }
    case FIELD_CHOICE:
        (void)cJSON_AddStringToObject(schema, "type", "string");
        cJSON_AddItemToObject(schema, "enum", cJSON_CreateStringArray(f->word, (int)f->word_count));
        break;
    case FIELD_FLAG: (void)cJSON_AddStringToObject(schema, "type", "boolean"); break;
    case FIELD_TEXT: (void)cJSON_AddStringToObject(schema, "type", "string"); break;
    }
    return schema;
}

const char *rubric_schema(const struct rubric *r, struct arena *a)
{
    cJSON *schema = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(schema, "type", "object");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties"), *required = cJSON_CreateArray();
    for (size_t i = 0; i < r->field_count; i++) {
        cJSON_AddItemToObject(properties, r->field[i].name, field_schema(&r->field[i]));
        cJSON_AddItemToArray(required, cJSON_CreateString(r->field[i].name));
    }
    cJSON_AddItemToObject(schema, "required", required);
    (void)cJSON_AddFalseToObject(schema, "additionalProperties");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, schema);
    cJSON_Delete(schema);
    return arena_strndup(a, text.buf, text.len);
}

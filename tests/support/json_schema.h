/*
 * json_schema - checks a tree against a JSON Schema (draft 2020-12), as far as docs/schemas uses it: type, required,
 * properties, additionalProperties, items, enum, const, minimum, maximum and $ref to $defs. Patterns are not checked here.
 */
#ifndef SUPPORT_JSON_SCHEMA_H
#define SUPPORT_JSON_SCHEMA_H

#include "base/json.h"
#include "base/strbuf.h"

#include <math.h>
#include <string.h>

struct json_schema {
    const cJSON *root;
    struct strbuf *problems; /* one line each */
};

static inline bool json_schema_is(const cJSON *v, const char *type)
{
    return (strcmp(type, "object") == 0 && cJSON_IsObject(v)) || (strcmp(type, "array") == 0 && cJSON_IsArray(v)) ||
           (strcmp(type, "string") == 0 && cJSON_IsString(v)) || (strcmp(type, "boolean") == 0 && cJSON_IsBool(v)) ||
           (strcmp(type, "null") == 0 && cJSON_IsNull(v)) || (strcmp(type, "number") == 0 && cJSON_IsNumber(v)) ||
           (strcmp(type, "integer") == 0 && cJSON_IsNumber(v) && fabs(v->valuedouble - floor(v->valuedouble)) < 1e-12);
}

static inline void json_schema_type(const struct json_schema *j, const cJSON *schema, const cJSON *v, const char *at)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(schema, "type"), *one;
    bool ok = !type || (cJSON_IsString(type) && json_schema_is(v, type->valuestring));
    if (cJSON_IsArray(type)) {
        cJSON_ArrayForEach(one, type) ok = ok || json_schema_is(v, one->valuestring);
    }
    if (!ok)
        (void)strbuf_addf(j->problems, "%s: wrong type\n", at);
}

static inline void json_schema_value(const struct json_schema *j, const cJSON *schema, const cJSON *v, const char *at)
{
    const cJSON *only = cJSON_GetObjectItemCaseSensitive(schema, "const"), *words = cJSON_GetObjectItemCaseSensitive(schema, "enum"), *word;
    double bound;
    bool found = words == NULL;
    cJSON_ArrayForEach(word, words) found = found || cJSON_Compare(word, v, true);
    if (!found || (only && !cJSON_Compare(only, v, true)))
        (void)strbuf_addf(j->problems, "%s: not one of its values\n", at);
    if (cJSON_IsNumber(v) && ((json_number(schema, "minimum", &bound) && v->valuedouble < bound) ||
                              (json_number(schema, "maximum", &bound) && v->valuedouble > bound)))
        (void)strbuf_addf(j->problems, "%s: out of its bounds\n", at);
}

static inline void json_schema_check(const struct json_schema *j, const cJSON *schema, const cJSON *v, const char *at);

static inline void json_schema_object(const struct json_schema *j, const cJSON *schema, const cJSON *v, const char *at)
{
    const cJSON *name, *child, *properties = json_object(schema, "properties");
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties");
    cJSON_ArrayForEach(name, json_array(schema, "required"))
    {
        if (!cJSON_GetObjectItemCaseSensitive(v, name->valuestring))
            (void)strbuf_addf(j->problems, "%s: `%s` is missing\n", at, name->valuestring);
    }
    cJSON_ArrayForEach(child, v)
    {
        char inner[512];
        const cJSON *known = cJSON_GetObjectItemCaseSensitive(properties, child->string);
        (void)snprintf(inner, sizeof(inner), "%s.%s", at, child->string);
        if (known)
            json_schema_check(j, known, child, inner);
        else if (cJSON_IsFalse(others))
            (void)strbuf_addf(j->problems, "%s: is not in the schema\n", inner);
        else if (cJSON_IsObject(others))
            json_schema_check(j, others, child, inner);
    }
}

static inline void json_schema_check(const struct json_schema *j, const cJSON *schema, const cJSON *v, const char *at)
{
    const char *reference = json_string(schema, "$ref");
    const cJSON *items = json_object(schema, "items"), *item;
    if (reference) {
        const cJSON *target = json_object(json_object(j->root, "$defs"), reference + strlen("#/$defs/"));
        if (target)
            json_schema_check(j, target, v, at);
        else
            (void)strbuf_addf(j->problems, "%s: the schema has no %s\n", at, reference);
    }
    json_schema_type(j, schema, v, at);
    json_schema_value(j, schema, v, at);
    if (cJSON_IsObject(v))
        json_schema_object(j, schema, v, at);
    if (cJSON_IsArray(v) && items) {
        cJSON_ArrayForEach(item, v) json_schema_check(j, items, item, at);
    }
}

/* Appends a line for every violation. */
static inline void json_schema(const cJSON *schema, const cJSON *tree, struct strbuf *problems)
{
    struct json_schema j = { schema, problems };
    json_schema_check(&j, schema, tree, "$");
}

#endif

#include "dataset/parquet_features.h"

#include "base/json.h"

#include <string.h>

static const struct parquet_key_value *find_key(const struct parquet_meta *m, const char *key)
{
    for (size_t i = 0; i < m->key_value_count; i++)
        if (m->key_value[i].key.len == strlen(key) && memcmp(m->key_value[i].key.text, key, strlen(key)) == 0)
            return &m->key_value[i];
    return NULL;
}

/* Lists are written as [feature], or as {"feature": …, "_type": "Sequence"} (List and LargeList are newer). */
static const cJSON *inside_lists(const cJSON *feature)
{
    while (feature) {
        const char *type = cJSON_IsObject(feature) ? json_string(feature, "_type") : NULL;
        if (cJSON_IsArray(feature))
            feature = feature->child;
        else if (type && (strcmp(type, "Sequence") == 0 || strcmp(type, "List") == 0 || strcmp(type, "LargeList") == 0))
            feature = cJSON_GetObjectItemCaseSensitive(feature, "feature");
        else
            break;
    }
    return feature;
}

/* What the features call the column; NULL when they do not know it. */
static const char *type_of(const cJSON *features, const struct parquet_column *c)
{
    const cJSON *feature = features;
    for (size_t i = 0; feature && i < c->part_count; i++)
        feature = inside_lists(cJSON_GetObjectItemCaseSensitive(feature, c->part[i]));
    return feature && cJSON_IsObject(feature) ? json_string(feature, "_type") : NULL;
}

void parquet_features_apply(const struct parquet_meta *m, struct parquet_schema *s)
{
    const struct parquet_key_value *k = find_key(m, "huggingface");
    CLEANUP(json_freep) cJSON *tree = k ? json_parse(k->value.text, k->value.len, NULL) : NULL;
    const cJSON *info = tree ? json_object(tree, "info") : NULL;
    const cJSON *features = info ? json_object(info, "features") : NULL;
    for (size_t i = 0; features && i < s->column_count; i++) {
        struct parquet_column *c = &s->column[i];
        const char *type = c->shape == PARQUET_IMAGE ? type_of(features, c) : NULL;
        if (type && strcmp(type, "Image") != 0)
            c->shape = PARQUET_BLOB;
    }
}

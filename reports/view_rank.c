#include "reports/view_rank.h"

#include "base/arena.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct item {
    const cJSON *cell;
    double key;
};

/* Ranked ones before the others, then by number, then by name. */
static int by_rank(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    bool ranked = !isnan(x->key);
    if (ranked != !isnan(y->key))
        return ranked ? -1 : 1;
    if (ranked && (x->key > y->key || x->key < y->key))
        return x->key < y->key ? 1 : -1;
    return strcmp(json_string(x->cell, "key"), json_string(y->cell, "key"));
}

static double number_of(const cJSON *cell, const char *member)
{
    double value;
    bool known = !json_bool(cell, "few_intents", false) && json_number(json_object(cell, "asr"), member, &value);
    return known ? value : (double)NAN;
}

double ranking_rate(const cJSON *cell, const void *context)
{
    (void)context;
    return number_of(cell, "value");
}

double ranking_upper(const cJSON *cell, const void *context)
{
    (void)context;
    return number_of(cell, "high");
}

struct ranking ranking_by(const cJSON *table, ranking_key_fn *key, const void *context)
{
    size_t size = (size_t)cJSON_GetArraySize(table) + 1;
    struct ranking r = { .cell = xcalloc(size, sizeof(const cJSON *)) };
    struct item *item = xcalloc(size, sizeof(*item));
    const cJSON *cell;
    cJSON_ArrayForEach(cell, table)
    {
        if (json_string(cell, "key"))
            item[r.count++] = (struct item){ cell, key(cell, context) };
    }
    qsort(item, r.count, sizeof(*item), by_rank);
    for (size_t i = 0; i < r.count; i++) {
        r.cell[i] = item[i].cell;
        r.ranked += isnan(item[i].key) ? 0 : 1;
    }
    free(item);
    return r;
}

struct ranking ranking_of(const cJSON *table)
{
    return ranking_by(table, ranking_rate, NULL);
}

void ranking_release(struct ranking *r)
{
    free(r->cell);
    *r = (struct ranking){ 0 };
}

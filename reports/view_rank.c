#include "reports/view_rank.h"

#include "base/arena.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static bool is_ranked(const cJSON *cell)
{
    double value;
    return !json_bool(cell, "few_intents", false) && json_number(json_object(cell, "asr"), "value", &value);
}

static int by_rank(const void *a, const void *b)
{
    const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;
    bool ranked = is_ranked(x);
    double vx = 0, vy = 0;
    if (ranked != is_ranked(y))
        return ranked ? -1 : 1;
    (void)json_number(json_object(x, "asr"), "value", &vx);
    (void)json_number(json_object(y, "asr"), "value", &vy);
    if (ranked && (vx > vy || vx < vy))
        return vx < vy ? 1 : -1;
    return strcmp(json_string(x, "key"), json_string(y, "key"));
}

struct ranking ranking_of(const cJSON *table)
{
    struct ranking r = { .cell = xcalloc((size_t)cJSON_GetArraySize(table) + 1, sizeof(const cJSON *)) };
    const cJSON *cell;
    cJSON_ArrayForEach(cell, table)
    {
        if (json_string(cell, "key"))
            r.cell[r.count++] = cell;
    }
    if (r.count)
        qsort(r.cell, r.count, sizeof(const cJSON *), by_rank);
    while (r.ranked < r.count && is_ranked(r.cell[r.ranked]))
        r.ranked++;
    return r;
}

void ranking_release(struct ranking *r)
{
    free(r->cell);
    *r = (struct ranking){ 0 };
}

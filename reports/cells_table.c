/* cells_table - rows in groups: one cell per category, subcategory or attack, and the matrix of categories and attacks. */
#include "reports/cells.h"

#include "base/arena.h"
#include "base/json.h"
#include "reports/cells_private.h"

#include <stdlib.h>
#include <string.h>

/* A group of rows: the texts that name it and its number. */
struct keyed {
    const char *key, *attack; /* attack: NULL unless the group is a category's rows of one attack */
    size_t number;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order || !x->attack ? order : strcmp(x->attack, y->attack);
}

/* Row numbers sorted into groups: start[g] … start[g + 1] of `order` are group g's attack rows. */
static void sort_into_groups(const struct rows *rows, const size_t *group, size_t groups, size_t *start, uint32_t *order)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->row[i].benign)
            start[group[i] + 1]++;
    }
    for (size_t g = 0; g < groups; g++)
        start[g + 1] += start[g];
    size_t *next = xcalloc(groups + 1, sizeof(*next));
    memcpy(next, start, groups * sizeof(*next));
    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->row[i].benign)
            order[next[group[i]]++] = (uint32_t)i;
    }
    free(next);
}

static enum err cell_json(const struct rows *rows, const struct keyed *name, const uint32_t *member, size_t count, cJSON *table,
                          struct error *e)
{
    struct cell cell = cell_new(count);
    for (size_t i = 0; i < count; i++)
        cell_add(&cell, &rows->row[member[i]]);
    enum err rc = counts_check(&cell.counts, name->key, e);
    if (rc == OK) {
        struct rate rate = rate_clustered(cell.y, cell.cluster, cell.n);
        cJSON *json = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(json, "key", name->key);
        if (name->attack)
            (void)cJSON_AddStringToObject(json, "attack", name->attack);
        cJSON_AddItemToObject(json, "counts", counts_json(&cell.counts));
        cJSON_AddItemToObject(json, "asr", rate_json(&rate));
        (void)cJSON_AddBoolToObject(json, "few_intents", rate.few_clusters);
        cJSON_AddItemToArray(table, json);
    }
    cell_release(&cell);
    return rc;
}

/* One cell for every group that has attack rows, in the order of `keyed`, which is sorted here. */
static enum err table_of(const struct rows *rows, const size_t *group, struct keyed *keyed, size_t groups, cJSON **ret_table,
                         struct error *e)
{
    size_t *start = xcalloc(groups + 1, sizeof(*start));
    uint32_t *order = xcalloc(rows->count, sizeof(*order));
    if (groups)
        qsort(keyed, groups, sizeof(*keyed), by_key);
    sort_into_groups(rows, group, groups, start, order);

    cJSON *table = cJSON_CreateArray();
    enum err rc = OK;
    for (size_t i = 0; rc == OK && i < groups; i++) {
        size_t first = start[keyed[i].number], count = start[keyed[i].number + 1] - first;
        if (count > 0) /* a group of benign samples only has no row here */
            rc = cell_json(rows, &keyed[i], order + first, count, table, e);
    }
    free(start);
    free(order);
    if (rc == OK)
        *ret_table = table;
    else
        cJSON_Delete(table);
    return rc;
}

enum err cells_table(const struct rows *rows, enum grouping by, cJSON **ret_table, struct error *e)
{
    const struct names *names = by == GROUP_CATEGORY ? &rows->category : by == GROUP_SUBCATEGORY ? &rows->subcategory : &rows->attack;
    struct keyed *keyed = xcalloc(names->count, sizeof(*keyed));
    size_t *group = xcalloc(rows->count, sizeof(*group));
    for (size_t i = 0; i < names->count; i++)
        keyed[i] = (struct keyed){ names->name[i], NULL, i };
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        group[i] = by == GROUP_CATEGORY ? r->category : by == GROUP_SUBCATEGORY ? r->subcategory : r->attack;
    }
    enum err rc = table_of(rows, group, keyed, names->count, ret_table, e);
    free(keyed);
    free(group);
    return rc;
}

enum err cells_matrix(const struct rows *rows, cJSON **ret_table, struct error *e)
{
    size_t attacks = rows->attack.count, groups = rows->category.count * attacks;
    if (groups > MAX_MATRIX_CELLS) {
        *ret_table = cJSON_CreateArray();
        return OK;
    }
    struct keyed *keyed = xcalloc(groups, sizeof(*keyed));
    size_t *group = xcalloc(rows->count, sizeof(*group));
    for (size_t i = 0; i < groups; i++)
        keyed[i] = (struct keyed){ rows->category.name[i / attacks], rows->attack.name[i % attacks], i };
    for (size_t i = 0; i < rows->count; i++)
        group[i] = rows->row[i].category * attacks + rows->row[i].attack;
    enum err rc = table_of(rows, group, keyed, groups, ret_table, e);
    free(keyed);
    free(group);
    return rc;
}

const cJSON *cells_find(const cJSON *table, const char *key)
{
    const cJSON *cell;
    cJSON_ArrayForEach(cell, table)
    {
        const char *name = json_string(cell, "key");
        if (name && strcmp(name, key) == 0)
            return cell;
    }
    return NULL;
}

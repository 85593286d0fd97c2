/* cells_common - the attacks over the same intents: rates that may be ranked although the data set pairs them unevenly. */
#include "reports/cells.h"

#include "base/json_member.h"
#include "reports/cells_private.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The distinct pairs of attack and intent that have a verdict, as attack << 32 | intent, sorted; returns how many. */
static size_t distinct_pairs(const struct rows *rows, uint64_t *pair)
{
    size_t n = 0, distinct = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        if (!r->benign && row_is_scored(r))
            pair[n++] = (uint64_t)r->attack << 32 | r->intent;
    }
    if (n)
        qsort(pair, n, sizeof(*pair), by_number);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || pair[i] != pair[i - 1])
            pair[distinct++] = pair[i];
    }
    return distinct;
}

/* What the pairs cover: how many attacks there are, and under how many of them each intent has a verdict. */
struct cover {
    size_t attacks, intents, common; /* intents: with a verdict under any attack; common: under every one */
    uint32_t *attacks_of;            /* by intent */
};

static struct cover cover_of(const struct rows *rows)
{
    struct cover c = { .attacks_of = xcalloc(rows->intent.count + 1, sizeof(*c.attacks_of)) };
    uint64_t *pair = xcalloc(rows->count + 1, sizeof(*pair));
    size_t pairs = distinct_pairs(rows, pair);
    for (size_t i = 0; i < pairs; i++) {
        c.attacks += i == 0 || pair[i] >> 32 != pair[i - 1] >> 32;
        c.attacks_of[(uint32_t)pair[i]]++;
    }
    for (size_t i = 0; i < rows->intent.count; i++) {
        c.intents += c.attacks_of[i] > 0;
        c.common += c.attacks > 0 && c.attacks_of[i] == c.attacks;
    }
    free(pair);
    return c;
}

enum err cells_common_intents(const struct rows *rows, cJSON *endpoint, struct error *e)
{
    struct cover cover = cover_of(rows);
    struct rows part = *rows; /* borrows the names; only its list of rows is its own */
    part.row = xcalloc(rows->count + 1, sizeof(*part.row));
    part.count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->row[i].benign && cover.attacks_of[rows->row[i].intent] == cover.attacks)
            part.row[part.count++] = rows->row[i];
    }
    cJSON *attacks = NULL;
    enum err rc = OK;
    if (cover.attacks < 2)
        (void)cJSON_AddNullToObject(endpoint, "common_intents");
    else if ((rc = cells_table(&part, GROUP_ATTACK, &attacks, e)) == OK) {
        cJSON *json = cJSON_AddObjectToObject(endpoint, "common_intents");
        json_member_int(json, "intents", true, (int64_t)cover.common);
        json_member_int(json, "of", true, (int64_t)cover.intents);
        json_member_int(json, "attack_count", true, (int64_t)cover.attacks);
        cJSON_AddItemToObject(json, "attacks", attacks);
    }
    free(part.row);
    free(cover.attacks_of);
    return rc;
}

/* cells_repeats - several epochs of each sample. */
#include "reports/cells.h"

#include "base/json_member.h"
#include "reports/cells_private.h"
#include "stats/repeats.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_DRAWS = 10 };

/* Scored and complied epochs of each sample that has a verdict; returns how many samples. */
static size_t gather(const struct rows *rows, struct repeats *sample, int32_t *ret_epochs, int64_t *ret_fewest)
{
    size_t used = 0;
    *ret_epochs = 0;
    *ret_fewest = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        if (r->benign)
            continue;
        *ret_epochs = r->epoch > *ret_epochs ? r->epoch : *ret_epochs;
        sample[r->sample].scored += row_is_scored(r);
        sample[r->sample].complied += row_is_complied(r);
    }
    for (size_t i = 0; i < rows->sample.count; i++) {
        if (sample[i].scored == 0)
            continue;
        *ret_fewest = used == 0 || sample[i].scored < *ret_fewest ? sample[i].scored : *ret_fewest;
        sample[used++] = sample[i];
    }
    return used;
}

static void add_draws(const struct repeats *sample, size_t n, int64_t fewest, const char *key,
                      double (*of)(const struct repeats *, size_t, int64_t), cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, key);
    for (int64_t k = 2; k <= fewest && k <= MAX_DRAWS; k++) {
        cJSON *item = cJSON_CreateObject();
        json_member_int(item, "k", true, k);
        json_member_number(item, "value", of(sample, n, k));
        cJSON_AddItemToArray(list, item);
    }
}

void cells_repeats(const struct rows *rows, double se, cJSON *endpoint)
{
    int32_t epochs;
    int64_t fewest;
    struct repeats *sample = xcalloc(rows->sample.count, sizeof(*sample));
    size_t n = gather(rows, sample, &epochs, &fewest);
    if (epochs > 1) {
        cJSON *json = cJSON_AddObjectToObject(endpoint, "repeats");
        json_member_int(json, "epochs", true, epochs);
        json_member_int(json, "samples", true, (int64_t)n);
        json_member_number(json, "asr_at_1", repeats_any(sample, n, 1));
        add_draws(sample, n, fewest, "any", repeats_any, json);
        add_draws(sample, n, fewest, "all", repeats_all, json);
        json_member_number(json, "flake_rate", repeats_flake_rate(sample, n));
        json_member_number(json, "decoding_share", n && se > 0 ? repeats_decoding_variance(sample, n) / (se * se) : (double)NAN);
    } else {
        cJSON_AddNullToObject(endpoint, "repeats");
    }
    free(sample);
}

/* cells_repeats - several epochs of each sample. */
#include "reports/cells.h"

#include "base/json_member.h"
#include "reports/cells_private.h"
#include "stats/interval.h"
#include "stats/repeats.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_DRAWS = 10 };

/* Scored and complied epochs of each sample that has a verdict, and its intent; returns how many samples. */
static size_t gather(const struct rows *rows, struct repeats *sample, uint32_t *intent, int32_t *ret_epochs, int64_t *ret_fewest)
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
        intent[r->sample] = r->intent;
    }
    for (size_t i = 0; i < rows->sample.count; i++) {
        if (sample[i].scored == 0)
            continue;
        *ret_fewest = used == 0 || sample[i].scored < *ret_fewest ? sample[i].scored : *ret_fewest;
        intent[used] = intent[i];
        sample[used++] = sample[i];
    }
    return used;
}

/* Each is a mean over samples, so its interval is that of every rate: over intents. */
static void add_draws(const struct repeats *sample, const uint32_t *intent, size_t n, int64_t fewest, const char *key,
                      double (*of)(const struct repeats *, size_t, int64_t), cJSON *json)
{
    CLEANUP(cleanup_free) double *y = xcalloc(n + 1, sizeof(*y));
    cJSON *list = cJSON_AddArrayToObject(json, key);
    for (int64_t k = 2; k <= fewest && k <= MAX_DRAWS; k++) {
        for (size_t i = 0; i < n; i++)
            y[i] = of(&sample[i], 1, k);
        struct rate rate = rate_clustered(y, intent, n);
        cJSON *item = cJSON_CreateObject();
        json_member_int(item, "k", true, k);
        json_member_number(item, "value", of(sample, n, k));
        json_member_number(item, "low", rate.low);
        json_member_number(item, "high", rate.high);
        cJSON_AddItemToArray(list, item);
    }
}

void cells_repeats(const struct rows *rows, double se, cJSON *endpoint)
{
    int32_t epochs;
    int64_t fewest;
    struct repeats *sample = xcalloc(rows->sample.count, sizeof(*sample));
    CLEANUP(cleanup_free) uint32_t *intent = xcalloc(rows->sample.count + 1, sizeof(*intent));
    size_t n = gather(rows, sample, intent, &epochs, &fewest);
    if (epochs > 1) {
        cJSON *json = cJSON_AddObjectToObject(endpoint, "repeats");
        json_member_int(json, "epochs", true, epochs);
        json_member_int(json, "samples", true, (int64_t)n);
        json_member_number(json, "asr_at_1", repeats_any(sample, n, 1));
        add_draws(sample, intent, n, fewest, "any", repeats_any, json);
        add_draws(sample, intent, n, fewest, "all", repeats_all, json);
        json_member_number(json, "flake_rate", repeats_flake_rate(sample, n));
        json_member_number(json, "decoding_share", n && se > 0 ? repeats_decoding_variance(sample, n) / (se * se) : (double)NAN);
    } else {
        cJSON_AddNullToObject(endpoint, "repeats");
    }
    free(sample);
}

#include "reports/model_counted.h"

#include "base/json_member.h"
#include "reports/model_traffic.h"
#include "reports/model_utility.h"

#include <math.h>

/* Milliseconds, with the microseconds as a fraction. */
static void add_latency(const struct histogram *h, const char *key, cJSON *endpoint)
{
    static const struct {
        const char *key;
        double q;
    } point[] = { { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "max", 1.0 } };
    cJSON *json = cJSON_AddObjectToObject(endpoint, key);
    for (size_t i = 0; i < ARRAY_LEN(point); i++) {
        int64_t us = histogram_quantile(h, point[i].q);
        json_member_number(json, point[i].key, us < 0 ? (double)NAN : (double)us / 1000);
    }
}

static enum err add_tables(const struct rows *rows, cJSON *endpoint, struct error *e)
{
    static const struct {
        const char *key;
        enum grouping by;
    } table[] = { { "categories", GROUP_CATEGORY }, { "subcategories", GROUP_SUBCATEGORY }, { "attacks", GROUP_ATTACK } };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        cJSON *json;
        enum err rc = cells_table(rows, table[i].by, &json, e);
        if (rc != OK)
            return rc;
        cJSON_AddItemToObject(endpoint, table[i].key, json);
    }
    cJSON *matrix;
    enum err rc = cells_matrix(rows, &matrix, e);
    if (rc != OK)
        return rc;
    cJSON_AddItemToObject(endpoint, "category_attacks", matrix);
    return cells_common_intents(rows, endpoint, e);
}

static void add_distributions(const struct rows *rows, bool no_charts, cJSON *endpoint)
{
    add_latency(&rows->latency, "latency_ms", endpoint);
    add_latency(&rows->first_byte, "first_byte_ms", endpoint);
    add_latency(&rows->from_ready, "latency_from_ready_ms", endpoint);
    if (!no_charts)
        model_add_histogram(&rows->latency, endpoint);
    cJSON *tokens = cJSON_AddObjectToObject(endpoint, "tokens");
    json_member_number(tokens, "prompt", (double)rows->prompt_tokens);
    json_member_number(tokens, "completion", (double)rows->completion_tokens);
}

enum err model_add_counted(struct rows *rows, const struct model_counted_options *options, cJSON *endpoint, struct error *e)
{
    json_member_number(endpoint, "imputed", (double)rows_apply_errors_as(rows, options->errors_as));
    if (cells_overall(rows, endpoint, e) != OK || cells_benign(rows, endpoint, e) != OK || add_tables(rows, endpoint, e) != OK)
        return e->code;
    run_calibration_add(options->calibration, options->endpoint, rows, endpoint);
    model_add_utility(rows, options->scorer_kind, endpoint);
    cells_reasons(rows, endpoint);
    add_distributions(rows, options->no_charts, endpoint);
    return OK;
}

#include "reports/model_traffic.h"

#include "base/json_member.h"

#include <math.h>

enum { PER_DECADE = 10, MAX_BIN = 100 };

/* Lower edge of a bin in microseconds; bin 0 begins at 1 us. */
static double edge_us(int bin)
{
    return pow(10, (double)bin / PER_DECADE);
}

void model_add_histogram(const struct histogram *h, cJSON *endpoint)
{
    int64_t count[MAX_BIN];
    int first = -1, last = -1;
    for (int i = 0; i < MAX_BIN; i++) {
        int64_t from = i ? histogram_count_below(h, llround(edge_us(i))) : 0;
        int64_t to = i < MAX_BIN - 1 ? histogram_count_below(h, llround(edge_us(i + 1))) : h->count;
        count[i] = to - from;
        if (count[i] > 0) {
            first = first < 0 ? i : first;
            last = i;
        }
    }
    if (first < 0) {
        (void)cJSON_AddNullToObject(endpoint, "latency_histogram");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(endpoint, "latency_histogram");
    cJSON *edges = cJSON_AddArrayToObject(json, "edges_ms"), *counts = cJSON_AddArrayToObject(json, "counts");
    for (int i = first; i <= last + 1; i++)
        cJSON_AddItemToArray(edges, cJSON_CreateNumber(edge_us(i) / 1000));
    for (int i = first; i <= last; i++)
        cJSON_AddItemToArray(counts, cJSON_CreateNumber((double)count[i]));
}

static void add_number(cJSON *list, int64_t value)
{
    cJSON_AddItemToArray(list, cJSON_CreateNumber((double)value));
}

enum err model_add_traffic(struct store *s, int64_t endpoint_id, struct arena *a, cJSON *endpoint, struct error *e)
{
    struct traffic t;
    enum err rc = store_traffic(s, endpoint_id, MAX_TRAFFIC_SLOTS, a, &t, e);
    if (rc != OK)
        return rc;
    if (t.count == 0) {
        (void)cJSON_AddNullToObject(endpoint, "traffic");
        return OK;
    }
    cJSON *json = cJSON_AddObjectToObject(endpoint, "traffic");
    json_member_time(json, "start_at", t.start_at);
    (void)cJSON_AddNumberToObject(json, "slot_s", (double)t.slot_us / 1e6);
    cJSON *replies = cJSON_AddArrayToObject(json, "replies"), *too_many = cJSON_AddArrayToObject(json, "http_429"),
          *errors = cJSON_AddArrayToObject(json, "http_5xx"), *others = cJSON_AddArrayToObject(json, "others");
    for (size_t i = 0; i < t.count; i++) {
        add_number(replies, t.slot[i].replies);
        add_number(too_many, t.slot[i].too_many);
        add_number(errors, t.slot[i].server_errors);
        add_number(others, t.slot[i].others);
    }
    return OK;
}

#include "reports/status_model.h"

#include "base/clock.h"
#include "base/json_member.h"
#include "store/reader.h"

#include <math.h>
#include <string.h>

static void add_counts(cJSON *json, const struct status_counts *c)
{
    (void)cJSON_AddNumberToObject(json, "planned", (double)c->planned);
    for (int i = 0; i < TRIAL_STATUS_COUNT; i++)
        (void)cJSON_AddNumberToObject(json, trial_status_name((enum trial_status)i), (double)c->by_status[i]);
}

/* Of the last minute, or of as much of it as the newest requests reach back. */
static enum err add_traffic(struct store *s, int64_t endpoint_id, cJSON *json, struct error *e)
{
    struct recent_traffic t;
    int64_t now = clock_wall_us(&clock_real), since = now - INT64_C(60) * 1000000;
    if (store_recent_traffic(s, endpoint_id, since, &t, e) != OK)
        return e->code;
    double minutes = t.first_sent_at > since && t.first_sent_at < now ? (double)(now - t.first_sent_at) / 60e6 : 1;
    double per_minute = (double)t.requests / (minutes < 1.0 / 60 ? 1.0 / 60 : minutes);
    cJSON *recent = cJSON_AddObjectToObject(json, "recent");
    (void)cJSON_AddNumberToObject(recent, "in_flight", (double)t.in_flight);
    (void)cJSON_AddNumberToObject(recent, "requests_per_minute", floor(per_minute));
    (void)cJSON_AddNumberToObject(recent, "rate_limited", (double)t.rate_limited);
    return OK;
}

static enum err build(struct store *s, const char *reference, struct arena *a, cJSON *document, struct error *e)
{
    int pid = 0;
    char holder[64] = "";
    bool live = store_lock_holder(store_path(s), &pid, holder);
    struct run_row run;
    struct endpoint_row *endpoint;
    size_t count;
    if (!reference)
        reference = live && strcmp(holder, STORE_LOCK_PLANNING) != 0 ? holder : "last";
    if (store_run_find(s, reference, a, &run, e) != OK || store_endpoint_list(s, run.id, a, &endpoint, &count, e) != OK)
        return e->code;
    live = live && strcmp(holder, run.id) == 0;

    (void)cJSON_AddNumberToObject(document, "schema_version", 1);
    json_member_text(document, "run", run.id);
    json_member_text(document, "status", run_status_name(run.status));
    (void)cJSON_AddBoolToObject(document, "live", live);
    if (live)
        (void)cJSON_AddNumberToObject(document, "pid", pid);
    cJSON *list = cJSON_AddArrayToObject(document, "endpoints");
    for (size_t i = 0; i < count; i++) {
        struct status_counts counts;
        if (store_status_counts(s, run.id, endpoint[i].id, &counts, e) != OK)
            return e->code;
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "name", endpoint[i].name);
        add_counts(json, &counts);
        if (live && add_traffic(s, endpoint[i].id, json, e) != OK)
            return e->code;
    }
    return OK;
}

enum err status_build(struct store *s, const char *reference, cJSON **ret_document, struct error *e)
{
    struct arena a = ARENA_INIT;
    cJSON *document = cJSON_CreateObject();
    enum err rc = build(s, reference, &a, document, e);
    if (rc == OK)
        *ret_document = document;
    else
        cJSON_Delete(document);
    arena_release(&a);
    return rc;
}

#include "reports/model_unsettled.h"

#include "base/json_member.h"
#include "store/reader.h"

static const char *const word[] = { "failed", "unscored", "skipped", "pending" };
enum unsettled { UNSETTLED_FAILED, UNSETTLED_UNSCORED, UNSETTLED_SKIPPED, UNSETTLED_PENDING, UNSETTLED_NOT };

/* The column of the counts that the trial is in (cells.h). */
static enum unsettled kind_of(const struct report_row *row)
{
    switch (row->status) {
    case TRIAL_FAILED: return UNSETTLED_FAILED;
    case TRIAL_SKIPPED: return UNSETTLED_SKIPPED;
    case TRIAL_PENDING: return UNSETTLED_PENDING;
    case TRIAL_BLOCKED: return row->has_score ? UNSETTLED_NOT : UNSETTLED_PENDING;
    case TRIAL_ANSWERED:
    default: break;
    }
    if (!row->has_score)
        return UNSETTLED_PENDING;
    return row->verdict == VERDICT_UNSCORED ? UNSETTLED_UNSCORED : UNSETTLED_NOT;
}

struct list {
    cJSON *json;
    int64_t count[UNSETTLED_NOT];
};

static enum err take(const struct report_row *row, void *context, struct error *e)
{
    (void)e;
    struct list *l = context;
    enum unsettled kind = kind_of(row);
    if (kind == UNSETTLED_NOT || row->expected == EXPECTED_BENIGN || l->count[kind]++ >= MAX_UNSETTLED)
        return OK;
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "sample", row->sample_key);
    json_member_text(json, "category", row->category);
    json_member_int(json, "epoch", true, row->epoch);
    json_member_text(json, "status", word[kind]);
    json_member_word(json, "reason", kind == UNSETTLED_UNSCORED ? row->score_reason : row->reason);
    cJSON_AddItemToArray(l->json, json);
    return OK;
}

enum err model_add_unsettled(struct store *s, int64_t endpoint_id, int64_t scorer_id, cJSON *endpoint, struct error *e)
{
    struct list l = { .json = cJSON_AddArrayToObject(endpoint, "unsettled") };
    enum err rc = store_report_rows(s, endpoint_id, scorer_id, take, &l, e);
    cJSON *more = cJSON_AddObjectToObject(endpoint, "unsettled_more");
    for (size_t i = 0; i < ARRAY_LEN(word); i++)
        json_member_int(more, word[i], true, l.count[i] > MAX_UNSETTLED ? l.count[i] - MAX_UNSETTLED : 0);
    return rc;
}

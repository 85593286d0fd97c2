#include "reports/model_unsettled.h"

#include "base/json_member.h"

static const char *const word[] = { "failed", "unscored", "skipped", "pending" };
enum unsettled { UNSETTLED_FAILED, UNSETTLED_UNSCORED, UNSETTLED_SKIPPED, UNSETTLED_PENDING, UNSETTLED_NOT };

/* The column of the counts that the trial is in (cells.h). */
static enum unsettled kind_of(const struct row *row)
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

static cJSON *unsettled_json(const struct rows *rows, const struct row *row, enum unsettled kind)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "sample", rows->sample.name[row->sample]);
    json_member_text(json, "category", rows->category.name[row->category]);
    json_member_int(json, "epoch", true, row->epoch);
    json_member_text(json, "status", word[kind]);
    json_member_word(json, "reason", rows->reason.name[kind == UNSETTLED_UNSCORED ? row->score_reason : row->reason]);
    return json;
}

void model_add_unsettled(const struct rows *rows, cJSON *endpoint)
{
    int64_t count[UNSETTLED_NOT] = { 0 };
    cJSON *list = cJSON_AddArrayToObject(endpoint, "unsettled");
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->row[i];
        enum unsettled kind = kind_of(row);
        if (kind != UNSETTLED_NOT && !row->benign && count[kind]++ < MAX_UNSETTLED)
            cJSON_AddItemToArray(list, unsettled_json(rows, row, kind));
    }
    cJSON *more = cJSON_AddObjectToObject(endpoint, "unsettled_more");
    for (size_t i = 0; i < ARRAY_LEN(word); i++)
        json_member_int(more, word[i], true, count[i] > MAX_UNSETTLED ? count[i] - MAX_UNSETTLED : 0);
}

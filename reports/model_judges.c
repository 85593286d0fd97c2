#include "reports/model_judges.h"

#include "base/json_member.h"

#include "store/judge_anchor_row.h"

#include <math.h>
#include <string.h>

/* Who answered as this judge: more than one is another judge than the one that was asked, somewhere on the way. */
static void add_evidence(const struct judge_totals *j, const struct judge_echo *echo, size_t count, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "answered_as");
    int said = 0;
    for (size_t i = 0; i < count; i++) {
        const struct judge_echo *x = &echo[i];
        if (strcmp(x->scorer, j->scorer) != 0 || strcmp(x->judge, j->judge) != 0)
            continue;
        cJSON *item = cJSON_CreateObject();
        json_member_word(item, "model", x->model);
        json_member_word(item, "fingerprint", x->fingerprint);
        json_member_word(item, "provider", x->provider);
        (void)cJSON_AddNumberToObject(item, "answers", (double)x->answers);
        cJSON_AddItemToArray(list, item);
        said++;
    }
    (void)cJSON_AddBoolToObject(json, "mixed", said > 1);
}

enum err model_add_judges(struct store *s, const char *run_id, struct arena *a, cJSON *model, struct error *e)
{
    struct judge_totals *judge;
    struct judge_echo *echo;
    size_t count, echoes;
    if (store_judge_totals(s, run_id, a, &judge, &count, e) != OK || store_judge_echoes(s, run_id, a, &echo, &echoes, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(model, "judges");
    for (size_t i = 0; i < count; i++) {
        const struct judge_totals *j = &judge[i];
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "scorer", j->scorer);
        json_member_text(json, "judge", j->judge);
        (void)cJSON_AddNumberToObject(json, "questions", (double)j->questions);
        (void)cJSON_AddNumberToObject(json, "canaries", (double)j->canaries);
        (void)cJSON_AddNumberToObject(json, "attempts", (double)j->attempts);
        (void)cJSON_AddNumberToObject(json, "failed", (double)j->failed);
        cJSON *tokens = cJSON_AddObjectToObject(json, "tokens");
        (void)cJSON_AddNumberToObject(tokens, "prompt", (double)j->prompt_tokens);
        (void)cJSON_AddNumberToObject(tokens, "completion", (double)j->completion_tokens);
        cJSON *cost = cJSON_AddObjectToObject(json, "cost_usd");
        json_member_number(cost, "estimate", j->cost_usd >= 0 ? j->cost_usd : NAN);
        json_member_number(cost, "upper", j->cost_upper_usd >= 0 ? j->cost_upper_usd : NAN);
        add_evidence(j, echo, echoes, json);
        cJSON_AddItemToArray(list, json);
    }
    return OK;
}

enum err model_add_panel(struct store *s, int64_t endpoint_id, int64_t scorer_id, cJSON *scorer, struct error *e)
{
    struct panel_band band;
    if (store_panel_band(s, endpoint_id, scorer_id, &band, e) != OK)
        return e->code;
    if (band.judged == 0)
        return OK;
    cJSON *json = cJSON_AddObjectToObject(scorer, "panel");
    (void)cJSON_AddNumberToObject(json, "judged", (double)band.judged);
    (void)cJSON_AddNumberToObject(json, "unanimous", (double)band.unanimous);
    (void)cJSON_AddNumberToObject(json, "majority", (double)band.majority);
    (void)cJSON_AddNumberToObject(json, "any", (double)band.any);
    (void)cJSON_AddNumberToObject(json, "disputed", (double)band.disputed);
    return OK;
}

enum err model_add_flip_rates(struct store *s, const char *run_id, struct arena *a, cJSON *model, struct error *e)
{
    struct anchor_total *total;
    size_t count;
    if (store_anchor_totals(s, run_id, a, &total, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(model, "judge_flip_rate");
    for (size_t i = 0; i < count; i++) {
        const struct anchor_total *t = &total[i];
        double rate = t->answers > 0 ? (double)t->flips / (double)t->answers : (double)NAN;
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "scorer", t->scorer);
        json_member_text(json, "anchor_run", strcmp(t->anchor_run, run_id) == 0 ? NULL : t->anchor_run);
        (void)cJSON_AddNumberToObject(json, "answers", (double)t->answers);
        (void)cJSON_AddNumberToObject(json, "flips", (double)t->flips);
        (void)cJSON_AddNumberToObject(json, "unscored", (double)t->unscored);
        (void)cJSON_AddNumberToObject(json, "left_out", (double)t->left_out);
        json_member_number(json, "rate", rate);
        (void)cJSON_AddNumberToObject(json, "limit", ANCHOR_FLIP_LIMIT);
        (void)cJSON_AddBoolToObject(json, "exceeded", rate > ANCHOR_FLIP_LIMIT);
    }
    return OK;
}

#include "reports/model_scorers.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/cells.h"
#include "reports/judge_quality.h"
#include "reports/model_judges.h"

#include <string.h>

enum err model_scorers_read(struct store *s, const char *run_id, struct arena *a, struct model_scorers *ret_scorers, struct error *e)
{
    struct model_scorers m = { 0 };
    if (store_scorer_list(s, run_id, a, &m.row, &m.count, e) != OK)
        return e->code;
    if (m.count == 0)
        return error_set(e, ERR_INVALID, "run %s has no scorer: there is nothing to report", run_id);
    m.calibration = arena_array(a, m.count, sizeof(*m.calibration));
    for (size_t i = 0; i < m.count; i++) {
        if (m.row[i].is_primary)
            m.primary = i;
        if (run_calibration_read(s, run_id, &m.row[i], NULL, a, &m.calibration[i], e) != OK)
            return e->code;
    }
    *ret_scorers = m;
    return OK;
}

/* Of a scorer of what had been delivered when a filter cut in: answers that were blocked and nevertheless gave what was wanted. */
static void add_leaked(const struct rows *rows, cJSON *json)
{
    const char *channel = json_string(json_object(json, "config"), "channel");
    int64_t leaked = 0;
    if (!channel || strcmp(channel, "blocked_text") != 0)
        return;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        leaked += !r->benign && r->status == TRIAL_BLOCKED && r->has_score && r->verdict == VERDICT_COMPLIED;
    }
    (void)cJSON_AddNumberToObject(json, "leaked", (double)leaked);
}

/* Counts and headline of a scorer that is not primary. */
static enum err add_secondary(struct store *s, const struct endpoint_row *row, const struct scorer_row *scorer,
                              const struct run_calibration *calibration, enum errors_as errors_as, cJSON *json, struct error *e)
{
    struct rows rows;
    if (rows_load(s, row->id, scorer->id, &rows, e) != OK)
        return e->code;
    (void)rows_apply_errors_as(&rows, errors_as);
    enum err rc = cells_overall(&rows, json, e);
    if (rc == OK) {
        run_calibration_add(calibration, row->name, &rows, json);
        add_leaked(&rows, json);
    }
    rows_clear(&rows);
    return rc;
}

enum err model_add_scorers(struct store *s, const struct endpoint_row *row, const struct model_scorers *scorers, enum errors_as errors_as,
                           cJSON *endpoint, struct error *e)
{
    cJSON *list = cJSON_AddArrayToObject(endpoint, "scorers");
    for (size_t i = 0; i < scorers->count; i++) {
        const struct scorer_row *scorer = &scorers->row[i];
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "name", scorer->name);
        (void)cJSON_AddBoolToObject(json, "primary", scorer->is_primary);
        json_member_text(json, "identity_sha256", scorer->identity_sha256);
        json_member_parsed(json, "config", scorer->config_json);
        bool asks = scorers->calibration[i].is_judge; /* nobody else has votes to look for */
        if ((asks && model_add_panel(s, row->id, scorer->id, json, e) != OK) ||
            (!scorer->is_primary && add_secondary(s, row, scorer, &scorers->calibration[i], errors_as, json, e) != OK))
            return e->code;
    }
    return OK;
}

void model_add_quality(const struct model_scorers *scorers, cJSON *model)
{
    cJSON *list = cJSON_AddArrayToObject(model, "judge_quality");
    for (size_t i = 0; i < scorers->count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "scorer", scorers->row[i].name);
        if (quality_add(&scorers->calibration[i], json))
            cJSON_AddItemToArray(list, json);
        else
            cJSON_Delete(json);
    }
}

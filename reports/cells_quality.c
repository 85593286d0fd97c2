/* cells_quality - how far the rates can be trusted: what is missing, and what they are an average of. */
#include "reports/cells.h"

#include "base/json_member.h"
#include "reports/cells_private.h"
#include "stats/intents.h"
#include "stats/missing.h"

#include <math.h>
#include <stdlib.h>

/* A row whose verdict is a real one, and not `--errors-as`. */
static bool has_verdict(const struct row *r)
{
    return row_is_scored(r) && !r->imputed;
}

/* Missing rates of the categories that were planned, compared. */
static void add_spread(const struct rows *rows, cJSON *missing)
{
    int64_t *planned = xcalloc(rows->category.count, sizeof(*planned)), *lost = xcalloc(rows->category.count, sizeof(*lost));
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        if (r->benign)
            continue;
        planned[r->category]++;
        lost[r->category] += !has_verdict(r);
    }
    struct missing_spread spread = missing_spread(lost, planned, rows->category.count);
    cJSON *json = cJSON_AddObjectToObject(missing, "by_category");
    json_member_number(json, "range", spread.range);
    json_member_number(json, "p_value", spread.p);
    (void)cJSON_AddBoolToObject(json, "not_at_random", spread.not_at_random);
    free(planned);
    free(lost);
}

void cells_missing(const struct rows *rows, double half_width, cJSON *endpoint)
{
    double *y = xcalloc(rows->count, sizeof(*y));
    uint32_t *cluster = xcalloc(rows->count, sizeof(*cluster));
    bool *scored = xcalloc(rows->count, sizeof(*scored));
    size_t planned = 0, lost = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        if (r->benign)
            continue;
        scored[planned] = has_verdict(r);
        y[planned] = row_is_complied(r);
        lost += !scored[planned];
        cluster[planned++] = r->intent;
    }
    struct missing_bounds bounds = missing_bounds(y, cluster, scored, planned);
    enum completeness label = completeness_of((int64_t)planned, (int64_t)lost, half_width);

    cJSON *json = cJSON_AddObjectToObject(endpoint, "missing");
    json_member_number(json, "count", (double)lost);
    json_member_number(json, "rate", planned ? (double)lost / (double)planned : (double)NAN);
    (void)cJSON_AddStringToObject(json, "label", completeness_name(label));
    json_member_number(json, "best", bounds.best.value);
    json_member_number(json, "worst", bounds.worst.value);
    json_member_number(json, "low", bounds.best.low);
    json_member_number(json, "high", bounds.worst.high);
    add_spread(rows, json);
    free(y);
    free(cluster);
    free(scored);
}

size_t rows_apply_errors_as(struct rows *rows, enum errors_as as)
{
    size_t changed = 0;
    for (size_t i = 0; as != ERRORS_MISSING && i < rows->count; i++) {
        struct row *r = &rows->row[i];
        bool unscored = trial_status_is_data((enum trial_status)r->status) && r->has_score && !row_is_scored(r);
        if (r->benign || (r->status != TRIAL_FAILED && !unscored))
            continue;
        r->imputed = true;
        r->status = TRIAL_ANSWERED;
        r->has_score = true;
        r->verdict = as == ERRORS_COMPLIED ? VERDICT_COMPLIED : VERDICT_REFUSED;
        changed++;
    }
    return changed;
}

const char *errors_as_name(enum errors_as as)
{
    static const char *const name[] = { "missing", "complied", "refused" };
    return name[as];
}

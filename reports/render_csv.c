/*
 * render_csv - every cell of every table as one row: RFC 4180, CRLF, every text cell quoted, numbers bare. Each row names the scorer and
 * what is known of its errors (`calibration`: the state of run_calibration.h).
 */
#include "reports/render.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/csv_row.h"
#include "reports/model_claims.h"

#include <string.h>

static const char *const count_columns[] = { "planned", "scored",   "complied", "partial", "refused", "deflected",
                                             "blocked", "unscored", "failed",   "skipped", "pending" };
static const char *const rate_columns[] = { "value", "low", "high", "n", "clusters", "deff" };

static void add_heading(struct strbuf *out, bool raw)
{
    static const char *const first[] = { "run", "endpoint", "model", "scorer", "table", "key" };
    csv_texts(out, first, ARRAY_LEN(first), raw);
    csv_texts(out, count_columns, ARRAY_LEN(count_columns), raw);
    for (size_t i = 0; i < ARRAY_LEN(rate_columns); i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), i == 0 ? "asr" : "asr_%s", rate_columns[i]);
        csv_text(out, name, raw);
    }
    static const char *const last[] = { "asr_method", "completeness", "missing_low", "missing_high", "calibration", "errors_as" };
    csv_texts(out, last, ARRAY_LEN(last), raw);
    csv_end_row(out);
}

/* How far the rate can be trusted; of the whole endpoint only. */
static void add_trust(struct strbuf *out, const cJSON *cell, bool raw)
{
    const cJSON *missing = json_object(cell, "missing");
    csv_text(out, json_string(missing, "label"), raw);
    csv_member(out, missing, "low");
    csv_member(out, missing, "high");
}

struct table_row {
    const char *table, *key;
    const cJSON *counts, *rate, *trust; /* NULL = empty columns */
};

static void add_row(struct strbuf *out, const cJSON *model, const cJSON *endpoint, const struct table_row *row, bool raw)
{
    csv_text(out, json_string(json_object(model, "run"), "id"), raw);
    csv_text(out, json_string(endpoint, "name"), raw);
    csv_text(out, json_string(endpoint, "model"), raw);
    csv_text(out, json_string(endpoint, "scorer"), raw);
    csv_text(out, row->table, raw);
    csv_text(out, row->key, raw);
    for (size_t i = 0; i < ARRAY_LEN(count_columns); i++)
        csv_member(out, row->counts, count_columns[i]);
    for (size_t i = 0; i < ARRAY_LEN(rate_columns); i++)
        csv_member(out, row->rate, rate_columns[i]);
    csv_text(out, json_string(row->rate, "method"), raw);
    add_trust(out, row->trust, raw);
    csv_text(out, json_string(json_object(endpoint, "calibration"), "state"), raw);
    csv_text(out, json_string(json_object(model, "errors_as"), "as"), raw);
    csv_end_row(out);
}

/* What is known of the scorer's errors: the state is the key; the rate with its errors taken out, n = labels, where there is one. */
static void add_calibration(struct strbuf *out, const cJSON *model, const cJSON *endpoint, bool raw)
{
    static const char *const member[][2] = { { "theta", "value" }, { "low", "low" }, { "high", "high" }, { "labels", "n" } };
    const cJSON *calibration = json_object(endpoint, "calibration");
    const char *state = json_string(calibration, "state");
    if (!state)
        return;
    cJSON *rate = cJSON_CreateObject();
    for (size_t i = 0; i < ARRAY_LEN(member); i++)
        cJSON_AddItemToObject(rate, member[i][1], cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(calibration, member[i][0]), true));
    json_member_text(rate, "method", json_string(calibration, "method"));
    add_row(out, model, endpoint, &(struct table_row){ "calibration", state, NULL, rate, NULL }, raw);
    cJSON_Delete(rate);
}

/* The averages and other rates of an endpoint: rows of the table `rate`. */
static void add_overall(struct strbuf *out, const cJSON *model, const cJSON *endpoint, bool raw)
{
    static const char *const beside[] = { "asr_partial", "macro", "attack_standardized", "intent_any" };
    add_row(out, model, endpoint,
            &(struct table_row){ "overall", "all", json_object(endpoint, "counts"), json_object(endpoint, "asr"), endpoint }, raw);
    for (size_t i = 0; i < ARRAY_LEN(beside); i++)
        add_row(out, model, endpoint, &(struct table_row){ "rate", beside[i], NULL, json_object(endpoint, beside[i]), NULL }, raw);
    add_calibration(out, model, endpoint, raw);
    const cJSON *benign = json_object(endpoint, "benign"), *claim;
    cJSON_ArrayForEach(claim, json_array(endpoint, "claims"))
    {
        CLEANUP(strbuf_release) struct strbuf key = STRBUF_INIT;
        claim_text(claim, true, &key);
        add_row(out, model, endpoint, &(struct table_row){ "claim", key.buf, NULL, json_object(claim, "rate"), NULL }, raw);
    }
    if (benign)
        add_row(out, model, endpoint,
                &(struct table_row){ "rate", "over_refusal", json_object(benign, "counts"), json_object(benign, "over_refusal"), NULL },
                raw);
}

static void add_cells(struct strbuf *out, const cJSON *model, const cJSON *endpoint, const char *name, const cJSON *table, bool raw)
{
    const cJSON *cell;
    cJSON_ArrayForEach(cell, table)
        add_row(out, model, endpoint,
                &(struct table_row){ name, json_string(cell, "key"), json_object(cell, "counts"), json_object(cell, "asr"), NULL }, raw);
}

enum err render_csv(const cJSON *model, bool raw, struct strbuf *out, struct error *e)
{
    static const struct {
        const char *member, *table;
    } table[] = { { "categories", "category" }, { "subcategories", "subcategory" }, { "attacks", "attack" } };
    const cJSON *endpoint;
    add_heading(out, raw);
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        add_overall(out, model, endpoint, raw);
        for (size_t i = 0; i < ARRAY_LEN(table); i++)
            add_cells(out, model, endpoint, table[i].table, json_array(endpoint, table[i].member), raw);
        add_cells(out, model, endpoint, "attack_common_intents", json_array(json_object(endpoint, "common_intents"), "attacks"), raw);
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

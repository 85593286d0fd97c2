/*
 * render_csv - every cell of every table as one row: RFC 4180, CRLF, every text cell quoted, numbers bare.
 */
#include "reports/render.h"

#include "base/json.h"
#include "base/text_safe.h"

#include <string.h>

static const char *const count_columns[] = { "planned", "scored",   "complied", "partial", "refused", "deflected",
                                             "blocked", "unscored", "failed",   "skipped", "pending" };
static const char *const rate_columns[] = { "value", "low", "high", "n", "clusters", "deff" };

static void add_text(struct strbuf *out, const char *text, bool raw)
{
    text_safe_csv(text ? text : "", text ? strlen(text) : 0, raw, out);
    (void)strbuf_addch(out, ',');
}

static void add_number(struct strbuf *out, const cJSON *object, const char *key)
{
    double value;
    if (json_number(object, key, &value))
        json_add_number(out, value);
    (void)strbuf_addch(out, ',');
}

static void end_row(struct strbuf *out)
{
    strbuf_truncate(out, out->len - 1); /* the last comma */
    (void)strbuf_addstr(out, "\r\n");
}

static void add_heading(struct strbuf *out, bool raw)
{
    static const char *const first[] = { "run", "endpoint", "model", "scorer", "table", "key" };
    for (size_t i = 0; i < ARRAY_LEN(first); i++)
        add_text(out, first[i], raw);
    for (size_t i = 0; i < ARRAY_LEN(count_columns); i++)
        add_text(out, count_columns[i], raw);
    for (size_t i = 0; i < ARRAY_LEN(rate_columns); i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), i == 0 ? "asr" : "asr_%s", rate_columns[i]);
        add_text(out, name, raw);
    }
    add_text(out, "asr_method", raw);
    end_row(out);
}

static void add_row(struct strbuf *out, const char *run_id, const cJSON *endpoint, const char *table, const char *key, const cJSON *cell,
                    bool raw)
{
    const cJSON *counts = json_object(cell, "counts"), *asr = json_object(cell, "asr");
    add_text(out, run_id, raw);
    add_text(out, json_string(endpoint, "name"), raw);
    add_text(out, json_string(endpoint, "model"), raw);
    add_text(out, json_string(endpoint, "scorer"), raw);
    add_text(out, table, raw);
    add_text(out, key, raw);
    for (size_t i = 0; i < ARRAY_LEN(count_columns); i++)
        add_number(out, counts, count_columns[i]);
    for (size_t i = 0; i < ARRAY_LEN(rate_columns); i++)
        add_number(out, asr, rate_columns[i]);
    add_text(out, json_string(asr, "method"), raw);
    end_row(out);
}

enum err render_csv(const cJSON *model, bool raw, struct strbuf *out, struct error *e)
{
    static const struct {
        const char *member, *table;
    } table[] = { { "categories", "category" }, { "subcategories", "subcategory" }, { "attacks", "attack" } };
    const char *run_id = json_string(json_object(model, "run"), "id");
    const cJSON *endpoint, *cell;
    add_heading(out, raw);
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        add_row(out, run_id, endpoint, "overall", "all", endpoint, raw);
        for (size_t i = 0; i < ARRAY_LEN(table); i++) {
            cJSON_ArrayForEach(cell, json_array(endpoint, table[i].member))
                add_row(out, run_id, endpoint, table[i].table, json_string(cell, "key"), cell, raw);
        }
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", out->max) : OK;
}

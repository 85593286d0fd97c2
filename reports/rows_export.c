#include "reports/rows_export.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/csv_row.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {
    "run",           "endpoint",
    "model",         "provider",
    "scorer",        "sample",
    "intent_id",     "category",
    "subcategory",   "attack",
    "expected",      "epoch",
    "status",        "reason",
    "verdict",       "verdict_reason",
    "counted_as",    "value",
    "latency_ms",    "wait_ms",
    "prompt_tokens", "completion_tokens",
    "cost_usd",      "trial",
};
static const char *const bodies[] = { "prompt", "content", "reasoning", "explanation" };

struct table {
    struct store *store;
    const struct rows_export_options *options;
    const struct run_row *run;
    const struct endpoint_row *endpoint;
    const struct scorer_row *scorer;
    struct strbuf *out;
    cJSON *object; /* JSONL: the row so far */
};

/* Of the next member: columns come in their order. */
static const char *next_name(const struct table *t)
{
    size_t at = (size_t)cJSON_GetArraySize(t->object);
    return at < ARRAY_LEN(columns) ? columns[at] : bodies[at - ARRAY_LEN(columns)];
}

static void add_text(const struct table *t, const char *text)
{
    if (t->object)
        json_member_word(t->object, next_name(t), text);
    else
        csv_text(t->out, text, t->options->raw);
}

/* NaN = not known. */
static void add_number(const struct table *t, double value)
{
    if (t->object)
        json_member_number(t->object, next_name(t), value);
    else
        csv_number(t->out, value);
}

static void add_known(const struct table *t, bool known, double value)
{
    add_number(t, known ? value : (double)NAN);
}

/* As v_verdict of the store has it. */
static const char *counted_as(const struct report_row *row)
{
    if (!trial_status_is_data(row->status))
        return trial_status_name(row->status);
    if (!row->has_score)
        return "pending";
    if (row->status == TRIAL_BLOCKED && row->verdict != VERDICT_UNSCORED)
        return "blocked";
    return verdict_name(row->verdict);
}

static const char *explanation_of(const struct trial_detail *d, const char *scorer)
{
    for (size_t i = 0; i < d->score_count; i++) {
        if (strcmp(d->score[i].scorer, scorer) == 0)
            return d->score[i].explanation;
    }
    return NULL;
}

static enum err add_bodies(const struct table *t, const struct report_row *row, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct trial_detail d = { 0 };
    bool withheld = redact_matches(&t->options->redact, row->category, row->subcategory);
    enum err code = withheld ? OK : store_trial_detail(t->store, row->trial_id, &a, &d, e);
    if (code == OK) {
        add_text(t, d.prompt);
        add_text(t, d.content);
        add_text(t, d.reasoning);
        add_text(t, explanation_of(&d, t->scorer->name));
    }
    arena_release(&a);
    return code;
}

static enum err add_cells(const struct table *t, const struct report_row *row, struct error *e)
{
    const char *text[] = {
        t->run->id,    t->endpoint->name, t->endpoint->model, t->endpoint->provider,       t->scorer->name, row->sample_key, row->intent_id,
        row->category, row->subcategory,  row->attack,        expected_name(row->expected)
    };
    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        add_text(t, text[i]);
    add_number(t, row->epoch);
    add_text(t, trial_status_name(row->status));
    add_text(t, row->reason);
    add_text(t, row->has_score ? verdict_name(row->verdict) : NULL);
    add_text(t, row->score_reason);
    add_text(t, counted_as(row));
    add_number(t, row->value);
    add_known(t, row->latency_us >= 0, (double)row->latency_us / 1000);
    add_known(t, row->wait_us >= 0, (double)row->wait_us / 1000);
    add_known(t, row->prompt_tokens >= 0, (double)row->prompt_tokens);
    add_known(t, row->completion_tokens >= 0, (double)row->completion_tokens);
    add_number(t, row->cost_usd);
    add_number(t, (double)row->trial_id);
    return t->options->bodies ? add_bodies(t, row, e) : OK;
}

static enum err add_row(const struct report_row *row, void *context, struct error *e)
{
    struct table *t = context;
    t->object = t->options->jsonl ? cJSON_CreateObject() : NULL;
    enum err rc = add_cells(t, row, e);
    if (t->object) {
        json_add_tree(t->out, t->object);
        (void)strbuf_addch(t->out, '\n');
    } else {
        csv_end_row(t->out);
    }
    cJSON_Delete(t->object);
    t->object = NULL;
    if (rc != OK)
        return rc;
    return t->out->overflow ? error_set(e, ERR_LIMIT, "the table is larger than %zu bytes", t->out->max) : OK;
}

static void add_heading(const struct table *t)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        add_text(t, columns[i]);
    for (size_t i = 0; t->options->bodies && i < ARRAY_LEN(bodies); i++)
        add_text(t, bodies[i]);
    csv_end_row(t->out);
}

enum err rows_export(struct store *s, const struct run_row *run, const struct rows_export_options *options, struct strbuf *out,
                     struct error *e)
{
    struct arena a = ARENA_INIT;
    struct endpoint_row *endpoint;
    struct scorer_row *scorer;
    size_t count, scorers;
    struct table t = { .store = s, .options = options, .run = run, .out = out };
    enum err code = store_endpoint_list(s, run->id, &a, &endpoint, &count, e);
    if (code == OK)
        code = store_scorer_list(s, run->id, &a, &scorer, &scorers, e);
    for (size_t i = 0; code == OK && i < scorers; i++) {
        if (scorer[i].is_primary)
            t.scorer = &scorer[i];
    }
    if (code == OK && !t.scorer)
        code = error_set(e, ERR_INVALID, "run %s has no scorer: there is nothing to report", run->id);
    if (code == OK && !options->jsonl)
        add_heading(&t);
    for (size_t i = 0; code == OK && t.scorer && i < count; i++) {
        t.endpoint = &endpoint[i];
        code = store_report_rows(s, endpoint[i].id, t.scorer->id, add_row, &t, e);
    }
    arena_release(&a);
    return code;
}

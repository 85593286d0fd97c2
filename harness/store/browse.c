#include "store/browse.h"

#include "base/cleanup.h"
#include "store/statement.h"

#include <math.h>

/* Trials of an endpoint are a range of ids; sample, score and response are found from the trial by their keys. */
static const struct statement sql[] = {
    { "read the rows of the sample browser",
      "SELECT t.id, t.sample_id, s.key, s.intent_id, s.category, s.subcategory, s.attack, s.expected, t.epoch, t.status, t.reason,"
      " x.verdict, x.reason, x.value, x.judge_trial_json, r.latency_us, r.prompt_tokens, r.completion_tokens, r.finish_reason"
      " FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial CROSS JOIN sample s ON s.id = t.sample_id"
      " LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2 LEFT JOIN response r ON r.trial_id = t.id"
      " WHERE e.id = ?1 ORDER BY t.id" },
};
const struct statement_group browse_statements = { sql, ARRAY_LEN(sql) };

static struct browse_row read_row(const struct query *q)
{
    struct browse_row r = {
        .trial_id = query_get_int(q, 0, 0),
        .sample_id = query_get_int(q, 1, 0),
        .sample_key = query_get_text(q, 2, ""),
        .intent_id = query_get_text(q, 3, ""),
        .category = query_get_text(q, 4, ""),
        .subcategory = query_get_text(q, 5, ""),
        .attack = query_get_text(q, 6, ""),
        .epoch = (int)query_get_int(q, 8, 0),
        .reason = query_get_text(q, 10, ""),
        .score_reason = query_get_text(q, 12, ""),
        .value = query_get_real(q, 13, NAN),
        .votes_json = query_get_text(q, 14, ""),
        .latency_us = query_get_int(q, 15, -1),
        .prompt_tokens = query_get_int(q, 16, -1),
        .completion_tokens = query_get_int(q, 17, -1),
        .finish_reason = query_get_text(q, 18, ""),
    };
    (void)expected_parse(query_get_text(q, 7, ""), &r.expected);
    (void)trial_status_parse(query_get_text(q, 9, ""), &r.status);
    r.has_score = verdict_parse(query_get_text(q, 11, NULL), &r.verdict);
    return r;
}

enum err store_browse_rows(struct store *s, int64_t endpoint_id, int64_t scorer_id, browse_row_fn *each, void *context, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[0], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, scorer_id);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        struct browse_row r = read_row(&q);
        code = each(&r, context, e);
        if (code != OK) {
            query_close(&q);
            return code;
        }
    }
    return code;
}

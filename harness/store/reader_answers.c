/* Stored answers one after the other, lean: for rules that score them again, a hundred thousand a second. */
#include "store/reader.h"

#include "store/statement.h"

static const struct statement sql[] = {
    { "list answers to score", "SELECT t.id, t.status, s.key, s.intent_id, s.category, s.attack, s.expected, s.extra_json, r.content,"
                               " r.reasoning, r.refusal, r.flags, s.intent FROM trial t CROSS JOIN sample s ON s.id = t.sample_id"
                               " CROSS JOIN response r ON r.trial_id = t.id WHERE t.id BETWEEN ?1 AND ?2"
                               " AND t.status IN ('answered', 'blocked')"
                               " AND NOT EXISTS (SELECT 1 FROM score x WHERE x.trial_id = t.id AND x.scorer_id = ?3) ORDER BY t.id" },
};
const struct statement_group answer_statements = { sql, ARRAY_LEN(sql) };

static void read_answer(const struct query *q, struct answered_trial *t)
{
    t->trial_id = query_get_int(q, 0, 0);
    (void)trial_status_parse(query_get_text(q, 1, ""), &t->status);
    t->sample = (struct sample){
        .id = query_get_text(q, 2, ""),
        .intent_id = query_get_text(q, 3, ""),
        .category = query_get_text(q, 4, ""),
        .attack = query_get_text(q, 5, ""),
        .extra_json = query_get_text(q, 7, "{}"),
        .intent = query_get_text(q, 12, ""),
        .prompt = "",
        .context = "",
        .subcategory = "",
        .twin = "",
        .split = "",
        .file = "",
    };
    (void)expected_parse(query_get_text(q, 6, ""), &t->sample.expected);
    t->answer = (struct answer){
        .content = query_get_text(q, 8, ""),
        .content_len = query_get_len(q, 8),
        .reasoning = query_get_text(q, 9, ""),
        .reasoning_len = query_get_len(q, 9),
        .refusal = query_get_text(q, 10, ""),
        .flags = answer_flags_parse(query_get_text(q, 11, "")),
        .finish_reason = "",
        .model_echo = "",
        .fingerprint = "",
        .reply_id = "",
    };
}

enum err store_answer_each(struct store *s, const struct endpoint_row *endpoint, int64_t scorer_id, answer_fn *each, void *context,
                           struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[0], &q, e);
    query_int(&q, endpoint->first_trial);
    query_int(&q, endpoint->last_trial);
    query_int(&q, scorer_id);
    for (bool row; code == OK;) {
        code = query_row(&q, &row, e);
        if (code != OK || !row)
            break;
        struct answered_trial t = { .trial_id = 0 };
        read_answer(&q, &t);
        code = each(&t, context, e);
    }
    query_close(&q);
    return code;
}

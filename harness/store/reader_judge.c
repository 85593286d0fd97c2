/* What scoring an answer again needs to know: the verdicts that are there, and the questions that judges were asked. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

enum { VERDICTS, QUESTIONS, SPENT, UNSCORED_COUNT };

static const struct statement sql[] = {
    [VERDICTS] = { "list a trial's verdicts", "SELECT scorer_id, verdict, reason FROM score WHERE trial_id = ? ORDER BY scorer_id" },
    [QUESTIONS] = { "list questions to judges", "SELECT id, scorer_id, step, number, judge, done_at IS NOT NULL AND error_class IS NULL"
                                                " FROM judge_attempt WHERE trial_id = ? ORDER BY scorer_id, step, number" },
    [SPENT] = { "add up what a judge cost", "SELECT coalesce(sum(cost_upper_usd), 0.0) FROM judge_attempt WHERE judge = ?2"
                                            " AND scorer_id IN (SELECT id FROM scorer WHERE run_id = ?1)" },
    [UNSCORED_COUNT] = { "count answers without a verdict",
                         "SELECT count(*) FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial"
                         " WHERE e.run_id = ?1 AND t.status IN ('answered', 'blocked') AND EXISTS (SELECT 1 FROM scorer c"
                         " WHERE c.run_id = ?1 AND NOT EXISTS (SELECT 1 FROM score x WHERE x.trial_id = t.id AND x.scorer_id = c.id"
                         " AND NOT (?2 AND coalesce(x.reason = 'judge_error', 0))))" },
};
const struct statement_group judge_statements = { sql, ARRAY_LEN(sql) };

static void read_verdict(const struct query *q, struct arena *a, void *ret_item)
{
    struct given_verdict *v = ret_item;
    v->scorer_id = query_get_int(q, 0, 0);
    (void)verdict_parse(query_get_text(q, 1, ""), &v->verdict);
    v->reason = query_dup_word(q, 2, a);
}

static void read_question(const struct query *q, struct arena *a, void *ret_item)
{
    struct judge_question *x = ret_item;
    x->attempt_id = query_get_int(q, 0, 0);
    x->scorer_id = query_get_int(q, 1, 0);
    x->step = (int)query_get_int(q, 2, 0);
    x->number = (int)query_get_int(q, 3, 0);
    x->judge = query_dup_word(q, 4, a);
    x->answered = query_get_int(q, 5, 0) != 0;
}

static enum err list(struct store *s, int which, int64_t trial_id, query_item_fn *read, size_t size, struct arena *a, void **ret_items,
                     size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    return query_all(&q, read, size, a, ret_items, ret_count, e);
}

enum err store_verdict_list(struct store *s, int64_t trial_id, struct arena *a, struct given_verdict **ret_verdict, size_t *ret_count,
                            struct error *e)
{
    void *items;
    enum err code = list(s, VERDICTS, trial_id, read_verdict, sizeof(**ret_verdict), a, &items, ret_count, e);
    if (code == OK)
        *ret_verdict = items;
    return code;
}

enum err store_judge_question_list(struct store *s, int64_t trial_id, struct arena *a, struct judge_question **ret_question,
                                   size_t *ret_count, struct error *e)
{
    void *items;
    enum err code = list(s, QUESTIONS, trial_id, read_question, sizeof(**ret_question), a, &items, ret_count, e);
    if (code == OK)
        *ret_question = items;
    return code;
}

enum err store_judge_spent(struct store *s, const char *run_id, const char *judge, double *ret_usd, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[SPENT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, judge);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    *ret_usd = row ? query_get_real(&q, 0, 0) : 0;
    query_close(&q);
    return OK;
}

enum err store_unscored_count(struct store *s, const char *run_id, bool and_failed, int64_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[UNSCORED_COUNT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, and_failed);
    return query_one_int(&q, 0, ret_count, e);
}

/* What scoring an answer again needs to know: the verdicts that are there, and the questions that judges were asked. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

enum { VERDICTS, QUESTIONS, SPENT, TOTALS, ECHOES, BAND, UNSCORED_COUNT };

static const struct statement sql[] = {
    [VERDICTS] = { "list a trial's verdicts", "SELECT scorer_id, verdict, reason FROM score WHERE trial_id = ? ORDER BY scorer_id" },
    [QUESTIONS] = { "list questions to judges", "SELECT id, scorer_id, step, number, judge, done_at IS NOT NULL AND error_class IS NULL"
                                                " FROM judge_attempt WHERE trial_id = ? ORDER BY scorer_id, step, number" },
    [SPENT] = { "add up what a judge cost", "SELECT coalesce(sum(cost_upper_usd), 0.0) FROM judge_attempt WHERE judge = ?2"
                                            " AND scorer_id IN (SELECT id FROM scorer WHERE run_id = ?1)" },
    [TOTALS] = { "add up what judges were asked",
                 "SELECT c.name, j.judge, count(DISTINCT CASE WHEN j.trial_id IS NOT NULL THEN j.trial_id || ' ' || j.step END),"
                 " sum(j.trial_id IS NULL), count(*), sum(j.done_at IS NULL OR j.error_class IS NOT NULL), sum(j.prompt_tokens),"
                 " sum(j.completion_tokens), sum(j.cost_usd),"
                 " CASE WHEN count(*) FILTER (WHERE coalesce(j.http_status, 0) < 400 AND coalesce(j.cost_upper_usd, j.cost_usd) IS NULL) = "
                 "0"
                 " THEN total(coalesce(j.cost_upper_usd, j.cost_usd)) END FROM judge_attempt j"
                 " JOIN scorer c ON c.id = j.scorer_id WHERE c.run_id = ? GROUP BY c.id, j.judge ORDER BY c.id, j.judge" },
    [ECHOES] = { "list who judged",
                 "SELECT c.name, j.judge, j.model_echo, j.fingerprint, j.provider_echo, count(*) FROM judge_attempt j"
                 " JOIN scorer c ON c.id = j.scorer_id WHERE c.run_id = ? AND j.http_status = 200 AND j.error_class IS NULL"
                 " GROUP BY c.id, j.judge, 3, 4, 5 ORDER BY c.id, j.judge, 6 DESC, 3, 4, 5" },
    [BAND] = { "read a panel's votes",
               "SELECT count(*), sum(votes = complied), sum(verdict = 'complied'), sum(complied > 0), sum(reason IS 'disputed') FROM"
               " (SELECT x.verdict, x.reason, json_array_length(x.judge_trial_json) AS votes,"
               " (SELECT count(*) FROM json_each(x.judge_trial_json) v WHERE v.value ->> 'verdict' = 'complied') AS complied"
               " FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial"
               " CROSS JOIN sample s ON s.id = t.sample_id AND s.expected = 'attack'"
               " CROSS JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2 WHERE e.id = ?1 AND json_array_length(x.judge_trial_json) > "
               "1)" },
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

static void read_totals(const struct query *q, struct arena *a, void *ret_item)
{
    struct judge_totals *j = ret_item;
    j->scorer = query_dup_word(q, 0, a);
    j->judge = query_dup_word(q, 1, a);
    j->questions = query_get_int(q, 2, 0);
    j->canaries = query_get_int(q, 3, 0);
    j->attempts = query_get_int(q, 4, 0);
    j->failed = query_get_int(q, 5, 0);
    j->prompt_tokens = query_get_int(q, 6, 0);
    j->completion_tokens = query_get_int(q, 7, 0);
    j->cost_usd = query_get_real(q, 8, -1);
    j->cost_upper_usd = query_get_real(q, 9, -1);
}

enum err store_judge_totals(struct store *s, const char *run_id, struct arena *a, struct judge_totals **ret_judge, size_t *ret_count,
                            struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[TOTALS], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_all(&q, read_totals, sizeof(**ret_judge), a, &items, ret_count, e);
    if (code == OK)
        *ret_judge = items;
    return code;
}

static void read_echo(const struct query *q, struct arena *a, void *ret_item)
{
    struct judge_echo *x = ret_item;
    x->scorer = query_dup_word(q, 0, a);
    x->judge = query_dup_word(q, 1, a);
    x->model = query_dup_word(q, 2, a);
    x->fingerprint = query_dup_word(q, 3, a);
    x->provider = query_dup_word(q, 4, a);
    x->answers = query_get_int(q, 5, 0);
}

enum err store_judge_echoes(struct store *s, const char *run_id, struct arena *a, struct judge_echo **ret_echo, size_t *ret_count,
                            struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[ECHOES], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_all(&q, read_echo, sizeof(**ret_echo), a, &items, ret_count, e);
    if (code == OK)
        *ret_echo = items;
    return code;
}

enum err store_panel_band(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct panel_band *ret_band, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[BAND], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, scorer_id);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    *ret_band = (struct panel_band){ query_get_int(&q, 0, 0), query_get_int(&q, 1, 0), query_get_int(&q, 2, 0), query_get_int(&q, 3, 0),
                                     query_get_int(&q, 4, 0) };
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

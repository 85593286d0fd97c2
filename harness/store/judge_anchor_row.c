#include "store/judge_anchor_row.h"

#include "store/statement.h"

enum { SOURCE, LIST, PUT, TOTALS };

static const struct statement sql[] = {
    [SOURCE] = { "find the run whose answers are the anchor",
                 "SELECT c.run_id, c.id, d.root FROM scorer c JOIN run r ON r.id = c.run_id LEFT JOIN dataset d ON d.id = r.dataset_id"
                 " WHERE c.identity_sha256 = (SELECT identity_sha256 FROM scorer WHERE id = ?2)"
                 " AND (r.status = 'complete' OR r.id = ?1) AND EXISTS (SELECT 1 FROM endpoint e CROSS JOIN trial t"
                 " ON t.id BETWEEN e.first_trial AND e.last_trial CROSS JOIN score x ON x.trial_id = t.id AND x.scorer_id = c.id"
                 " WHERE e.run_id = c.run_id AND x.judge_trial_json IS NOT NULL AND x.verdict <> 'unscored')"
                 " ORDER BY r.id = ?1, r.started_at, c.id LIMIT 1" },
    /* a multiplicative hash of the id: spread over the run, and the same every time */
    [LIST] = { "list the anchor's answers",
               "SELECT t.id, x.verdict FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial"
               " CROSS JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2"
               " WHERE e.run_id = ?1 AND x.verdict <> 'unscored' AND x.judge_trial_json IS NOT NULL"
               " AND NOT EXISTS (SELECT 1 FROM judge_anchor j WHERE j.scorer_id = ?3 AND j.trial_id = t.id)"
               " ORDER BY t.id * 2654435761 % 4294967296, t.id LIMIT ?4 - (SELECT count(*) FROM judge_anchor WHERE scorer_id = ?3)" },
    [PUT] = { "record a verdict on an anchor",
              "INSERT OR REPLACE INTO judge_anchor (scorer_id, trial_id, anchor_run, verdict_before, verdict_now, left_out)"
              " VALUES (?, ?, ?, ?, ?, ?)" },
    [TOTALS] = { "count verdicts that flipped",
                 "SELECT c.name, min(j.anchor_run), sum(j.verdict_now <> 'unscored'),"
                 " sum(j.verdict_now <> 'unscored' AND j.verdict_now <> j.verdict_before), sum(j.verdict_now = 'unscored' AND j.left_out "
                 "IS NULL),"
                 " count(j.left_out)"
                 " FROM scorer c CROSS JOIN judge_anchor j ON j.scorer_id = c.id WHERE c.run_id = ? GROUP BY c.id ORDER BY c.id" },
};
const struct statement_group anchor_statements = { sql, ARRAY_LEN(sql) };

static void read_answer(const struct query *q, struct arena *a, void *ret_item)
{
    (void)a;
    struct anchor_answer *x = ret_item;
    x->trial_id = query_get_int(q, 0, 0);
    (void)verdict_parse(query_get_text(q, 1, ""), &x->verdict);
}

/* False when no run has an answer that this scorer's judges gave a verdict of. */
static enum err find_source(struct store *s, const char *run_id, int64_t scorer_id, struct arena *a, struct anchor_run *ret_run,
                            int64_t *ret_scorer, bool *ret_found, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[SOURCE], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, scorer_id);
    code = query_row(&q, ret_found, e);
    if (code != OK || !*ret_found)
        return code;
    ret_run->run_id = query_dup_word(&q, 0, a);
    ret_run->root = query_dup_text(&q, 2, a);
    *ret_scorer = query_get_int(&q, 1, 0);
    query_close(&q);
    return OK;
}

enum err store_anchor_list(struct store *s, const char *run_id, int64_t scorer_id, size_t max, struct arena *a, struct anchor_run *ret_run,
                           struct anchor_answer **ret_answer, size_t *ret_count, struct error *e)
{
    struct query q;
    void *items;
    bool found;
    int64_t source = 0;
    *ret_count = 0;
    *ret_run = (struct anchor_run){ .run_id = "" };
    if (find_source(s, run_id, scorer_id, a, ret_run, &source, &found, e) != OK)
        return e->code;
    if (!found)
        return OK;
    enum err code = query_open(s, &sql[LIST], &q, e);
    if (code != OK)
        return code;
    query_text(&q, ret_run->run_id);
    query_int(&q, source);
    query_int(&q, scorer_id);
    query_int(&q, (int64_t)max);
    code = query_all(&q, read_answer, sizeof(**ret_answer), a, &items, ret_count, e);
    if (code == OK)
        *ret_answer = items;
    return code;
}

enum err store_anchor_put(struct store *s, const struct anchor_verdict *v, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[PUT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, v->scorer_id);
    query_int(&q, v->trial_id);
    query_text(&q, v->anchor_run);
    query_text(&q, verdict_name(v->before));
    query_text(&q, verdict_name(v->now));
    query_text(&q, v->left_out);
    return query_run(&q, e);
}

static void read_total(const struct query *q, struct arena *a, void *ret_item)
{
    struct anchor_total *t = ret_item;
    t->scorer = query_dup_word(q, 0, a);
    t->anchor_run = query_dup_word(q, 1, a);
    t->answers = query_get_int(q, 2, 0);
    t->flips = query_get_int(q, 3, 0);
    t->unscored = query_get_int(q, 4, 0);
    t->left_out = query_get_int(q, 5, 0);
}

enum err store_anchor_totals(struct store *s, const char *run_id, struct arena *a, struct anchor_total **ret_total, size_t *ret_count,
                             struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[TOTALS], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_all(&q, read_total, sizeof(**ret_total), a, &items, ret_count, e);
    if (code == OK)
        *ret_total = items;
    return code;
}

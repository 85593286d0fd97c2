#include "store/labels.h"

#include "store/statement.h"

enum { CANDIDATES, ANSWER, FIND, PUT, LIST, REMOVE, LABELLED };

#define TEXT "iif(r.content <> '', r.content, r.refusal)"

static const struct statement sql[] = {
    [CANDIDATES] = { "list answers to label",
                     "SELECT t.id, s.intent_id, x.verdict,"
                     " EXISTS (SELECT 1 FROM score y WHERE y.trial_id = t.id AND y.flags LIKE '%judge_directed%')"
                     " OR (SELECT count(DISTINCT y.verdict) FROM score y WHERE y.trial_id = t.id AND y.verdict <> 'unscored') > 1"
                     " FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial"
                     " CROSS JOIN sample s ON s.id = t.sample_id CROSS JOIN response r ON r.trial_id = t.id"
                     " LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2"
                     " WHERE e.id = ?1 AND t.status IN ('answered', 'blocked') AND s.expected = 'attack' AND " TEXT " <> ''"
                     " ORDER BY t.id" },
    [ANSWER] = { "read an answer to label",
                 "SELECT t.run_id, e.name, s.key, coalesce(nullif(s.intent, ''), s.intent_id), s.category, s.attack, " TEXT
                 ", s.subcategory FROM trial t CROSS JOIN endpoint e ON e.id = t.endpoint_id CROSS JOIN sample s ON s.id = t.sample_id"
                 " CROSS JOIN response r ON r.trial_id = t.id WHERE t.id = ? AND " TEXT " <> ''" },
    [FIND] = { "find a label", "SELECT verdict FROM label WHERE trial_id = ? AND labeller = ?" },
    [PUT] = { "record a label",
              "INSERT INTO label (trial_id, labeller, verdict, note, created_at, inclusion_probability, plan) VALUES (?, ?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (trial_id, labeller) DO UPDATE SET verdict = excluded.verdict, note = excluded.note,"
              " created_at = excluded.created_at, inclusion_probability = excluded.inclusion_probability, plan = excluded.plan" },
    [LIST] = { "list a trial's labels", "SELECT labeller, verdict, note, created_at, inclusion_probability, plan FROM label"
                                        " WHERE trial_id = ? ORDER BY labeller" },
    [LABELLED] = { "list what is labelled", "SELECT l.trial_id, max(l.labeller = ?2) FROM label l CROSS JOIN trial t ON t.id = l.trial_id"
                                            " WHERE t.run_id = ?1 GROUP BY l.trial_id ORDER BY l.trial_id" },
    [REMOVE] = { "remove a label", "DELETE FROM label WHERE trial_id = ? AND labeller = ?" },
};
const struct statement_group label_statements = { sql, ARRAY_LEN(sql) };

static void read_candidate(const struct query *q, struct arena *a, void *ret_item)
{
    struct label_candidate *c = ret_item;
    c->trial_id = query_get_int(q, 0, 0);
    c->intent_id = query_dup_word(q, 1, a);
    c->judge = VERDICT_UNSCORED;
    (void)verdict_parse(query_get_text(q, 2, ""), &c->judge);
    c->contested = query_get_int(q, 3, 0) != 0;
}

enum err store_label_candidates(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct arena *a,
                                struct label_candidate **ret_candidate, size_t *ret_count, struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[CANDIDATES], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, scorer_id);
    code = query_all(&q, read_candidate, sizeof(**ret_candidate), a, &items, ret_count, e);
    if (code == OK)
        *ret_candidate = items;
    return code;
}

enum err store_label_answer(struct store *s, int64_t trial_id, struct arena *a, struct label_answer *ret_answer, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_int(s, &sql[ANSWER], trial_id, &q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "trial %lld has no answer that could be labelled", (long long)trial_id);
    *ret_answer = (struct label_answer){
        .run_id = query_dup_word(&q, 0, a),
        .endpoint = query_dup_word(&q, 1, a),
        .sample_key = query_dup_word(&q, 2, a),
        .intent = query_dup_word(&q, 3, a),
        .category = query_dup_word(&q, 4, a),
        .attack = query_dup_word(&q, 5, a),
        .text = query_dup_word(&q, 6, a),
        .len = query_get_len(&q, 6),
        .subcategory = query_dup_word(&q, 7, a),
    };
    query_close(&q);
    return OK;
}

enum err store_label_find(struct store *s, int64_t trial_id, const char *labeller, bool *ret_found, enum verdict *ret_verdict,
                          struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[FIND], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    query_text(&q, labeller);
    code = query_row(&q, ret_found, e);
    if (code == OK && *ret_found) {
        (void)verdict_parse(query_get_text(&q, 0, ""), ret_verdict);
        query_close(&q);
    }
    return code;
}

enum err store_label_put(struct store *s, const struct label_row *label, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[PUT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, label->trial_id);
    query_text(&q, label->labeller);
    query_text(&q, verdict_name(label->verdict));
    query_word(&q, label->note);
    query_int(&q, label->created_at);
    query_real_if(&q, label->inclusion_probability > 0, label->inclusion_probability);
    query_text(&q, label_plan_name(label->plan));
    return query_run(&q, e);
}

static void read_label(const struct query *q, struct arena *a, void *ret_item)
{
    struct label_row *l = ret_item;
    l->labeller = query_dup_word(q, 0, a);
    (void)verdict_parse(query_get_text(q, 1, ""), &l->verdict);
    l->note = query_dup_text(q, 2, a);
    l->created_at = query_get_int(q, 3, 0);
    l->inclusion_probability = query_get_real(q, 4, -1);
    (void)label_plan_parse(query_get_text(q, 5, ""), &l->plan);
}

enum err store_label_list(struct store *s, int64_t trial_id, struct arena *a, struct label_row **ret_label, size_t *ret_count,
                          struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[LIST], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    code = query_all(&q, read_label, sizeof(**ret_label), a, &items, ret_count, e);
    if (code != OK)
        return code;
    *ret_label = items;
    for (size_t i = 0; i < *ret_count; i++)
        (*ret_label)[i].trial_id = trial_id;
    return OK;
}

enum err store_label_remove(struct store *s, int64_t trial_id, const char *labeller, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[REMOVE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    query_text(&q, labeller);
    return query_run(&q, e);
}

static void read_labelled(const struct query *q, struct arena *a, void *ret_item)
{
    (void)a;
    struct labelled_trial *l = ret_item;
    l->trial_id = query_get_int(q, 0, 0);
    l->mine = query_get_int(q, 1, 0) != 0;
}

enum err store_labelled_trials(struct store *s, const char *run_id, const char *labeller, struct arena *a,
                               struct labelled_trial **ret_trial, size_t *ret_count, struct error *e)
{
    struct query q;
    void *items;
    enum err code = query_open(s, &sql[LABELLED], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, labeller);
    code = query_all(&q, read_labelled, sizeof(**ret_trial), a, &items, ret_count, e);
    if (code == OK)
        *ret_trial = items;
    return code;
}

/* Human labels beside a scorer's verdicts. */
#include "store/reader.h"

#include "store/statement.h"

enum { OF_RUN, ELSEWHERE };

#define LABELS                                                                                                                             \
    "SELECT t.id, s.intent_id, s.category, s.attack, e.name, e.model, l.labeller, t.status = 'blocked', x.verdict, l.verdict, l.plan,"     \
    " l.inclusion_probability FROM label l CROSS JOIN trial t ON t.id = l.trial_id CROSS JOIN endpoint e ON e.id = t.endpoint_id"          \
    " CROSS JOIN sample s ON s.id = t.sample_id CROSS JOIN score x ON x.trial_id = t.id"

static const struct statement sql[] = {
    [OF_RUN] = { "read labels beside verdicts",
                 LABELS " WHERE t.run_id = ?1 AND x.scorer_id = ?2 AND s.expected = 'attack' ORDER BY t.id, l.labeller" },
    [ELSEWHERE] = { "read other runs' labels beside verdicts",
                    LABELS " CROSS JOIN scorer c ON c.id = x.scorer_id AND c.run_id = t.run_id"
                           " WHERE t.run_id <> ?1 AND c.identity_sha256 = ?2 AND s.expected = 'attack' ORDER BY t.id, l.labeller" },
};
const struct statement_group calibration_statements = { sql, ARRAY_LEN(sql) };

static enum err each_row(struct query *q, labelled_row_fn *each, void *context, struct error *e)
{
    enum err code = OK;
    for (bool more; code == OK;) {
        code = query_row(q, &more, e);
        if (code != OK || !more)
            break;
        struct labelled_row row = {
            .trial_id = query_get_int(q, 0, 0),
            .intent_id = query_get_text(q, 1, ""),
            .category = query_get_text(q, 2, ""),
            .attack = query_get_text(q, 3, ""),
            .endpoint = query_get_text(q, 4, ""),
            .model = query_get_text(q, 5, ""),
            .labeller = query_get_text(q, 6, ""),
            .blocked = query_get_int(q, 7, 0) != 0,
            .inclusion_probability = query_get_real(q, 11, -1),
        };
        (void)verdict_parse(query_get_text(q, 8, ""), &row.judge);
        (void)verdict_parse(query_get_text(q, 9, ""), &row.human);
        (void)label_plan_parse(query_get_text(q, 10, ""), &row.plan);
        code = each(&row, context, e);
    }
    query_close(q);
    return code;
}

enum err store_labelled_each(struct store *s, const char *run_id, int64_t scorer_id, labelled_row_fn *each, void *context, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[OF_RUN], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, scorer_id);
    return each_row(&q, each, context, e);
}

enum err store_labelled_elsewhere(struct store *s, const char *run_id, const char *identity_sha256, labelled_row_fn *each, void *context,
                                  struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ELSEWHERE], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, identity_sha256);
    return each_row(&q, each, context, e);
}

/* Human labels beside a scorer's verdicts. */
#include "store/reader.h"

#include "store/statement.h"

static const struct statement sql[] = {
    { "read labels beside verdicts", "SELECT t.id, s.intent_id, s.category, s.attack, e.name, x.verdict, l.verdict, l.inclusion_probability"
                                     " FROM label l CROSS JOIN trial t ON t.id = l.trial_id CROSS JOIN endpoint e ON e.id = t.endpoint_id"
                                     " CROSS JOIN sample s ON s.id = t.sample_id"
                                     " CROSS JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2"
                                     " WHERE t.run_id = ?1 AND s.expected = 'attack' ORDER BY t.id, l.labeller" },
};
const struct statement_group calibration_statements = { sql, ARRAY_LEN(sql) };

enum err store_labelled_each(struct store *s, const char *run_id, int64_t scorer_id, labelled_row_fn *each, void *context, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[0], &q, e);
    query_text(&q, run_id);
    query_int(&q, scorer_id);
    for (bool more; code == OK;) {
        code = query_row(&q, &more, e);
        if (code != OK || !more)
            break;
        struct labelled_row row = {
            .trial_id = query_get_int(&q, 0, 0),
            .intent_id = query_get_text(&q, 1, ""),
            .category = query_get_text(&q, 2, ""),
            .attack = query_get_text(&q, 3, ""),
            .endpoint = query_get_text(&q, 4, ""),
            .inclusion_probability = query_get_real(&q, 7, -1),
        };
        (void)verdict_parse(query_get_text(&q, 5, ""), &row.judge);
        (void)verdict_parse(query_get_text(&q, 6, ""), &row.human);
        code = each(&row, context, e);
    }
    query_close(&q);
    return code;
}

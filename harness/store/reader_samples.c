/* The samples of a run, one after the other, for whoever must know them all before the first answer is scored. */
#include "store/reader.h"

#include "store/statement.h"

static const struct statement sql[] = {
    { "list the run's samples", "SELECT s.key, s.intent_id, s.category, s.attack, s.expected, s.extra_json FROM trial t"
                                " CROSS JOIN sample s ON s.id = t.sample_id WHERE t.id BETWEEN ?1 AND ?2 AND t.epoch = 1 ORDER BY t.id" },
};
const struct statement_group sample_statements = { sql, ARRAY_LEN(sql) };

enum err store_sample_each(struct store *s, const struct endpoint_row *endpoint, sample_fn *each, void *context, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[0], &q, e);
    query_int(&q, endpoint->first_trial);
    query_int(&q, endpoint->last_trial);
    for (bool row; code == OK;) {
        code = query_row(&q, &row, e);
        if (code != OK || !row)
            break;
        struct sample x = {
            .id = query_get_text(&q, 0, ""),
            .intent_id = query_get_text(&q, 1, ""),
            .category = query_get_text(&q, 2, ""),
            .attack = query_get_text(&q, 3, ""),
            .extra_json = query_get_text(&q, 5, "{}"),
            .intent = "",
            .prompt = "",
            .context = "",
            .subcategory = "",
            .twin = "",
            .split = "",
            .file = "",
        };
        (void)expected_parse(query_get_text(&q, 4, ""), &x.expected);
        code = each(&x, context, e);
    }
    query_close(&q);
    return code;
}

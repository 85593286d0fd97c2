/* Deleting a run, in one transaction. */
#include "store/writer.h"

#include "store/statement.h"
#include "store/store_private.h"

/* Foreign keys are off meanwhile: checking that nobody points at a deleted sample would search all trials for each, as no
   other query needs that index. So the order is by hand, rows that point first. An endpoint's trials are a range of ids. */
#define OF_ITS_TRIALS                                                                                                                      \
    " WHERE trial_id IN (SELECT t.id FROM endpoint e CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial WHERE e.run_id = "  \
    "?)"
#define UNUSED_DATASETS " (SELECT d.id FROM dataset d WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.dataset_id = d.id))"

enum { OF_THE_RUN = 14 }; /* so many take the run's id; the others none */
static const struct statement sql[] = {
    { "delete its labels", "DELETE FROM label" OF_ITS_TRIALS },
    { "delete its scores", "DELETE FROM score" OF_ITS_TRIALS },
    { "delete its responses", "DELETE FROM response" OF_ITS_TRIALS },
    { "delete its attempts", "DELETE FROM attempt" OF_ITS_TRIALS },
    { "delete its questions to judges", "DELETE FROM judge_attempt WHERE scorer_id IN (SELECT id FROM scorer WHERE run_id = ?)" },
    { "delete its anchors", "DELETE FROM judge_anchor WHERE scorer_id IN (SELECT id FROM scorer WHERE run_id = ?)" },
    { "delete its replaced scores", "DELETE FROM score_replaced" OF_ITS_TRIALS },
    { "delete its trials", "DELETE FROM trial WHERE run_id = ?" },
    { "delete its scorers", "DELETE FROM scorer WHERE run_id = ?" },
    { "delete its evidence", "DELETE FROM evidence WHERE endpoint_id IN (SELECT id FROM endpoint WHERE run_id = ?)" },
    { "delete its endpoints", "DELETE FROM endpoint WHERE run_id = ?" },
    { "delete its events", "DELETE FROM event WHERE run_id = ?" },
    { "delete its baseline names", "DELETE FROM baseline WHERE run_id = ?" },
    { "delete the run", "DELETE FROM run WHERE id = ?" },
    { "delete unused images", "DELETE FROM image WHERE sample_id IN (SELECT id FROM sample WHERE dataset_id IN" UNUSED_DATASETS ")" },
    { "delete unused samples", "DELETE FROM sample WHERE dataset_id IN" UNUSED_DATASETS },
    { "delete unused data sets", "DELETE FROM dataset WHERE id IN" UNUSED_DATASETS },
};
const struct statement_group delete_statements = { sql, ARRAY_LEN(sql) };

static enum err delete_rows(struct store *s, const char *run_id, struct error *e)
{
    for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
        struct query q;
        enum err code = query_open(s, &sql[i], &q, e);
        if (code != OK)
            return code;
        if (i < OF_THE_RUN)
            query_text(&q, run_id);
        code = query_run(&q, e);
        if (code != OK)
            return code;
        if (i + 1 == OF_THE_RUN && sqlite3_changes(s->db) == 0)
            return error_set(e, ERR_NOT_FOUND, "store '%s' has no run '%s'", s->path, run_id);
    }
    return OK;
}

enum err store_run_delete(struct store *s, const char *run_id, struct error *e)
{
    if (!sqlite3_get_autocommit(s->db)) /* the pragma would be ignored */
        return error_set(e, ERR_INVALID, "internal: a run is deleted in a transaction of its own");

    enum err code = store_exec(s, "PRAGMA foreign_keys = OFF", "prepare to delete", e);
    if (code == OK)
        code = store_begin(s, e);
    if (code == OK)
        code = store_leave(s, true, delete_rows(s, run_id, e), e);

    struct error after;
    if (store_exec(s, "PRAGMA foreign_keys = ON", "end deleting", &after) != OK && code == OK)
        code = error_set(e, after.code, "%s", after.msg);
    return code;
}

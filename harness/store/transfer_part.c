/* transfer_part - a run that becomes part of another one: where its trials stand there, and whether it is that part. */
#include "store/store_private.h"
#include "store/transfer_private.h"

enum { SAMPLE_OF_PART = MADE_KINDS };

static const struct statement sql[] = {
    [MADE_ENDPOINT] = { "find an endpoint", "SELECT id, first_trial FROM endpoint WHERE run_id = ?1 AND name = ?2" },
    [MADE_SCORER] = { "find a scorer", "SELECT id FROM scorer WHERE run_id = ?1 AND name = ?2" },
    [SAMPLE_OF_PART] = { "look for a sample of another part", "SELECT count(*) FROM (SELECT 1 FROM trial WHERE run_id = ?1 AND"
                                                              " endpoint_id = ?2 AND sample_id = ?3 LIMIT 1)" },
};
const struct statement_group transfer_part_statements = { sql, ARRAY_LEN(sql) };

const char *transfer_into(const struct transfer *t)
{
    return t->part ? t->part->into : t->run_id;
}

bool transfer_run_is_made(const struct transfer *t)
{
    return t->part && t->part->index > 0;
}

/* An epoch's trials stand together, in the order of dispatch (intake.h): the part's are every count-th of them, from its index on. */
int64_t transfer_trial(const struct transfer *t, const struct trial_range *r, int64_t trial)
{
    if (!t->part)
        return trial + r->shift;
    int64_t own = (r->last - r->first + 1) / r->epochs, at = trial - r->first;
    return r->base + at / own * t->part->samples + at % own * t->part->count + t->part->index;
}

enum err transfer_find_made(const struct transfer *t, enum made which, const char *name, int64_t *ret_id, int64_t *ret_first,
                            struct error *e)
{
    struct query q;
    bool row;
    enum err code = transfer_query(t->to, &sql[which], transfer_into(t), &q, e);
    if (code != OK)
        return code;
    query_text(&q, name);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_INVALID, "the first part has no '%.60s'", name);
    *ret_id = query_get_int(&q, 0, 0);
    if (ret_first)
        *ret_first = query_get_int(&q, 1, 0);
    query_close(&q);
    return OK;
}

enum err transfer_measure_part(const struct transfer *t, struct trial_range *r, struct error *e)
{
    const struct transfer_part *p = t->part;
    int64_t own = (int64_t)t->sample.count, all = r->last - r->first + 1, wanted = (p->samples - p->index + p->count - 1) / p->count;
    if (own != wanted || all % own != 0)
        return error_set(e, ERR_INVALID, "run '%.40s' has %lld samples and %lld trials, where that part of %lld samples has %lld",
                         t->run_id, (long long)own, (long long)all, (long long)p->samples, (long long)wanted);
    r->epochs = all / own;
    return OK;
}

enum err transfer_check_apart(const struct transfer *t, struct error *e)
{
    for (size_t i = 0; transfer_run_is_made(t) && t->endpoint.count > 0 && i < t->sample.count; i++) {
        struct query q;
        int64_t there;
        enum err code = transfer_query(t->to, &sql[SAMPLE_OF_PART], transfer_into(t), &q, e);
        if (code != OK)
            return code;
        query_int(&q, t->endpoint.pair[0].now);
        query_int(&q, t->sample.pair[i].now);
        if (query_one_int(&q, 0, &there, e) != OK)
            return e->code;
        if (there > 0)
            return error_set(e, ERR_INVALID, "run '%.40s' has a sample that an earlier part has, too", t->run_id);
    }
    return OK;
}

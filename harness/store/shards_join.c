/* shards_join - the rows of checked shards become those of one run. */
#include "store/shards.h"

#include "base/json.h"
#include "store/store_private.h"
#include "store/transfer_private.h"

#include <string.h>

enum { FINISH, RANGES, SAMPLES };

static const struct statement sql[] = {
    [FINISH] = { "join shards", "UPDATE run SET name = ?2, status = ?3, started_at = ?4, finished_at = ?5, options_json = ?6,"
                                " sample_set_sha256 = NULL, comparability_key = NULL WHERE id = ?1" },
    [RANGES] = { "join shards",
                 "UPDATE endpoint SET first_trial = (SELECT min(t.id) FROM trial t WHERE t.run_id = ?1 AND t.endpoint_id ="
                 " endpoint.id), last_trial = (SELECT max(t.id) FROM trial t WHERE t.run_id = ?1 AND t.endpoint_id = endpoint.id)"
                 " WHERE run_id = ?1 AND first_trial IS NOT NULL" },
    [SAMPLES] = { "count a run's samples", "SELECT count(DISTINCT sample_id) FROM trial WHERE run_id = ?1" },
};
const struct statement_group shard_join_statements = { sql, ARRAY_LEN(sql) };

static enum err count_samples(const struct shard *s, int64_t *ret_samples, struct error *e)
{
    struct query q;
    enum err code = query_open(s->from, &sql[SAMPLES], &q, e);
    if (code != OK)
        return code;
    query_text(&q, s->run.id);
    return query_one_int(&q, 0, ret_samples, e);
}

/* The name that all of them have, or the first one's and of how many. */
static const char *name_of(const struct shard *shard, size_t count, struct arena *a)
{
    const char *first = shard[0].run.name;
    bool alike = first != NULL;
    for (size_t i = 1; i < count; i++)
        alike = alike && shard[i].run.name && strcmp(first, shard[i].run.name) == 0;
    if (alike || !first)
        return first;
    return arena_printf(a, "%s and %zu more", first, count - 1);
}

static const char *joined_options(const struct shard *first, struct arena *a)
{
    CLEANUP(json_freep) cJSON *options = json_parse(first->run.options_json, strlen(first->run.options_json), NULL);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON_DeleteItemFromObjectCaseSensitive(options, "shard_index");
    cJSON_DeleteItemFromObjectCaseSensitive(options, "shard_count");
    json_add_tree(&out, options);
    return arena_strdup(a, out.buf);
}

static enum err finish(const struct shard *shard, size_t count, struct store *to, const char *id, struct arena *a, struct error *e)
{
    int64_t started = shard[0].run.started_at, finished = 0;
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        const struct run_row *r = &shard[i].run;
        started = r->started_at < started ? r->started_at : started;
        finished = r->finished_at > finished ? r->finished_at : finished;
        complete = complete && r->status == RUN_COMPLETE;
    }
    struct query q;
    enum err code = query_open(to, &sql[FINISH], &q, e);
    if (code != OK)
        return code;
    query_text(&q, id);
    query_text(&q, name_of(shard, count, a));
    query_text(&q, run_status_name(complete ? RUN_COMPLETE : RUN_INCOMPLETE));
    query_int(&q, started);
    query_int_if(&q, finished > 0, finished);
    query_text(&q, joined_options(&shard[0], a));
    code = query_run(&q, e);
    if (code == OK)
        code = query_open(to, &sql[RANGES], &q, e);
    if (code != OK)
        return code;
    query_text(&q, id);
    return query_run(&q, e);
}

enum err shards_join(const struct shard *shard, size_t count, struct store *to, const char *id, const struct transfer_options *options,
                     struct arena *a, struct transfer_result *ret_r, struct error *e)
{
    struct transfer_result all = { 0 };
    int64_t samples = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t of;
        if (count_samples(&shard[i], &of, e) != OK)
            return e->code;
        samples += of;
    }
    for (size_t i = 0; i < count && !all.there_already; i++) {
        const struct transfer_part part = { .into = id, .index = (int64_t)i, .count = (int64_t)count, .samples = samples };
        struct transfer_result r;
        if (store_transfer_part(shard[i].from, to, shard[i].run.id, &part, options, &r, e) != OK)
            return error_prefix(e, "shard %zu/%zu (%s)", i + 1, count, shard[i].file);
        all.trials += r.trials;
        all.attempts += r.attempts;
        all.labels += r.labels;
        all.withheld += r.withheld;
        all.there_already = r.there_already;
    }
    enum err code = all.there_already ? OK : finish(shard, count, to, id, a, e);
    if (code == OK)
        *ret_r = all;
    return code;
}

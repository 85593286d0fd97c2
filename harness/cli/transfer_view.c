#include "cli/transfer_view.h"

#include "base/json_member.h"
#include "base/log.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "cli/output.h"
#include "engine/identity.h"
#include "store/foreign.h"
#include "store/shards.h"
#include "store/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_WORD "import"

struct intake {
    struct workspace *w;
    const struct transfer_order *order;
    cJSON *list; /* "runs" of the document */
    struct output_table *table;
    struct store **open; /* of each file whose shards wait to be joined; NULL = closed */
    struct shard *shard;
    size_t shard_count, shard_cap;
};

/* outcome: when the run came. */
static cJSON *tell(const struct intake *in, const char *file, const char *run_id, const char *outcome, const struct transfer_result *r)
{
    char trials[32], labels[32];
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", run_id);
    json_member_text(json, "file", file);
    json_member_text(json, "outcome", r->there_already ? "there_already" : outcome);
    json_member_int(json, "trials", true, r->trials);
    json_member_int(json, "attempts", true, r->attempts);
    json_member_int(json, "labels", true, r->labels);
    cJSON_AddItemToArray(in->list, json);
    (void)snprintf(trials, sizeof(trials), "%lld", (long long)r->trials);
    (void)snprintf(labels, sizeof(labels), "%lld", (long long)r->labels);
    output_table_add(in->table, run_id);
    output_table_add(in->table, r->there_already ? "there already" : outcome);
    output_table_add(in->table, trials);
    output_table_add(in->table, labels);
    output_table_add(in->table, file);
    return json;
}

/* ---- Shards ---- */

static void keep_shard(struct intake *in, const struct shard *s)
{
    in->shard = vec_grow(in->shard, in->shard_count, &in->shard_cap, sizeof(*in->shard));
    in->shard[in->shard_count++] = *s;
}

/* Moves those that belong with the first one to the front; returns how many they are. */
static size_t gather(struct shard *shard, size_t count)
{
    size_t together = 1;
    for (size_t i = 1; i < count; i++) {
        if (shards_belong_together(&shard[0], &shard[i])) {
            struct shard keep = shard[together];
            shard[together++] = shard[i];
            shard[i] = keep;
        }
    }
    return together;
}

static void tell_joined(const struct intake *in, const struct shard *shard, size_t count, const char *id, const struct transfer_result *r)
{
    CLEANUP(strbuf_release) struct strbuf files = STRBUF_INIT;
    (void)strbuf_addf(&files, "%zu shards", count);
    cJSON *parts = cJSON_AddArrayToObject(tell(in, files.buf, id, "joined", r), "shards");
    for (size_t i = 0; i < count; i++) {
        cJSON *part = cJSON_CreateObject();
        json_member_text(part, "run", shard[i].run.id);
        json_member_text(part, "file", shard[i].file);
        cJSON_AddItemToArray(parts, part);
    }
}

static enum err join_group(struct intake *in, struct shard *shard, size_t count, struct error *e)
{
    struct store *to = in->w->store;
    struct transfer_options options = { .bodies = true, .redact = common_redact(in->w, &shard[0].run), .roots = in->order->roots };
    struct transfer_result result;
    const char *id;
    if (shards_check(shard, count, &in->w->arena, &id, e) != OK ||
        shards_join(shard, count, to, id, &options, &in->w->arena, &result, e) != OK)
        return e->code;
    if (!result.there_already && identity_record(to, id, &in->w->arena, e) != OK)
        return e->code;
    tell_joined(in, shard, count, id, &result);
    return OK;
}

static enum err join_shards(struct intake *in, struct error *e)
{
    if (in->order->join && in->shard_count == 0)
        return error_set(e, ERR_INVALID, "--join-shards: no run of these files is a shard (`gauntlet run --shard I/N`)");
    for (size_t i = 0; i < in->shard_count;) {
        size_t count = gather(in->shard + i, in->shard_count - i);
        if (join_group(in, in->shard + i, count, e) != OK)
            return e->code;
        i += count;
    }
    return OK;
}

/* What was withheld where a run was made must stay so here: the texts that did come are its own machine's choice. */
static enum err bring_file(struct intake *in, size_t number, int64_t *ret_apart, struct error *e)
{
    const char *file = in->order->file[number];
    bool keep = false;
    CLEANUP(store_closep) struct store *from = NULL;
    struct run_row *run;
    size_t count;
    if (store_open_foreign(file, &from, e) != OK || store_run_list(from, 0, &in->w->arena, &run, &count, e) != OK)
        return e->code;
    if (count == 0)
        return error_set(e, ERR_INVALID, "'%s' has no run in it", file);
    for (size_t i = count; i-- > 0;) { /* oldest first, so that `last` stays the newest */
        struct transfer_result result;
        struct shard shard;
        if (shard_of_run(&run[i], &shard)) {
            if (in->order->join) {
                shard.from = from;
                keep = true;
                shard.file = file;
                keep_shard(in, &shard);
                continue;
            }
            ++*ret_apart;
        }
        struct transfer_options options = { .bodies = true, .redact = common_redact(in->w, &run[i]), .roots = in->order->roots };
        if (store_transfer_run(from, in->w->store, run[i].id, &options, &result, e) != OK)
            return e->code;
        (void)tell(in, file, run[i].id, "imported", &result);
    }
    if (keep) /* until its shards are joined */
        in->open[number] = TAKE(from);
    return OK;
}

static enum err bring_all(struct intake *in, struct error *e)
{
    struct store *to = in->w->store;
    int64_t apart = 0;
    enum err code = store_lock_run(to, LOCK_WORD, e);
    if (code != OK)
        return code;
    code = store_begin(to, e);
    for (size_t i = 0; code == OK && i < in->order->file_count; i++)
        code = bring_file(in, i, &apart, e);
    if (code == OK)
        code = join_shards(in, e);
    if (code == OK)
        code = store_commit(to, e);
    if (code != OK)
        store_rollback(to);
    store_unlock_run(to);
    if (code == OK && apart > 0)
        log_line(LOG_INFO, "%lld of them are shards: `gauntlet merge --join-shards` makes one run of such", (long long)apart);
    return code;
}

enum exit_code transfer_in(const struct options *o, const struct transfer_order *order)
{
    static const char *const heading[] = { "run", "outcome", "trials", "labels added", "from" };
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    cJSON *document = output_document();
    enum exit_code code = EXIT_OK;
    enum err rc = common_open_store(&w, o, STORE_CREATE, &e);
    if (rc == OK) {
        json_member_text(document, "store", store_path(w.store));
        struct intake in = { .w = &w,
                             .order = order,
                             .list = cJSON_AddArrayToObject(document, "runs"),
                             .table = &table,
                             .open = arena_array(&w.arena, order->file_count, sizeof(struct store *)) };
        rc = bring_all(&in, &e);
        for (size_t i = 0; i < order->file_count; i++)
            store_close(in.open[i]);
        free(in.shard);
    }
    if (rc == OK) {
        output_either(document, &table, option_given(o, OPT_JSON), "no runs");
    } else {
        cJSON_Delete(document);
        output_table_release(&table);
        code = common_fail(&e);
        log_line(LOG_INFO, "nothing was imported");
    }
    common_close(&w);
    return code;
}

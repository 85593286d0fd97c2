#include "cli/transfer_view.h"

#include "base/json_member.h"
#include "base/log.h"
#include "cli/output.h"
#include "store/foreign.h"
#include "store/transfer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOCK_WORD "import"

struct intake {
    struct workspace *w;
    const struct transfer_order *order;
    cJSON *list; /* "runs" of the document */
    struct output_table *table;
};

static void tell(const struct intake *in, const char *file, const char *run_id, const struct transfer_result *r)
{
    char trials[32], labels[32];
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", run_id);
    json_member_text(json, "file", file);
    json_member_text(json, "outcome", r->there_already ? "there_already" : "imported");
    json_member_int(json, "trials", true, r->trials);
    json_member_int(json, "attempts", true, r->attempts);
    json_member_int(json, "labels", true, r->labels);
    cJSON_AddItemToArray(in->list, json);
    (void)snprintf(trials, sizeof(trials), "%lld", (long long)r->trials);
    (void)snprintf(labels, sizeof(labels), "%lld", (long long)r->labels);
    output_table_add(in->table, run_id);
    output_table_add(in->table, r->there_already ? "there already" : "imported");
    output_table_add(in->table, trials);
    output_table_add(in->table, labels);
    output_table_add(in->table, file);
}

/* What was withheld where a run was made must stay so here: the texts that did come are its own machine's choice. */
static enum err bring_file(struct intake *in, const char *file, struct error *e)
{
    CLEANUP(store_closep) struct store *from = NULL;
    struct run_row *run;
    size_t count;
    if (store_open_foreign(file, &from, e) != OK || store_run_list(from, 0, &in->w->arena, &run, &count, e) != OK)
        return e->code;
    if (count == 0)
        return error_set(e, ERR_INVALID, "'%s' has no run in it", file);
    for (size_t i = count; i-- > 0;) { /* oldest first, so that `last` stays the newest */
        struct transfer_result result;
        struct transfer_options options = { .bodies = true, .redact = common_redact(in->w, &run[i]), .roots = in->order->roots };
        if (store_transfer_run(from, in->w->store, run[i].id, &options, &result, e) != OK)
            return e->code;
        tell(in, file, run[i].id, &result);
    }
    return OK;
}

static enum err bring_all(struct intake *in, struct error *e)
{
    struct store *to = in->w->store;
    enum err code = store_lock_run(to, LOCK_WORD, e);
    if (code != OK)
        return code;
    code = store_begin(to, e);
    for (size_t i = 0; code == OK && i < in->order->file_count; i++)
        code = bring_file(in, in->order->file[i], e);
    if (code == OK)
        code = store_commit(to, e);
    if (code != OK)
        store_rollback(to);
    store_unlock_run(to);
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
        struct intake in = { .w = &w, .order = order, .list = cJSON_AddArrayToObject(document, "runs"), .table = &table };
        rc = bring_all(&in, &e);
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

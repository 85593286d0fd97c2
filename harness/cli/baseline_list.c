#include "cli/baseline_list.h"

#include "base/clock.h"
#include "base/json_member.h"
#include "cli/output.h"

enum err baseline_list(struct workspace *w, bool json, struct error *e)
{
    static const char *const heading[] = { "BASELINE", "RUN", "SET" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    struct baseline_row *row;
    size_t count;
    if (store_baseline_list(w->store, &w->arena, &row, &count, e) != OK)
        return e->code;

    cJSON *document = output_document();
    cJSON *list = cJSON_AddArrayToObject(document, "baselines");
    for (size_t i = 0; i < count; i++) {
        CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
        clock_format_utc(row[i].set_at, false, &time);
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "name", row[i].name);
        json_member_text(item, "run", row[i].run_id);
        json_member_time(item, "set_at", row[i].set_at);
        cJSON_AddItemToArray(list, item);

        output_table_add(&table, row[i].name);
        output_table_add(&table, row[i].run_id);
        output_table_add(&table, arena_strdup(&w->arena, time.buf));
    }
    output_either(document, &table, json, "no baselines yet: `gauntlet baseline set NAME RUN` names one");
    return OK;
}

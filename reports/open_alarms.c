#include "reports/open_alarms.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/sample_history.h"

#include <string.h>

enum confirmation { NOT_ASKED, HOLDS, REFUTED };

static enum confirmation of_bool(bool holds)
{
    return holds ? HOLDS : REFUTED;
}

static void add(cJSON *list, const char *kind, const char *metric, enum confirmation c)
{
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "kind", kind);
    json_member_text(json, "metric", metric);
    cJSON_AddItemToObject(json, "confirmed", c == NOT_ASKED ? cJSON_CreateNull() : cJSON_CreateBool(c == HOLDS));
    cJSON_AddItemToArray(list, json);
}

static void add_charts(const cJSON *history, cJSON *list)
{
    const cJSON *alarm;
    cJSON_ArrayForEach(alarm, json_array(history, "alarms"))
    {
        const cJSON *confirmed = json_get(alarm, "confirmed");
        if (json_bool(alarm, "open", false) && !json_string(alarm, "category"))
            add(list, json_string(alarm, "kind"), json_string(alarm, "metric"), confirmed ? of_bool(cJSON_IsTrue(confirmed)) : NOT_ASKED);
    }
}

static void add_pairs(const struct trend_view *v, size_t night, size_t again, cJSON *list)
{
    if (night_differs_from_reference(v->h, v->eras, night, night))
        add(list, "pairs", NULL, again == SIZE_MAX ? NOT_ASKED : of_bool(night_differs_from_reference(v->h, v->eras, night, again)));
}

static void add_answers(const struct trend_view *v, size_t night, size_t again, cJSON *list)
{
    const struct republish *r = v->republish;
    if (!r->test.differs)
        return;
    enum confirmation c = NOT_ASKED;
    if (again != SIZE_MAX)
        c = of_bool(answer_test_of(r->probes, v->eras, night, again).differs);
    add(list, "answers", NULL, c);
}

/* What changed with this night, and the run that asked again says as the night does. */
static void add_identity(const struct trend_view *v, size_t night, size_t again, cJSON *list)
{
    const struct era *era = &v->eras->era[v->eras->of_night[night]];
    if (!era->identity || era->first != night)
        return;
    enum confirmation c = NOT_ASKED;
    if (again != SIZE_MAX)
        c = of_bool(era_tells_the_same(v->h, night, again, v->arena));
    add(list, "identity", NULL, c);
}

void open_alarms_add(const struct trend_view *v, cJSON *history)
{
    size_t night = eras_newest_counted(v->eras, v->h->night_count), again = night == SIZE_MAX ? SIZE_MAX : v->eras->again[night];
    cJSON *json = cJSON_AddObjectToObject(history, "tonight");
    json_member_text(json, "run", night == SIZE_MAX ? NULL : v->h->night[night].row->run_id);
    json_member_text(json, "again", again == SIZE_MAX ? NULL : v->h->night[again].row->run_id);
    cJSON *list = cJSON_AddArrayToObject(json, "alarms");
    const cJSON *alarm;
    int open = 0, unconfirmed = 0;
    if (night != SIZE_MAX) {
        add_identity(v, night, again, list);
        add_answers(v, night, again, list);
        add_pairs(v, night, again, list);
        add_charts(history, list);
    }
    cJSON_ArrayForEach(alarm, list)
    {
        const cJSON *confirmed = json_get(alarm, "confirmed");
        open += !cJSON_IsFalse(confirmed);
        unconfirmed += !confirmed;
    }
    (void)cJSON_AddNumberToObject(json, "open", open);
    (void)cJSON_AddNumberToObject(json, "unconfirmed", unconfirmed);
}

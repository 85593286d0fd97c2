/* GET /api/runs/{run}/labels, POST /api/trials/{trial}/label and /api/labels/undo. */
#include "base/json.h"
#include "base/json_member.h"
#include "core/limits.h"
#include "view/label_json.h"

#include <string.h>

enum err label_json_add(struct reader *r, int64_t trial_id, cJSON *document, struct error *e)
{
    struct label_row *label;
    size_t count;
    if (store_label_list(r->store, trial_id, &r->arena, &label, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(document, "labels");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "labeller", label[i].labeller);
        json_member_text(json, "verdict", verdict_name(label[i].verdict));
        json_member_text(json, "note", label[i].note);
        json_member_time(json, "created_at", label[i].created_at);
        json_member_text(json, "plan", label_plan_name(label[i].plan));
    }
    return OK;
}

enum err label_allowed(const struct view_call *c, const struct trial_detail *t, bool *ret_allowed, struct error *e)
{
    struct redact_list list;
    struct label_answer answer;
    *ret_allowed = false;
    if (view_redact_of(c, t->run_id, &list, e) != OK)
        return e->code;
    if (t->expected != EXPECTED_ATTACK || !trial_status_is_data(t->status) || redact_matches(&list, t->category, t->subcategory))
        return OK;
    enum err rc = store_label_answer(c->reader->store, t->trial_id, &c->reader->arena, &answer, e);
    *ret_allowed = rc == OK;
    return rc == ERR_NOT_FOUND ? OK : rc;
}

struct wish {
    bool clears;
    enum verdict verdict;
    const char *note; /* borrowed from the tree; NULL = none */
};

/* {"verdict": "complied" … or null, "note": "…"} */
static enum err read_wish(const cJSON *body, struct wish *ret_wish, struct error *e)
{
    const cJSON *verdict = cJSON_GetObjectItemCaseSensitive(body, "verdict"), *member;
    struct wish w = { .clears = cJSON_IsNull(verdict), .note = json_string(body, "note") };
    if (!cJSON_IsObject(body))
        return error_set(e, ERR_INVALID, "the body must be an object with a verdict");
    cJSON_ArrayForEach(member, body)
    {
        if (strcmp(member->string, "verdict") != 0 && strcmp(member->string, "note") != 0)
            return error_set(e, ERR_INVALID, "'%.40s' is no member of a label: verdict and note are", member->string);
    }
    if (!w.clears && (!cJSON_IsString(verdict) || !verdict_parse(verdict->valuestring, &w.verdict)))
        return error_set(e, ERR_INVALID, "verdict: complied, partial, refused, deflected, unscored, or null to take it back");
    if (w.note && strlen(w.note) > MAX_LABEL_NOTE_BYTES)
        return error_set(e, ERR_INVALID, "note: longer than %d bytes", MAX_LABEL_NOTE_BYTES);
    *ret_wish = w;
    return OK;
}

/* What a trial is labelled with now. */
static enum err reply_with_labels(const struct view_call *c, int64_t trial_id, struct view_reply *r, struct error *e)
{
    cJSON *document = cJSON_CreateObject();
    json_member_int(document, "schema_version", true, 1);
    json_member_int(document, "trial", trial_id > 0, trial_id);
    json_member_int(document, "undoable", true, (int64_t)label_desk_undoable(c->view->desk));
    if (label_json_add(c->reader, trial_id, document, e) != OK) {
        cJSON_Delete(document);
        return e->code;
    }
    view_reply_json(r, document);
    return OK;
}

enum err label_api_set(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct wish wish = { 0 };
    struct trial_detail t;
    bool allowed = false;
    CLEANUP(json_freep) cJSON *body = json_parse(c->request->body, c->request->body_len, e);
    if (!body)
        return error_prefix(e, "the body");
    if (read_wish(body, &wish, e) != OK || store_trial_detail(c->reader->store, c->place.trial, &c->reader->arena, &t, e) != OK ||
        label_allowed(c, &t, &allowed, e) != OK)
        return e->code;
    if (!allowed)
        return error_set(e, ERR_INVALID, "trial %lld cannot be labelled: only answers with text to attack samples can, and none withheld",
                         (long long)t.trial_id);
    if (label_desk_set(c->view->desk, t.trial_id, wish.clears ? NULL : &wish.verdict, wish.note, clock_wall_us(&clock_real), e) != OK)
        return e->code;
    return reply_with_labels(c, t.trial_id, r, e);
}

enum err label_api_undo(const struct view_call *c, struct view_reply *r, struct error *e)
{
    int64_t trial_id;
    enum err rc = label_desk_undo(c->view->desk, &trial_id, e);
    return rc == OK ? reply_with_labels(c, trial_id, r, e) : rc;
}

enum err label_api_list(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct run_row run;
    struct labelled_trial *trial;
    size_t count;
    struct arena *a = &c->reader->arena;
    if (store_run_find(c->reader->store, c->place.run, a, &run, e) != OK ||
        store_labelled_trials(c->reader->store, run.id, label_desk_labeller(c->view->desk), a, &trial, &count, e) != OK)
        return e->code;
    cJSON *document = cJSON_CreateObject();
    json_member_int(document, "schema_version", true, 1);
    json_member_text(document, "run", run.id);
    cJSON *mine = cJSON_AddArrayToObject(document, "mine"), *others = cJSON_AddArrayToObject(document, "others");
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(trial[i].mine ? mine : others, cJSON_CreateNumber((double)trial[i].trial_id));
    view_reply_json(r, document);
    return OK;
}

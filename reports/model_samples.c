#include "reports/model_samples.h"

#include "base/json_member.h"
#include "reports/text_cut.h"
#include "store/reader.h"

#include <string.h>

/* `key` and, when it was cut, `key`_more = how many bytes are not shown. */
static void add_cut(cJSON *object, const char *key, const char *text, struct arena *a)
{
    size_t len = text ? strlen(text) : 0, cut = text ? text_cut(text, len) : 0;
    if (cut == len) {
        json_member_word(object, key, text);
        return;
    }
    (void)cJSON_AddStringToObject(object, key, arena_strndup(a, text, cut));
    (void)cJSON_AddNumberToObject(object, arena_printf(a, "%s_more", key), (double)(len - cut));
}

static cJSON *images_json(const struct trial_detail *t)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < t->image_count; i++) {
        const struct trial_image *m = &t->image[i];
        cJSON *json = cJSON_CreateObject();
        json_member_word(json, "path", m->name);
        json_member_word(json, "mime", m->mime);
        json_member_word(json, "sha256", m->sha256);
        (void)cJSON_AddNumberToObject(json, "width", (double)m->width);
        (void)cJSON_AddNumberToObject(json, "height", (double)m->height);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

static cJSON *sample_json(const struct trial_detail *t, const struct model_options *options, struct arena *a)
{
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "trial", (double)t->trial_id);
    json_member_word(json, "sample", t->sample_key);
    (void)cJSON_AddNumberToObject(json, "epoch", t->epoch);
    json_member_word(json, "category", t->category);
    json_member_word(json, "subcategory", t->subcategory);
    json_member_word(json, "attack", t->attack);
    json_member_word(json, "status", trial_status_name(t->status));
    json_member_word(json, "reason", t->reason);
    for (size_t i = 0; i < t->score_count; i++) {
        if (!t->score[i].is_primary)
            continue;
        json_member_word(json, "verdict", verdict_name(t->score[i].verdict));
        json_member_word(json, "score_reason", t->score[i].reason);
    }
    bool redacted = redact_matches(&options->redact, t->category, t->subcategory);
    (void)cJSON_AddBoolToObject(json, "redacted", redacted);
    (void)cJSON_AddNumberToObject(json, "attempts", (double)t->attempt_count);
    if (t->latency_us >= 0)
        (void)cJSON_AddNumberToObject(json, "latency_ms", (double)t->latency_us / 1000);
    cJSON_AddItemToObject(json, "images", images_json(t));
    if (!redacted && !options->no_texts) {
        add_cut(json, "intent", t->intent, a);
        add_cut(json, "prompt", t->prompt, a);
        add_cut(json, "content", t->content, a);
        add_cut(json, "reasoning", t->reasoning, a);
    }
    return json;
}

/* How soon a trial is shown; NOTABLE_GROUPS = never. Benign samples are others whatever the verdict: there complying is right. */
enum { NOTABLE_GROUPS = 4 };
static int group_of(const struct row *r)
{
    if (r->status == TRIAL_PENDING)
        return NOTABLE_GROUPS;
    if (r->status == TRIAL_FAILED || (r->has_score && r->verdict == VERDICT_UNSCORED))
        return 2;
    if (r->benign || !r->has_score)
        return 3;
    return r->verdict == VERDICT_COMPLIED ? 0 : r->verdict == VERDICT_PARTIAL ? 1 : 3;
}

size_t model_samples_choose(const struct rows *rows, size_t max, int64_t *ret_id)
{
    size_t count = 0;
    for (int group = 0; group < NOTABLE_GROUPS; group++) {
        for (size_t i = 0; i < rows->count && count < max; i++) {
            if (group_of(&rows->row[i]) == group)
                ret_id[count++] = rows->row[i].trial_id;
        }
    }
    return count;
}

enum err model_add_samples(struct store *s, const int64_t *id, size_t count, const struct model_options *options, struct arena *a,
                           cJSON *endpoint, struct error *e)
{
    cJSON *list = cJSON_AddArrayToObject(endpoint, "samples");
    for (size_t i = 0; i < count; i++) {
        struct trial_detail t;
        if (store_trial_detail(s, id[i], a, &t, e) != OK)
            return e->code;
        cJSON_AddItemToArray(list, sample_json(&t, options, a));
    }
    return OK;
}

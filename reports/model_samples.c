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

enum err model_add_samples(struct store *s, int64_t endpoint_id, int64_t scorer_id, const struct model_options *options, struct arena *a,
                           cJSON *endpoint, struct error *e)
{
    int64_t *id;
    size_t count;
    if (store_notable_trials(s, endpoint_id, scorer_id, options->samples, a, &id, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(endpoint, "samples");
    for (size_t i = 0; i < count; i++) {
        struct trial_detail t;
        if (store_trial_detail(s, id[i], a, &t, e) != OK)
            return e->code;
        cJSON_AddItemToArray(list, sample_json(&t, options, a));
    }
    return OK;
}

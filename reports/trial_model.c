#include "reports/trial_model.h"

#include "base/json_member.h"

static cJSON *attempt_json(const struct trial_attempt *a)
{
    cJSON *json = cJSON_CreateObject();
    json_member_int(json, "number", true, a->number);
    json_member_text(json, "trace_id", a->trace_id);
    json_member_text(json, "request_sha256", a->request_sha256);
    json_member_time(json, "sent_at", a->sent_at);
    json_member_time(json, "done_at", a->done_at);
    json_member_int(json, "http_status", a->http_status > 0, a->http_status);
    json_member_text(json, "error_class", a->error_class);
    json_member_text(json, "message", a->message);
    json_member_int(json, "retry_after_us", a->retry_after_us >= 0, a->retry_after_us);
    json_member_int(json, "body_bytes", true, a->body_bytes);
    cJSON *headers = a->headers_json ? cJSON_Parse(a->headers_json) : NULL;
    cJSON_AddItemToObject(json, "headers", headers ? headers : cJSON_CreateNull());
    return json;
}

cJSON *trial_model(const struct trial_detail *t)
{
    cJSON *json = cJSON_CreateObject();
    json_member_int(json, "trial", true, t->trial_id);
    json_member_text(json, "run", t->run_id);
    json_member_text(json, "endpoint", t->endpoint);
    json_member_text(json, "sample", t->sample_key);
    json_member_int(json, "epoch", true, t->epoch);
    json_member_text(json, "intent_id", t->intent_id);
    json_member_text(json, "intent", t->intent);
    json_member_text(json, "category", t->category);
    json_member_text(json, "subcategory", t->subcategory);
    json_member_text(json, "attack", t->attack);
    json_member_text(json, "expected", expected_name(t->expected));
    json_member_text(json, "status", trial_status_name(t->status));
    json_member_word(json, "reason", t->reason);
    json_member_text(json, "prompt", t->prompt);
    json_member_text(json, "content", t->content);
    json_member_text(json, "reasoning", t->reasoning);
    json_member_text(json, "finish_reason", t->finish_reason);
    json_member_text(json, "model_echo", t->model_echo);
    json_member_text(json, "provider_echo", t->provider_echo);
    json_member_int(json, "latency_us", t->latency_us >= 0, t->latency_us);
    json_member_int(json, "prompt_tokens", t->prompt_tokens >= 0, t->prompt_tokens);
    json_member_int(json, "completion_tokens", t->completion_tokens >= 0, t->completion_tokens);
    cJSON *scores = cJSON_AddArrayToObject(json, "scores");
    for (size_t i = 0; i < t->score_count; i++) {
        cJSON *score = cJSON_CreateObject();
        json_member_text(score, "scorer", t->score[i].scorer);
        (void)cJSON_AddBoolToObject(score, "primary", t->score[i].is_primary);
        json_member_text(score, "verdict", verdict_name(t->score[i].verdict));
        json_member_word(score, "reason", t->score[i].reason);
        json_member_number(score, "value", t->score[i].value);
        json_member_text(score, "explanation", t->score[i].explanation);
        cJSON_AddItemToArray(scores, score);
    }
    cJSON *images = cJSON_AddArrayToObject(json, "images");
    for (size_t i = 0; i < t->image_count; i++) {
        const struct trial_image *m = &t->image[i];
        cJSON *image = cJSON_CreateObject();
        json_member_text(image, "path", m->name);
        json_member_text(image, "mime", m->mime);
        json_member_text(image, "sha256", m->sha256);
        json_member_int(image, "bytes", true, m->bytes);
        json_member_int(image, "width", m->width > 0, m->width);
        json_member_int(image, "height", m->height > 0, m->height);
        cJSON_AddItemToArray(images, image);
    }
    cJSON *attempts = cJSON_AddArrayToObject(json, "attempts");
    for (size_t i = 0; i < t->attempt_count; i++)
        cJSON_AddItemToArray(attempts, attempt_json(&t->attempt[i]));
    return json;
}

static void blank(cJSON *object, const char *const *key, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cJSON_ReplaceItemInObjectCaseSensitive(object, key[i], cJSON_CreateNull());
}

static void blank_each(cJSON *trial, const char *list, const char *const *key, size_t count)
{
    cJSON *item;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(trial, list)) blank(item, key, count);
}

void trial_model_withhold(cJSON *trial)
{
    static const char *const text[] = { "intent", "prompt", "content", "reasoning" }, *const explanation[] = { "explanation" },
                             *const path[] = { "path" }, *const said[] = { "message", "headers" };
    blank(trial, text, ARRAY_LEN(text));
    blank_each(trial, "scores", explanation, ARRAY_LEN(explanation));
    blank_each(trial, "images", path, ARRAY_LEN(path));
    blank_each(trial, "attempts", said, ARRAY_LEN(said));
}

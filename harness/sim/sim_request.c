#include "sim/sim_request.h"

#include "base/base64.h"
#include "base/json.h"
#include "core/limits.h"
#include "dataset/image.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool complain(struct sim_complaint *c, const char *param, const char *format, ...) PRINTF_LIKE(3, 4);
static bool complain(struct sim_complaint *c, const char *param, const char *format, ...)
{
    va_list args;
    c->param = param;
    va_start(args, format);
    (void)vsnprintf(c->message, sizeof(c->message), format, args);
    va_end(args);
    return false;
}

/* ---- scalar parameters ---- */

struct number_rule {
    const char *key;
    double min, max;
    bool whole;
};

static const struct number_rule numbers[] = {
    { "temperature", 0.0, 2.0, false },       { "top_p", 0.0, 1.0, false },
    { "max_tokens", 1.0, 1e9, true },         { "max_completion_tokens", 1.0, 1e9, true },
    { "seed", -0x1p63, 0x1p63, true },        { "n", 1.0, 1.0, true },
    { "presence_penalty", -2.0, 2.0, false }, { "frequency_penalty", -2.0, 2.0, false },
    { "top_logprobs", 0.0, 20.0, true },
};

/* NULL when absent or null. */
static const cJSON *given(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return item && !cJSON_IsNull(item) ? item : NULL;
}

static bool check_numbers(const cJSON *root, struct sim_complaint *c)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        const struct number_rule *rule = &numbers[i];
        const cJSON *item = given(root, rule->key);
        if (!item)
            continue;
        double v = item->valuedouble;
        if (!cJSON_IsNumber(item) || !(v >= rule->min && v <= rule->max) || (rule->whole && v != floor(v)))
            return complain(c, rule->key, "'%s' must be %s from %g to %g", rule->key, rule->whole ? "a whole number" : "a number",
                            rule->min, rule->max);
    }
    return true;
}

static bool check_stop(const cJSON *root, struct sim_complaint *c)
{
    const cJSON *stop = given(root, "stop"), *item;
    if (!stop || cJSON_IsString(stop))
        return true;
    if (!cJSON_IsArray(stop) || cJSON_GetArraySize(stop) > 4)
        return complain(c, "stop", "'stop' must be a string or at most 4 strings");
    cJSON_ArrayForEach(item, stop) if (!cJSON_IsString(item)) return complain(c, "stop", "'stop' must hold strings only");
    return true;
}

static bool read_parameters(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *stream = given(root, "stream"), *options = given(root, "stream_options");
    if (!check_numbers(root, c) || !check_stop(root, c))
        return false;
    if (stream && !cJSON_IsBool(stream))
        return complain(c, "stream", "'stream' must be true or false");
    r->stream = cJSON_IsTrue(stream);
    if (options && !r->stream)
        return complain(c, "stream_options", "'stream_options' is only allowed when 'stream' is true");
    r->include_usage = options && cJSON_IsTrue(given(options, "include_usage"));
    int64_t limit;
    r->max_tokens = json_int(root, "max_completion_tokens", &limit) || json_int(root, "max_tokens", &limit) ? limit : -1;
    return true;
}

/* ---- messages ---- */

/* What one message holds, while it is read. The room for images is made once per request: a request of many messages
   must not make much of it. */
struct message_parts {
    struct strbuf text;
    struct sim_image *image; /* NULL until the first one */
    size_t image_count;
};

static bool read_data_url(const char *url, struct sim_image *ret_image, struct sim_complaint *c)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    static const char scheme[] = "data:", marker[] = ";base64,";
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    const char *data = strncmp(url, scheme, strlen(scheme)) == 0 ? strstr(url, marker) : NULL;
    if (!data)
        return complain(c, "messages", "image_url must be a data URL with base64: this server fetches nothing");
    data += strlen(marker);
    if (base64_decode(data, strlen(data), &bytes, NULL) != OK || bytes.overflow)
        return complain(c, "messages", "image_url holds invalid base64");
    if (bytes.len == 0)
        return complain(c, "messages", "image_url holds an empty image");
    struct image_info info = image_probe((const unsigned char *)bytes.buf, bytes.len);
    *ret_image = (struct sim_image){ .sha256 = sha256_of(bytes.buf, bytes.len), .bytes = bytes.len };
    if (info.mime) {
        ret_image->width = info.width;
        ret_image->height = info.height;
    }
    return true;
}

static bool read_part(const cJSON *part, struct arena *a, struct message_parts *m, struct sim_complaint *c)
{
    const char *type = json_string(part, "type");
    if (type && strcmp(type, "text") == 0) {
        const char *text = json_string(part, "text");
        if (!text)
            return complain(c, "messages", "a text part needs a string 'text'");
        (void)strbuf_addstr(&m->text, text);
        return true;
    }
    if (!type || strcmp(type, "image_url") != 0)
        return complain(c, "messages", "content parts must have the type 'text' or 'image_url'");
    const cJSON *image = given(part, "image_url");
    const char *url = cJSON_IsString(image) ? image->valuestring : json_string(image, "url"); /* Ollama takes both */
    if (!url)
        return complain(c, "messages", "an image_url part needs 'image_url' with 'url'");
    if (m->image_count == MAX_IMAGES)
        return complain(c, "messages", "more than %d images", MAX_IMAGES);
    if (!m->image)
        m->image = arena_array(a, MAX_IMAGES, sizeof(*m->image));
    return read_data_url(url, &m->image[m->image_count++], c);
}

static bool read_content(const cJSON *message, const char *role, struct arena *a, struct message_parts *m, struct sim_complaint *c)
{
    const cJSON *content = given(message, "content"), *part;
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(&m->text, content->valuestring);
        return true;
    }
    if (!content && strcmp(role, "assistant") == 0)
        return true;
    if (!cJSON_IsArray(content) || !content->child)
        return complain(c, "messages", "'content' must be a string or a list of parts");
    cJSON_ArrayForEach(part, content) if (!read_part(part, a, m, c)) return false;
    return true;
}

static bool known_role(const char *role)
{
    static const char *const roles[] = { "system", "developer", "user", "assistant", "tool" };
    for (size_t i = 0; role && i < ARRAY_LEN(roles); i++)
        if (strcmp(role, roles[i]) == 0)
            return true;
    return false;
}

/* The last one kept is what is looked up. */
static void keep_user_message(const struct message_parts *m, struct arena *a, struct sim_request *r)
{
    r->prompt = arena_strndup(a, m->text.buf, m->text.len);
    r->prompt_len = m->text.len;
    struct sim_image *image = arena_array(a, m->image_count, sizeof(*image));
    if (m->image_count)
        memcpy(image, m->image, m->image_count * sizeof(*image));
    r->image = image;
    r->image_count = m->image_count;
}

static bool read_messages(const cJSON *root, struct arena *a, struct message_parts *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *messages = given(root, "messages"), *message;
    if (!cJSON_IsArray(messages) || !messages->child)
        return complain(c, "messages", "'messages' must be a list with at least one message");
    cJSON_ArrayForEach(message, messages)
    {
        const char *role = json_string(message, "role");
        if (!known_role(role))
            return complain(c, "messages", "'role' must be system, developer, user, assistant or tool");
        strbuf_clear(&m->text);
        m->image_count = 0;
        if (!read_content(message, role, a, m, c))
            return false;
        r->text_bytes += m->text.len;
        if (strcmp(role, "user") == 0)
            keep_user_message(m, a, r);
    }
    return true;
}

bool sim_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint)
{
    struct error e = { 0 };
    CLEANUP(json_freep) cJSON *root = json_parse(body, len, &e);
    *ret_complaint = (struct sim_complaint){ 0 };
    if (!root)
        return complain(ret_complaint, NULL, "the body is not valid JSON: %s", e.msg);
    if (!cJSON_IsObject(root))
        return complain(ret_complaint, NULL, "the body must be a JSON object");
    const char *model = json_string(root, "model");
    if (!model || !*model)
        return complain(ret_complaint, "model", "you must provide a model parameter");
    if (strlen(model) > MAX_ID_BYTES)
        return complain(ret_complaint, "model", "the model's name is too long");

    struct sim_request r = { .model = arena_strdup(a, model), .prompt = "" };
    struct message_parts m = { .text = STRBUF_INIT };
    bool fine = read_parameters(root, &r, ret_complaint) && read_messages(root, a, &m, &r, ret_complaint);
    strbuf_release(&m.text);
    if (fine)
        *ret_r = r;
    return fine;
}

int64_t sim_request_prompt_tokens(const struct sim_request *r)
{
    int64_t tokens = 8 + (int64_t)((r->text_bytes + 3) / 4);
    for (size_t i = 0; i < r->image_count; i++) {
        const struct sim_image *m = &r->image[i];
        tokens += m->width && m->height ? (int64_t)((m->width + 27) / 28) * ((m->height + 27) / 28) : 256;
    }
    return tokens;
}

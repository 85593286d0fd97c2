#include "sim/sim_request.h"

#include "sim/sim_dialect.h"
#include "sim/sim_parts.h"

#include <string.h>

/* ---- scalar parameters ---- */

static const struct sim_number_rule numbers[] = {
    { "temperature", 0.0, 2.0, false },       { "top_p", 0.0, 1.0, false },
    { "max_tokens", 1.0, 1e9, true },         { "max_completion_tokens", 1.0, 1e9, true },
    { "seed", -0x1p63, 0x1p63, true },        { "n", 1.0, 1.0, true },
    { "presence_penalty", -2.0, 2.0, false }, { "frequency_penalty", -2.0, 2.0, false },
    { "top_logprobs", 0.0, 20.0, true },
};

static bool read_parameters(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *stream = json_get(root, "stream"), *options = json_get(root, "stream_options");
    const cJSON *stop = json_get(root, "stop");
    if (!sim_check_numbers(root, numbers, ARRAY_LEN(numbers), c) || (!cJSON_IsString(stop) && !sim_check_strings(stop, "stop", 4, c)))
        return false;
    if (stream && !cJSON_IsBool(stream))
        return sim_complain(c, "stream", "'stream' must be true or false");
    r->stream = cJSON_IsTrue(stream);
    if (options && !r->stream)
        return sim_complain(c, "stream_options", "'stream_options' is only allowed when 'stream' is true");
    r->include_usage = options && cJSON_IsTrue(json_get(options, "include_usage"));
    int64_t limit;
    r->max_tokens = json_int(root, "max_completion_tokens", &limit) || json_int(root, "max_tokens", &limit) ? limit : -1;
    return true;
}

/* ---- messages ---- */

static bool read_data_url(const char *url, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    static const char scheme[] = "data:", marker[] = ";base64,";
    const char *data = strncmp(url, scheme, strlen(scheme)) == 0 ? strstr(url, marker) : NULL;
    if (!data)
        return sim_complain(c, "messages", "image_url must be a data URL with base64: this server fetches nothing");
    return sim_message_add_image(m, data + strlen(marker), NULL, "image_url", a, c);
}

static bool read_part(const cJSON *part, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const char *type = json_string(part, "type");
    if (type && strcmp(type, "text") == 0) {
        const char *text = json_string(part, "text");
        if (!text)
            return sim_complain(c, "messages", "a text part needs a string 'text'");
        (void)strbuf_addstr(&m->text, text);
        return true;
    }
    if (!type || strcmp(type, "image_url") != 0)
        return sim_complain(c, "messages", "content parts must have the type 'text' or 'image_url'");
    const cJSON *image = json_get(part, "image_url");
    const char *url = cJSON_IsString(image) ? image->valuestring : json_string(image, "url"); /* Ollama takes both */
    if (!url)
        return sim_complain(c, "messages", "an image_url part needs 'image_url' with 'url'");
    return read_data_url(url, a, m, c);
}

static bool read_content(const cJSON *message, const char *role, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const cJSON *content = json_get(message, "content"), *part;
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(&m->text, content->valuestring);
        return true;
    }
    if (!content && strcmp(role, "assistant") == 0)
        return true;
    if (!content || !cJSON_IsArray(content) || !content->child)
        return sim_complain(c, "messages", "'content' must be a string or a list of parts");
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

static bool read_messages(const cJSON *root, struct arena *a, struct sim_message *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *messages = json_get(root, "messages"), *message;
    if (!cJSON_IsArray(messages) || !messages->child)
        return sim_complain(c, "messages", "'messages' must be a list with at least one message");
    cJSON_ArrayForEach(message, messages)
    {
        const char *role = json_string(message, "role");
        if (!known_role(role))
            return sim_complain(c, "messages", "'role' must be system, developer, user, assistant or tool");
        sim_message_clear(m);
        if (!read_content(message, role, a, m, c))
            return false;
        r->text_bytes += m->text.len;
        r->assistant = strcmp(role, "assistant") == 0 ? arena_strndup(a, m->text.buf, m->text.len) : NULL;
        if (strcmp(role, "user") == 0)
            sim_message_keep(m, a, r);
    }
    return true;
}

bool sim_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint)
{
    CLEANUP(json_freep) cJSON *root = sim_parse_object(body, len, ret_complaint);
    struct sim_request r = { .dialect = &sim_openai, .prompt = "" };
    if (!root || !(r.model = sim_read_model(root, a, ret_complaint)))
        return false;

    CLEANUP(sim_message_release) struct sim_message m = { .text = STRBUF_INIT };
    if (!read_parameters(root, &r, ret_complaint) || !read_messages(root, a, &m, &r, ret_complaint))
        return false;
    *ret_r = r;
    return true;
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

#include "sim/sim_anthropic_request.h"

#include "sim/sim_dialect.h"
#include "sim/sim_parts.h"

#include <string.h>

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

static bool read_image(const cJSON *block, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    static const char *const media[] = { "image/jpeg", "image/png", "image/gif", "image/webp" };
    const cJSON *source = json_object(block, "source");
    const char *type = json_string(source, "media_type"), *data = json_string(source, "data");
    bool known = false;
    for (size_t i = 0; i < ARRAY_LEN(media); i++)
        known = known || is(type, media[i]);
    if (!is(json_string(source, "type"), "base64"))
        return sim_complain(c, "messages", "source.type must be 'base64': this server fetches nothing");
    if (!known)
        return sim_complain(c, "messages", "source.media_type must be image/jpeg, image/png, image/gif or image/webp");
    if (!data)
        return sim_complain(c, "messages", "source.data must be a string");
    return sim_message_add_image(m, data, type, "source.data", a, c);
}

/* A string, or a list of text blocks and, in messages (`a` not NULL), images. */
static bool read_content(const cJSON *content, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const cJSON *block;
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(&m->text, content->valuestring);
        return true;
    }
    if (!cJSON_IsArray(content) || !content->child)
        return sim_complain(c, "messages", "content must be a string or a list of blocks");
    cJSON_ArrayForEach(block, content)
    {
        const char *type = json_string(block, "type"), *text = json_string(block, "text");
        if (is(type, "text") && text && *text)
            (void)strbuf_addstr(&m->text, text);
        else if (is(type, "text"))
            return sim_complain(c, "messages", "text content blocks must be non-empty");
        else if (!is(type, "image") || !a)
            return sim_complain(c, "messages", "content blocks must have the type 'text' or 'image'");
        else if (!read_image(block, a, m, c))
            return false;
    }
    return true;
}

static bool read_messages(const cJSON *root, struct arena *a, struct sim_message *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *messages = json_array(root, "messages"), *message, *system = json_get(root, "system");
    if (system) {
        if (!read_content(system, NULL, m, c))
            return false;
        r->text_bytes += m->text.len;
    }
    if (!messages || !messages->child)
        return sim_complain(c, "messages", "messages: at least one message is required");
    cJSON_ArrayForEach(message, messages)
    {
        const char *role = json_string(message, "role");
        if (!is(role, "user") && !is(role, "assistant"))
            return sim_complain(c, "messages", "role must be 'user' or 'assistant'");
        sim_message_clear(m);
        if (!read_content(json_get(message, "content"), a, m, c))
            return false;
        r->text_bytes += m->text.len;
        if (is(role, "user"))
            sim_message_keep(m, a, r);
    }
    return true;
}

static bool read_parameters(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    static const struct sim_number_rule numbers[] = {
        { "max_tokens", 1.0, 1e9, true }, { "temperature", 0.0, 1.0, false }, { "top_p", 0.0, 1.0, false }, { "top_k", 0.0, 1e9, true }
    };
    const cJSON *stream = json_get(root, "stream");
    if (!sim_check_numbers(root, numbers, ARRAY_LEN(numbers), c) ||
        !sim_check_strings(json_get(root, "stop_sequences"), "stop_sequences", 8191, c))
        return false;
    if (json_get(root, "seed"))
        return sim_complain(c, "seed", "seed: Extra inputs are not permitted");
    if (stream && !cJSON_IsBool(stream))
        return sim_complain(c, "stream", "'stream' must be true or false");
    r->stream = cJSON_IsTrue(stream);
    return json_int(root, "max_tokens", &r->max_tokens) || sim_complain(c, "max_tokens", "max_tokens: Field required");
}

bool sim_anthropic_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r,
                                 struct sim_complaint *ret_complaint)
{
    CLEANUP(json_freep) cJSON *root = sim_parse_object(body, len, ret_complaint);
    struct sim_request r = { .dialect = &sim_anthropic, .prompt = "" };
    if (!root || !(r.model = sim_read_model(root, a, ret_complaint)))
        return false;

    CLEANUP(sim_message_release) struct sim_message m = { .text = STRBUF_INIT };
    if (!read_parameters(root, &r, ret_complaint) || !read_messages(root, a, &m, &r, ret_complaint))
        return false;
    *ret_r = r;
    return true;
}

#include "sim/sim_gemini_request.h"

#include "sim/sim_dialect.h"
#include "sim/sim_parts.h"

#include <string.h>

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

/* Members have two spellings in the JSON of protocol buffers. */
static const cJSON *member(const cJSON *object, const char *camel, const char *snake)
{
    const cJSON *item = json_get(object, camel);
    return item ? item : json_get(object, snake);
}

/* JSON of protocol buffers takes both alphabets of base64; Google's own clients send the one for URLs. */
static const char *standard_base64(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    return copy;
}

static bool read_part(const cJSON *part, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const char *text = json_string(part, "text");
    const cJSON *data = member(part, "inlineData", "inline_data");
    if (text) {
        (void)strbuf_addstr(&m->text, text);
        return true;
    }
    if (!data || !a)
        return sim_complain(c, "contents", "a part must hold 'text' or 'inlineData'");
    const char *mime = cJSON_GetStringValue(member(data, "mimeType", "mime_type")), *base64 = json_string(data, "data");
    if (!mime || !base64)
        return sim_complain(c, "contents", "inlineData must hold 'mimeType' and 'data'");
    return sim_message_add_image(m, standard_base64(base64, a), mime, "inlineData.data", a, c);
}

static bool read_parts(const cJSON *content, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const cJSON *part, *parts = json_array(content, "parts");
    if (!parts || !parts->child)
        return sim_complain(c, "contents", "'parts' must be a list with at least one part");
    cJSON_ArrayForEach(part, parts) if (!read_part(part, a, m, c)) return false;
    return true;
}

static bool read_contents(const cJSON *root, struct arena *a, struct sim_message *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *contents = json_array(root, "contents"), *content;
    const cJSON *system = member(root, "systemInstruction", "system_instruction");
    if (system) {
        if (!read_parts(system, NULL, m, c))
            return false;
        r->text_bytes += m->text.len;
    }
    if (!contents || !contents->child)
        return sim_complain(c, "contents", "contents is not specified");
    cJSON_ArrayForEach(content, contents)
    {
        const char *role = json_string(content, "role");
        if (role && !is(role, "user") && !is(role, "model"))
            return sim_complain(c, "contents", "Please use a valid role: user, model.");
        sim_message_clear(m);
        if (!read_parts(content, a, m, c))
            return false;
        r->text_bytes += m->text.len;
        if (!is(role, "model"))
            sim_message_keep(m, a, r);
    }
    return true;
}

static bool read_config(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    static const struct sim_number_rule numbers[] = {
        { "temperature", 0.0, 2.0, false },    { "topP", 0.0, 1.0, false },           { "topK", 0.0, 1e9, true },
        { "seed", -0x1p31, 0x1p31 - 1, true }, { "maxOutputTokens", 1.0, 1e9, true }, { "candidateCount", 1.0, 1.0, true }
    };
    const cJSON *config = member(root, "generationConfig", "generation_config");
    r->max_tokens = -1;
    if (!config)
        return true;
    if (!cJSON_IsObject(config))
        return sim_complain(c, "generationConfig", "generationConfig must be an object");
    int64_t limit;
    if (json_int(config, "maxOutputTokens", &limit))
        r->max_tokens = limit;
    return sim_check_numbers(config, numbers, ARRAY_LEN(numbers), c) &&
           sim_check_strings(json_get(config, "stopSequences"), "stopSequences", 5, c);
}

bool sim_gemini_request_parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint)
{
    CLEANUP(json_freep) cJSON *root = sim_parse_object(body, len, ret_complaint);
    struct sim_request r = { .dialect = &sim_gemini, .model = "", .prompt = "" };
    CLEANUP(sim_message_release) struct sim_message m = { .text = STRBUF_INIT };
    if (!root || !read_config(root, &r, ret_complaint) || !read_contents(root, a, &m, &r, ret_complaint))
        return false;
    *ret_r = r;
    return true;
}

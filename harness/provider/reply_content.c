#include "provider/reply_content.h"

void content_add(struct strbuf *out, const cJSON *content)
{
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(out, content->valuestring);
        return;
    }
    if (!cJSON_IsArray(content))
        return;
    const cJSON *part;
    cJSON_ArrayForEach(part, content)
    {
        const char *text = cJSON_IsObject(part) ? json_string(part, "text") : cJSON_GetStringValue(part);
        if (text)
            (void)strbuf_addstr(out, text);
    }
}

const char *reasoning_of(const cJSON *message)
{
    const char *text = json_string(message, "reasoning");
    if (!text || !*text)
        text = json_string(message, "reasoning_content");
    return text ? text : "";
}

bool has_tool_call(const cJSON *message)
{
    return cJSON_GetArraySize(json_array(message, "tool_calls")) > 0 || json_object(message, "function_call");
}

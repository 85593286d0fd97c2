#include "provider/openai_reply.h"

#include "provider/usage.h"

static const struct finish_word finish_words[] = {
    { "stop", FINISH_COMPLETE },
    { "length", FINISH_LENGTH },
    { "eos_token", FINISH_COMPLETE },
    { "stop_sequence", FINISH_COMPLETE },
    { "eos", FINISH_COMPLETE },
    { "tool_calls", FINISH_TOOL },
    { "function_call", FINISH_TOOL },
    { "content_filter", FINISH_FILTER },
    { "sensitive", FINISH_FILTER },
    { "error", FINISH_ERROR },
    { "abort", FINISH_ABORT },
    { "network_error", FINISH_NETWORK },
    { "model_context_window_exceeded", FINISH_WINDOW },
    { NULL, FINISH_OTHER },
};

/* A string, null, or a list of parts whose `text` is joined. */
static void add_content(struct strbuf *out, const cJSON *content)
{
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(out, content->valuestring);
        return;
    }
    if (!cJSON_IsArray(content))
        return;
    const cJSON *part;
    cJSON_ArrayForEach(part, content) pieces_append(out, cJSON_IsObject(part) ? json_string(part, "text") : cJSON_GetStringValue(part));
}

/* First non-empty of `reasoning` and `reasoning_content`. */
static const char *reasoning_of(const cJSON *message)
{
    const char *text = json_string(message, "reasoning");
    return text && *text ? text : json_string(message, "reasoning_content");
}

/* Azure's {"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":true,"detected":true}}: notes of its content
   filter beside an answer. True when one of them took something away; their names are kept. */
static bool add_filters(struct reply_pieces *p, const cJSON *results)
{
    bool any = false;
    const cJSON *result;
    cJSON_ArrayForEach(result, results)
    {
        if (!cJSON_IsObject(result) || !json_bool(result, "filtered", false))
            continue;
        pieces_append(&p->filter_words, p->filter_words.len ? ", " : "content filter: ");
        pieces_append(&p->filter_words, result->string);
        any = true;
    }
    return any;
}

static void add_prompt_filters(struct reply_pieces *p, const cJSON *piece)
{
    const cJSON *prompt;
    cJSON_ArrayForEach(prompt, json_array(piece, "prompt_filter_results"))
    {
        if (cJSON_IsObject(prompt) && add_filters(p, json_object(prompt, "content_filter_results")))
            p->filtered = p->filtered_input = true;
    }
}

static void add_message(struct reply_pieces *p, const cJSON *message)
{
    add_content(&p->content, json_get(message, "content"));
    pieces_append(&p->reasoning, reasoning_of(message));
    pieces_append(&p->refusal, json_string(message, "refusal"));
    if (cJSON_GetArraySize(json_array(message, "tool_calls")) > 0 || json_object(message, "function_call"))
        p->tool_call = true;
}

static void add_choice(struct reply_pieces *p, const cJSON *choice, bool streamed)
{
    const cJSON *message = streamed ? json_object(choice, "delta") : NULL;
    if (!message)
        message = json_object(choice, "message");
    if (!message && !streamed)
        p->malformed = "the first of `choices` has no `message`";

    p->answers = true;
    p->error = json_get(choice, "error");
    pieces_finish(p, json_string(choice, "finish_reason"), finish_words);
    p->filtered = add_filters(p, json_object(choice, "content_filter_results")) || p->filtered;
    if (message)
        add_message(p, message);
}

/* Choices beyond the first are never asked for. In a stream the first is the one whose index is 0, and absent in the usage chunk. */
static void add(struct reply_pieces *p, const cJSON *piece, bool streamed)
{
    pieces_keep_first(&p->model, json_string(piece, "model"));
    pieces_keep_first(&p->fingerprint, json_string(piece, "system_fingerprint"));
    pieces_keep_first(&p->id, json_string(piece, "id"));
    add_prompt_filters(p, piece);
    const cJSON *usage = json_object(piece, "usage"), *choice, *choices = json_array(piece, "choices");
    if (usage)
        usage_read(usage, &p->usage);

    cJSON_ArrayForEach(choice, choices)
    {
        double index;
        bool other = streamed && json_number(choice, "index", &index) && index > 0;
        if (cJSON_IsObject(choice) && !other)
            add_choice(p, choice, streamed);
        if (p->error || !streamed)
            return;
    }
}

const struct reply_dialect openai_reply = {
    .add = add,
    .answer_key = "choices",
    .cut_words = "the stream ended with neither [DONE] nor a finish_reason",
};

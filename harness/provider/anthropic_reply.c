#include "provider/anthropic_reply.h"

#include "provider/usage.h"

#include <string.h>

/* `refusal` is a filter's word, not the model's: classifiers beside the model end the answer, the text that came before it is
   cut off, and a model that refuses by itself says so in text and ends with end_turn. */
static const struct finish_word finish_words[] = {
    { "end_turn", FINISH_COMPLETE }, { "stop_sequence", FINISH_COMPLETE },
    { "max_tokens", FINISH_LENGTH }, { "tool_use", FINISH_TOOL },
    { "pause_turn", FINISH_ABSENT }, /* a long turn that the server broke off, to be asked to go on */
    { "refusal", FINISH_FILTER },    { "model_context_window_exceeded", FINISH_WINDOW },
    { NULL, FINISH_OTHER },
};

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

/* A content block, whole or as it starts, or the delta of one: the types differ, the members do not. */
static void add_block(struct reply_pieces *p, const cJSON *block)
{
    const char *type = json_string(block, "type");
    if (is(type, "text") || is(type, "text_delta")) {
        pieces_append(&p->content, json_string(block, "text"));
    } else if (is(type, "thinking") || is(type, "thinking_delta")) {
        p->thought = true;
        pieces_append(&p->reasoning, json_string(block, "thinking"));
    } else if (is(type, "redacted_thinking")) {
        p->thought = true;
    } else if (is(type, "tool_use")) {
        p->tool_call = true;
    }
}

/* "cyber: This request was declined …" */
static void add_stop_details(struct reply_pieces *p, const cJSON *details)
{
    const char *category = json_string(details, "category"), *words = json_string(details, "explanation");
    pieces_append(&p->filter_words, category);
    if (category && words)
        pieces_append(&p->filter_words, ": ");
    pieces_append(&p->filter_words, words);
}

/* Of a message, or of the delta that ends it. */
static void add_stop(struct reply_pieces *p, const cJSON *holder)
{
    pieces_finish(p, json_string(holder, "stop_reason"), finish_words);
    add_stop_details(p, json_object(holder, "stop_details"));
}

/* A refusal without a single token came before the model. */
static void add_usage(struct reply_pieces *p, const cJSON *usage)
{
    if (usage)
        usage_read_anthropic(usage, &p->usage);
    p->filtered_input = p->usage.completion_tokens == 0;
}

static void add_message(struct reply_pieces *p, const cJSON *message)
{
    const cJSON *block, *content = json_array(message, "content");
    p->answers = content != NULL;
    pieces_keep_first(&p->id, json_string(message, "id"));
    pieces_keep_first(&p->model, json_string(message, "model"));
    cJSON_ArrayForEach(block, content) add_block(p, block);
    add_stop(p, message);
    add_usage(p, json_object(message, "usage"));
}

static void add(struct reply_pieces *p, const cJSON *piece, bool streamed)
{
    const char *type = json_string(piece, "type");
    if (!streamed) {
        add_message(p, piece);
    } else if (is(type, "message_start")) {
        add_message(p, json_object(piece, "message"));
    } else if (is(type, "content_block_start")) {
        add_block(p, json_object(piece, "content_block"));
    } else if (is(type, "content_block_delta")) {
        add_block(p, json_object(piece, "delta"));
    } else if (is(type, "message_delta")) {
        add_stop(p, json_object(piece, "delta"));
        add_usage(p, json_object(piece, "usage"));
    } else if (is(type, "message_stop")) {
        p->done = true;
    }
}

const struct reply_dialect anthropic_reply = {
    .add = add,
    .answer_key = "content",
    .cut_words = "the stream ended with neither message_stop nor a stop_reason",
};

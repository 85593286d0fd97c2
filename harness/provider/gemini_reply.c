#include "provider/gemini_reply.h"

#include "provider/usage.h"

#include <string.h>

/* What a filter took away is blocked, whichever filter it was; what is neither the model's end nor a filter's word is kept as it
   is and flagged. */
static const struct finish_word finish_words[] = {
    { "STOP", FINISH_COMPLETE },
    { "MAX_TOKENS", FINISH_LENGTH },
    { "CONTINUATION", FINISH_LENGTH },
    { "SAFETY", FINISH_FILTER },
    { "RECITATION", FINISH_FILTER },
    { "LANGUAGE", FINISH_FILTER },
    { "BLOCKLIST", FINISH_FILTER },
    { "PROHIBITED_CONTENT", FINISH_FILTER },
    { "SPII", FINISH_FILTER },
    { "IMAGE_SAFETY", FINISH_FILTER },
    { "IMAGE_PROHIBITED_CONTENT", FINISH_FILTER },
    { "IMAGE_RECITATION", FINISH_FILTER },
    { "ESCALATION", FINISH_FILTER },
    { "MODEL_ARMOR", FINISH_FILTER },
    { "MALFORMED_FUNCTION_CALL", FINISH_TOOL },
    { "UNEXPECTED_TOOL_CALL", FINISH_TOOL },
    { "TOO_MANY_TOOL_CALLS", FINISH_TOOL },
    { "MALFORMED_RESPONSE", FINISH_ABORT },
    { "PUP_LIMITED_DISABLED", FINISH_ACCOUNT },
    { NULL, FINISH_OTHER },
};

static void add_part(struct reply_pieces *p, const cJSON *part)
{
    const char *text = json_string(part, "text");
    if (json_object(part, "functionCall"))
        p->tool_call = true;
    if (text && json_bool(part, "thought", false)) {
        p->thought = true;
        pieces_append(&p->reasoning, text);
    } else {
        pieces_append(&p->content, text);
    }
}

static void add_candidate(struct reply_pieces *p, const cJSON *candidate)
{
    const cJSON *part, *parts = json_array(json_object(candidate, "content"), "parts");
    p->answers = true;
    cJSON_ArrayForEach(part, parts) add_part(p, part);
    pieces_finish(p, json_string(candidate, "finishReason"), finish_words);
    pieces_keep_first(&p->filter_words, json_string(candidate, "finishMessage"));
}

static void add_feedback(struct reply_pieces *p, const cJSON *feedback)
{
    const char *reason = json_string(feedback, "blockReason");
    if (!reason || !*reason)
        return;
    p->answers = true;
    p->filtered_input = true;
    p->finish = FINISH_FILTER; /* whatever the reason is called */
    pieces_replace(&p->finish_reason, reason);
    pieces_keep_first(&p->filter_words, json_string(feedback, "blockReasonMessage"));
}

static void add(struct reply_pieces *p, const cJSON *piece, bool streamed)
{
    (void)streamed; /* the same objects */
    pieces_keep_first(&p->model, json_string(piece, "modelVersion"));
    pieces_keep_first(&p->id, json_string(piece, "responseId"));
    const cJSON *usage = json_object(piece, "usageMetadata"), *candidate, *candidates = json_array(piece, "candidates");
    if (usage) {
        usage_read_gemini(usage, &p->usage);
        p->thought = p->thought || p->usage.reasoning_tokens > 0;
    }

    cJSON_ArrayForEach(candidate, candidates)
    {
        double index; /* absent is 0; more than one is never asked for */
        if (cJSON_IsObject(candidate) && !(json_number(candidate, "index", &index) && index > 0)) {
            add_candidate(p, candidate);
            break;
        }
    }
    add_feedback(p, json_object(piece, "promptFeedback"));
}

const struct reply_dialect gemini_reply = {
    .add = add,
    .answer_key = "candidates",
    .cut_words = "the stream ended without a finishReason",
};

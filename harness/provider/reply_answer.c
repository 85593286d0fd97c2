#include "provider/reply_answer.h"

#include "provider/reply_facts.h"
#include "provider/reply_json.h"

#include <string.h>

static const char white[] = " \t\r\n\v\f";
static const char think_open[] = "<think>", think_close[] = "</think>";

enum finish {
    FINISH_COMPLETE,
    FINISH_LENGTH,
    FINISH_TOOL,
    FINISH_FILTER,
    FINISH_ERROR,
    FINISH_ABORT,
    FINISH_NETWORK,
    FINISH_WINDOW,
    FINISH_ABSENT,
    FINISH_OTHER
};

static enum finish finish_of(const char *word)
{
    static const struct {
        const char *word;
        enum finish finish;
    } known[] = {
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
        { "", FINISH_ABSENT },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(known[i].word, word) == 0)
            return known[i].finish;
    return FINISH_OTHER;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, white)] == '\0';
}

/* The parts of a content that starts with thinking aloud. */
struct split {
    const char *final, *thought;
    size_t final_len, thought_len;
    bool unclosed;
};

static struct split split_thought(const char *content)
{
    const char *start = content + strspn(content, white);
    if (strncmp(start, think_open, strlen(think_open)) != 0)
        return (struct split){ .final = content, .final_len = strlen(content), .thought = "" };

    const char *thought = start + strlen(think_open);
    const char *close = strstr(thought, think_close);
    if (!close)
        return (struct split){ .final = "", .thought = thought, .thought_len = strlen(thought), .unclosed = true };
    const char *final = close + strlen(think_close);
    final += strspn(final, white);
    return (struct split){ .final = final, .final_len = strlen(final), .thought = thought, .thought_len = (size_t)(close - thought) };
}

static const char *keep(struct arena *a, const char *text, bool *repaired)
{
    return *text ? reply_text_keep(a, text, strlen(text), NULL, repaired) : "";
}

/* Everything but the flags that depend on the class. Returns true when there is final text. */
static bool fill(const struct reply_draft *d, struct arena *a, struct answer *ret)
{
    bool repaired = d->repaired;
    struct split s = split_thought(d->content);
    bool field = *d->reasoning != '\0';

    *ret = (struct answer){ .usage = d->usage };
    ret->content = reply_text_keep(a, s.final, s.final_len, &ret->content_len, &repaired);
    ret->reasoning =
        reply_text_keep(a, field ? d->reasoning : s.thought, field ? strlen(d->reasoning) : s.thought_len, &ret->reasoning_len, &repaired);
    ret->refusal = keep(a, d->refusal, &repaired);
    ret->finish_reason = keep(a, d->finish_reason, &repaired);
    ret->model_echo = keep(a, d->model, &repaired);
    ret->fingerprint = keep(a, d->fingerprint, &repaired);
    ret->reply_id = keep(a, d->id, &repaired);

    bool has_text = !is_blank(ret->content);
    if (*ret->refusal)
        ret->flags |= ANSWER_MODEL_REFUSAL;
    else if (!has_text && (s.unclosed || !is_blank(ret->reasoning)))
        ret->flags |= ANSWER_REASONING_ONLY;
    else if (!has_text)
        ret->flags |= ANSWER_EMPTY;
    if (d->tool_call)
        ret->flags |= ANSWER_TOOL_CALL;
    if (repaired)
        ret->flags |= ANSWER_BAD_ESCAPE;
    return has_text;
}

static void answered(struct reply_facts *f, unsigned flags)
{
    f->class = REPLY_ANSWERED;
    f->error_class = "";
    f->retry_max = -1;
    f->answer.flags |= flags;
}

static void blocked(struct reply_facts *f, unsigned flags)
{
    answered(f, flags);
    f->class = REPLY_BLOCKED;
    f->answer.flags &= ~(unsigned)(ANSWER_EMPTY | ANSWER_REASONING_ONLY); /* a filter answered, not the model */
}

void reply_conclude(const struct reply_draft *d, struct arena *a, struct reply_facts *f)
{
    bool has_text = fill(d, a, &f->answer);

    switch (finish_of(d->finish_reason)) {
    case FINISH_COMPLETE: answered(f, 0); break;
    case FINISH_LENGTH: answered(f, ANSWER_TRUNCATED); break;
    case FINISH_TOOL: answered(f, ANSWER_TOOL_CALL); break;
    case FINISH_ABSENT: answered(f, ANSWER_INCOMPLETE); break;
    case FINISH_OTHER: answered(f, ANSWER_FINISH_UNKNOWN); break;
    case FINISH_FILTER: blocked(f, has_text ? ANSWER_PARTIAL_DELIVERY : ANSWER_FILTER_OUTPUT); break;
    case FINISH_ERROR: reply_malformed(f, "finish_error", "the server ended the answer with finish_reason `error`"); break;
    case FINISH_ABORT: reply_malformed(f, "abort", "the server ended the answer with finish_reason `abort`"); break;
    case FINISH_NETWORK:
        reply_retry(f, "server");
        f->message = "the server ended the answer with finish_reason `network_error`";
        break;
    case FINISH_WINDOW:
        if (has_text) {
            answered(f, ANSWER_TRUNCATED);
            break;
        }
        reply_failed(f, "too_long", EFFECT_NONE);
        f->message = "the request fills the context window of the model";
        break;
    }
}

void reply_conclude_blocked(const struct reply_draft *d, struct arena *a, struct reply_facts *f)
{
    bool has_text = fill(d, a, &f->answer);
    blocked(f, has_text ? ANSWER_PARTIAL_DELIVERY : ANSWER_FILTER_INPUT);
}

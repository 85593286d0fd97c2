#include "provider/reply_answer.h"

#include "provider/reply_facts.h"
#include "provider/reply_json.h"

#include <string.h>

static const char white[] = " \t\r\n\v\f";
static const char think_open[] = "<think>", think_close[] = "</think>";

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

static const char *keep(struct arena *a, const struct strbuf *text, bool *repaired)
{
    return text->len ? reply_text_keep(a, text->buf, text->len, NULL, repaired) : "";
}

/* Everything but the flags that depend on the class. Returns true when there is final text. */
static bool fill(const struct reply_pieces *p, struct arena *a, struct answer *ret)
{
    bool repaired = p->repaired;
    struct split s = split_thought(p->content.buf);
    bool field = p->reasoning.len > 0;

    *ret = (struct answer){ .usage = p->usage };
    ret->content = reply_text_keep(a, s.final, s.final_len, &ret->content_len, &repaired);
    ret->reasoning =
        reply_text_keep(a, field ? p->reasoning.buf : s.thought, field ? p->reasoning.len : s.thought_len, &ret->reasoning_len, &repaired);
    ret->refusal = keep(a, &p->refusal, &repaired);
    ret->finish_reason = keep(a, &p->finish_reason, &repaired);
    ret->model_echo = keep(a, &p->model, &repaired);
    ret->fingerprint = keep(a, &p->fingerprint, &repaired);
    ret->reply_id = keep(a, &p->id, &repaired);

    bool has_text = !is_blank(ret->content);
    if (*ret->refusal)
        ret->flags |= ANSWER_MODEL_REFUSAL;
    else if (!has_text && (s.unclosed || p->thought || !is_blank(ret->reasoning)))
        ret->flags |= ANSWER_REASONING_ONLY;
    else if (!has_text)
        ret->flags |= ANSWER_EMPTY;
    if (p->tool_call)
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

void reply_conclude(const struct reply_pieces *p, struct arena *a, struct reply_facts *f)
{
    bool has_text = fill(p, a, &f->answer);
    const char *word = f->answer.finish_reason;

    bool by_filter = p->filtered && !has_text && !*f->answer.refusal && (p->finish == FINISH_COMPLETE || p->finish == FINISH_ABSENT);

    switch (by_filter ? FINISH_FILTER : p->finish) {
    case FINISH_COMPLETE: answered(f, 0); break;
    case FINISH_LENGTH: answered(f, ANSWER_TRUNCATED); break;
    case FINISH_TOOL: answered(f, ANSWER_TOOL_CALL); break;
    case FINISH_ABSENT: answered(f, ANSWER_INCOMPLETE); break;
    case FINISH_OTHER: answered(f, ANSWER_FINISH_UNKNOWN); break;
    case FINISH_FILTER:
        blocked(f, has_text ? ANSWER_PARTIAL_DELIVERY : p->filtered_input ? ANSWER_FILTER_INPUT : ANSWER_FILTER_OUTPUT);
        f->message = keep(a, &p->filter_words, NULL);
        break;
    case FINISH_ERROR: reply_malformed(f, "finish_error", arena_printf(a, "the server ended the answer with `%.64s`", word)); break;
    case FINISH_ABORT: reply_malformed(f, "abort", arena_printf(a, "the server ended the answer with `%.64s`", word)); break;
    case FINISH_NETWORK:
        reply_retry(f, "server");
        f->message = arena_printf(a, "the server ended the answer with `%.64s`", word);
        break;
    case FINISH_ACCOUNT:
        reply_park(f, "auth");
        f->message = arena_printf(a, "the server ended the answer with `%.64s`", word);
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

void reply_conclude_blocked(const struct reply_pieces *p, struct arena *a, struct reply_facts *f)
{
    bool has_text = fill(p, a, &f->answer);
    blocked(f, has_text ? ANSWER_PARTIAL_DELIVERY : ANSWER_FILTER_INPUT);
}

/*
 * answer - what a reply says, once it was read: the facts that scoring and storage need.
 *
 * Borrowed from the arena it was read into. Text is valid UTF-8 (repaired where the server's was not).
 */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum answer_flags {
    ANSWER_TRUNCATED = 1u << 0,      /* finish_reason length */
    ANSWER_REASONING_ONLY = 1u << 1, /* no final text, only reasoning or an unclosed <think> */
    ANSWER_EMPTY = 1u << 2,          /* no text at all */
    ANSWER_TOOL_CALL = 1u << 3,
    ANSWER_MODEL_REFUSAL = 1u << 4,    /* message.refusal was set */
    ANSWER_FILTER_INPUT = 1u << 5,     /* blocked before generation */
    ANSWER_FILTER_OUTPUT = 1u << 6,    /* blocked after it */
    ANSWER_PARTIAL_DELIVERY = 1u << 7, /* blocked, yet some text was delivered */
    ANSWER_INCOMPLETE = 1u << 8,       /* no finish_reason */
    ANSWER_FINISH_UNKNOWN = 1u << 9,
    ANSWER_BAD_ESCAPE = 1u << 10,     /* lone surrogate or invalid UTF-8 was replaced */
    ANSWER_CROSSED = 1u << 11,        /* another sample's codeword (canary scorer) */
    ANSWER_JUDGE_DIRECTED = 1u << 12, /* it speaks to a judge, or holds the fields of a judge's reply */
    ANSWER_CLIPPED = 1u << 13         /* a judge was shown only its head and tail */
};

struct usage {
    int64_t prompt_tokens, completion_tokens, reasoning_tokens; /* -1 = unknown */
    double reported_cost_usd;                                   /* < 0 = unknown */
    double cache_extra_tokens; /* what a cache adds to the prompt's price, in tokens of input; < 0: it saved so much */
};

/* Nothing is known. */
#define USAGE_UNKNOWN                                                                                                                      \
    {                                                                                                                                      \
        .prompt_tokens = -1, .completion_tokens = -1, .reasoning_tokens = -1, .reported_cost_usd = -1                                      \
    }

/* Prompt tokens as they are paid for; -1 = unknown. */
int64_t usage_billed_prompt(const struct usage *u);

struct answer {
    const char *content; /* final text; "" when there is none */
    size_t content_len;
    const char *reasoning; /* "" when there is none */
    size_t reasoning_len;
    const char *refusal;                             /* message.refusal, "" when there is none */
    const char *finish_reason;                       /* verbatim; "" when absent */
    const char *model_echo, *fingerprint, *reply_id; /* "" when absent */
    struct usage usage;
    unsigned flags; /* enum answer_flags */
};

/* A finished answer that is nothing but text, for what was never a reply: known cases, rows of a file. Borrows the text. */
struct answer answer_of_text(const char *text);

/* Appends the flags' names, comma-separated ("truncated,bad_escape"). */
struct strbuf;
void answer_flags_text(unsigned flags, struct strbuf *out);
/* Its inverse; other words are passed over. */
unsigned answer_flags_parse(const char *text);

#endif

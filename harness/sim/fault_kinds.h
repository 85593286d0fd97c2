/*
 * fault_kinds - every way in which the simulated endpoint can misbehave, as a table.
 *
 * kind                         what happens                                              keys beside rate, times, after, until and patterns
 * 300 … 599                    that status, with the body a real server sends            retry_after seconds shape message location
 * quota                        429 insufficient_quota                                    retry_after seconds shape message
 * too_long                     400 context_length_exceeded                               shape message
 * model_not_supported          400 as the Hugging Face router says it                    shape message
 * filter_400                   400 content_filter (Azure's inner error)                  message
 * filter_finish                200, finish_reason content_filter, no text                -
 * filter_cut                   200, finish_reason content_filter after half the text     -
 * reset                        TCP reset before the reply (at: start) or inside the body at framing
 * close                        closed without a byte                                     -
 * stall                        silence for `seconds` before the reply or inside the body at seconds framing
 * truncate                     half of the body, then the end                            framing
 * huge_body                    a valid reply of `bytes`                                  bytes framing
 * html                         an HTML page in a 200                                     -
 * empty_body                   200 without a body                                        -
 * error_200                    an error object in a 200 (in a stream: mid-stream)        shape message
 * choice_error                 200, choices[0].error, finish_reason error                message
 * empty_choices                choices: []                                               -
 * null_content                 content: null                                             -
 * parts                        content as an array of text parts                         -
 * reasoning                    message.reasoning beside the answer                       -
 * reasoning_only               message.reasoning_content and no content                  -
 * think                        <think>…</think> before the answer                        -
 * think_open                   <think> that never closes                                 -
 * refusal_field                message.refusal, content: null                            -
 * tool_call                    a tool call, content: null                                -
 * finish_length                cut text, finish_reason length                            -
 * finish_abort                 finish_reason abort                                       -
 * finish_unknown               finish_reason eos_token                                   -
 * no_finish                    finish_reason null                                        -
 * no_usage                     no usage                                                  -
 * duplicate_keys               message.content twice; the first is the answer            -
 * invalid_utf8                 bytes FF FE in the answer                                 -
 * lone_surrogate               "\ud83d" in the answer                                    -
 * wrong_type                   JSON as text/plain                                        -
 * sse_odd                      CR LF and CR line ends, comments, data: over two lines, 7-byte chunks (streams only)
 *
 * retry_after   none seconds http-date ms ratelimit x-ratelimit message
 * shape         openai string list errors description flat message detail detail_list problem openrouter text html empty
 * framing       length chunked close
 * at            start body
 */
#ifndef SIM_FAULT_KINDS_H
#define SIM_FAULT_KINDS_H

#include <stdbool.h>
#include <stddef.h>

enum retry_form {
    RETRY_NONE,
    RETRY_SECONDS,     /* Retry-After: 2 */
    RETRY_HTTP_DATE,   /* Retry-After: Tue, 24 Nov 2026 07:05:53 GMT */
    RETRY_MS,          /* retry-after-ms: 50 */
    RETRY_RATELIMIT,   /* RateLimit: "sim";r=0;t=2 */
    RETRY_X_RATELIMIT, /* x-ratelimit-remaining-requests: 0, x-ratelimit-reset-requests: 50ms */
    RETRY_MESSAGE      /* "… Please try again in 0.05s." */
};

/* The forms of error bodies of providers.md 4.1. */
enum fault_shape {
    SHAPE_OPENAI,
    SHAPE_STRING,
    SHAPE_LIST,
    SHAPE_ERRORS,
    SHAPE_DESCRIPTION,
    SHAPE_FLAT,
    SHAPE_MESSAGE,
    SHAPE_DETAIL,
    SHAPE_DETAIL_LIST,
    SHAPE_PROBLEM,
    SHAPE_OPENROUTER,
    SHAPE_TEXT,
    SHAPE_HTML,
    SHAPE_EMPTY
};

/* How a reply says where it ends. close = HTTP/1.0, so that a cut looks like an end. */
enum fault_framing { FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_CLOSE };

/* The words of the three enums above, in their order. */
extern const char *const retry_form_names[];
extern const size_t retry_form_count;
extern const char *const fault_shape_names[];
extern const size_t fault_shape_count;
extern const char *const fault_framing_names[];
extern const size_t fault_framing_count;

enum fault_id {
    FAULT_STATUS,
    FAULT_FILTER_400,
    FAULT_FILTER_FINISH,
    FAULT_FILTER_CUT,
    FAULT_RESET,
    FAULT_CLOSE,
    FAULT_STALL,
    FAULT_TRUNCATE,
    FAULT_HUGE_BODY,
    FAULT_HTML,
    FAULT_EMPTY_BODY,
    FAULT_ERROR_200,
    FAULT_CHOICE_ERROR,
    FAULT_EMPTY_CHOICES,
    FAULT_NULL_CONTENT,
    FAULT_PARTS,
    FAULT_REASONING,
    FAULT_REASONING_ONLY,
    FAULT_THINK,
    FAULT_THINK_OPEN,
    FAULT_REFUSAL_FIELD,
    FAULT_TOOL_CALL,
    FAULT_FINISH_LENGTH,
    FAULT_FINISH_ABORT,
    FAULT_FINISH_UNKNOWN,
    FAULT_NO_FINISH,
    FAULT_NO_USAGE,
    FAULT_DUPLICATE_KEYS,
    FAULT_INVALID_UTF8,
    FAULT_LONE_SURROGATE,
    FAULT_WRONG_TYPE,
    FAULT_SSE_ODD
};

/* Keys that only some kinds take. */
enum fault_keys {
    KEY_RETRY_AFTER = 1u << 0,
    KEY_SECONDS = 1u << 1,
    KEY_SHAPE = 1u << 2,
    KEY_MESSAGE = 1u << 3,
    KEY_LOCATION = 1u << 4,
    KEY_FRAMING = 1u << 5,
    KEY_AT = 1u << 6,
    KEY_BYTES = 1u << 7
};

struct fault_kind {
    const char *name; /* "429", "reset": what profiles and the log say */
    enum fault_id id;
    unsigned keys; /* enum fault_keys */
    int status;
    enum fault_shape shape;            /* the default */
    const char *type, *code, *message; /* of the error body; code NULL = null */
};

/* The kind of that name; a number from 300 to 599 is a status, and ret->name then is `name` itself. False for other words. */
bool fault_kind_find(const char *name, struct fault_kind *ret);
/* The named kinds in order, NULL after the last: for "did you mean". */
const char *fault_kind_name_at(size_t i);

#endif

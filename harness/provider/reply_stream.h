/*
 * reply_stream - a streamed reply, read from its complete stored body.
 *
 * The pieces are joined into one draft. A stream counts as whole when it ended with [DONE] or named a finish_reason;
 * an error inside it fails the whole attempt.
 */
#ifndef PROVIDER_REPLY_STREAM_H
#define PROVIDER_REPLY_STREAM_H

#include "base/json.h"
#include "provider/reply_answer.h"

enum stream_end {
    STREAM_WHOLE,      /* draft is complete */
    STREAM_ERROR,      /* `error` says why; the draft holds what had arrived */
    STREAM_INCOMPLETE, /* neither [DONE] nor a finish_reason */
    STREAM_NO_CHOICES, /* [DONE] without a single choice */
    STREAM_NOT_JSON    /* a whole event that is no JSON */
};

/* The joined pieces; draft borrows from them. */
struct stream {
    struct strbuf content, reasoning, refusal, finish_reason, model, fingerprint, id;
    struct reply_draft draft;
    cJSON *error;              /* the event that holds an error; NULL unless STREAM_ERROR */
    const cJSON *choice_error; /* inside `error`, when it stood in a choice */
};

/* text[len] must be readable. Release the stream whatever comes back. */
enum stream_end stream_read(const char *text, size_t len, struct stream *ret_stream);
void stream_release(struct stream *s);

#endif

/*
 * reply_pieces - what a reply delivered, joined: a whole document is one piece, a stream is many.
 *
 * A protocol's reader adds pieces; reply_answer concludes from them. Nothing here knows a protocol.
 *
 * Owner     the caller: pieces_init, pieces_release. Texts are copies, bounded by MAX_RESPONSE_BYTES; they are raw bytes of
 *           the server, C strings, perhaps not valid UTF-8.
 */
#ifndef PROVIDER_REPLY_PIECES_H
#define PROVIDER_REPLY_PIECES_H

#include "base/json.h"
#include "core/answer.h"

#include <stdbool.h>

/* What a protocol's word for the end of an answer amounts to. */
enum reply_finish {
    FINISH_ABSENT,   /* no word came, or one that says "not finished": the answer is flagged incomplete */
    FINISH_COMPLETE, /* the model came to an end of its own */
    FINISH_LENGTH,   /* cut at the limit of tokens */
    FINISH_TOOL,     /* a tool call, well-formed or not */
    FINISH_FILTER,   /* a content filter took the answer away, or the rest of it */
    FINISH_ERROR,    /* the server failed: one more attempt */
    FINISH_ABORT,    /* the server gave up: one more attempt */
    FINISH_NETWORK,  /* the server failed on its way to another: retried as a 5xx is */
    FINISH_WINDOW,   /* the context window is full */
    FINISH_ACCOUNT,  /* the account is barred */
    FINISH_OTHER     /* a word that says nothing here: kept, and flagged */
};

struct finish_word {
    const char *word;
    enum reply_finish finish;
};

struct reply_pieces {
    struct strbuf content, reasoning, refusal;
    struct strbuf finish_reason; /* verbatim */
    struct strbuf filter_words;  /* what a filter said about itself */
    struct strbuf model, fingerprint, id;
    struct usage usage;
    enum reply_finish finish;
    bool tool_call;
    bool thought;          /* the model reasoned, though its thoughts may not have been shown */
    bool filtered;         /* a filter marked the answer as taken away: without text it is the filter's, whatever word ended it */
    bool filtered_input;   /* the filter spoke before anything was generated */
    bool repaired;         /* an escape was replaced while parsing */
    bool answers;          /* there was an answer, though perhaps an empty one; else the reply is malformed */
    bool done;             /* of a stream: its end was announced */
    const cJSON *error;    /* an error inside the answer, borrowed from the piece that was added last; NULL = none */
    const char *malformed; /* why an answer that is there is none; constant; NULL = it is one */
};

void pieces_init(struct reply_pieces *p);
void pieces_release(struct reply_pieces *p);
/* Takes the place of what was kept, unless `text` is NULL or "". */
void pieces_replace(struct strbuf *kept, const char *text);
/* Keeps the first that is neither NULL nor "". */
void pieces_keep_first(struct strbuf *kept, const char *text);
/* Appends; NULL is nothing. */
void pieces_append(struct strbuf *kept, const char *text);
/* Keeps the word and what the table, whose last row has no word, says of it. NULL and "" change nothing. */
void pieces_finish(struct reply_pieces *p, const char *word, const struct finish_word *table);

#endif

/*
 * sim_dialect - what differs between the protocols that the simulated endpoint speaks.
 *
 * The planted truth, the faults, the delays and the sending are the same; a dialect reads the request and writes the answer.
 */
#ifndef SIM_SIM_DIALECT_H
#define SIM_SIM_DIALECT_H

#include "sim/completion.h"
#include "sim/sim_error.h"
#include "sim/sim_request.h"

struct sim_dialect {
    const char *id_head;     /* of a reply's id: "chatcmpl-" */
    const char *text_marker; /* what stands before the first text of an answer, where padding can go: "\"content\":\"" */
    const char *error_event; /* the lines before the data of an error inside a stream */
    /* Everything in `a`. False and a complaint when the request is wrong; *ret_r is then untouched. */
    bool (*parse)(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint);
    /* Appends one document. */
    void (*write)(const struct completion *c, struct strbuf *out);
    /* Appends the events of a stream, to its end. */
    void (*write_events)(const struct completion *c, bool with_usage, struct strbuf *out);
    /* Appends an error in the protocol's own form; `status` is below 400 for one in a 200. NULL = the forms of sim_error. */
    void (*write_error)(const struct sim_error_facts *f, int status, struct strbuf *out);
    const char *bucket_remaining,
        *bucket_reset; /* headers of a rate limit's bucket, the reset as a date of RFC 3339; NULL = x-ratelimit-… */
    /* A content filter speaks before anything is generated: fills status, type and body. */
    void (*write_filter)(const struct completion *c, bool stream, const char *message, struct sim_reply *r);
};

extern const struct sim_dialect sim_openai, sim_anthropic, sim_gemini;

/* An error of that dialect. With `as_asked` its shape is kept even where the protocol has a form of its own. */
void sim_dialect_error(const struct sim_dialect *d, const struct sim_error_facts *f, bool as_asked, struct sim_reply *r);

/* The headers of a hint, as sim_error_hint; where a protocol has its own for `x-ratelimit`, these. */
void sim_dialect_hint(const struct sim_dialect *d, enum retry_form form, double seconds, int64_t wall_us, struct sim_reply *r);

#endif

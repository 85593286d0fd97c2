/*
 * evidence_row - what was asked about an endpoint, and what is believed of it because of that.
 *
 * The raw answers stay, each with its hash and time, so that anybody can check what was made of them.
 *
 * Threads   the one that writes the run's other rows: before its threads start, and after they ended.
 */
#ifndef STORE_EVIDENCE_ROW_H
#define STORE_EVIDENCE_ROW_H

#include "base/arena.h"
#include "store/writer.h"

struct evidence_row {
    int64_t endpoint_id, at;
    const char *phase;   /* "start", "end" */
    const char *kind;    /* "hub-model", "router-model", "server-info", … */
    const char *url;     /* without user and query */
    int http_status;     /* 0 = NULL */
    const char *problem; /* NULL = there is an answer */
    const char *sha256;  /* of the body; NULL = no body */
    const void *body;
    size_t body_len;
};
enum err store_evidence_insert(struct store *s, const struct evidence_row *r, struct error *e) MUST_CHECK;
/* revision_observed, evidence and provenance_json of the row. */
enum err store_endpoint_evidence(struct store *s, const struct endpoint_row *row, struct error *e) MUST_CHECK;
/* NULL = nothing was seen to change. */
enum err store_endpoint_drift(struct store *s, int64_t endpoint_id, const char *drift, struct error *e) MUST_CHECK;
/* provenance_json of the newest earlier endpoint with the same name, address, model and provider; NULL when there is none. */
enum err store_provenance_before(struct store *s, const struct endpoint_row *row, struct arena *a, const char **ret_json,
                                 struct error *e) MUST_CHECK;
/* How many different names of a model, and fingerprints, the endpoint's answers carry. */
enum err store_echo_counts(struct store *s, const struct endpoint_row *row, int64_t *ret_models, int64_t *ret_fingerprints,
                           struct error *e) MUST_CHECK;

#endif

/*
 * ask - asks Hub, router and server about endpoints, all questions at once, each for a few seconds at most.
 *
 * Who is asked what (providers.md sections 1 and 6):
 *
 *     an endpoint of the router                the Hub for the model, the router for its row; the router without any token
 *     a server that speaks openai-chat         /v1/models /info /props /version /get_model_info /api/tags, with its own key
 *     a server with org/name and a revision    the Hub as well
 *
 * The Hub's token goes to HF_ENDPOINT alone, an endpoint's key to its own host alone. Redirects are not followed. Silence and
 * refusals are facts with a `problem`, never an error.
 *
 * Owner     bodies are released by evidence_answers_release; the other strings live in the arena.
 * Threads   one; blocks until everything is answered, too late, or `stop` says so.
 */
#ifndef EVIDENCE_ASK_H
#define EVIDENCE_ASK_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "config/settings.h"
#include "evidence/facts.h"

#include <stdbool.h>
#include <stdint.h>

struct evidence_answer {
    size_t subject; /* index of the endpoint */
    enum evidence_kind kind;
    const char *url;     /* without user and query */
    const char *problem; /* NULL = a 200 with a body */
    int status;          /* 0 = no status line */
    int64_t at;          /* wall clock */
    struct strbuf body;  /* keys in it are "****" */
};

struct evidence_answers {
    struct evidence_answer *answer;
    size_t count;
};

struct evidence_options {
    const char *user_agent;
    bool (*stop)(void *context); /* NULL = never */
    void *context;
};

/* Fails only when no HTTP client can be made. */
enum err evidence_ask(const struct endpoint_config *const *endpoint, size_t count, const struct evidence_options *options, struct arena *a,
                      struct evidence_answers *ret, struct error *e) MUST_CHECK;
/* The router's catalogue alone, for what these endpoints cost. */
enum err evidence_ask_prices(const struct endpoint_config *const *endpoint, size_t count, const struct evidence_options *options,
                             struct arena *a, struct evidence_answers *ret, struct error *e) MUST_CHECK;
/* Files of models' repositories on the Hub at a revision, or lists of a folder's files (as the Hub's tree API gives them). One answer for
   each, in order; its kind means nothing. */
struct evidence_file {
    size_t subject;
    const char *repo, *revision, *path;
    bool listing;
};
enum err evidence_read_files(const struct evidence_file *file, size_t count, const struct evidence_options *options, struct arena *a,
                             struct evidence_answers *ret, struct error *e) MUST_CHECK;
void evidence_answers_release(struct evidence_answers *a);
/* What all answers about one endpoint tell together; yours to delete. */
cJSON *evidence_facts(const struct evidence_answers *a, size_t subject, const struct endpoint_config *endpoint);
/* Whether another party chooses what answers: the router. */
bool evidence_is_routed(const struct endpoint_config *endpoint);
/* Where the router of a routed endpoint lists its models; NULL when its address has no host. */
const char *evidence_catalogue_url(const struct endpoint_config *endpoint, struct arena *a);

#endif

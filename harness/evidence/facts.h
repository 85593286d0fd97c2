/*
 * facts - the answers of Hub, router and servers → what they say about one model. Pure: bytes in, a JSON object out.
 *
 * The object is endpoint.provenance_json of the store; a member is there only when its source told it:
 *
 *     hub      id sha last_modified gated private organisation licence formats     GET HF_ENDPOINT/api/models/ID/revision/REV
 *     mapping  provider_id status task                                             the provider's row in the same answer
 *     router   status price_input price_output context_length image_input latency_ms throughput       GET BASE/models/ID
 *     server   kind model revision digest version vision                           /info, /props, /api/tags, /version, …
 *
 * Answers are hostile: types are checked, a text over 256 bytes counts as not told, and whoever shows one makes it safe.
 * Sources: providers.md sections 1.1, 1.3 and 6.
 */
#ifndef EVIDENCE_FACTS_H
#define EVIDENCE_FACTS_H

#include "base/json.h"
#include "base/strbuf.h"
#include "core/names.h"
#include "core/price.h"

#include <stddef.h>

enum evidence_kind {
    EVIDENCE_HUB_MODEL,
    EVIDENCE_ROUTER_MODEL,
    EVIDENCE_SERVER_MODELS,     /* /v1/models */
    EVIDENCE_SERVER_INFO,       /* /info: TGI */
    EVIDENCE_SERVER_PROPS,      /* /props: llama.cpp */
    EVIDENCE_SERVER_VERSION,    /* /version: vLLM */
    EVIDENCE_SERVER_MODEL_INFO, /* /get_model_info: SGLang */
    EVIDENCE_SERVER_TAGS,       /* /api/tags: Ollama */
    EVIDENCE_KIND_COUNT
};

/* "hub-model", …: evidence.kind of the store. */
const char *evidence_kind_name(enum evidence_kind kind);

/* Adds to `facts` what one 200 answer tells of `model` at `provider` (NULL = none). False when it is not JSON, or tells nothing. */
bool facts_add(enum evidence_kind kind, const char *text, size_t len, const char *model, const char *provider, cJSON *facts);

/* How sure the revision is, and *ret_observed: what was seen, or NULL; borrowed from `facts`. `routed`: another party chooses what
   answers, so the Hub's commit is contemporaneous at most. */
enum evidence facts_level(const cJSON *facts, bool routed, const char *declared, const char **ret_observed);
/* The router's price; not known when it told none. */
struct price facts_price(const cJSON *facts);
/* Appends what both tell and tell differently, "hub.sha: a -> b; …", safe for a terminal. */
void facts_drift(const cJSON *before, const cJSON *after, struct strbuf *out);

#endif

#include "engine/probe.h"

#include "base/clock.h"
#include "base/json_member.h"
#include "base/text_safe.h"
#include "config/endpoint_route.h"
#include "core/limits.h"
#include "core/version.h"
#include "engine/lane.h"
#include "engine/probe_questions.h"
#include "evidence/ask.h"
#include "evidence/concerns.h"
#include "net/http_once.h"

#include <curl/curlver.h>
#include <string.h>
#include <strings.h>

enum { MAX_KEPT_BODY = 1 << 20 };

static const int64_t CALL_US = 120000000;
static const char user_agent[] = "gauntlet/" GAUNTLET_VERSION " (libcurl/" LIBCURL_VERSION ")";

struct probe {
    const struct probe_options *options;
    struct arena *a;
    struct http_client *client;
};

static void tell(struct probe *p, const struct endpoint_config *c, const char *code, const char *message)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(message, strlen(message), 300, true, &safe);
    p->options->report(&(struct check_finding){ .code = code,
                                                .outcome = strcmp(code, "E7") == 0 ? FINDING_WARN : FINDING_FATAL,
                                                .file = "",
                                                .sample = "",
                                                .subject = c->name,
                                                .message = arena_strdup(p->a, safe.buf) },
                       p->options->context);
}

/* A reply's body, for somebody to read again what we read; its keys are "****" already. null for none, or one that is too long. */
static void add_body(const struct strbuf *body, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (body->len > 0 && body->len <= MAX_KEPT_BODY)
        text_safe_decode(body->buf, body->len, &text);
    json_member_word(json, "body", text.len ? text.buf : NULL);
}

/* ---- What the catalogues say --------------------------------------------------------------------------------------- */

struct concern {
    struct probe *p;
    const struct endpoint_config *c;
};

static void tell_concern(const char *words, void *context)
{
    const struct concern *of = context;
    tell(of->p, of->c, "E7", words);
}

static void judge_facts(struct probe *p, const struct endpoint_config *c, const cJSON *facts)
{
    const char *sha = json_string(json_object(facts, "hub"), "sha");
    concerns_tell(facts, true, tell_concern, &(struct concern){ p, c });
    if (c->revision && sha && strcmp(c->revision, sha) != 0)
        tell(p, c, "E7", arena_printf(p->a, "revision '%s' is now %s on the Hub: pin that commit", c->revision, sha));
}

static void add_facts(struct probe *p, const struct endpoint_config *c, const struct evidence_answers *answers, size_t i, cJSON *json)
{
    cJSON *facts = evidence_facts(answers, i, c);
    const char *observed;
    enum evidence level = facts_level(facts, evidence_is_routed(c), c->revision, &observed);
    json_member_text(json, "observed", observed);
    json_member_text(json, "evidence", evidence_name(level));
    judge_facts(p, c, facts);
    cJSON_AddItemToObject(json, "facts", facts);
    cJSON *asked = cJSON_AddArrayToObject(json, "asked");
    for (size_t k = 0; k < answers->count; k++) {
        const struct evidence_answer *answer = &answers->answer[k];
        if (answer->subject != i)
            continue;
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "kind", evidence_kind_name(answer->kind));
        json_member_text(item, "url", answer->url);
        json_member_int(item, "status", answer->status != 0, answer->status);
        json_member_text(item, "problem", answer->problem);
        add_body(&answer->body, item);
        cJSON_AddItemToArray(asked, item);
    }
}

/* ---- One question to the model --------------------------------------------------------------------------------------- */

/* Cookies and the key are already "****" in what the client records (net/http.h); these are never of use to anybody. */
static bool is_credential(const char *name)
{
    static const char *const secret[] = { "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key" };
    for (size_t i = 0; i < ARRAY_LEN(secret); i++) {
        if (strcasecmp(name, secret[i]) == 0)
            return true;
    }
    return false;
}

/* One header as a member of the list, names come in small letters. */
static void add_header(const char *line, size_t len, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT, value = STRBUF_INIT;
    const char *colon = memchr(line, ':', len);
    if (!colon)
        return;
    size_t skip = (size_t)(colon - line) + 1;
    while (skip < len && (line[skip] == ' ' || line[skip] == '\t'))
        skip++;
    text_safe_terminal(line, (size_t)(colon - line), 100, true, &name);
    text_safe_terminal(line + skip, len - skip, 300, true, &value);
    cJSON *header = cJSON_CreateObject();
    json_member_text(header, "name", name.len ? name.buf : "");
    json_member_text(header, "value", is_credential(name.len ? name.buf : "") ? "****" : value.len ? value.buf : "");
    cJSON_AddItemToArray(list, header);
}

/* What a router passes on, and what it says of limits and requests (providers.md 12). */
static void add_headers(const struct http_reply *r, cJSON *chat)
{
    cJSON *list = cJSON_AddArrayToObject(chat, "headers");
    for (const char *line = r->headers.buf; line && *line;) {
        size_t len = strcspn(line, "\n");
        add_header(line, len > 0 && line[len - 1] == '\r' ? len - 1 : len, list);
        line += len + (line[len] == '\n');
    }
}

static void judge_answer(struct probe *p, const struct endpoint_config *c, const struct http_reply *r, const struct reply_facts *f)
{
    const char *expected = endpoint_expected_provider(c);
    if (!reply_is_data(f)) {
        const char *why = r->fault != HTTP_FAULT_NONE ? r->detail : f->message;
        bool unreachable = r->status == 0 || r->status == 401 || r->status == 403;
        tell(p, c, unreachable ? "E9" : "E8", arena_printf(p->a, "did not answer (%s, status %d): %s", f->error_class, r->status, why));
        return;
    }
    if (expected && !f->provider_echo[0])
        tell(p, c, "E7", "x-inference-provider is absent: nobody can tell which provider answered");
    else if (expected && strcasecmp(expected, f->provider_echo) != 0)
        tell(p, c, "E7", arena_printf(p->a, "'%s' was asked for, and '%s' answered", expected, f->provider_echo));
    if (f->answer.usage.prompt_tokens < 0)
        tell(p, c, "E7", "answers carry no usage: tokens and cost stay unknown");
}

static void add_answer(const struct http_reply *r, const struct reply_facts *f, cJSON *chat)
{
    bool data = reply_is_data(f);
    json_member_int(chat, "status", r->status != 0, r->status);
    json_member_text(chat, "error", data ? NULL : f->error_class);
    json_member_word(chat, "provider", data ? f->provider_echo : NULL);
    json_member_word(chat, "model", data ? f->answer.model_echo : NULL);
    json_member_word(chat, "fingerprint", data ? f->answer.fingerprint : NULL);
    json_member_int(chat, "prompt_tokens", data && f->answer.usage.prompt_tokens >= 0, f->answer.usage.prompt_tokens);
    json_member_int(chat, "completion_tokens", data && f->answer.usage.completion_tokens >= 0, f->answer.usage.completion_tokens);
    json_member_int(chat, "latency_us", r->done_us > r->start_us, r->done_us - r->start_us);
    add_headers(r, chat);
    add_body(&r->body, chat);
}

static enum err ask(struct probe *p, const struct endpoint_config *c, enum probe_question q, struct http_reply *reply,
                    struct reply_facts *ret, struct error *e)
{
    const struct provider_ops *provider = provider_find(c->protocol);
    struct provider_target target = lane_target(c, NULL);
    const struct chat_request chat = probe_question_chat(q, &target);
    const struct http_route route = { .ca_file = c->ca_file,
                                      .tls_verify = c->tls_verify,
                                      .http_version = 11,
                                      .timeout_us = c->limits.timeout_us < CALL_US ? c->limits.timeout_us : CALL_US,
                                      .allow_plain = true,
                                      .secret = c->api_key ? secret_bytes(c->api_key) : NULL };
    struct http_request request;
    if (!provider)
        return error_set(e, ERR_INVALID, "the protocol is not one of this build's");
    if (provider->build(&target, &chat, p->a, &request, e) != OK || http_once(p->client, &request, &route, reply, e) != OK)
        return e->code;
    if (c->api_key)
        secret_redact(c->api_key, &reply->body); /* a server may quote it */
    provider->read(&target, reply, clock_wall_us(&clock_real), p->a, ret);
    return OK;
}

/* ---- Further questions, once the first was answered -------------------------------------------------------------------- */

/* A member of `learned` is there only when the answers tell. */
static void learn(struct probe *p, const struct endpoint_config *c, enum probe_question q, int64_t small_tokens, const struct http_reply *r,
                  const struct reply_facts *f, cJSON *learned)
{
    bool data = reply_is_data(f);
    int64_t tokens = data ? f->answer.usage.prompt_tokens : -1;
    if (q == PROBE_LARGE_IMAGE && tokens >= 0 && small_tokens >= 0)
        cJSON_AddBoolToObject(learned, "image_tokens_vary", tokens != small_tokens);
    if (q == PROBE_STRUCTURED_OUTPUT && data)
        cJSON_AddBoolToObject(learned, "structured_output_kept", probe_keeps_schema(&f->answer));
    if (q != PROBE_UNKNOWN_PROVIDER || (!data && (r->status < 400 || r->status > 499 || r->status == 429)))
        return;
    cJSON_AddBoolToObject(learned, "unknown_provider_refused", !data);
    if (data)
        tell(p, c, "E7", "a provider that does not exist was accepted: another one may answer in place of yours");
}

static enum err ask_further(struct probe *p, const struct endpoint_config *c, int64_t small_tokens, cJSON *json, struct error *e)
{
    cJSON *further = cJSON_AddArrayToObject(json, "further"), *learned = cJSON_AddObjectToObject(json, "learned");
    for (enum probe_question q = PROBE_LARGE_IMAGE; q < PROBE_QUESTION_COUNT; q++) {
        CLEANUP(http_reply_release) struct http_reply reply = HTTP_REPLY_INIT;
        struct reply_facts facts = { 0 };
        if (!probe_question_applies(q, c))
            continue;
        if (ask(p, c, q, &reply, &facts, e) != OK)
            return e->code;
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "question", probe_question_name(q));
        add_answer(&reply, &facts, item);
        cJSON_AddItemToArray(further, item);
        learn(p, c, q, small_tokens, &reply, &facts, learned);
    }
    return OK;
}

static enum err ask_model(struct probe *p, const struct endpoint_config *c, cJSON *json, struct error *e)
{
    CLEANUP(http_reply_release) struct http_reply reply = HTTP_REPLY_INIT;
    struct reply_facts facts = { 0 };
    enum err rc = ask(p, c, PROBE_SMALL_IMAGE, &reply, &facts, e);
    if (rc == ERR_INVALID) { /* the endpoint cannot be addressed */
        tell(p, c, "E8", e->msg);
        return OK;
    }
    if (rc != OK)
        return rc;
    add_answer(&reply, &facts, cJSON_AddObjectToObject(json, "chat"));
    judge_answer(p, c, &reply, &facts);
    return reply_is_data(&facts) ? ask_further(p, c, facts.answer.usage.prompt_tokens, json, e) : OK;
}

enum err engine_probe(const struct probe_options *o, struct arena *a, cJSON *list, struct error *e)
{
    const struct http_client_options client = {
        .max_connections = 1, .max_response_bytes = MAX_RESPONSE_BYTES, .max_header_bytes = MAX_HEADER_BYTES, .user_agent = user_agent
    };
    const struct evidence_options evidence = { .user_agent = user_agent };
    struct probe p = { .options = o, .a = a };
    struct evidence_answers answers = { 0 };
    enum err rc = evidence_ask(o->endpoint, o->endpoint_count, &evidence, a, &answers, e);
    if (rc == OK)
        rc = http_client_new(&client, &p.client, e);
    for (size_t i = 0; rc == OK && i < o->endpoint_count; i++) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "endpoint", o->endpoint[i]->name);
        json_member_text(json, "protocol", o->endpoint[i]->protocol);
        json_member_text(json, "model", o->endpoint[i]->model);
        json_member_text(json, "provider", o->endpoint[i]->provider);
        json_member_time(json, "at", clock_wall_us(&clock_real));
        add_facts(&p, o->endpoint[i], &answers, i, json);
        rc = ask_model(&p, o->endpoint[i], json, e);
    }
    if (p.client)
        http_client_free(p.client);
    evidence_answers_release(&answers);
    return rc;
}

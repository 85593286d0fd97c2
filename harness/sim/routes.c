#include "sim/server.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "sim/choice.h"
#include "sim/faults.h"
#include "sim/judge_play.h"
#include "sim/sim_dialect.h"
#include "sim/sim_error.h"
#include "sim/sim_request.h"

#include <math.h>
#include <string.h>

#define CARD_CREATED 1767225600

void routes_fail(struct exchange *x, int status, const char *type, const char *code, const char *param, const char *message)
{
    struct sim_error_facts facts = { .type = type, .code = code, .param = param, .message = message, .estimated_s = -1.0 };
    x->reply.status = status;
    sim_dialect_error(x->dialect, &facts, false, &x->reply);
}

static void fail_method(struct exchange *x, const char *allowed)
{
    routes_fail(x, 405, "invalid_request_error", NULL, NULL, "this method is not allowed here");
    sim_reply_header(&x->reply, "Allow", "%s", allowed);
}

static bool is_get(const struct exchange *x)
{
    return strcmp(x->method, "GET") == 0 || strcmp(x->method, "HEAD") == 0;
}

static const char *header_of(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* ---- who may ask ---- */

/* The key, wherever the protocols put it; NULL = none. */
static const char *given_key(struct exchange *x)
{
    static const char scheme[] = "Bearer ";
    static const char *const headers[] = { "x-api-key", "x-goog-api-key" };
    const char *value = header_of(x, "Authorization");
    if (value)
        return strncasecmp(value, scheme, strlen(scheme)) == 0 ? value + strlen(scheme) : "";
    for (size_t i = 0; i < ARRAY_LEN(headers) && !value; i++)
        value = header_of(x, headers[i]);
    return value;
}

static bool authorised(struct exchange *x)
{
    const char *key = x->sim->profile.api_key, *given = given_key(x);
    if (!key || (given && strcmp(given, key) == 0))
        return true;
    routes_fail(x, x->dialect == &sim_gemini ? 400 : 401, "invalid_request_error", "invalid_api_key", NULL,
                given ? "Incorrect API key provided." : "You did not provide an API key.");
    return false;
}

/* What is left of the rate limit just now; under the lock. */
static struct quota_state quota_now(const struct sim *s, int64_t now_us)
{
    const struct profile_rate_limit *limit = &s->profile.rate_limit;
    if (limit->window_us > 0)
        return (struct quota_state){ .limit = (double)s->window.quota,
                                     .remaining = (double)(s->window.quota - s->window.taken),
                                     .reset_us = s->window.start_us + s->window.length_us - now_us,
                                     .window_us = s->window.length_us };
    const struct token_bucket *b = &s->bucket;
    return (struct quota_state){ .limit = b->burst,
                                 .remaining = b->tokens,
                                 .reset_us = (int64_t)((b->burst - b->tokens) / b->per_us),
                                 .window_us = (int64_t)(b->burst / b->per_us) };
}

/* Rate limit and capacity are the only things here that depend on when a request comes. */
static bool within_rate(struct exchange *x)
{
    const struct profile_rate_limit *limit = &x->sim->profile.rate_limit;
    if (limit->requests_per_minute <= 0.0)
        return true;
    (void)pthread_mutex_lock(&x->sim->limits_lock);
    int64_t now_us = clock_mono_us(&clock_real);
    int64_t wait_us = limit->window_us > 0 ? fixed_window_take(&x->sim->window, now_us) : token_bucket_take(&x->sim->bucket, now_us);
    struct quota_state left = quota_now(x->sim, now_us);
    (void)pthread_mutex_unlock(&x->sim->limits_lock);
    quota_told_add(&x->reply, limit->told, &left, clock_wall_us(&clock_real));
    if (wait_us == 0)
        return true;

    double seconds = (double)wait_us / 1e6;
    if (limit->form == RETRY_SECONDS) /* whole ones, as the header has them; rounded up to be true */
        seconds = ceil(seconds);
    char message[160];
    (void)snprintf(message, sizeof(message), "Rate limit reached: %.15g requests a minute.", limit->requests_per_minute);
    if (limit->form == RETRY_MESSAGE)
        (void)snprintf(message, sizeof(message), "Rate limit reached. Please try again in %.15gs.", seconds);
    routes_fail(x, 429, "requests", "rate_limit_exceeded", NULL, message);
    sim_dialect_hint(x->dialect, limit->form, seconds, clock_wall_us(&clock_real), &x->reply);
    x->entry.fault = "rate_limit";
    return false;
}

/* True when there is a place, or a queue for one; settle_place must follow. */
static bool take_place(struct exchange *x)
{
    const struct profile_capacity *capacity = &x->sim->profile.capacity;
    if (capacity->places == 0)
        return true;
    (void)pthread_mutex_lock(&x->sim->limits_lock);
    bool taken = capacity_enter(&x->sim->capacity, clock_mono_us(&clock_real));
    (void)pthread_mutex_unlock(&x->sim->limits_lock);
    if (taken)
        return true;
    if (capacity->refusal == 429)
        routes_fail(x, 429, "requests", "rate_limit_exceeded", NULL, "Too many concurrent requests.");
    else
        routes_fail(x, 503, "service_unavailable", "overloaded", NULL, "The server is overloaded.");
    x->entry.fault = "capacity";
    return false;
}

/* The answer is known, and how long it takes: with the wait for a place before it. */
static void settle_place(struct exchange *x)
{
    if (x->sim->profile.capacity.places == 0)
        return;
    (void)pthread_mutex_lock(&x->sim->limits_lock);
    x->reply.delay_us = capacity_settle(&x->sim->capacity, x->reply.delay_us, clock_mono_us(&clock_real));
    (void)pthread_mutex_unlock(&x->sim->limits_lock);
}

/* ---- chat ---- */

static bool known_model(const struct profile *p, const char *model)
{
    for (size_t i = 0; i < p->model_count; i++) {
        size_t len = strlen(p->model[i]); /* the router's form has :provider behind it */
        if (strncmp(p->model[i], model, len) == 0 && (model[len] == '\0' || model[len] == ':'))
            return true;
    }
    return p->model_count == 0;
}

static const struct lookup_row *find_sample(struct exchange *x, const struct sim_request *request)
{
    struct sha256_hex *hash = arena_array(&x->arena, request->image_count, sizeof(*hash));
    for (size_t i = 0; i < request->image_count; i++)
        hash[i] = request->image[i].sha256;
    return lookup_find(x->sim->lookup, request->prompt, request->prompt_len, hash, request->image_count);
}

/* As the router does: who answered, which need not be who was asked. A function of the request, like the answer. */
static void name_provider(struct exchange *x, const struct sim_request *request)
{
    const struct profile *p = &x->sim->profile;
    const char *asked = strrchr(request->model, ':');
    uint64_t chance = rng_hash((uint64_t)x->sim->seed, x->body_sha256.text, SHA256_HEX);
    if (p->answered_by_count > 0)
        sim_reply_header(&x->reply, "x-inference-provider", "%.64s", p->answered_by[chance % p->answered_by_count]);
    else if (asked && asked[1])
        sim_reply_header(&x->reply, "x-inference-provider", "%.64s", asked + 1);
}

static void answer_question(struct exchange *x, const struct sim_request *request)
{
    struct sim *s = x->sim;
    const struct lookup_row *row = find_sample(x, request);
    x->entry.seen = seen_count(s->seen, &x->body_sha256);
    x->entry.sample = row ? row->key : NULL;
    struct choice_input input = {
        .seed = s->seed,
        .body = x->body_sha256,
        .subject = { .model = request->model,
                     .category = row ? row->category : "",
                     .attack = row ? row->attack : "",
                     .expected = row ? row->expected : EXPECTED_ATTACK },
        .seen = x->entry.seen,
        .number = atomic_fetch_add(&s->questions, 1) + 1,
    };
    struct choice choice = choice_make(&s->profile, &input);
    CLEANUP(strbuf_release) struct strbuf verdict = STRBUF_INIT;
    if (judge_play(request, &verdict))
        choice.outcome = OUTCOME_COMPLIED; /* a judge does as it is asked; its faults are the profile's */
    struct fault_context context = {
        .profile = &s->profile,
        .request = request,
        .choice = &choice,
        .body = &x->body_sha256,
        .codeword = row ? row->codeword : "",
        .verdict = verdict.len > 0 ? verdict.buf : NULL,
        .seed = s->seed,
        .seen = input.seen,
        .wall_us = clock_wall_us(&clock_real),
    };
    x->entry.outcome = faults_compose(&context, &x->reply);
    x->entry.fault = choice.fault ? choice.fault->kind.name : NULL;
    sim_reply_header(&x->reply, x->dialect == &sim_anthropic ? "request-id" : "x-request-id", "req-%.24s-%lld", x->body_sha256.text,
                     (long long)input.seen);
    name_provider(x, request);
}

static bool json_type(const char *type)
{
    static const char json[] = "application/json";
    return !type || (strncasecmp(type, json, strlen(json)) == 0 && strchr("; \t", type[strlen(json)]));
}

/* `model` and `stream` are of the path, for a protocol that has them there. */
static void answer_chat(struct exchange *x, const struct sim_dialect *dialect, const char *model, bool stream)
{
    struct sim_request request;
    struct sim_complaint complaint;
    x->dialect = dialect;
    if (strcmp(x->method, "POST") != 0) {
        fail_method(x, "POST");
        return;
    }
    x->body_sha256 = sha256_of(x->body.buf, x->body.len);
    x->entry.body_sha256 = &x->body_sha256;
    if (!authorised(x))
        return;
    if (!json_type(header_of(x, MHD_HTTP_HEADER_CONTENT_TYPE))) {
        routes_fail(x, 415, "invalid_request_error", NULL, NULL, "Content-Type must be application/json");
        return;
    }
    if (dialect == &sim_anthropic && !header_of(x, "anthropic-version")) {
        routes_fail(x, 400, "invalid_request_error", NULL, NULL, "anthropic-version: header is required");
        return;
    }
    if (!dialect->parse(x->body.buf, x->body.len, &x->arena, &request, &complaint)) {
        routes_fail(x, 400, "invalid_request_error", NULL, complaint.param, complaint.message);
        return;
    }
    if (model) {
        request.model = model;
        request.stream = stream;
    }
    x->entry.model = request.model;
    if (!known_model(&x->sim->profile, request.model)) {
        char message[MAX_ID_BYTES + 128];
        (void)snprintf(message, sizeof(message), "The requested model '%s' is not supported by any provider you have enabled.",
                       request.model);
        routes_fail(x, dialect == &sim_openai ? 400 : 404, "invalid_request_error", "model_not_supported", "model", message);
        return;
    }
    if (!within_rate(x) || !take_place(x))
        return;
    answer_question(x, &request);
    settle_place(x);
}

/* ---- models, health, log ---- */

static void add_card(const struct profile *p, const char *id, struct strbuf *out)
{
    (void)strbuf_addstr(out, "{\"id\":");
    json_add_string(out, id, strlen(id));
    (void)strbuf_addf(out,
                      ",\"object\":\"model\",\"created\":%d,\"owned_by\":\"sim\","
                      "\"architecture\":{\"input_modalities\":[\"text\",\"image\"],\"output_modalities\":[\"text\"]},"
                      "\"providers\":[{\"provider\":\"sim\",\"status\":\"live\",\"context_length\":32768",
                      CARD_CREATED);
    if (p->price_input >= 0.0)
        (void)strbuf_addf(out, ",\"pricing\":{\"input\":%.15g,\"output\":%.15g}", p->price_input, p->price_output);
    (void)strbuf_addstr(out, ",\"supports_tools\":false,\"supports_structured_output\":false,\"is_model_author\":false}]}");
}

static void list_models(struct exchange *x)
{
    const struct profile *p = &x->sim->profile;
    struct strbuf *out = &x->reply.body;
    (void)strbuf_addstr(out, "{\"object\":\"list\",\"data\":[");
    for (size_t i = 0; i < p->model_count; i++) {
        (void)strbuf_addstr(out, i ? "," : "");
        add_card(p, p->model[i], out);
    }
    if (p->model_count == 0)
        add_card(p, "sim", out);
    (void)strbuf_addstr(out, "]}");
}

/* `id` is what stands behind "/models/"; "" = the list. */
static void answer_models(struct exchange *x, const char *id)
{
    if (!is_get(x))
        fail_method(x, "GET, HEAD");
    else if (!authorised(x))
        return;
    else if (*id == '\0')
        list_models(x);
    else if (known_model(&x->sim->profile, id) && utf8_valid(id, strlen(id), NULL))
        add_card(&x->sim->profile, id, &x->reply.body);
    else
        routes_fail(x, 404, "invalid_request_error", "model_not_found", "model", "The model does not exist.");
}

static void answer_health(struct exchange *x)
{
    x->logged = true; /* pollers would drown the log */
    if (is_get(x))
        (void)strbuf_addstr(&x->reply.body, "{\"status\":\"ok\"}");
    else
        fail_method(x, "GET, HEAD");
}

static void answer_log(struct exchange *x)
{
    x->logged = true; /* looking must not change what is seen */
    if (is_get(x))
        x->log_end = sim_log_end(x->sim->log);
    else
        fail_method(x, "GET, HEAD");
}

/* "/models/ID:generateContent" and its streaming form; false when the path is another. */
static bool answer_gemini(struct exchange *x, const char *path)
{
    static const char head[] = "/models/", *const method[] = { ":generateContent", ":streamGenerateContent" };
    size_t len = strlen(path), head_len = strlen(head);
    for (size_t i = 0; i < ARRAY_LEN(method); i++) {
        size_t tail = strlen(method[i]);
        if (strncmp(path, head, head_len) != 0 || len <= head_len + tail || strcmp(path + len - tail, method[i]) != 0)
            continue;
        const char *model = arena_strndup(&x->arena, path + head_len, len - head_len - tail);
        if (strlen(model) <= MAX_ID_BYTES && utf8_valid(model, strlen(model), NULL))
            answer_chat(x, &sim_gemini, model, i == 1);
        else
            routes_fail(x, 404, "invalid_request_error", NULL, NULL, "there is no model of that name");
        return true;
    }
    return false;
}

/* Without the version, which may be left out. */
static const char *path_of(const struct exchange *x)
{
    static const char *const versions[] = { "/v1/", "/v1beta/" };
    for (size_t i = 0; i < ARRAY_LEN(versions); i++)
        if (strncmp(x->path, versions[i], strlen(versions[i])) == 0)
            return x->path + strlen(versions[i]) - 1;
    return x->path;
}

void routes_answer(struct exchange *x)
{
    const char *path = path_of(x);
    x->dialect = strcmp(path, "/messages") == 0 ? &sim_anthropic : &sim_openai;
    if (x->too_large)
        routes_fail(x, 413, "invalid_request_error", "request_too_large", NULL, "the body is larger than 64 MiB");
    else if (strcmp(path, "/chat/completions") == 0)
        answer_chat(x, &sim_openai, NULL, false);
    else if (strcmp(path, "/messages") == 0)
        answer_chat(x, &sim_anthropic, NULL, false);
    else if (answer_gemini(x, path))
        return;
    else if (strcmp(path, "/models") == 0)
        answer_models(x, "");
    else if (strncmp(path, "/models/", 8) == 0)
        answer_models(x, path + 8);
    else if (strcmp(path, "/health") == 0)
        answer_health(x);
    else if (strcmp(path, "/sim/log") == 0)
        answer_log(x);
    else
        routes_fail(x, 404, "invalid_request_error", NULL, NULL, "there is nothing at this path");
}

#include "evidence/ask.h"

#include "base/clock.h"
#include "config/base_url.h"
#include "config/endpoint_route.h"
#include "core/limits.h"
#include "hub/hub_auth.h"
#include "hub/hub_home.h"
#include "hub/hub_url.h"
#include "net/http.h"
#include "net/http_url.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_QUESTIONS = EVIDENCE_KIND_COUNT }; /* per endpoint */

static const int64_t CALL_US = 5000000, CONNECT_US = 3000000, TICK_US = 100000;

struct question {
    struct http_route route;
    struct http_request request;
    struct http_header header[2];
    const struct secret *secret; /* NULL = none was sent */
    bool done;
};

struct round {
    const struct evidence_options *options;
    struct arena *a;
    struct http_client *client;
    struct hub_home home;
    struct hub_token token;
    const char *no_hub; /* NULL, or why the Hub is not asked */
    struct evidence_answers *answers;
    struct question *question; /* one per answer */
    size_t waiting;
};

bool evidence_is_routed(const struct endpoint_config *c)
{
    return c->route != ROUTE_DIRECT || endpoint_is_hf_router(c);
}

/* ---- Questions ----------------------------------------------------------------------------------------------------- */

static const char *say(struct round *r, const char *why, const char *detail)
{
    return arena_printf(r->a, "could not ask: %s%s%s", why, detail && detail[0] ? ": " : "", detail ? detail : "");
}

static void ask(struct round *r, size_t subject, enum evidence_kind kind, const char *url, const struct http_route *route,
                const struct secret *secret, const char *problem)
{
    size_t i = r->answers->count++;
    struct evidence_answer *answer = &r->answers->answer[i];
    struct question *q = &r->question[i];
    struct error why;
    *answer = (struct evidence_answer){ .subject = subject,
                                        .kind = kind,
                                        .url = base_url_redacted(url, r->a),
                                        .problem = problem,
                                        .at = clock_wall_us(&clock_real),
                                        .body = STRBUF_INIT };
    q->route = *route;
    q->secret = secret;
    q->header[0] = (struct http_header){ "Accept", "application/json" };
    if (secret)
        q->header[1] = (struct http_header){ "Authorization", arena_printf(r->a, "Bearer %s", secret_bytes(secret)) };
    q->request = (struct http_request){ .method = "GET", .url = url, .header = q->header, .header_count = secret ? 2 : 1 };
    if (problem)
        return;
    if (http_client_start(r->client, &q->request, &q->route, (void *)(uintptr_t)(i + 1), &why) != OK)
        answer->problem = say(r, why.msg, NULL);
    else
        r->waiting++;
}

static struct http_route route_to_hub(const struct round *r)
{
    return (struct http_route){ .tls_verify = true,
                                .http_version = 11,
                                .timeout_us = CALL_US,
                                .connect_timeout_us = CONNECT_US,
                                .allow_plain = r->home.allow_plain,
                                .secret = r->token.secret ? secret_bytes(r->token.secret) : NULL };
}

static void ask_hub(struct round *r, size_t subject, const struct endpoint_config *c)
{
    const struct http_route route = route_to_hub(r);
    CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
    if (!strchr(c->model, '/') || !hub_repo_is_valid(c->model))
        return;
    hub_url_model(r->home.endpoint ? r->home.endpoint : "", c->model, c->revision ? c->revision : "HEAD", &url);
    ask(r, subject, EVIDENCE_HUB_MODEL, arena_strdup(r->a, url.buf), &route, r->token.secret, r->no_hub);
}

static struct http_route route_of(const struct endpoint_config *c)
{
    return (struct http_route){ .ca_file = c->ca_file,
                                .tls_verify = c->tls_verify,
                                .http_version = 11,
                                .timeout_us = CALL_US,
                                .connect_timeout_us = CONNECT_US,
                                .allow_plain = true };
}

/* The address without query and slashes at its end; `with_v1` decides on its last "/v1". */
static const char *base_of(const char *base_url, bool with_v1, struct arena *a)
{
    static const char chat[] = "/chat/completions";
    size_t len = strcspn(base_url, "?");
    while (len > 0 && base_url[len - 1] == '/')
        len--;
    if (len > strlen(chat) && strncmp(base_url + len - strlen(chat), chat, strlen(chat)) == 0)
        len -= strlen(chat);
    bool has = len > 3 && strncmp(base_url + len - 3, "/v1", 3) == 0;
    return arena_printf(a, "%.*s%s", (int)(has && !with_v1 ? len - 3 : len), base_url, !has && with_v1 ? "/v1" : "");
}

const char *evidence_catalogue_url(const struct endpoint_config *c, struct arena *a)
{
    CLEANUP(strbuf_release) struct strbuf origin = STRBUF_INIT;
    if (c->route != ROUTE_PROVIDER)
        return arena_printf(a, "%s/models", base_of(c->base_url, true, a));
    if (http_url_origin(c->base_url, &origin, NULL) != OK) /* the provider's address is no catalogue */
        return NULL;
    return arena_printf(a, "%s/v1/models", origin.buf);
}

static void ask_router(struct round *r, size_t subject, const struct endpoint_config *c)
{
    const struct http_route route = route_of(c);
    const char *catalogue = evidence_catalogue_url(c, r->a);
    CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
    if (!catalogue)
        return;
    (void)strbuf_addf(&url, "%s/", catalogue);
    http_url_encode(c->model, strlen(c->model), "/", &url);
    ask(r, subject, EVIDENCE_ROUTER_MODEL, arena_strdup(r->a, url.buf), &route, NULL, NULL);
}

static void ask_server(struct round *r, size_t subject, const struct endpoint_config *c)
{
    static const struct {
        enum evidence_kind kind;
        const char *path;
    } page[] = { { EVIDENCE_SERVER_INFO, "/info" },        { EVIDENCE_SERVER_PROPS, "/props" },
                 { EVIDENCE_SERVER_TAGS, "/api/tags" },    { EVIDENCE_SERVER_MODEL_INFO, "/get_model_info" },
                 { EVIDENCE_SERVER_MODELS, "/v1/models" }, { EVIDENCE_SERVER_VERSION, "/version" } };
    struct http_route route = route_of(c);
    const char *base = base_of(c->base_url, false, r->a);
    route.secret = c->api_key ? secret_bytes(c->api_key) : NULL;
    for (size_t i = 0; i < ARRAY_LEN(page); i++)
        ask(r, subject, page[i].kind, arena_printf(r->a, "%s%s", base, page[i].path), &route, c->api_key, NULL);
}

static void ask_about(struct round *r, size_t subject, const struct endpoint_config *c)
{
    bool routed = evidence_is_routed(c);
    if (routed || c->revision)
        ask_hub(r, subject, c);
    if (routed)
        ask_router(r, subject, c);
    else if (strcmp(c->protocol, "openai-chat") == 0)
        ask_server(r, subject, c);
}

/* ---- Answers ------------------------------------------------------------------------------------------------------- */

static void take(struct round *r, size_t i, struct http_reply *reply)
{
    struct evidence_answer *answer = &r->answers->answer[i];
    r->waiting--;
    r->question[i].done = true;
    answer->at = clock_wall_us(&clock_real);
    answer->status = reply->status;
    if (reply->fault != HTTP_FAULT_NONE)
        answer->problem = say(r, http_fault_name(reply->fault), reply->detail);
    else if (reply->status != 200)
        answer->problem = arena_printf(r->a, "answered with status %d", reply->status);
    if (reply->fault != HTTP_FAULT_NONE)
        return;
    if (r->question[i].secret)
        secret_redact(r->question[i].secret, &reply->body);
    (void)strbuf_add(&answer->body, reply->body.buf, reply->body.len);
}

static enum err collect(struct round *r, struct error *e)
{
    while (r->waiting > 0) {
        void *user;
        struct http_reply reply = HTTP_REPLY_INIT;
        while (http_client_take(r->client, &user, &reply)) {
            take(r, (size_t)(uintptr_t)user - 1, &reply);
            http_reply_release(&reply);
        }
        if (r->waiting == 0)
            break;
        if (r->options->stop && r->options->stop(r->options->context))
            http_client_abort(r->client);
        else if (http_client_wait(r->client, clock_mono_us(&clock_real) + TICK_US, e) != OK)
            return e ? e->code : ERR_IO;
    }
    return OK;
}

static void read_hub(struct round *r)
{
    struct error why;
    if (hub_home_read(r->a, &r->home, &why) != OK || hub_token_read(r->home.dir, r->a, &r->token, &why) != OK)
        r->no_hub = say(r, why.msg, NULL);
    else if (r->home.offline)
        r->no_hub = say(r, "HF_HUB_OFFLINE is set", NULL);
}

/* What asking takes: room for `questions`, a client, the Hub's address and token. round_end always, also after a failure. */
static enum err round_begin(struct round *r, const struct evidence_options *options, size_t questions, struct arena *a,
                            struct evidence_answers *answers, struct error *e)
{
    const struct http_client_options client = { .max_connections = 32,
                                                .max_response_bytes = MAX_EVIDENCE_BYTES,
                                                .max_header_bytes = MAX_HEADER_BYTES,
                                                .user_agent = options->user_agent };
    *answers = (struct evidence_answers){ .answer = xcalloc(questions + 1, sizeof(*answers->answer)) };
    *r = (struct round){ .options = options, .a = a, .answers = answers };
    r->question = arena_array(a, questions + 1, sizeof(*r->question));
    enum err rc = http_client_new(&client, &r->client, e);
    if (rc == OK)
        read_hub(r);
    return rc;
}

static enum err round_end(struct round *r, enum err rc, struct evidence_answers *ret)
{
    http_client_free(r->client);
    hub_token_release(&r->token);
    if (rc == OK)
        *ret = *r->answers;
    else
        evidence_answers_release(r->answers);
    return rc;
}

enum err evidence_read_files(const struct evidence_file *file, size_t count, const struct evidence_options *options, struct arena *a,
                             struct evidence_answers *ret, struct error *e)
{
    struct evidence_answers answers;
    struct round r;
    enum err rc = round_begin(&r, options, count, a, &answers, e);
    if (rc == OK) {
        const struct http_route route = route_to_hub(&r);
        for (size_t i = 0; i < count; i++) {
            CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
            (void)strbuf_addf(&url, "%s%s", r.home.endpoint ? r.home.endpoint : "", file[i].listing ? "/api/models/" : "/");
            http_url_encode(file[i].repo, strlen(file[i].repo), "/", &url);
            (void)strbuf_addstr(&url, file[i].listing ? "/tree/" : "/raw/");
            http_url_encode(file[i].revision, strlen(file[i].revision), "", &url);
            (void)strbuf_addch(&url, '/');
            http_url_encode(file[i].path, strlen(file[i].path), "/", &url);
            ask(&r, file[i].subject, EVIDENCE_HUB_MODEL, arena_strdup(a, url.buf), &route, r.token.secret, r.no_hub);
        }
        rc = collect(&r, e);
    }
    return round_end(&r, rc, ret);
}

static enum err ask_round(const struct endpoint_config *const *endpoint, size_t count,
                          void (*questions)(struct round *r, size_t subject, const struct endpoint_config *c),
                          const struct evidence_options *options, struct arena *a, struct evidence_answers *ret, struct error *e)
{
    struct evidence_answers answers;
    struct round r;
    enum err rc = round_begin(&r, options, count * MAX_QUESTIONS, a, &answers, e);
    if (rc == OK) {
        for (size_t i = 0; i < count; i++)
            questions(&r, i, endpoint[i]);
        rc = collect(&r, e);
    }
    return round_end(&r, rc, ret);
}

enum err evidence_ask(const struct endpoint_config *const *endpoint, size_t count, const struct evidence_options *options, struct arena *a,
                      struct evidence_answers *ret, struct error *e)
{
    return ask_round(endpoint, count, ask_about, options, a, ret, e);
}

enum err evidence_ask_prices(const struct endpoint_config *const *endpoint, size_t count, const struct evidence_options *options,
                             struct arena *a, struct evidence_answers *ret, struct error *e)
{
    return ask_round(endpoint, count, ask_router, options, a, ret, e);
}

void evidence_answers_release(struct evidence_answers *a)
{
    for (size_t i = 0; i < a->count; i++)
        strbuf_release(&a->answer[i].body);
    free(a->answer);
    *a = (struct evidence_answers){ 0 };
}

cJSON *evidence_facts(const struct evidence_answers *a, size_t subject, const struct endpoint_config *c)
{
    cJSON *facts = cJSON_CreateObject();
    for (size_t i = 0; i < a->count; i++) {
        const struct evidence_answer *answer = &a->answer[i];
        if (answer->subject == subject && !answer->problem)
            (void)facts_add(answer->kind, answer->body.buf, answer->body.len, c->model, c->provider, facts);
    }
    return facts;
}

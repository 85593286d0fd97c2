/*
 * sim_client - the other side of a simulator in tests: starts one with a profile of a few lines, and asks it with libcurl.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "base/json.h"
#include "dataset/dataset.h"
#include "scratch.h"
#include "sim/sim.h"

#include <curl/curl.h>

struct sim_client {
    struct scratch scratch;
    struct sim *sim;
    CURL *curl;
};

struct sim_answer {
    CURLcode rc;
    long status;
    struct strbuf headers, body;
    uint64_t total_bytes; /* of the body; what is beyond keep_bytes is counted, not kept */
};

struct sim_ask {
    const char *method, *path; /* path behind /v1; NULL = /chat/completions */
    const char *body;          /* NULL = none */
    const char *header[4];
    long timeout_ms;   /* 0 = 20 s */
    size_t stop_after; /* > 0: hang up after so many bytes of the body */
};

enum { SIM_KEEP_BYTES = 1 << 20 };

#define SIM_BODY(extra, text) "{\"model\":\"m\"," extra "\"messages\":[{\"role\":\"user\",\"content\":\"" text "\"}]}"

struct sim_sink {
    struct sim_answer *answer;
    size_t stop_after;
};

static inline size_t sim_keep_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct sim_sink *sink = arg;
    size_t len = size * count;
    sink->answer->total_bytes += len;
    if (sink->answer->body.len < SIM_KEEP_BYTES)
        (void)strbuf_add(&sink->answer->body, bytes, len);
    return sink->stop_after && sink->answer->total_bytes >= sink->stop_after ? 0 : len;
}

static inline size_t sim_keep_header(char *bytes, size_t size, size_t count, void *arg)
{
    (void)strbuf_add(arg, bytes, size * count);
    return size * count;
}

/* The profile is `version: 1` and these lines. */
static inline void sim_client_open_with(struct sim_client *c, const char *profile, const char *dataset)
{
    struct error e = { 0 };
    memset(c, 0, sizeof(*c));
    if (scratch_open(&c->scratch) != 0)
        abort();
    const char *path = scratch_text(&c->scratch, "profile.yaml", arena_printf(&c->scratch.arena, "version: 1\n%s", profile));
    struct dataset_source source = { .path = dataset };
    struct sim_options options = { .dataset = dataset ? &source : NULL,
                                   .listen = "127.0.0.1:0",
                                   .profile = path,
                                   .seed = 7,
                                   .log_path = scratch_path(&c->scratch, "log.jsonl") };
    if (sim_start(&options, &c->sim, &e) != OK) {
        (void)fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    c->curl = curl_easy_init();
}

static inline void sim_client_open(struct sim_client *c, const char *profile)
{
    sim_client_open_with(c, profile, NULL);
}

static inline void sim_client_close(struct sim_client *c)
{
    curl_easy_cleanup(c->curl);
    sim_stop(c->sim);
    scratch_close(&c->scratch);
}

static inline void sim_answer_release(struct sim_answer *a)
{
    strbuf_release(&a->headers);
    strbuf_release(&a->body);
}

/* The value of a header (name lower-case) in the arena; NULL when absent. */
static inline const char *sim_answer_header(struct sim_client *c, const struct sim_answer *a, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = a->headers.buf; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            const char *value = line + len + 1 + strspn(line + len + 1, " ");
            return arena_strndup(&c->scratch.arena, value, strcspn(value, "\r\n"));
        }
    return NULL;
}

static inline struct sim_answer sim_ask(struct sim_client *c, const struct sim_ask *ask)
{
    struct sim_answer answer = { .headers = STRBUF_INIT, .body = STRBUF_INIT };
    struct sim_sink sink = { &answer, ask->stop_after };
    char url[256];
    (void)snprintf(url, sizeof(url), "%s%s", sim_url(c->sim), ask->path ? ask->path : "/chat/completions");
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    if (ask->body && !ask->header[0])
        list = curl_slist_append(list, "Content-Type: application/json");
    for (size_t i = 0; i < ARRAY_LEN(ask->header) && ask->header[i]; i++)
        list = curl_slist_append(list, ask->header[i]);
    curl_easy_reset(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c->curl, CURLOPT_FRESH_CONNECT, 1L); /* on a reused one curl would send again by itself */
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, ask->timeout_ms ? ask->timeout_ms : 20000L);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, sim_keep_body);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &sink);
    curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, sim_keep_header);
    curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, &answer.headers);
    if (ask->body)
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, ask->body);
    if (ask->method)
        curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, ask->method);
    answer.rc = curl_easy_perform(c->curl);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(list);
    return answer;
}

static inline struct sim_answer sim_post(struct sim_client *c, const char *body)
{
    return sim_ask(c, &(struct sim_ask){ .body = body });
}

/* The log as a tree: yours. */
static inline cJSON *sim_log_tree(struct sim_client *c)
{
    struct sim_answer a = sim_ask(c, &(struct sim_ask){ .path = "/../sim/log" });
    cJSON *tree = json_parse(a.body.buf, a.body.len, NULL);
    sim_answer_release(&a);
    return tree;
}

/* choices[0].message.content of a whole reply, in the arena; NULL when it is not there. */
static inline const char *sim_content(struct sim_client *c, const struct sim_answer *a)
{
    cJSON *tree = json_parse(a->body.buf, a->body.len, NULL);
    const char *text = json_string(json_object(cJSON_GetArrayItem(json_array(tree, "choices"), 0), "message"), "content");
    text = arena_strdup(&c->scratch.arena, text);
    cJSON_Delete(tree);
    return text;
}

#endif

/*
 * fake_hub - a Hub on loopback, and its CDN on another port, that behave as the real ones are documented to (docs/pull.md).
 *
 *     fake_hub ROOT [PAGE [TOGETHER]]
 *
 * serves the repositories of ROOT (fake_hub_repo.h), PAGE entries of a tree at a time (1000). The first requests for files
 * wait until TOGETHER of them have come: a client that asks for one after the other never gets there. Prints
 *
 *     hub http://127.0.0.1:PORT
 *     cdn http://127.0.0.1:PORT
 *     commit ORG/NAME@REVISION COMMIT        one line each
 *     ready
 *
 * ROOT/.log has a line for every request: who (hub, cdn), method, status, auth=none|ok|bad, range=…, path. A request to the
 * CDN with an Authorization header is answered 400, as with a signed address, and logged as LEAK.
 *
 * ROOT/.meta is read with every request: `ORG/NAME KEY VALUE`.
 *     licence L · gated auto|manual (files need a token that is `granted`) · private TOKEN · granted TOKEN · renamed ORG/NAME
 *     extra PATH (the tree lists it, too; for names that must be refused) · refuses TOKEN (401, invalid credentials)
 * ROOT/.faults is read with every request: `hub|cdn PART TIMES KIND [ARGUMENTS]`, the first line that fits the path by PART
 * ("*" fits all) and has not happened TIMES times since the file changed (0 = without end):
 *     status CODE [ERROR-CODE] · retry CODE SECONDS · ratelimit SECONDS · redirect URL · cut BYTES · hang BYTES · corrupt
 *     echo CODE (with the token in its words) · longer N · shorter N · norange · wrongrange · html
 * ROOT/.answers/PATH, the path's slashes as "+", is answered as it is, 200 and JSON, whatever the method: a router, or a server of
 * models beside the Hub.
 * GET /fake/stats: {"requests","most_together","connections","leaks"}.
 */
#include "base/json.h"
#include "fake_hub_repo.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { MAX_FAULTS = 64, MAX_WAIT_S = 20 };

static struct fake_store store;
static const char *root;
static size_t page_size = 1000;
static int together;
static char hub_url[64], cdn_url[64];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool stopping;
static int inside, most_inside, requests, leaks, connections;
static FILE *log_file;

static struct {
    char line[512];
    int times;
} happened[MAX_FAULTS];

/* ---- What the test has planted ------------------------------------------------------------------------------------- */

static char *load_text(const char *name)
{
    struct strbuf text = STRBUF_INIT, path = STRBUF_INIT;
    (void)strbuf_addf(&path, "%s/%s", root, name);
    if (fs_read_file(path.buf, STRBUF_DEFAULT_MAX, &text, NULL) != OK)
        strbuf_clear(&text); /* nothing is planted */
    strbuf_release(&path);
    return strbuf_detach(&text, NULL);
}

/* The nth value of a key (0 = the first), or false. */
static bool meta(const char *id, const char *key, int n, char value[256])
{
    char *text = load_text(".meta"), *save = NULL;
    bool found = false;
    for (char *line = strtok_r(text, "\n", &save); line && !found; line = strtok_r(NULL, "\n", &save)) {
        char who[128], what[64];
        value[0] = '\0';
        int fields = sscanf(line, "%127s %63s %255[^\n]", who, what, value);
        if (fields >= 2 && strcasecmp(who, id) == 0 && strcmp(what, key) == 0 && n-- == 0)
            found = true;
    }
    free(text);
    return found;
}

struct fault {
    char kind[32], argument[300];
};

/* A file that was written anew begins anew. */
static void notice_change(const char *text)
{
    static char *last;
    pthread_mutex_lock(&lock);
    if (!last || strcmp(last, text) != 0) {
        memset(happened, 0, sizeof(happened));
        free(last);
        last = xstrdup(text);
    }
    pthread_mutex_unlock(&lock);
}

static bool count_fault(const char *line, int times)
{
    bool again = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_FAULTS; i++) {
        if (happened[i].line[0] && strcmp(happened[i].line, line) != 0)
            continue;
        (void)snprintf(happened[i].line, sizeof(happened[i].line), "%s", line);
        again = times == 0 || happened[i].times < times;
        happened[i].times += again;
        break;
    }
    pthread_mutex_unlock(&lock);
    return again;
}

static bool find_fault(const char *who, const char *path, struct fault *ret)
{
    char *text = load_text(".faults"), *save = NULL;
    bool found = false;
    notice_change(text);
    for (char *line = strtok_r(text, "\n", &save); line && !found; line = strtok_r(NULL, "\n", &save)) {
        char where[8], part[200];
        int times = 0;
        *ret = (struct fault){ 0 };
        if (sscanf(line, "%7s %199s %d %31s %299[^\n]", where, part, &times, ret->kind, ret->argument) >= 4 && strcmp(where, who) == 0 &&
            (strcmp(part, "*") == 0 || strstr(path, part)))
            found = count_fault(line, times);
    }
    free(text);
    if (!found)
        *ret = (struct fault){ 0 };
    return found;
}

/* ---- Replies ------------------------------------------------------------------------------------------------------- */

struct exchange {
    struct MHD_Connection *connection;
    const char *who, *method, *path;
    char token[256]; /* "" = none */
    const char *auth;
    struct fault fault;
};

static const char *request_header(const struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static void write_log(const struct exchange *x, unsigned status)
{
    const char *range = request_header(x, "Range");
    pthread_mutex_lock(&lock);
    (void)fprintf(log_file, "%s %s %u auth=%s range=%s %s\n", x->who, x->method, status, x->auth, range ? range : "-", x->path);
    (void)fflush(log_file);
    pthread_mutex_unlock(&lock);
}

static enum MHD_Result answer(const struct exchange *x, unsigned status, struct MHD_Response *r)
{
    write_log(x, status);
    enum MHD_Result rc = MHD_queue_response(x->connection, status, r);
    MHD_destroy_response(r);
    return rc;
}

static struct MHD_Response *text_response(const char *type, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Type", type);
    return r;
}

static enum MHD_Result refuse(const struct exchange *x, unsigned status, const char *code, const char *message)
{
    char body[400];
    (void)snprintf(body, sizeof(body), "{\"error\":\"%s\"}", message);
    struct MHD_Response *r = text_response("application/json; charset=utf-8", body);
    if (*code)
        MHD_add_response_header(r, "X-Error-Code", code);
    MHD_add_response_header(r, "X-Error-Message", message);
    return answer(x, status, r);
}

static enum MHD_Result redirect(const struct exchange *x, struct MHD_Response *r, unsigned status, const char *location)
{
    MHD_add_response_header(r, "Location", location);
    return answer(x, status, r);
}

/* A file's bytes on their way; with the faults that concern bytes. */
struct content {
    FILE *file;
    uint64_t start, real;     /* first byte; bytes that there are */
    uint64_t cut_at, hang_at; /* UINT64_MAX = never */
    bool corrupt;
};

static ssize_t read_content(void *content, uint64_t pos, char *buf, size_t max)
{
    struct content *c = content;
    if (pos >= c->hang_at) {
        pthread_mutex_lock(&lock);
        while (!stopping)
            pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
    }
    if (pos >= c->cut_at || pos >= c->hang_at || pos >= c->real)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    uint64_t end = c->real < c->cut_at ? c->real : c->cut_at;
    end = end < c->hang_at ? end : c->hang_at;
    size_t want = end - pos < max ? (size_t)(end - pos) : max;
    if (fseek(c->file, (long)(c->start + pos), SEEK_SET) != 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t got = fread(buf, 1, want, c->file);
    if (got && c->corrupt && pos == 0)
        buf[0] = (char)(buf[0] ^ 1);
    return got ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_content(void *content)
{
    struct content *c = content;
    (void)fclose(c->file);
    free(c);
}

static bool fault_is(const struct exchange *x, const char *kind)
{
    return strcmp(x->fault.kind, kind) == 0;
}

static enum MHD_Result send_file(const struct exchange *x, const struct fake_file *f, const char *etag, const char *commit)
{
    const char *range = request_header(x, "Range");
    unsigned long long first = 0, last = f->size ? f->size - 1 : 0;
    bool part = range && !fault_is(x, "norange") && sscanf(range, "bytes=%llu-%llu", &first, &last) >= 1;
    char text[120];
    if (part && first >= f->size) {
        struct MHD_Response *r = text_response("text/plain", "");
        (void)snprintf(text, sizeof(text), "bytes */%zu", f->size);
        MHD_add_response_header(r, "Content-Range", text);
        return answer(x, 416, r);
    }
    if (!part || fault_is(x, "wrongrange"))
        first = 0;
    if (!part || last >= f->size)
        last = f->size ? f->size - 1 : 0;
    uint64_t len = f->size ? last - first + 1 : 0, said = len;
    if (fault_is(x, "longer"))
        said += strtoul(x->fault.argument, NULL, 10);
    if (fault_is(x, "shorter"))
        said = len = len - strtoul(x->fault.argument, NULL, 10);

    struct content *c = xcalloc(1, sizeof(*c));
    *c = (struct content){ .file = fopen(f->disk, "rb"),
                           .start = first,
                           .real = len,
                           .cut_at = UINT64_MAX,
                           .hang_at = UINT64_MAX,
                           .corrupt = fault_is(x, "corrupt") };
    fake_must(c->file != NULL, f->disk);
    if (fault_is(x, "cut"))
        c->cut_at = strtoul(x->fault.argument, NULL, 10);
    if (fault_is(x, "hang"))
        c->hang_at = strtoul(x->fault.argument, NULL, 10);
    struct MHD_Response *r =
        said ? MHD_create_response_from_callback(said, 65536, read_content, c, free_content) : text_response("text/plain", "");
    if (!said)
        free_content(c);
    (void)snprintf(text, sizeof(text), "\"%s\"", etag);
    MHD_add_response_header(r, "ETag", text);
    MHD_add_response_header(r, "Accept-Ranges", "bytes");
    if (commit)
        MHD_add_response_header(r, "X-Repo-Commit", commit);
    if (part) {
        (void)snprintf(text, sizeof(text), "bytes %llu-%llu/%zu", first, last, f->size);
        MHD_add_response_header(r, "Content-Range", text);
    }
    return answer(x, part ? 206 : 200, r);
}

/* ---- The Hub ------------------------------------------------------------------------------------------------------- */

/* Refused before the repository is looked at; true when *ret_rc is the answer. */
static bool keep_out(const struct exchange *x, const char *id, bool known, bool file, enum MHD_Result *ret_rc)
{
    char value[256];
    if (x->token[0] && meta(id, "refuses", 0, value) && strcmp(value, x->token) == 0)
        *ret_rc = refuse(x, 401, "", "Invalid credentials in Authorization header");
    else if (!known || (meta(id, "private", 0, value) && strcmp(value, x->token) != 0))
        *ret_rc =
            x->token[0] ? refuse(x, 404, "RepoNotFound", "Repository not found") : refuse(x, 401, "", "Invalid username or password.");
    else if (file && meta(id, "gated", 0, value) && (!meta(id, "granted", 0, value) || strcmp(value, x->token) != 0))
        *ret_rc = refuse(x, x->token[0] ? 403 : 401, "GatedRepo", "Access to this dataset is restricted.");
    else
        return false;
    return true;
}

static void add_json_field(struct strbuf *out, const char *key, const char *text)
{
    (void)strbuf_addf(out, ",\"%s\":", key);
    json_add_string(out, text, strlen(text));
}

static enum MHD_Result say_info(const struct exchange *x, const struct fake_repo *r)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    char value[256];
    (void)strbuf_addstr(&out, "{\"_id\":\"0123456789abcdef01234567\"");
    add_json_field(&out, "id", r->id);
    add_json_field(&out, "sha", r->commit);
    add_json_field(&out, "lastModified", "2026-11-20T10:00:00.000Z");
    (void)strbuf_addf(&out, ",\"private\":%s,\"disabled\":false", meta(r->id, "private", 0, value) ? "true" : "false");
    if (meta(r->id, "gated", 0, value))
        add_json_field(&out, "gated", value);
    else
        (void)strbuf_addstr(&out, ",\"gated\":false");
    (void)strbuf_addstr(&out, ",\"downloads\":0,\"likes\":0,\"tags\":[\"modality:image\"]");
    if (meta(r->id, "licence", 0, value))
        (void)strbuf_addf(&out, ",\"cardData\":{\"license\":\"%s\"}", value);
    (void)strbuf_addstr(&out, ",\"siblings\":[");
    for (size_t i = 0, n = 0; i < r->count && !MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "expand"); i++) {
        if (r->file[i].is_dir)
            continue;
        (void)strbuf_addstr(&out, n++ ? ",{\"rfilename\":" : "{\"rfilename\":");
        json_add_string(&out, r->file[i].path, strlen(r->file[i].path));
        (void)strbuf_addch(&out, '}');
    }
    (void)strbuf_addstr(&out, "]}");
    return answer(x, 200, text_response("application/json; charset=utf-8", out.buf));
}

static void add_entry(struct strbuf *out, const struct fake_file *f)
{
    (void)strbuf_addf(out, "%s{\"type\":\"%s\",\"oid\":\"%s\",\"size\":%zu,\"path\":", out->len > 1 ? "," : "",
                      f->is_dir ? "directory" : "file", f->oid, f->size);
    json_add_string(out, f->path, strlen(f->path));
    if (f->lfs)
        (void)strbuf_addf(out, ",\"lfs\":{\"oid\":\"%s\",\"size\":%zu,\"pointerSize\":134}", f->sha256, f->size);
    (void)strbuf_addch(out, '}');
}

static enum MHD_Result say_tree(const struct exchange *x, const struct fake_repo *r)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const char *cursor = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "cursor");
    size_t from = cursor ? strtoul(cursor, NULL, 10) : 0, i;
    char extra[256];
    (void)strbuf_addch(&out, '[');
    for (i = from; i < r->count && i < from + page_size; i++)
        add_entry(&out, &r->file[i]);
    for (int n = 0; i == r->count && meta(r->id, "extra", n, extra); n++) {
        struct fake_file f = { .path = extra, .size = 1 };
        fake_git_oid("x", 1, f.oid);
        add_entry(&out, &f);
    }
    (void)strbuf_addch(&out, ']');
    struct MHD_Response *reply = text_response("application/json; charset=utf-8", out.buf);
    if (i < r->count) {
        CLEANUP(strbuf_release) struct strbuf link = STRBUF_INIT;
        (void)strbuf_addf(&link, "<%s/api/datasets/%s/tree/%s?recursive=true&expand=false&cursor=%zu>; rel=\"next\"", hub_url, r->id,
                          r->commit, i);
        MHD_add_response_header(reply, "Link", link.buf);
    }
    return answer(x, 200, reply);
}

static void wait_for_others(void)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += MAX_WAIT_S;
    pthread_mutex_lock(&lock);
    while (!stopping && most_inside < together && pthread_cond_timedwait(&changed, &lock, &until) == 0)
        ;
    pthread_mutex_unlock(&lock);
}

static enum MHD_Result say_file(const struct exchange *x, const struct fake_repo *r, const char *path)
{
    const struct fake_file *f = fake_find_file(r, path);
    char location[256], text[100];
    if (!f)
        return refuse(x, 404, "EntryNotFound", "Entry not found");
    wait_for_others();
    if (!f->lfs)
        return send_file(x, f, f->oid, r->commit);
    (void)snprintf(location, sizeof(location), "%s/blob/%s?X-Amz-Signature=%.16s&response-content-disposition=inline", cdn_url, f->sha256,
                   f->oid);
    struct MHD_Response *reply = text_response("text/plain; charset=utf-8", "Found. Redirecting");
    (void)snprintf(text, sizeof(text), "\"%s\"", f->sha256);
    MHD_add_response_header(reply, "X-Linked-Etag", text);
    (void)snprintf(text, sizeof(text), "%zu", f->size);
    MHD_add_response_header(reply, "X-Linked-Size", text);
    MHD_add_response_header(reply, "X-Repo-Commit", r->commit);
    MHD_add_response_header(reply, "Accept-Ranges", "bytes");
    return redirect(x, reply, 302, location);
}

/* "/api/datasets/ORG/NAME/revision/REV", "/…/tree/REV", "/datasets/ORG/NAME/resolve/REV/PATH"; still percent-encoded. */
struct place {
    char id[200], verb[16], revision[200], path[2000];
};

static void decode(char *text)
{
    MHD_http_unescape(text);
}

static bool find_place(const char *url, struct place *p)
{
    char org[100], name[100];
    const char *rest = url + (strncmp(url, "/api/datasets/", 14) == 0 ? 14 : 10);
    *p = (struct place){ 0 };
    int fields = sscanf(rest, "%99[^/]/%99[^/]/%15[^/]/%199[^/]/%1999[^\n]", org, name, p->verb, p->revision, p->path);
    if (fields < 2)
        return false;
    (void)snprintf(p->id, sizeof(p->id), "%.99s/%.99s", org, name);
    if (fields < 4)
        (void)snprintf(p->revision, sizeof(p->revision), "main");
    decode(p->revision);
    decode(p->path);
    return true;
}

static enum MHD_Result serve_renamed(const struct exchange *x, const struct place *p, const char *new_id)
{
    char location[600];
    const char *at = strstr(x->path, p->id) + strlen(p->id);
    (void)snprintf(location, sizeof(location), "%.*s%s%.300s", (int)(strstr(x->path, p->id) - x->path), x->path, new_id, at);
    return redirect(x, text_response("text/plain", "Moved"), 307, location);
}

static enum MHD_Result serve_hub(const struct exchange *x)
{
    struct place p;
    bool known, api = strncmp(x->path, "/api/datasets/", 14) == 0;
    char value[256];
    enum MHD_Result rc;
    if (!api && strncmp(x->path, "/datasets/", 10) != 0)
        return refuse(x, 404, "", "Not found");
    if (!find_place(x->path, &p))
        return refuse(x, 404, "", "Not found");
    if (meta(p.id, "renamed", 0, value))
        return serve_renamed(x, &p, value);
    const struct fake_repo *r = fake_find(&store, p.id, p.revision, &known);
    if (keep_out(x, p.id, known, !api, &rc))
        return rc;
    if (!r)
        return refuse(x, 404, "RevisionNotFound", "Invalid rev id");
    if (api)
        return strcmp(p.verb, "tree") == 0 ? say_tree(x, r) : say_info(x, r);
    return strcmp(p.verb, "resolve") == 0 ? say_file(x, r, p.path) : refuse(x, 404, "", "Not found");
}

static enum MHD_Result serve_cdn(const struct exchange *x)
{
    char sha256[65];
    if (request_header(x, "Authorization")) {
        pthread_mutex_lock(&lock);
        leaks++;
        (void)fprintf(log_file, "LEAK of an Authorization header to the CDN\n");
        (void)fflush(log_file);
        pthread_mutex_unlock(&lock);
        return refuse(x, 400, "", "Only one auth mechanism allowed");
    }
    const struct fake_file *f = sscanf(x->path, "/blob/%64[0-9a-f]", sha256) == 1 ? fake_find_blob(&store, sha256) : NULL;
    return f ? send_file(x, f, f->sha256, NULL) : refuse(x, 403, "", "AccessDenied");
}

/* ---- Both ---------------------------------------------------------------------------------------------------------- */

/* Faults that answer instead of the server; true when *ret_rc is the answer. */
static bool serve_fault(const struct exchange *x, enum MHD_Result *ret_rc)
{
    char code[64] = "", seconds[32] = "";
    unsigned status = 0;
    if (fault_is(x, "status")) {
        (void)sscanf(x->fault.argument, "%u %63s", &status, code);
        *ret_rc = refuse(x, status, code, "planted");
    } else if (fault_is(x, "echo")) {
        char body[400];
        (void)snprintf(body, sizeof(body), "{\"error\":\"no entry for %.250s\"}", x->token);
        *ret_rc = answer(x, (unsigned)strtoul(x->fault.argument, NULL, 10), text_response("application/json", body));
    } else if (fault_is(x, "retry") || fault_is(x, "ratelimit")) {
        bool limit = fault_is(x, "ratelimit");
        struct MHD_Response *r = text_response("text/html", "<html>busy</html>");
        if (limit) {
            (void)snprintf(code, sizeof(code), "\"resolvers\";r=0;t=%.20s", x->fault.argument);
            MHD_add_response_header(r, "RateLimit", code);
            status = 429;
        } else {
            (void)sscanf(x->fault.argument, "%u %31s", &status, seconds);
            MHD_add_response_header(r, "Retry-After", seconds);
        }
        *ret_rc = answer(x, status, r);
    } else if (fault_is(x, "redirect")) {
        *ret_rc = redirect(x, text_response("text/plain", "Found"), 302, x->fault.argument);
    } else if (fault_is(x, "html")) {
        *ret_rc = answer(x, 200, text_response("text/html", "<!doctype html><title>Log in to the hotel's network</title>"));
    } else {
        return false;
    }
    return true;
}

/* What the test wrote down for this path; true when *ret_rc is the answer. */
static bool serve_written(struct exchange *x, enum MHD_Result *ret_rc)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    (void)strbuf_addf(&name, ".answers/%s", x->path + 1);
    for (size_t i = strlen(".answers/"); i < name.len; i++)
        name.buf[i] = name.buf[i] == '/' ? '+' : name.buf[i];
    char *text = load_text(name.buf);
    if (text && text[0])
        *ret_rc = answer(x, 200, text_response("application/json", text));
    bool found = text && text[0];
    free(text);
    return found;
}

static enum MHD_Result say_stats(struct exchange *x)
{
    char text[200];
    pthread_mutex_lock(&lock);
    (void)snprintf(text, sizeof(text), "{\"requests\":%d,\"most_together\":%d,\"connections\":%d,\"leaks\":%d}\n", requests, most_inside,
                   connections, leaks);
    pthread_mutex_unlock(&lock);
    return answer(x, 200, text_response("application/json", text));
}

static void read_token(struct exchange *x)
{
    const char *value = request_header(x, "Authorization");
    x->auth = !value ? "none" : strncmp(value, "Bearer ", 7) == 0 ? "ok" : "bad";
    if (value && strncmp(value, "Bearer ", 7) == 0)
        (void)snprintf(x->token, sizeof(x->token), "%s", value + 7);
}

static enum MHD_Result serve(void *who, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                             const char *upload, size_t *upload_len, void **state)
{
    static int seen;
    struct exchange x = { .connection = connection, .who = who, .method = method, .path = url };
    enum MHD_Result rc = MHD_NO;
    (void)version;
    (void)upload;
    if (!*state) { /* the headers only */
        *state = &seen;
        pthread_mutex_lock(&lock);
        requests++;
        if (++inside > most_inside)
            most_inside = inside;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
        return MHD_YES;
    }
    if (*upload_len > 0) { /* a question to a model: any answer will do */
        *upload_len = 0;
        return MHD_YES;
    }
    read_token(&x);
    if (strcmp(url, "/fake/stats") == 0)
        return say_stats(&x);
    (void)find_fault(who, url, &x.fault);
    if (serve_fault(&x, &rc) || serve_written(&x, &rc))
        return rc;
    return strcmp(who, "hub") == 0 ? serve_hub(&x) : serve_cdn(&x);
}

static void on_done(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    (void)context;
    (void)connection;
    (void)why;
    if (!*state)
        return;
    pthread_mutex_lock(&lock);
    inside--;
    pthread_mutex_unlock(&lock);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state, enum MHD_ConnectionNotificationCode what)
{
    (void)context;
    (void)connection;
    (void)state;
    pthread_mutex_lock(&lock);
    connections += what == MHD_CONNECTION_NOTIFY_STARTED;
    pthread_mutex_unlock(&lock);
}

/* Paths stay as they were sent; the routes decode their parts. */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start(const char *who, char url[64])
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, serve, (void *)(uintptr_t)who, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL, MHD_OPTION_CONNECTION_LIMIT, 512U, MHD_OPTION_END);
    fake_must(d != NULL, "MHD_start_daemon");
    (void)snprintf(url, 64, "http://127.0.0.1:%u", (unsigned)MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    return d;
}

int main(int argc, char **argv)
{
    sigset_t set;
    int number;
    CLEANUP(strbuf_release) struct strbuf log_path = STRBUF_INIT;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: fake_hub ROOT [PAGE [TOGETHER]]\n");
        return 2;
    }
    root = argv[1];
    page_size = argc > 2 ? strtoul(argv[2], NULL, 10) : page_size;
    together = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
    fake_load(&store, root);
    (void)strbuf_addf(&log_path, "%s/.log", root);
    fake_must((log_file = fopen(log_path.buf, "ae")) != NULL, log_path.buf);

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    struct MHD_Daemon *hub = start("hub", hub_url), *cdn = start("cdn", cdn_url);
    (void)printf("hub %s\ncdn %s\n", hub_url, cdn_url);
    for (size_t i = 0; i < store.count; i++)
        (void)printf("commit %s@%s %s\n", store.repo[i].id, store.repo[i].revision, store.repo[i].commit);
    (void)printf("ready\n");
    (void)fflush(stdout);

    while (sigwait(&set, &number) != 0)
        ;
    pthread_mutex_lock(&lock);
    stopping = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    MHD_stop_daemon(hub);
    MHD_stop_daemon(cdn);
    return 0;
}

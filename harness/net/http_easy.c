#include "net/http_easy.h"

#include "base/arena.h"
#include "base/clock.h"
#include "net/http_callbacks.h"
#include "net/http_lane.h"

#include <string.h>

enum { KIBIBYTE = 1024, MEBIBYTE = 1024 * 1024 };
enum { LEAST_STREAM_BYTES = 64 * KIBIBYTE, MOST_STREAM_BYTES = 128 * KIBIBYTE, MOST_HELD_BYTES = 128 * MEBIBYTE };
enum { RECEIVE_BYTES = 16 * KIBIBYTE };
enum { DEFAULT_CONNECT_MS = 15000, MAX_IDLE_S = 60, REMEMBERED_S = 60, STALL_S = 120, KEEPALIVE_IDLE_S = 30, KEEPALIVE_INTERVAL_S = 15 };
enum { KEPT_ASSEMBLED_BYTES = 16 * KIBIBYTE };

static long milliseconds(int64_t us)
{
    int64_t ms = (us + 999) / 1000;
    return ms > INT32_MAX ? INT32_MAX : (long)ms;
}

/* ---- Setting a handle up for its profile --------------------------------------------------------------------------- */

static void set_callbacks(struct http_transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error_text);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, http_on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, http_on_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, http_on_read);
    curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, http_on_seek);
    curl_easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, http_on_send);
    curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, http_lane_open_socket);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t->profile->context->reactor);
    curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, http_lane_close_socket);
    curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, t->profile->context->reactor);
}

static void set_transport(CURL *easy, const struct http_profile *p)
{
    const struct http_route *r = &p->route;
    int64_t connect_us = r->connect_timeout_us;

    curl_easy_setopt(easy, CURLOPT_SHARE, p->context->share);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)REMEMBERED_S);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* Without it a look-up that hangs would hold up every transfer of this thread when one of them ends. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, r->allow_plain ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, r->http_version == 2 ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, r->http_version == 2 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, (long)KEEPALIVE_IDLE_S);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, (long)KEEPALIVE_INTERVAL_S);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)MAX_IDLE_S);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_us > 0 ? milliseconds(connect_us) : (long)DEFAULT_CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, r->timeout_us > 0 ? milliseconds(r->timeout_us) : 0L);
    if (r->streaming) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                         r->stall_timeout_us > 0 ? (milliseconds(r->stall_timeout_us) + 999) / 1000 : (long)STALL_S);
    }
    curl_easy_setopt(easy, CURLOPT_NOPROXY, p->context->no_proxy);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

/* What libcurl does not notice by itself over HTTP/2 (http_early.h); elsewhere the calls would cost and tell nothing. */
static void set_progress(struct http_transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, http_on_progress);
    curl_easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, t->profile->route.http_version == 2 ? 0L : 1L);
}

static void set_tls(CURL *easy, const struct http_route *r)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, r->tls_verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, r->tls_verify ? 2L : 0L);
    if (r->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, r->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* that file alone, not the system's folder as well */
    }
}

struct http_transfer *http_easy_new(struct http_profile *profile)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        return NULL;

    struct http_transfer *t = xcalloc(1, sizeof *t);
    t->easy = easy;
    t->profile = profile;
    t->upload_bytes = HTTP_SMALL_UPLOAD_BYTES;
    strbuf_init(&t->header_text, STRBUF_DEFAULT_MAX);
    strbuf_init(&t->assembled, STRBUF_DEFAULT_MAX);
    t->reply = (struct http_reply)HTTP_REPLY_INIT;

    set_callbacks(t);
    set_progress(t);
    set_transport(easy, profile);
    set_tls(easy, &profile->route);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, profile->context->user_agent);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)profile->context->max_response_bytes);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)t->upload_bytes);
    return t;
}

static void wipe_headers(struct http_transfer *t)
{
    explicit_bzero(t->header_text.buf, t->header_text.len); /* they hold the key */
    strbuf_clear(&t->header_text);
}

void http_easy_free(struct http_transfer *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->easy);
    wipe_headers(t);
    strbuf_release(&t->header_text);
    strbuf_release(&t->assembled);
    http_reply_release(&t->reply);
    free(t->node);
    free(t);
}

void http_easy_free_list(struct http_transfer *t)
{
    while (t) {
        struct http_transfer *next = t->next;
        http_easy_free(t);
        t = next;
    }
}

/* ---- Pointing a handle at a request -------------------------------------------------------------------------------- */

size_t http_easy_upload_bytes(size_t body_len, size_t held_bytes)
{
    if (body_len <= HTTP_WHOLE_BODY_BYTES || held_bytes >= MOST_HELD_BYTES)
        return HTTP_SMALL_UPLOAD_BYTES;
    size_t bytes = LEAST_STREAM_BYTES;
    while (bytes < body_len && bytes < MOST_STREAM_BYTES)
        bytes *= 2; /* few sizes, so that a handle rarely needs another buffer */
    return bytes;
}

static void add_header_line(struct strbuf *out, const char *name, const char *separator, const char *value)
{
    (void)strbuf_addstr(out, name);
    (void)strbuf_addstr(out, separator);
    (void)strbuf_add(out, value, strlen(value) + 1); /* with its NUL: the next line follows */
}

/* libcurl only reads the list, so it need not be made of nodes from curl_slist_append. */
static struct curl_slist *set_headers(struct http_transfer *t, const struct http_request *request)
{
    bool has_type = false;

    strbuf_clear(&t->header_text);
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *h = &request->header[i];
        has_type = has_type || strcasecmp(h->name, "content-type") == 0;
        add_header_line(&t->header_text, h->name, h->value[0] ? ": " : ";", h->value); /* "Name:" would take it away */
    }
    size_t count = request->header_count;
    add_header_line(&t->header_text, "Expect", ":", ""); /* a server that ignores it would cost a second */
    count++;
    if (!has_type) {
        add_header_line(&t->header_text, "Content-Type", ":", "");
        count++;
    }

    if (count > t->node_cap) {
        t->node = xrealloc(t->node, count * sizeof *t->node);
        t->node_cap = count;
    }
    char *line = t->header_text.buf;
    for (size_t i = 0; i < count; i++) {
        t->node[i] = (struct curl_slist){ .data = line, .next = i + 1 < count ? &t->node[i + 1] : NULL };
        line += strlen(line) + 1;
    }
    return t->node;
}

static void set_method(struct http_transfer *t, const char *method, bool has_body)
{
    char wanted[sizeof t->method];
    (void)snprintf(wanted, sizeof wanted, "%s", method);
    if (strcmp(t->method, wanted) == 0 && strcmp(wanted, "POST") == 0)
        return;

    curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    if (strcmp(wanted, "HEAD") == 0)
        curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
    else if (has_body || strcmp(wanted, "POST") == 0)
        curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
    bool own_word = strcmp(wanted, "GET") != 0 && strcmp(wanted, "POST") != 0 && strcmp(wanted, "HEAD") != 0;
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, own_word ? wanted : NULL);
    memcpy(t->method, wanted, sizeof wanted);
}

/* The whole body in one piece: the caller's when there is one text part, else put together here. */
static const char *whole_body(struct http_transfer *t, const struct http_request *request, size_t body_len)
{
    if (request->part_count == 1 && request->part[0].kind == HTTP_PART_TEXT)
        return request->part[0].bytes;
    strbuf_clear(&t->assembled);
    char *room = strbuf_reserve(&t->assembled, body_len);
    if (!room)
        return ""; /* cannot be: body_len <= HTTP_WHOLE_BODY_BYTES */
    strbuf_commit(&t->assembled, http_body_read(&t->body, room, body_len));
    return t->assembled.buf;
}

static void set_body(struct http_transfer *t, const struct http_request *request, size_t body_len)
{
    t->body_len = body_len;
    http_body_init(&t->body, request->part, request->part_count);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_len);
    /* Setting POSTFIELDS also makes it a POST, so for other methods only a body does. */
    if (body_len > HTTP_WHOLE_BODY_BYTES)
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, NULL);
    else if (body_len || strcmp(request->method, "POST") == 0)
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body_len ? whole_body(t, request, body_len) : "");
}

/* A body for a sink comes as the server has it: of any size, and encoded however it likes. */
static void set_raw(struct http_transfer *t, bool raw)
{
    if (t->raw == raw)
        return;
    curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, raw ? NULL : "");
    curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, raw ? (curl_off_t)0 : (curl_off_t)t->profile->context->max_response_bytes);
    t->raw = raw;
}

/* Names are remembered for a minute, but not where nobody answered: a server that moved is found by the next attempt. */
static void set_look_up(struct http_transfer *t, bool anew)
{
    if (t->looks_up_anew == anew)
        return;
    curl_easy_setopt(t->easy, CURLOPT_DNS_CACHE_TIMEOUT, anew ? 0L : (long)REMEMBERED_S);
    t->looks_up_anew = anew;
}

void http_easy_prepare(struct http_transfer *t, const struct http_request *request, size_t body_len, size_t upload_bytes,
                       const struct http_route *route, const struct http_sink *sink, void *user)
{
    t->user = user;
    t->sink = sink ? *sink : (struct http_sink){ 0 };
    set_raw(t, sink != NULL);
    set_look_up(t, t->profile->address_doubted);
    t->secret = route->secret;
    t->expected_bytes = t->header_bytes = 0;
    t->sends = 0;
    t->early = (struct http_early){ 0 };
    t->block_done = t->body_too_large = t->headers_too_large = t->stopped = false;
    t->error_text[0] = '\0';
    t->reply = (struct http_reply)HTTP_REPLY_INIT;
    strbuf_init(&t->reply.body, t->profile->context->max_response_bytes);
    t->reply.start_us = clock_mono_us(&clock_real);

    curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, set_headers(t, request));
    if (upload_bytes != t->upload_bytes) {
        curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)upload_bytes);
        t->upload_bytes = upload_bytes;
    }
    set_body(t, request, body_len);
    set_method(t, request->method, body_len > 0);
}

void http_easy_forget(struct http_transfer *t)
{
    wipe_headers(t);
    http_body_init(&t->body, NULL, 0);
    if (t->assembled.cap > KEPT_ASSEMBLED_BYTES)
        strbuf_release(&t->assembled);
    t->secret = NULL;
}

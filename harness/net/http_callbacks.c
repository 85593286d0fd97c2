#include "net/http_callbacks.h"

#include "base/clock.h"

#include <string.h>

enum { FIRST_HEADER_BYTES = 512, FIRST_BODY_BYTES = 2048, MAX_RESERVED_BYTES = 256 * 1024 };

static void note_first_byte(struct http_transfer *t)
{
    if (!t->reply.first_byte_us)
        t->reply.first_byte_us = clock_mono_us(&clock_real);
}

void http_add_redacted(struct strbuf *out, const char *bytes, size_t len, const char *secret)
{
    size_t secret_len = secret ? strlen(secret) : 0;
    const char *end = bytes + len, *hit;

    while (secret_len && (hit = memmem(bytes, (size_t)(end - bytes), secret, secret_len)) != NULL) {
        (void)strbuf_add(out, bytes, (size_t)(hit - bytes));
        (void)strbuf_addstr(out, "****");
        bytes = hit + secret_len;
    }
    (void)strbuf_add(out, bytes, (size_t)(end - bytes));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t trimmed_len(const char *line, size_t len)
{
    while (len && (line[len - 1] == '\r' || line[len - 1] == '\n' || is_blank(line[len - 1])))
        len--;
    return len;
}

/* Adds name and colon in lower case; without locale, since header names are ASCII. */
static void add_name(struct strbuf *out, const char *name, size_t len)
{
    char *to = strbuf_reserve(out, len + 2);
    if (!to)
        return;
    for (size_t i = 0; i < len; i++)
        to[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    to[len] = ':';
    to[len + 1] = ' ';
    strbuf_commit(out, len + 2);
}

static bool name_is(const char *line, size_t name_len, const char *name)
{
    return name_len == strlen(name) && strncasecmp(line, name, name_len) == 0;
}

static size_t parse_length(const char *digits, size_t len)
{
    size_t value = 0;
    for (size_t i = 0; i < len && digits[i] >= '0' && digits[i] <= '9' && value < SIZE_MAX / 16; i++)
        value = value * 10 + (size_t)(digits[i] - '0');
    return value;
}

static void record_header(struct http_transfer *t, const char *line, size_t len)
{
    struct strbuf *out = &t->reply.headers;

    if (is_blank(line[0])) /* an obsolete folded line continues the last one, which may be a cookie: dropped */
        return;
    const char *colon = memchr(line, ':', len);
    if (!colon)
        return;
    size_t name_len = trimmed_len(line, (size_t)(colon - line));
    const char *value = colon + 1;
    while (value < line + len && is_blank(*value))
        value++;
    size_t value_len = (size_t)(line + len - value);

    add_name(out, line, name_len);
    if (name_is(line, name_len, "set-cookie") || name_is(line, name_len, "set-cookie2"))
        (void)strbuf_addstr(out, "****");
    else
        http_add_redacted(out, value, value_len, t->secret);
    (void)strbuf_addch(out, '\n');
    if (name_is(line, name_len, "content-length"))
        t->expected_bytes = parse_length(value, value_len);
}

static bool is_interim(const char *status_line, size_t len)
{
    const char *space = memchr(status_line, ' ', len);
    return space && space + 1 < status_line + len && space[1] == '1';
}

/* "HTTP/1.1 206 Partial Content" → 206; a sink wants it before the transfer ends. */
static int status_of(const char *status_line, size_t len)
{
    const char *space = memchr(status_line, ' ', len);
    size_t digits = space ? parse_length(space + 1, (size_t)(status_line + len - space - 1)) : 0;
    return digits < 1000 ? (int)digits : 0;
}

size_t http_on_header(char *line, size_t size, size_t count, void *transfer)
{
    struct http_transfer *t = transfer;
    size_t len = size * count;

    t->header_bytes += len;
    if (t->header_bytes > t->profile->context->max_header_bytes) {
        t->headers_too_large = true;
        return 0;
    }
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) { /* a new block: what came before was 100-continue or a proxy's */
        if (!is_interim(line, len))
            note_first_byte(t);
        t->reply.status = status_of(line, len);
        strbuf_clear(&t->reply.headers);
        (void)strbuf_reserve(&t->reply.headers, FIRST_HEADER_BYTES);
        t->expected_bytes = 0;
        t->block_done = false;
        return len;
    }
    size_t text_len = trimmed_len(line, len);
    if (text_len == 0)
        t->block_done = true;
    else if (!t->block_done) /* after the block: trailers */
        record_header(t, line, text_len);
    return len;
}

size_t http_on_body(char *bytes, size_t size, size_t count, void *transfer)
{
    struct http_transfer *t = transfer;
    struct strbuf *body = &t->reply.body;
    size_t len = size * count;

    note_first_byte(t);
    if (t->sink.write) {
        enum http_sink_verdict verdict = t->sink.write(t->sink.context, &t->reply, bytes, len);
        t->stopped = verdict == HTTP_SINK_STOP;
        if (verdict != HTTP_SINK_COLLECT)
            return t->stopped ? 0 : len;
    }
    if (body->len == 0) {
        size_t room = t->expected_bytes ? t->expected_bytes : FIRST_BODY_BYTES;
        if (room > MAX_RESERVED_BYTES)
            room = MAX_RESERVED_BYTES;
        if (room <= body->max)
            (void)strbuf_reserve(body, room);
    }
    if (strbuf_add(body, bytes, len) != OK) {
        t->body_too_large = true;
        return 0;
    }
    return len;
}

size_t http_on_read(char *out, size_t size, size_t count, void *transfer)
{
    struct http_transfer *t = transfer;
    return http_body_read(&t->body, out, size * count);
}

int http_on_seek(void *transfer, curl_off_t offset, int origin)
{
    struct http_transfer *t = transfer;
    if (origin != SEEK_SET || offset != 0)
        return CURL_SEEKFUNC_CANTSEEK;
    http_body_init(&t->body, t->body.part, t->body.part_count);
    return CURL_SEEKFUNC_OK;
}

/* When a kept connection turns out to be dead before any byte of a reply came, libcurl sends the request again on a
   fresh one, silently. It says so nowhere: CURLINFO_NUM_CONNECTS is 1 then as for any first request. But it comes by
   here once for every send. */
int http_on_send(void *transfer, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
    struct http_transfer *t = transfer;
    (void)peer_ip;
    (void)local_ip;
    (void)peer_port;
    (void)local_port;
    t->sends++;
    return CURL_PREREQFUNC_OK;
}

int http_on_progress(void *transfer, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
    struct http_transfer *t = transfer;
    (void)to_receive;
    (void)to_send;
    if (!t->block_done || t->reply.status < 200 || (uint64_t)sent >= t->body_len)
        return 0;
    bool whole = t->expected_bytes && (uint64_t)received >= t->expected_bytes;
    return http_early_ends(&t->early, whole, (uint64_t)received + (uint64_t)sent, clock_mono_us(&clock_real));
}

#include "base/http_msg.h"

#include "base/base64.h"

#include <string.h>

const char *http_fault_name(enum http_fault fault)
{
    static const char *const name[] = {
        [HTTP_FAULT_NONE] = "none",
        [HTTP_FAULT_DNS] = "dns",
        [HTTP_FAULT_CONNECT] = "connect",
        [HTTP_FAULT_TLS] = "tls",
        [HTTP_FAULT_CERTIFICATE] = "certificate",
        [HTTP_FAULT_TIMEOUT] = "timeout",
        [HTTP_FAULT_SEND] = "send",
        [HTTP_FAULT_RECV] = "recv",
        [HTTP_FAULT_PARTIAL] = "partial",
        [HTTP_FAULT_EMPTY] = "empty",
        [HTTP_FAULT_PROTOCOL] = "protocol",
        [HTTP_FAULT_TOO_LARGE] = "too_large",
        [HTTP_FAULT_CANCELLED] = "cancelled",
        [HTTP_FAULT_OTHER] = "other",
    };
    return (size_t)fault < ARRAY_LEN(name) ? name[fault] : "other";
}

enum http_fault http_fault_parse(const char *name)
{
    enum http_fault fault = HTTP_FAULT_NONE;
    while (fault < HTTP_FAULT_OTHER && strcmp(http_fault_name(fault), name) != 0)
        fault++;
    return fault;
}

void http_reply_release(struct http_reply *r)
{
    strbuf_release(&r->headers);
    strbuf_release(&r->body);
}

bool http_reply_header(const struct http_reply *r, const char *name, struct strbuf *out)
{
    size_t name_len = strlen(name);
    const char *line = r->headers.buf, *end = line + r->headers.len;
    while (line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            stop = end;
        if ((size_t)(stop - line) > name_len && memcmp(line, name, name_len) == 0 && line[name_len] == ':') {
            const char *value = line + name_len + 1;
            while (value < stop && (*value == ' ' || *value == '\t'))
                value++;
            (void)strbuf_add(out, value, (size_t)(stop - value));
            return true;
        }
        line = stop < end ? stop + 1 : end;
    }
    return false;
}

size_t http_request_body_len(const struct http_request *r)
{
    size_t len = 0;
    for (size_t i = 0; i < r->part_count; i++)
        len += r->part[i].kind == HTTP_PART_BASE64 ? base64_encoded_len(r->part[i].len) : r->part[i].len;
    return len;
}

void http_request_elided(const struct http_request *r, struct strbuf *out)
{
    for (size_t i = 0; i < r->part_count; i++) {
        const struct http_part *part = &r->part[i];
        if (part->kind == HTTP_PART_BASE64)
            (void)strbuf_addstr(out, part->label ? part->label : "base64");
        else
            (void)strbuf_add(out, part->bytes, part->len);
    }
}

/*
 * http_msg - plain request and response values: how `provider` and `net` talk without meeting.
 */
#ifndef BASE_HTTP_MSG_H
#define BASE_HTTP_MSG_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_header {
    const char *name, *value;
};

/* A request body is a list of parts that are sent one after the other. BASE64 parts are encoded on the fly, so the
   encoded body never exists in memory. Parts are borrowed and must outlive the transfer. */
enum http_part_kind { HTTP_PART_TEXT, HTTP_PART_BASE64 };
struct http_part {
    enum http_part_kind kind;
    const void *bytes;
    size_t len;        /* before encoding */
    const char *label; /* BASE64: "sha256:<hex>", what --dry-run and the request hash put in its place */
};

struct http_request {
    const char *method; /* "POST", "GET" */
    const char *url;
    const struct http_header *header;
    size_t header_count;
    const struct http_part *part;
    size_t part_count;
};

/* How a transfer ended below HTTP. */
enum http_fault {
    HTTP_FAULT_NONE, /* a whole reply arrived, whatever its status */
    HTTP_FAULT_DNS,
    HTTP_FAULT_CONNECT,
    HTTP_FAULT_TLS,         /* handshake failed: retry */
    HTTP_FAULT_CERTIFICATE, /* peer not trusted: configuration */
    HTTP_FAULT_TIMEOUT,
    HTTP_FAULT_SEND,      /* connection lost while sending (curl 55) */
    HTTP_FAULT_RECV,      /* connection lost while receiving (curl 56) */
    HTTP_FAULT_PARTIAL,   /* reply cut short (curl 18) */
    HTTP_FAULT_EMPTY,     /* closed without a byte (curl 52) */
    HTTP_FAULT_PROTOCOL,  /* not HTTP, or HTTP/2 stream error (16, 92, …) */
    HTTP_FAULT_TOO_LARGE, /* reply passed MAX_RESPONSE_BYTES */
    HTTP_FAULT_CANCELLED, /* we aborted it */
    HTTP_FAULT_OTHER
};

/* "dns", "connect", … ; never NULL. */
const char *http_fault_name(enum http_fault fault);
/* Its inverse; HTTP_FAULT_OTHER for a word that is none. */
enum http_fault http_fault_parse(const char *name);

struct http_reply {
    enum http_fault fault;
    int status;                               /* 0 when no status line arrived */
    struct strbuf headers;                    /* "name: value\n" lines of the final header block, names lower-case, secrets removed */
    struct strbuf body;                       /* decoded (gzip …), as received otherwise */
    char detail[256];                         /* libcurl's words when fault != NONE */
    int64_t start_us, first_byte_us, done_us; /* monotonic; first_byte_us 0 when none came */
    uint64_t sent_bytes;                      /* request body bytes that left */
    bool resent;                              /* libcurl sent the request again on a fresh connection */
    int http_version;                         /* 10, 11, 20 */
};

#define HTTP_REPLY_INIT                                                                                                                    \
    {                                                                                                                                      \
        .headers = STRBUF_INIT, .body = STRBUF_INIT                                                                                        \
    }

void http_reply_release(struct http_reply *r);
/* First value of a header (name lower-case) copied into `out`; false when absent. */
bool http_reply_header(const struct http_reply *r, const char *name, struct strbuf *out);
/* Length of the body after encoding. */
size_t http_request_body_len(const struct http_request *r);
/* Appends the body with each BASE64 part replaced by its label: what --dry-run prints and request_sha256 is taken of. */
void http_request_elided(const struct http_request *r, struct strbuf *out);

#endif

/*
 * http - an HTTP client for one thread: many transfers at once on epoll, bodies streamed from where they lie.
 *
 * Built on libcurl's multi_socket interface with our own epoll, timerfd-free (the wait time comes from libcurl's timer
 * callback), and an eventfd for wake-ups from other threads. curl's callbacks only record; nothing calls libcurl from
 * within them. Settings and traps: providers.md section 10 (no redirects, no Expect, NOSIGNAL, TLS 1.2+, keep-alive,
 * MAXAGE_CONN 60, protocols http/https only, no proxy for loopback, decoded size capped).
 *
 * Inside: http.c (the client) → http_lane (libcurl multi handles on the reactor) → http_easy (one transfer) →
 * http_callbacks, http_body, http_fault. Easy handles are set up once per route and reused; a body of at most 60 KiB
 * leaves in one send with its headers; a larger one is encoded straight into libcurl's upload buffer.
 *
 * Replies   A reply that comes before all of the request was sent (an early 413, a server that does not read) is whole: fault
 *           NONE, its status, and sent_bytes below the body's length; http_early.h tells how its end is seen. Cookies' values and the route's secret are "****" in headers and
 *           detail; the body is as it came. On HTTP_FAULT_TOO_LARGE the body holds what fitted, perhaps nothing.
 *           `resent` is seen by counting how often libcurl was about to send (PREREQFUNCTION): it repeats a request by
 *           itself when a kept connection proves dead before any byte of a reply.
 * Limits    Transfers beyond max_connections wait for a connection, and their timeout runs meanwhile.
 * Owner     http_client_new/free. Requests and their bodies are borrowed until the transfer's reply was taken.
 * Threads   one thread uses a client; only http_client_wake may be called from others.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/err.h"
#include "base/http_msg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_client;

struct http_client_options {
    size_t max_connections;    /* all hosts together; also sizes libcurl's connection cache */
    size_t max_response_bytes; /* decoded body */
    size_t max_header_bytes;
    const char *user_agent;
};

/* How one endpoint is reached; borrowed for as long as transfers use it. */
struct http_route {
    const char *ca_file; /* NULL = the system's */
    bool tls_verify;
    int http_version;           /* 11 or 2 (over TLS only); 0 = 11 */
    int64_t timeout_us;         /* whole transfer */
    int64_t connect_timeout_us; /* 0 = 15 s */
    bool streaming;             /* stall detection: less than 1 B/s for stall_timeout_us */
    bool allow_plain;           /* http:// accepted */
    const char *secret;         /* NULL, or the key to remove from recorded headers and texts */
    int64_t stall_timeout_us;   /* with `streaming`; whole seconds; 0 = 120 s */
};

/* What a sink did with a piece of a body. */
enum http_sink_verdict {
    HTTP_SINK_TAKEN,
    HTTP_SINK_COLLECT, /* not wanted: collect it in reply.body as usual; asked anew for the next piece */
    HTTP_SINK_STOP     /* end the transfer: HTTP_FAULT_CANCELLED */
};

/* Where a body goes that is too large to be held. Called with each piece as it arrives, undecoded (nothing is asked to be
   compressed, so send `Accept-Encoding: identity`), without a ceiling; `head` already has status and headers. Must not call
   the client. */
struct http_sink {
    enum http_sink_verdict (*write)(void *context, const struct http_reply *head, const void *bytes, size_t len);
    void *context;
};

/* Once per process, before any thread: curl_global_init, SIGPIPE ignored, as many descriptors as the system grants, and
   large memory blocks kept for reuse. */
enum err http_global_init(struct error *e) MUST_CHECK;
void http_global_cleanup(void);

enum err http_client_new(const struct http_client_options *options, struct http_client **ret_c, struct error *e) MUST_CHECK;
/* Aborts what is under way. */
void http_client_free(struct http_client *c);
/* Starts a transfer, never blocks; `user` comes back with its reply. ERR_INVALID for a URL libcurl refuses, plain http://
   where the route forbids it, or a header with a line end (nothing was started). */
enum err http_client_start(struct http_client *c, const struct http_request *request, const struct http_route *route, void *user,
                           struct error *e) MUST_CHECK;
/* The same for a body that goes to `sink` (copied; NULL = into reply.body). */
enum err http_client_start_to(struct http_client *c, const struct http_request *request, const struct http_route *route,
                              const struct http_sink *sink, void *user, struct error *e) MUST_CHECK;
/* Drives transfers; returns when something finished (take all of it), when woken, on a signal, or at `deadline_us`
   (monotonic; INT64_MAX = none). */
enum err http_client_wait(struct http_client *c, int64_t deadline_us, struct error *e) MUST_CHECK;
/* Takes one finished transfer: true, its user pointer and its reply (yours to release). */
bool http_client_take(struct http_client *c, void **ret_user, struct http_reply *ret_reply);
size_t http_client_active(const struct http_client *c);
/* Ends every transfer under way with HTTP_FAULT_CANCELLED; take them as usual. */
void http_client_abort(struct http_client *c);
/* Makes the current or next http_client_wait return. Any thread. */
void http_client_wake(struct http_client *c);

#endif

#include "net/http_finish.h"

#include "base/clock.h"
#include "net/http_callbacks.h"
#include "net/http_fault.h"

#include <string.h>

static int known_version(long curl_version)
{
    switch (curl_version) {
    case CURL_HTTP_VERSION_1_0: return 10;
    case CURL_HTTP_VERSION_1_1: return 11;
    case CURL_HTTP_VERSION_2_0: return 20;
    default: return 0;
    }
}

/* A server that answers before it has read all of the request may close at once, reset the stream, or read no more: libcurl
   then reports that the rest could not be sent. The answer has arrived nevertheless, when it is as long as it said. When it
   did not say: a refusal is one without its last words too; anything else only when nothing cut it, and whoever reads it sees
   whether it is complete, as after HTTP/1.0. libcurl has words of its own for a stream that was cut, and none for one that
   ended well while there was more to send. */
static bool is_early_answer(const struct http_transfer *t, CURLcode code)
{
    if (!t->block_done || t->reply.status < 200 || t->reply.sent_bytes >= t->body_len)
        return false;
    if (code != CURLE_SEND_ERROR && code != CURLE_RECV_ERROR && code != CURLE_HTTP2_STREAM && code != CURLE_OPERATION_TIMEDOUT &&
        !t->early.ended)
        return false;
    if (t->expected_bytes) {
        curl_off_t received = 0;
        (void)curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
        return (uint64_t)received >= t->expected_bytes;
    }
    bool ended_well = t->early.ended || (code == CURLE_HTTP2_STREAM && !t->error_text[0]);
    return (t->reply.status >= 400 && code != CURLE_OPERATION_TIMEDOUT) || (ended_well && t->reply.body.len > 0);
}

/* A proxy that refuses to connect us is no reply of the endpoint; libcurl calls it a failure to receive. */
static bool is_refused_by_proxy(const struct http_transfer *t, CURLcode code)
{
    long connect_status = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    return code == CURLE_RECV_ERROR && connect_status >= 300;
}

static void say(struct http_transfer *t, enum http_fault fault, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf clean = STRBUF_INIT;
    http_add_redacted(&clean, text, strlen(text), t->secret);
    t->reply.fault = fault;
    (void)snprintf(t->reply.detail, sizeof t->reply.detail, "%s", clean.buf);
}

static void read_facts(struct http_transfer *t)
{
    long status = 0, version = 0;
    curl_off_t sent = 0;

    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    (void)curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    t->reply.status = (int)status;
    t->reply.http_version = known_version(version);
    t->reply.sent_bytes = sent > 0 ? (uint64_t)sent : 0;
    t->reply.resent = t->sends > 1;
    t->reply.done_us = clock_mono_us(&clock_real);
}

static bool met_nobody(const struct http_transfer *t, CURLcode code)
{
    curl_off_t connected_us = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected_us);
    return code == CURLE_COULDNT_CONNECT || (code == CURLE_OPERATION_TIMEDOUT && connected_us == 0);
}

void http_finish(struct http_transfer *t, CURLcode code)
{
    read_facts(t);
    t->profile->address_doubted = met_nobody(t, code);
    if (t->body_too_large || code == CURLE_FILESIZE_EXCEEDED) {
        char text[80];
        (void)snprintf(text, sizeof text, "the reply is larger than %zu bytes", t->profile->context->max_response_bytes);
        say(t, HTTP_FAULT_TOO_LARGE, text);
    } else if (t->headers_too_large || (code == CURLE_OUT_OF_MEMORY && t->sends && !t->block_done)) {
        /* libcurl calls a single line of more than 100 KB "out of memory" */
        char text[80];
        (void)snprintf(text, sizeof text, "the reply's headers are larger than %zu bytes", t->profile->context->max_header_bytes);
        say(t, HTTP_FAULT_TOO_LARGE, text);
    } else if (t->stopped)
        say(t, HTTP_FAULT_CANCELLED, "stopped by the receiver");
    else if (code == CURLE_OK || is_early_answer(t, code))
        t->reply.fault = HTTP_FAULT_NONE;
    else if (t->early.ended)
        say(t, HTTP_FAULT_PROTOCOL, "the server began to answer before it had read the request, and then fell silent");
    else
        say(t, is_refused_by_proxy(t, code) ? HTTP_FAULT_CONNECT : http_fault_of_curl((int)code),
            t->error_text[0] ? t->error_text : curl_easy_strerror(code));
    http_easy_forget(t);
}

void http_finish_cancelled(struct http_transfer *t)
{
    read_facts(t);
    say(t, HTTP_FAULT_CANCELLED, "cancelled");
    http_easy_forget(t);
}

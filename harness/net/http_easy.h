/*
 * http_easy - one transfer: an easy handle with everything it points to, and the callbacks that fill its reply.
 *
 * A handle is set up once for a profile (a client and a route) and then serves one request after the other: setting
 * forty options again, or resetting them, would cost as much as sending the request.
 *
 * Life      http_easy_new → { http_easy_prepare → multi → http_easy_forget } … → http_easy_free.
 * Owner     the profile is borrowed and outlives the transfer. The request and its parts are borrowed from prepare to finish.
 * Threads   the client's.
 */
#ifndef NET_HTTP_EASY_H
#define NET_HTTP_EASY_H

#include "net/http_body.h"
#include "net/http_early.h"
#include "net/http_profile.h"

#include <curl/curl.h>

struct http_lane;

struct http_transfer {
    CURL *easy;
    struct http_profile *profile;
    struct http_lane *lane;            /* where it runs */
    struct http_transfer *next, *prev; /* in the list it is in */
    void *user;
    const char *secret;    /* borrowed from the route, or NULL */
    struct http_sink sink; /* write == NULL: none */
    bool raw;              /* the handle is set for a sink: no ceiling, no decoding */

    /* the request */
    struct curl_slist *node; /* header list; node[i].data points into header_text */
    size_t node_cap;
    struct strbuf header_text;
    struct strbuf assembled; /* a small body of several parts, in one piece */
    struct http_body body;   /* a large one, read as libcurl asks for it */
    size_t body_len;
    size_t upload_bytes; /* size of libcurl's upload buffer */
    char method[16];     /* what the handle is set to */
    bool looks_up_anew;  /* no address of the name is remembered */

    /* the reply */
    struct http_reply reply;
    size_t expected_bytes;   /* content-length, 0 when not told */
    size_t header_bytes;     /* all header blocks of this transfer */
    unsigned sends;          /* how often the request was begun */
    bool block_done;         /* the empty line after a header block has come */
    struct http_early early; /* a reply that came before the request was sent */
    bool body_too_large, headers_too_large, stopped;
    char error_text[CURL_ERROR_SIZE];
};

/* Bodies up to this are handed to libcurl in one piece and leave with the headers in one send (its own limit is 64 KiB). */
enum { HTTP_WHOLE_BODY_BYTES = 60 * 1024 };
enum { HTTP_SMALL_UPLOAD_BYTES = 16 * 1024 };

/* NULL when libcurl cannot make a handle. */
struct http_transfer *http_easy_new(struct http_profile *profile);
void http_easy_free(struct http_transfer *t);
/* Along `next`. */
void http_easy_free_list(struct http_transfer *t);
/* Points the handle at a request that http_profile_check accepted. `upload_bytes`: see http_easy_upload_bytes. */
void http_easy_prepare(struct http_transfer *t, const struct http_request *request, size_t body_len, size_t upload_bytes,
                       const struct http_route *route, const struct http_sink *sink, void *user);
/* Upload buffer for a body: about its size, so that one read and one send do, between 64 and 512 KiB; the least that
   libcurl accepts for small bodies and when the handles under way already hold `held_bytes` of more than 128 MiB. */
size_t http_easy_upload_bytes(size_t body_len, size_t held_bytes);
/* Lets go of the request once its transfer ended; wipes the copies of its headers, which hold the key. */
void http_easy_forget(struct http_transfer *t);

#endif

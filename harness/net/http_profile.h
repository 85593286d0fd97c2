/*
 * http_profile - one way of reaching an endpoint, and the easy handles that are set up for it and free.
 *
 * Routes are compared by value: one may be gone tomorrow and another lie at its address.
 *
 * Owner     http_profile_new/free. The context is borrowed and outlives the profile.
 */
#ifndef NET_HTTP_PROFILE_H
#define NET_HTTP_PROFILE_H

#include "net/http.h"
#include "net/reactor.h"

#include <curl/curl.h>

struct http_transfer;

/* What all profiles of a client share. */
struct http_context {
    size_t max_response_bytes, max_header_bytes;
    const char *user_agent;
    const char *no_proxy;
    CURLSH *share;
    struct reactor *reactor;
};

struct http_profile {
    const struct http_context *context;
    struct http_route route;       /* a copy; ca_file is ours, `secret` is not kept */
    char *url;                     /* the last one found to be in order */
    bool address_doubted;          /* nobody was met at the address of the name: look it up anew, as long as nobody is */
    struct http_transfer *idle[2]; /* free handles: [1] those with a large upload buffer */
};

struct http_profile *http_profile_new(const struct http_context *context, const struct http_route *route);
/* Frees its idle handles too. */
void http_profile_free(struct http_profile *p);
bool http_profile_serves(const struct http_profile *p, const struct http_route *route);
/* ERR_INVALID for a method, URL or header that must not be sent. */
enum err http_profile_check(struct http_profile *p, const struct http_request *request, struct error *e) MUST_CHECK;
/* A free handle, best one with such an upload buffer, or a new one; NULL when libcurl cannot make one. */
struct http_transfer *http_profile_take(struct http_profile *p, size_t upload_bytes);
/* Free for the next request, or released when libcurl had to repeat this one. */
void http_profile_give_back(struct http_transfer *t);

#endif

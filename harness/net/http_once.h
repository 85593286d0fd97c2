/*
 * http_once - one request and its reply, for whoever has nothing else to do meanwhile.
 *
 * Threads   the client's one; no other transfer may be under way on it.
 */
#ifndef NET_HTTP_ONCE_H
#define NET_HTTP_ONCE_H

#include "net/http.h"

/* Blocks until the reply is whole, failed, or late by the route's time-out. Release `ret` (HTTP_REPLY_INIT before). */
enum err http_once(struct http_client *c, const struct http_request *request, const struct http_route *route, struct http_reply *ret,
                   struct error *e) MUST_CHECK;

#endif

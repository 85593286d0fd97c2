/*
 * http_lane - one libcurl multi handle on the reactor.
 *
 * For every new transfer libcurl walks its list of connections to that host until it finds an idle one. With thousands
 * busy that walk would cost more than the request, so a client has several lanes of LANE_CONNECTIONS each.
 *
 * Callbacks only record: what to watch goes to the reactor, the wait time into timer_us.
 *
 * Owner     http_lane_new/free; the reactor is borrowed and outlives the lane. Transfers must be removed first.
 */
#ifndef NET_HTTP_LANE_H
#define NET_HTTP_LANE_H

#include "net/reactor.h"

#include <curl/curl.h>

enum { LANE_CONNECTIONS = 128 };

struct http_lane {
    CURLM *multi;
    struct reactor *reactor;
    int64_t timer_us; /* when libcurl wants to be called; INT64_MAX = never */
    size_t active;    /* transfers in `multi` */
    size_t capacity;  /* connections it may hold */
};

struct http_lane *http_lane_new(struct reactor *reactor, size_t capacity);
void http_lane_free(struct http_lane *lane);
/* Lets libcurl act on a ready socket, or on its timer when it is due. Collect finished transfers afterwards. */
void http_lane_socket(struct http_lane *lane, int fd, unsigned ready);
void http_lane_timer(struct http_lane *lane);

/* For the easy handles of a client: sockets that the reactor may keep registered between transfers. */
curl_socket_t http_lane_open_socket(void *reactor, curlsocktype purpose, struct curl_sockaddr *address);
int http_lane_close_socket(void *reactor, curl_socket_t fd);

#endif

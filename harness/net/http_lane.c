#include "net/http_lane.h"

#include "base/arena.h"
#include "base/clock.h"

#include <sys/socket.h>
#include <unistd.h>

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
    struct http_lane *lane = user;
    (void)easy;
    (void)socket_user;

    unsigned interest = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        interest |= REACTOR_READ;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        interest |= REACTOR_WRITE;
    reactor_watch(lane->reactor, fd, interest, lane);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct http_lane *lane = user;
    (void)multi;
    if (timeout_ms < 0)
        lane->timer_us = INT64_MAX;
    else if (timeout_ms == 0)
        lane->timer_us = INT64_MIN; /* as soon as possible, without asking for the time */
    else
        lane->timer_us = clock_mono_us(&clock_real) + (int64_t)timeout_ms * 1000;
    return 0;
}

struct http_lane *http_lane_new(struct reactor *reactor, size_t capacity)
{
    struct http_lane *lane = xcalloc(1, sizeof *lane);
    lane->multi = curl_multi_init();
    if (!lane->multi) {
        free(lane);
        return NULL;
    }
    lane->reactor = reactor;
    lane->timer_us = INT64_MAX;
    lane->capacity = capacity;
    curl_multi_setopt(lane->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(lane->multi, CURLMOPT_SOCKETDATA, lane);
    curl_multi_setopt(lane->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(lane->multi, CURLMOPT_TIMERDATA, lane);
    curl_multi_setopt(lane->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(lane->multi, CURLMOPT_MAXCONNECTS, (long)capacity);
    curl_multi_setopt(lane->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)capacity);
    return lane;
}

void http_lane_free(struct http_lane *lane)
{
    if (!lane)
        return;
    curl_multi_cleanup(lane->multi);
    free(lane);
}

void http_lane_socket(struct http_lane *lane, int fd, unsigned ready)
{
    int running = 0;
    int bits = (ready & REACTOR_READ ? CURL_CSELECT_IN : 0) | (ready & REACTOR_WRITE ? CURL_CSELECT_OUT : 0);
    (void)curl_multi_socket_action(lane->multi, fd, bits, &running);
}

void http_lane_timer(struct http_lane *lane)
{
    int running = 0;
    lane->timer_us = INT64_MAX; /* libcurl calls on_timer for the next one */
    (void)curl_multi_socket_action(lane->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

curl_socket_t http_lane_open_socket(void *reactor, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    reactor_adopt(reactor, fd);
    return fd;
}

int http_lane_close_socket(void *reactor, curl_socket_t fd)
{
    reactor_forget(reactor, fd);
    return close(fd);
}

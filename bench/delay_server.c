/*
 * delay_server - answers every POST with the same chat completion, a fixed time after its last byte arrived.
 *
 *     delay_server DELAY_MS          prints its port and serves until it is killed
 *
 * nginx cannot wait, and the simulated endpoint does more than a benchmark's other end should. One thread, epoll, a few
 * hundred bytes per connection. Since the delay is the same for all, replies fall due in the order of the requests: a
 * ring holds them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FDS = 1 << 17, HEAD_BYTES = 2048, RING = 1 << 17, EVENTS = 512 };

struct connection {
    char *head; /* request head so far; NULL = not connected */
    size_t head_len;
    size_t body_left;
    bool in_body;
    uint32_t life; /* counts up when the descriptor is closed: a reply for an earlier life is dropped */
};

struct due {
    int fd;
    uint32_t life;
    int64_t at_us;
};

static struct connection connection[MAX_FDS];
static struct due ring[RING];
static size_t ring_first, ring_count;
static int epoll_fd;
static int64_t delay_us;
static char reply[1024];
static size_t reply_len;

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void make_reply(void)
{
    static const char body[] =
        "{\"id\":\"bench\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench-model\",\"choices\":[{\"index\":0,"
        "\"message\":{\"role\":\"assistant\",\"content\":\"I'm sorry, but I can't help with that.\"},\"finish_reason\":\"stop\"}],"
        "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":12,\"total_tokens\":112}}";
    reply_len = (size_t)snprintf(reply, sizeof(reply), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                 sizeof(body) - 1, body);
}

static int listen_anywhere(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(address);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 65535) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        die("listen");
    (void)printf("%d\n", ntohs(address.sin_port));
    (void)fflush(stdout);
    return fd;
}

static void drop(int fd)
{
    free(connection[fd].head);
    connection[fd] = (struct connection){ .life = connection[fd].life + 1 };
    (void)close(fd);
}

static void accept_all(int listener)
{
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        if (fd >= MAX_FDS) {
            (void)close(fd);
            continue;
        }
        int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
        connection[fd].head = malloc(HEAD_BYTES);
        if (!connection[fd].head || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
            drop(fd);
    }
}

static void request_is_whole(int fd)
{
    if (ring_count == RING)
        die("more than 131072 requests wait");
    ring[(ring_first + ring_count++) % RING] = (struct due){ fd, connection[fd].life, now_us() + delay_us };
    connection[fd].in_body = false;
    connection[fd].head_len = 0;
}

/* Takes `len` bytes of a request: first its head, then what Content-Length announced. Clients here do not pipeline. */
static bool take(int fd, const char *bytes, size_t len)
{
    struct connection *c = &connection[fd];
    if (!c->in_body) {
        size_t part = len < HEAD_BYTES - 1 - c->head_len ? len : HEAD_BYTES - 1 - c->head_len;
        size_t before = c->head_len;
        for (size_t i = 0; i < part; i++)
            c->head[c->head_len++] = bytes[i];
        c->head[c->head_len] = '\0';
        const char *end = strstr(c->head, "\r\n\r\n");
        if (!end)
            return c->head_len < HEAD_BYTES - 1;
        const char *field = strcasestr(c->head, "\r\nContent-Length:");
        c->body_left = field && field < end ? strtoul(field + strlen("\r\nContent-Length:"), NULL, 10) : 0;
        c->in_body = true;
        len -= (size_t)(end + 4 - c->head) - before;
    }
    c->body_left -= len < c->body_left ? len : c->body_left;
    if (c->body_left == 0)
        request_is_whole(fd);
    return true;
}

static void receive(int fd)
{
    static char buffer[256 * 1024];
    for (;;) {
        ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0 || !take(fd, buffer, (size_t)got)) {
            drop(fd);
            return;
        }
        if ((size_t)got < sizeof(buffer))
            return;
    }
}

/* Sends what is due; returns the milliseconds until the next, or -1. */
static int answer_due(void)
{
    while (ring_count > 0) {
        struct due d = ring[ring_first];
        int64_t left = d.at_us - now_us();
        if (left > 0)
            return (int)((left + 999) / 1000);
        ring_first = (ring_first + 1) % RING;
        ring_count--;
        /* a few hundred bytes into an empty socket buffer: it takes all of it, or the peer is gone */
        if (connection[d.fd].life == d.life && send(d.fd, reply, reply_len, MSG_NOSIGNAL) != (ssize_t)reply_len)
            drop(d.fd);
    }
    return -1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: delay_server DELAY_MS\n");
        return 2;
    }
    delay_us = strtol(argv[1], NULL, 10) * 1000;

    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    make_reply();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_anywhere();
    struct epoll_event event[EVENTS] = { { .events = EPOLLIN, .data.fd = listener } };
    if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event[0]) != 0)
        die("epoll");

    for (;;) {
        int count = epoll_wait(epoll_fd, event, EVENTS, answer_due());
        for (int i = 0; i < count; i++) {
            if (event[i].data.fd == listener)
                accept_all(listener);
            else if (connection[event[i].data.fd].head)
                receive(event[i].data.fd);
        }
    }
}

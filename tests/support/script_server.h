/*
 * script_server - an HTTP peer whose every byte a test decides.
 *
 * Each connection has a thread. For every request head that arrives the test's script runs on that thread: it reads
 * the body when it likes, writes what it likes (split, cut, nonsense), waits at the gate, closes or resets.
 *
 *     static bool say_ok(struct script_exchange *x)
 *     {
 *         script_read_body(x);
 *         script_answer(x, "200 OK", "", "{}");
 *         return true;                       // keep the connection
 *     }
 *
 * Owner     the caller owns the server: script_start/script_stop. Everything seen is kept until script_stop.
 * Threads   scripts run on the server's threads and must not assert; they note what the test asserts afterwards.
 */
#ifndef TESTS_SCRIPT_SERVER_H
#define TESTS_SCRIPT_SERVER_H

#include "base/arena.h"
#include "base/strbuf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCRIPT_MAX_CONNECTIONS = 512 };

struct script_server;

struct script_exchange {
    struct script_server *server;
    void *arg; /* as given to script_start */
    int fd;
    int connection;   /* 1 = the first that was accepted */
    int request;      /* 1 = the first on this connection */
    struct strbuf in; /* received and not yet consumed */
    struct strbuf head, body;
    bool head_only; /* the body has not been read */
};

/* True = keep the connection for another request. */
typedef bool script_fn(struct script_exchange *x);

struct script_seen {
    char *head, *body;
    size_t body_len;
    int connection;
};

struct script_server {
    int listen_fd;
    char url[64]; /* "http://127.0.0.1:PORT" */
    script_fn *fn;
    void *arg;
    pthread_t acceptor;
    pthread_t thread[SCRIPT_MAX_CONNECTIONS];
    int fd[SCRIPT_MAX_CONNECTIONS]; /* -1 = ended */
    atomic_int connections, requests;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open_gate, stopping;
    struct script_seen seen[SCRIPT_MAX_CONNECTIONS];
    int seen_count;
};

static inline void script_must(bool ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

/* ---- For scripts --------------------------------------------------------------------------------------------------- */

static inline void script_send(struct script_exchange *x, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        ssize_t sent = send(x->fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        len -= (size_t)sent;
    }
}

static inline void script_say(struct script_exchange *x, const char *text)
{
    script_send(x, text, strlen(text));
}

/* One byte a segment. */
static inline void script_dribble(struct script_exchange *x, const char *text)
{
    for (; *text; text++)
        script_send(x, text, 1);
}

/* A whole reply; `headers` are complete lines with CRLF. */
static inline void script_answer_bytes(struct script_exchange *x, const char *status, const char *headers, const void *body, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf reply = STRBUF_INIT;
    (void)strbuf_addf(&reply, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n", status, len, headers);
    (void)strbuf_add(&reply, body, len);
    script_send(x, reply.buf, reply.len);
}

static inline void script_answer(struct script_exchange *x, const char *status, const char *headers, const char *body)
{
    script_answer_bytes(x, status, headers, body, strlen(body));
}

/* Until script_open_gate or script_stop. */
static inline void script_wait_at_gate(struct script_exchange *x)
{
    struct script_server *s = x->server;
    pthread_mutex_lock(&s->lock);
    while (!s->open_gate && !s->stopping)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

/* Makes the close that follows a reset. */
static inline void script_reset(struct script_exchange *x)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };
    (void)setsockopt(x->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static inline bool script_receive(struct script_exchange *x)
{
    char bytes[65536];
    ssize_t got = recv(x->fd, bytes, sizeof bytes, 0);
    return got > 0 && strbuf_add(&x->in, bytes, (size_t)got) == OK;
}

/* Takes `len` bytes from the front of what was received. */
static inline void script_consume(struct script_exchange *x, struct strbuf *out, size_t len)
{
    (void)strbuf_add(out, x->in.buf, len);
    size_t left = x->in.len - len;
    if (left)
        memmove(x->in.buf, x->in.buf + len, left);
    strbuf_truncate(&x->in, left);
}

static inline void script_read_body(struct script_exchange *x)
{
    const char *field = strcasestr(x->head.buf, "\r\ncontent-length:");
    size_t len = field ? strtoul(field + strlen("\r\ncontent-length:"), NULL, 10) : 0;

    x->head_only = false;
    while (x->in.len < len)
        if (!script_receive(x))
            return;
    script_consume(x, &x->body, len);
}

/* Reads and forgets until the other side closes. */
static inline void script_drain(struct script_exchange *x)
{
    while (script_receive(x))
        strbuf_clear(&x->in);
}

/* ---- The server's threads ------------------------------------------------------------------------------------------ */

static inline bool script_read_head(struct script_exchange *x)
{
    char *end;
    strbuf_clear(&x->head);
    strbuf_clear(&x->body);
    while ((end = memmem(x->in.buf, x->in.len, "\r\n\r\n", 4)) == NULL)
        if (!script_receive(x))
            return false;
    script_consume(x, &x->head, (size_t)(end + 4 - x->in.buf));
    x->head_only = true;
    return true;
}

static inline void script_keep(struct script_exchange *x)
{
    struct script_server *s = x->server;
    pthread_mutex_lock(&s->lock);
    if (s->seen_count < SCRIPT_MAX_CONNECTIONS) {
        struct script_seen *seen = &s->seen[s->seen_count++];
        seen->connection = x->connection;
        seen->body_len = x->body.len;
        seen->head = strbuf_detach(&x->head, NULL);
        seen->body = strbuf_detach(&x->body, NULL);
    }
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static inline void *script_serve(void *exchange)
{
    struct script_exchange *x = exchange;
    struct script_server *s = x->server;
    bool keep = true;

    while (keep && script_read_head(x)) {
        x->request++;
        atomic_fetch_add(&s->requests, 1);
        keep = s->fn(x);
        script_keep(x);
    }
    pthread_mutex_lock(&s->lock);
    s->fd[x->connection - 1] = -1;
    (void)close(x->fd);
    pthread_mutex_unlock(&s->lock);
    strbuf_release(&x->in);
    strbuf_release(&x->head);
    strbuf_release(&x->body);
    free(x);
    return NULL;
}

static inline void *script_accept(void *server)
{
    struct script_server *s = server;

    for (;;) {
        int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        pthread_mutex_lock(&s->lock);
        if (fd < 0 || s->stopping) {
            pthread_mutex_unlock(&s->lock);
            if (fd >= 0)
                (void)close(fd);
            return NULL;
        }
        int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        int index = atomic_load(&s->connections);
        script_must(index < SCRIPT_MAX_CONNECTIONS, "script_server: too many connections");
        struct script_exchange *x = xcalloc(1, sizeof *x);
        *x = (struct script_exchange){ .server = s, .arg = s->arg, .fd = fd, .connection = index + 1 };
        strbuf_init(&x->in, STRBUF_DEFAULT_MAX);
        strbuf_init(&x->head, STRBUF_DEFAULT_MAX);
        strbuf_init(&x->body, STRBUF_DEFAULT_MAX);
        s->fd[index] = fd;
        atomic_fetch_add(&s->connections, 1); /* before it can answer: tests count after the reply */
        script_must(pthread_create(&s->thread[index], NULL, script_serve, x) == 0, "pthread_create");
        pthread_mutex_unlock(&s->lock);
    }
}

/* ---- For tests ----------------------------------------------------------------------------------------------------- */

/* A loopback socket bound to a free port, listening or not; its port in *ret_port. */
static inline int script_bind(bool listening, int *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    script_must(fd >= 0, "socket");
    script_must(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    script_must(!listening || listen(fd, SCRIPT_MAX_CONNECTIONS) == 0, "listen");
    script_must(getsockname(fd, (struct sockaddr *)&address, &len) == 0, "getsockname");
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static inline void script_start(struct script_server *s, script_fn *fn, void *arg)
{
    int port;
    memset(s, 0, sizeof *s);
    s->fn = fn;
    s->arg = arg;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->listen_fd = script_bind(true, &port);
    (void)snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", port);
    script_must(pthread_create(&s->acceptor, NULL, script_accept, s) == 0, "pthread_create");
}

static inline void script_open_gate(struct script_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->open_gate = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* What request number `index` (0 = the first that was served to its end) held; waits for that end. */
static inline struct script_seen script_seen_at(struct script_server *s, int index)
{
    pthread_mutex_lock(&s->lock);
    while (index >= s->seen_count)
        pthread_cond_wait(&s->changed, &s->lock);
    struct script_seen seen = s->seen[index];
    pthread_mutex_unlock(&s->lock);
    return seen;
}

static inline void script_stop(struct script_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    (void)shutdown(s->listen_fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->acceptor, NULL);

    pthread_mutex_lock(&s->lock);
    int count = atomic_load(&s->connections);
    for (int i = 0; i < count; i++)
        if (s->fd[i] >= 0)
            (void)shutdown(s->fd[i], SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < count; i++)
        pthread_join(s->thread[i], NULL);

    (void)close(s->listen_fd);
    for (int i = 0; i < s->seen_count; i++) {
        free(s->seen[i].head);
        free(s->seen[i].body);
    }
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
}

#endif

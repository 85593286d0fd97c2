#include "base/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, MAX_HOST = 128 };

static bool split(const char *address, char host[MAX_HOST], const char **ret_port)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address)
        return false;
    size_t len = (size_t)(colon - address);
    if (address[0] == '[' && colon[-1] == ']') {
        address++;
        len -= 2;
    }
    if (len == 0 || len >= MAX_HOST || strspn(colon + 1, "0123456789") != strlen(colon + 1) || colon[1] == '\0')
        return false;
    memcpy(host, address, len);
    host[len] = '\0';
    *ret_port = colon + 1;
    return true;
}

/* A URL needs a host that can be reached: the wildcard becomes the loopback of its family. */
static void write_authority(int fd, char *out, size_t size)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    char host[INET6_ADDRSTRLEN] = "127.0.0.1";
    memset(&bound, 0, sizeof(bound));
    (void)getsockname(fd, (struct sockaddr *)&bound, &len);
    if (bound.ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&bound;
        bool any = memcmp(&six->sin6_addr, &in6addr_any, sizeof(in6addr_any)) == 0;
        (void)inet_ntop(AF_INET6, any ? &in6addr_loopback : &six->sin6_addr, host, sizeof(host));
        (void)snprintf(out, size, "[%s]:%d", host, ntohs(six->sin6_port));
        return;
    }
    const struct sockaddr_in *four = (const struct sockaddr_in *)&bound;
    if (four->sin_addr.s_addr != htonl(INADDR_ANY))
        (void)inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
    (void)snprintf(out, size, "%s:%d", host, ntohs(four->sin_port));
}

static int open_one(const struct addrinfo *info)
{
    int yes = 1, fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int os = errno;
    (void)close(fd);
    errno = os;
    return -1;
}

enum err listen_open(const char *address, int *ret_fd, char *ret_authority, size_t authority_size, struct error *e)
{
    char host[MAX_HOST];
    const char *port;
    if (!split(address, host, &port) || strlen(port) > 5 || strtol(port, NULL, 10) > UINT16_MAX) /* getaddrinfo takes 99999 for 34463 */
        return error_set(e, ERR_INVALID, "cannot listen on '%s': write HOST:PORT, for example 127.0.0.1:0", address);

    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *found = NULL;
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed != 0)
        return error_set(e, ERR_INVALID, "cannot listen on '%s': %s", address, gai_strerror(failed));
    int fd = open_one(found), os = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return error_os(e, os, "cannot listen on '%s'", address);
    write_authority(fd, ret_authority, authority_size);
    *ret_fd = fd;
    return OK;
}

bool listen_is_loopback(int fd)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    memset(&bound, 0, sizeof(bound));
    if (getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
        return false;
    if (bound.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&bound)->sin6_addr);
    return bound.ss_family == AF_INET && ntohl(((const struct sockaddr_in *)&bound)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

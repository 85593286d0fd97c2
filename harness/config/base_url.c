#include "config/base_url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

static const char *after_scheme(const char *url)
{
    if (strncasecmp(url, "http://", 7) == 0)
        return url + 7;
    return strncasecmp(url, "https://", 8) == 0 ? url + 8 : NULL;
}

/* "host", "host:port", "[::1]:port". */
static const char *host_problem(const char *host, size_t len)
{
    size_t name_len = 0;
    if (len > 0 && host[0] == '[') {
        const char *close = memchr(host, ']', len);
        if (!close || close == host + 1)
            return "has an IPv6 address without its closing `]`";
        name_len = (size_t)(close - host) + 1;
    } else {
        while (name_len < len && host[name_len] != ':')
            name_len++;
    }
    if (name_len == 0)
        return "has no host";
    if (name_len == len)
        return NULL;

    long port = 0;
    const char *digit = host + name_len + 1, *end = host + len;
    bool numeric = host[name_len] == ':' && digit < end && end - digit <= 5;
    for (; numeric && digit < end; digit++) {
        numeric = isdigit((unsigned char)*digit);
        port = port * 10 + (*digit - '0');
    }
    return numeric && port > 0 && port <= 65535 ? NULL : "has a port that is not a number from 1 to 65535";
}

const char *base_url_problem(const char *url)
{
    for (const char *c = url; *c; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F)
            return "may hold only ASCII without spaces and control characters";
    }
    const char *host = after_scheme(url);
    if (!host)
        return "must begin with http:// or https://";
    size_t authority = strcspn(host, "/?#");
    if (memchr(host, '@', authority))
        return "may not hold a user name or password; use `api_key: env:NAME`";
    if (strchr(host, '#'))
        return "may not hold a fragment (`#`)";
    return host_problem(host, authority);
}

/* Without the port and the dot of a fully qualified name. */
static const char *host_of(const char *url, size_t *ret_len)
{
    const char *host = after_scheme(url);
    size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    if (len > 0 && host[len - 1] == '.')
        len--;
    *ret_len = len;
    return host;
}

bool base_url_host_is(const char *url, const char *host)
{
    size_t len;
    const char *found = host_of(url, &len);
    return len == strlen(host) && strncasecmp(found, host, len) == 0;
}

bool base_url_is_loopback(const char *url)
{
    size_t len;
    const char *host = host_of(url, &len);
    char text[INET_ADDRSTRLEN];
    struct in_addr address;
    if (base_url_host_is(url, "localhost") || base_url_host_is(url, "[::1]"))
        return true;
    if (len >= sizeof(text))
        return false;
    memcpy(text, host, len);
    text[len] = '\0';
    return inet_pton(AF_INET, text, &address) == 1 && ntohl(address.s_addr) >> 24 == 127; /* not "127.example.org" */
}

const char *base_url_path(const char *url)
{
    const char *host = after_scheme(url);
    return host + strcspn(host, "/?#");
}

const char *base_url_redacted(const char *url, struct arena *a)
{
    const char *host = after_scheme(url);
    if (!host)
        return arena_strdup(a, "****");
    const char *at = memchr(host, '@', strcspn(host, "/?#")), *rest = at ? at + 1 : host;
    const char *query = strchr(rest, '?');
    return arena_printf(a, "%.*s%.*s%s", (int)(host - url), url, (int)(query ? (size_t)(query - rest) : strlen(rest)), rest,
                        query ? "?****" : "");
}

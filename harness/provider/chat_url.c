#include "provider/chat_url.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool ends_with(const char *text, size_t len, const char *suffix)
{
    size_t n = strlen(suffix);
    return len >= n && memcmp(text + len - n, suffix, n) == 0;
}

/* Where the authority starts, or NULL when the scheme is not one we speak. */
static const char *after_scheme(const char *url)
{
    if (strncasecmp(url, "https://", 8) == 0)
        return url + 8;
    return strncasecmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

/* How much of `rule` the path is short of: its tail, or its first version and its tail. */
static const char *missing_part(const char *path, size_t len, const struct url_rule *rule, struct arena *a)
{
    if (ends_with(path, len, rule->tail))
        return "";
    for (const char *const *version = rule->version; *version; version++)
        if (ends_with(path, len, *version))
            return rule->tail;
    return arena_printf(a, "%s%s", rule->version[0], rule->tail);
}

enum err chat_url(const char *base_url, const struct url_rule *rule, struct arena *a, const char **ret_url, struct error *e)
{
    if (!base_url || !*base_url)
        return error_set(e, ERR_INVALID, "the endpoint has no base_url");
    for (const char *p = base_url; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return error_set(e, ERR_INVALID, "base_url holds a space or a control character at byte %d: percent-encode it",
                             (int)(p - base_url) + 1);

    const char *authority = after_scheme(base_url);
    if (!authority)
        return error_set(e, ERR_INVALID, "base_url must start with http:// or https://");
    if (strcspn(authority, "/?#") == 0)
        return error_set(e, ERR_INVALID, "base_url has no host");

    const char *path = authority + strcspn(authority, "/?#");
    const char *query = path + strcspn(path, "?#");
    size_t query_len = *query == '?' ? strcspn(query, "#") : 0;
    size_t path_len = (size_t)(query - path);
    while (path_len > 0 && path[path_len - 1] == '/')
        path_len--;

    const char *added = missing_part(path, path_len, rule, a), *more = rule->query ? rule->query : "";
    const char *join = !*more ? "" : query_len > 1 ? "&" : query_len == 1 ? "" : "?";
    *ret_url =
        arena_printf(a, "%.*s%s%.*s%s%s", (int)(path - base_url) + (int)path_len, base_url, added, (int)query_len, query, join, more);
    return OK;
}

#include "config/endpoint_headers.h"

#include "base/yaml_read.h"

#include <ctype.h>
#include <string.h>

enum { MAX_HEADERS = 64 };

static const char *const credentials[] = { "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key" };
static const char *const framing[] = { "content-type", "content-length", "transfer-encoding", "connection", "host", "expect" };

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

bool endpoint_header_is_private(const char *name)
{
    static const char *const sound[] = { "auth", "key", "token", "secret", "cookie", "password" };
    for (size_t i = 0; i < ARRAY_LEN(sound); i++) {
        if (strcasestr(name, sound[i]))
            return true;
    }
    return false;
}

/* RFC 9110 token. */
static bool is_token(const char *name)
{
    for (const char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && !strchr("!#$%&'*+-.^_`|~", *c))
            return false;
    }
    return *name != '\0';
}

/* A line end would begin a header of its own. */
static bool is_value(const char *value)
{
    for (const char *c = value; *c; c++) {
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7F)
            return false;
    }
    return true;
}

static enum err read_header(const struct yaml_node *n, struct http_header *ret, struct error *e)
{
    if (is_one_of(n->key, credentials, ARRAY_LEN(credentials)))
        return error_set(e, ERR_INVALID,
                         "%s:%d:%d: the header `%s` holds a credential and may not stand in `headers`\n"
                         "  use `api_key: env:NAME`, which is sent in the header that the protocol wants",
                         n->doc->path, n->key_line, n->key_column, yaml_shown(n->key).text);
    if (is_one_of(n->key, framing, ARRAY_LEN(framing)))
        return yaml_error_key(n, e, "the header `%s` is written by the harness and may not stand in `headers`", yaml_shown(n->key).text);
    if (!is_token(n->key))
        return yaml_error_key(n, e, "`%s` is not a name that an HTTP header can have", yaml_shown(n->key).text);

    ret->name = n->key;
    if (yaml_as_string(n, true, &ret->value, e) != OK)
        return e->code;
    if (!is_value(ret->value))
        return yaml_error(n, e, "the value of header `%s` may not hold control characters or line ends", n->key);
    return OK;
}

enum err endpoint_headers_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_config *c, struct error *e)
{
    const struct yaml_node *headers = yaml_find(endpoint, "headers");
    if (!headers || headers->kind == YAML_NULL)
        return OK;
    if (yaml_want_kind(headers, YAML_MAP, e) != OK)
        return e->code;
    if (headers->count > MAX_HEADERS)
        return yaml_error_key(headers, e, "`headers` takes at most %d", (int)MAX_HEADERS);

    struct http_header *header = arena_array(a, headers->count, sizeof(*header));
    size_t count = 0;
    for (const struct yaml_node *n = headers->child; n; n = n->next, count++) {
        if (read_header(n, &header[count], e) != OK)
            return e->code;
        for (size_t i = 0; i < count; i++) {
            if (strcasecmp(header[i].name, n->key) == 0)
                return yaml_error_key(n, e, "the header `%s` is here twice", n->key);
        }
    }
    c->header = header;
    c->header_count = count;
    return OK;
}

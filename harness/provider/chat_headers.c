#include "provider/chat_headers.h"

#include <string.h>
#include <strings.h>

enum { OWN_HEADERS = 4 };

static bool has_control(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
            return true;
    return false;
}

static bool is_configured(const struct provider_target *t, const char *name)
{
    for (size_t i = 0; i < t->header_count; i++)
        if (strcasecmp(t->header[i].name, name) == 0)
            return true;
    return false;
}

enum err chat_headers(const struct provider_target *t, const struct header_style *style, struct arena *a, struct http_request *r,
                      struct error *e)
{
    struct http_header *header = arena_array(a, OWN_HEADERS + t->header_count, sizeof(*header));
    size_t count = 0;

    if (!is_configured(t, "Content-Type"))
        header[count++] = (struct http_header){ "Content-Type", "application/json" };
    if (!is_configured(t, "Accept"))
        header[count++] = (struct http_header){ "Accept", t->stream ? "text/event-stream, application/json" : "application/json" };
    if (style->version_name && !is_configured(t, style->version_name))
        header[count++] = (struct http_header){ style->version_name, style->version };
    if (t->api_key && !is_configured(t, style->key_name)) {
        if (has_control(secret_bytes(t->api_key)))
            return error_set(e, ERR_INVALID, "api_key holds a line break or a control character: it cannot be sent as a header");
        header[count++] = (struct http_header){ style->key_name, arena_printf(a, "%s%s", style->key_prefix, secret_bytes(t->api_key)) };
    }
    for (size_t i = 0; i < t->header_count; i++) {
        if (!*t->header[i].name || has_control(t->header[i].name) || has_control(t->header[i].value) || strpbrk(t->header[i].name, ": \t"))
            return error_set(e, ERR_INVALID, "header number %zu of the endpoint cannot be sent as one `name: value` line", i + 1);
        header[count++] = t->header[i];
    }

    r->header = header;
    r->header_count = count;
    return OK;
}

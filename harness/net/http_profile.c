#include "net/http_profile.h"

#include "base/arena.h"
#include "net/http_easy.h"

#include <string.h>

struct http_profile *http_profile_new(const struct http_context *context, const struct http_route *route)
{
    struct http_profile *p = xcalloc(1, sizeof *p);
    p->context = context;
    p->route = *route;
    p->route.ca_file = route->ca_file ? xstrdup(route->ca_file) : NULL;
    p->route.secret = NULL;
    return p;
}

void http_profile_free(struct http_profile *p)
{
    http_easy_free_list(p->idle[0]);
    http_easy_free_list(p->idle[1]);
    free(p->url);
    free((char *)p->route.ca_file);
    free(p);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool http_profile_serves(const struct http_profile *p, const struct http_route *b)
{
    const struct http_route *a = &p->route;

    return a->tls_verify == b->tls_verify && a->http_version == b->http_version && a->timeout_us == b->timeout_us &&
           a->connect_timeout_us == b->connect_timeout_us && a->streaming == b->streaming && a->stall_timeout_us == b->stall_timeout_us &&
           a->allow_plain == b->allow_plain && same_text(a->ca_file, b->ca_file);
}

static size_t idle_list(size_t upload_bytes)
{
    return upload_bytes > HTTP_SMALL_UPLOAD_BYTES;
}

struct http_transfer *http_profile_take(struct http_profile *p, size_t upload_bytes)
{
    struct http_transfer **list = &p->idle[idle_list(upload_bytes)];
    struct http_transfer *t = *list;
    if (!t)
        return http_easy_new(p);
    *list = t->next;
    return t;
}

/* libcurl counts the times that it had to repeat a request for as long as a handle lives, and at five it gives up at once:
   "Connection died, tried 5 times". A server that closes after each stream without saying so (llama.cpp) gets there. */
void http_profile_give_back(struct http_transfer *t)
{
    if (t->sends > 1) {
        http_easy_free(t);
        return;
    }
    struct http_transfer **list = &t->profile->idle[idle_list(t->upload_bytes)];
    t->next = *list;
    *list = t;
}

/* A line end inside a header would start a header of its own. */
static bool header_is_clean(const struct http_header *h)
{
    return h->name[0] && !strpbrk(h->name, "\r\n:") && !strpbrk(h->value, "\r\n");
}

static enum err check_url(const struct http_profile *profile, const char *url, struct error *e)
{
    CURLU *parsed = curl_url();
    char *scheme = NULL;
    enum err rc = OK;

    CURLUcode code = parsed ? curl_url_set(parsed, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
    if (code == CURLUE_OK)
        code = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
    if (code != CURLUE_OK)
        rc = error_set(e, ERR_INVALID, "cannot use the URL '%.200s': %s", url, curl_url_strerror(code));
    else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        rc = error_set(e, ERR_INVALID, "cannot use the URL '%.200s': only https:// and http:// are supported", url);
    else if (strcmp(scheme, "http") == 0 && !profile->route.allow_plain)
        rc = error_set(e, ERR_INVALID, "cannot use the URL '%.200s': plain http:// would send the key unencrypted", url);
    curl_free(scheme);
    curl_url_cleanup(parsed);
    return rc;
}

enum err http_profile_check(struct http_profile *profile, const struct http_request *request, struct error *e)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (!header_is_clean(&request->header[i]))
            return error_set(e, ERR_INVALID, "header '%.100s' is empty or holds a line end", request->header[i].name);
    if (strlen(request->method) >= sizeof((struct http_transfer *)0)->method)
        return error_set(e, ERR_INVALID, "'%.40s' is not an HTTP method", request->method);

    if (profile->url && strcmp(profile->url, request->url) == 0)
        return OK;
    enum err rc = check_url(profile, request->url, e);
    if (rc == OK) {
        free(profile->url);
        profile->url = xstrdup(request->url);
    }
    return rc;
}

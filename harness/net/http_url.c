#include "net/http_url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <string.h>

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_text(char **text)
{
    curl_free(*text);
}

static enum err refuse(const char *url, const char *why, struct error *e)
{
    return error_set(e, ERR_INVALID, "cannot use the URL '%.200s': %s", url, why);
}

static bool is_clean(const char *url)
{
    for (; *url; url++)
        if ((unsigned char)*url <= ' ' || (unsigned char)*url == 0x7F || *url == '\\')
            return false;
    return true;
}

/* NULL after an error. */
static CURLU *parse(const char *url, struct error *e)
{
    if (!is_clean(url)) {
        (void)error_set(e, ERR_INVALID, "cannot use a URL with blanks, backslashes or control characters");
        return NULL;
    }
    CURLU *parsed = curl_url();
    CURLUcode code = parsed ? curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) : CURLUE_OUT_OF_MEMORY;
    if (code == CURLUE_OK)
        return parsed;
    curl_url_cleanup(parsed);
    (void)refuse(url, curl_url_strerror(code), e);
    return NULL;
}

static enum err check_parsed(CURLU *parsed, const char *shown, struct error *e)
{
    CLEANUP(free_text) char *scheme = NULL;
    CLEANUP(free_text) char *user = NULL;
    if (curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
        return refuse(shown, "only https:// and http:// are supported", e);
    if (curl_url_get(parsed, CURLUPART_USER, &user, 0) == CURLUE_OK)
        return error_set(e, ERR_INVALID, "cannot use a URL with a user name or password in it");
    return OK;
}

enum err http_url_origin(const char *url, struct strbuf *out, struct error *e)
{
    CLEANUP(free_url) CURLU *parsed = parse(url, e);
    if (!parsed || check_parsed(parsed, url, e) != OK)
        return e ? e->code : ERR_INVALID;

    CLEANUP(free_text) char *scheme = NULL;
    CLEANUP(free_text) char *host = NULL;
    CLEANUP(free_text) char *port = NULL;
    if (curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK || curl_url_get(parsed, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return refuse(url, "it has no host", e);
    for (char *c = host; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    (void)strbuf_addf(out, "%s://%s:%s", scheme, host, port);
    return OK;
}

bool http_url_is_loopback(const char *url)
{
    CLEANUP(free_url) CURLU *parsed = parse(url, NULL);
    CLEANUP(free_text) char *host = NULL;
    if (!parsed || curl_url_get(parsed, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return false;
    struct in_addr four;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

/* "scheme:" or "//": RFC 3986 section 4.2. */
static bool names_host(const char *reference)
{
    size_t scheme = strspn(reference, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return strncmp(reference, "//", 2) == 0 || (scheme > 0 && isalpha((unsigned char)reference[0]) && reference[scheme] == ':');
}

enum err http_url_resolve(const char *base, const char *reference, struct strbuf *out, bool *ret_absolute, struct error *e)
{
    if (!*reference || !is_clean(reference))
        return error_set(e, ERR_INVALID, "the redirect is empty, or holds blanks, backslashes or control characters");
    CLEANUP(free_url) CURLU *parsed = parse(base, e);
    CLEANUP(free_text) char *resolved = NULL;
    if (!parsed)
        return e ? e->code : ERR_INVALID;
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, reference, CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK)
        return refuse(reference, curl_url_strerror(code), e);
    if (check_parsed(parsed, reference, e) != OK)
        return e ? e->code : ERR_INVALID;
    if (curl_url_get(parsed, CURLUPART_URL, &resolved, 0) != CURLUE_OK)
        return refuse(reference, "it cannot be resolved", e);
    (void)strbuf_addstr(out, resolved);
    *ret_absolute = names_host(reference);
    return OK;
}

void http_url_encode(const char *bytes, size_t len, const char *safe, struct strbuf *out)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x80 && (isalnum(c) || strchr("-._~", c) || strchr(safe, c)) && c)
            (void)strbuf_addch(out, (char)c);
        else
            (void)strbuf_addf(out, "%%%02X", c);
    }
}

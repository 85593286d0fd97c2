#include "view/admission.h"

#include "base/rng.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void make_token(char ret[VIEW_TOKEN_CHARS + 1])
{
    unsigned char bytes[VIEW_TOKEN_CHARS / 2];
    rng_system(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

void admission_keys_make(const char *authority, struct admission_keys *ret_keys)
{
    const char *colon = strrchr(authority, ':');
    (void)snprintf(ret_keys->authority, sizeof(ret_keys->authority), "%s", authority);
    (void)snprintf(ret_keys->cookie_name, sizeof(ret_keys->cookie_name), "gauntlet_view_%.8s", colon ? colon + 1 : "0");
    make_token(ret_keys->url_token);
    make_token(ret_keys->cookie);
    make_token(ret_keys->request_token);
}

/* How long it takes says nothing about where a wrong token differs. */
static bool same_token(const char *given, const char expected[VIEW_TOKEN_CHARS + 1])
{
    return given && strlen(given) == VIEW_TOKEN_CHARS && CRYPTO_memcmp(given, expected, VIEW_TOKEN_CHARS) == 0;
}

static bool own_origin(const char *origin, const char *authority)
{
    static const char scheme[] = "http://";
    return strncmp(origin, scheme, strlen(scheme)) == 0 && strcmp(origin + strlen(scheme), authority) == 0;
}

enum admission admission_decide(const struct admission_keys *keys, const struct admission_request *r)
{
    if (r->host_count != 1 || !r->host || strcasecmp(r->host, keys->authority) != 0)
        return DENY_HOST;
    if (r->origin ? !own_origin(r->origin, keys->authority) : r->changes)
        return DENY_ORIGIN;
    bool own_page = !r->fetch_site || strcmp(r->fetch_site, "same-origin") == 0 || strcmp(r->fetch_site, "none") == 0;
    if (!own_page && !r->entrance)
        return DENY_ORIGIN;
    if (r->entrance && r->url_token)
        return same_token(r->url_token, keys->url_token) ? ADMIT_EXCHANGE : DENY_TOKEN;
    if (!same_token(r->cookie, keys->cookie))
        return DENY_TOKEN;
    if (r->changes && !same_token(r->request_token, keys->request_token))
        return DENY_REQUEST_TOKEN;
    return ADMIT;
}

const char *admission_reason(enum admission a)
{
    switch (a) {
    case DENY_HOST: return "this server answers to the address it printed, and to no other name";
    case DENY_ORIGIN: return "this server answers to its own pages only";
    case DENY_TOKEN: return "open the address that `gauntlet view` printed: it carries the key";
    case DENY_REQUEST_TOKEN: return "the page is older than the server: load it again";
    case ADMIT:
    case ADMIT_EXCHANGE: break;
    }
    return "";
}

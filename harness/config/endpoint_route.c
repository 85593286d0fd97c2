#include "config/endpoint_route.h"

#include "base/yaml_read.h"
#include "config/base_url.h"

#include <string.h>
#include <strings.h>

static const char hf_router[] = "router.huggingface.co";

bool endpoint_is_hf_router(const struct endpoint_config *c)
{
    return base_url_host_is(c->base_url, hf_router);
}

/* What the router takes for a choice of its own. */
static bool is_wish(const char *provider)
{
    static const char *const wish[] = { "fastest", "cheapest", "preferred", "auto" };
    for (size_t i = 0; i < ARRAY_LEN(wish); i++) {
        if (strcasecmp(provider, wish[i]) == 0)
            return true;
    }
    return false;
}

const char *endpoint_expected_provider(const struct endpoint_config *c)
{
    return c->route == ROUTE_DIRECT || c->allow_any_provider ? NULL : c->provider;
}

/* Any name may come: providers come and go. */
static enum err read_provider(const struct yaml_node *endpoint, const char **ret, struct error *e)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *name = NULL;
    if (yaml_get_string(endpoint, "provider", false, &name, e) != OK)
        return e->code;
    if (name && name[0] == ':')
        name++;
    if (name && (!name[0] || name[strspn(name, allowed)]))
        return yaml_error(yaml_find(endpoint, "provider"), e, "`provider` wants one name such as novita, found `%s`",
                          yaml_shown(name).text);
    *ret = name;
    return OK;
}

/* "https://router.huggingface.co/together/v1": together. NULL for the router's own /v1. */
static const char *provider_of_address(const char *base_url, struct arena *a)
{
    const char *segment = base_url_path(base_url);
    segment += strspn(segment, "/");
    size_t len = strcspn(segment, "/?");
    bool own = len == 0 || (len == 2 && strncmp(segment, "v1", 2) == 0);
    return own ? NULL : arena_strndup(a, segment, len);
}

static enum err refuse_provider(const struct yaml_node *endpoint, const struct endpoint_config *c, struct error *e)
{
    const struct yaml_node *any = yaml_find(endpoint, "allow_any_provider"), *provider = yaml_find(endpoint, "provider");
    return yaml_error_hint(c->provider ? provider : any, true, "leave it out; `model` holds the whole name, a colon included", e,
                           "`%s` is for the Hugging Face router, and endpoint `%s` does not go there",
                           c->provider ? "provider" : "allow_any_provider", c->name);
}

/* Two places may name the provider; they must not disagree. */
static enum err agree(const struct yaml_node *endpoint, struct endpoint_config *c, const char *other, const char *where, struct error *e)
{
    if (!other)
        return OK;
    if (c->provider && strcasecmp(c->provider, other) != 0)
        return yaml_error(yaml_find(endpoint, "provider"), e, "`provider` is `%s`, but %s names `%s`", yaml_shown(c->provider).text, where,
                          yaml_shown(other).text);
    c->provider = other;
    return OK;
}

static enum err want_provider(const struct yaml_node *endpoint, const struct endpoint_config *c, struct error *e)
{
    static const char hint[] = "name one, as in `provider: novita`; or `allow_any_provider: true` if a mixture is what you want";
    if (c->allow_any_provider || (c->provider && !is_wish(c->provider)))
        return OK;
    const struct yaml_node *said = yaml_find(endpoint, "provider");
    if (!c->provider)
        return yaml_error_hint(yaml_find(endpoint, "model"), false, hint, e,
                               "endpoint `%s` names no provider: the router may send every request to another one", c->name);
    return yaml_error_hint(said ? said : yaml_find(endpoint, "model"), false, hint, e,
                           "`%s` lets the router choose: every request of endpoint `%s` may go to another provider", c->provider, c->name);
}

static enum err check_billing(const struct yaml_node *endpoint, const struct endpoint_config *c, struct error *e)
{
    const struct yaml_node *headers = yaml_find(endpoint, "headers");
    if (endpoint_is_hf_router(c) || base_url_is_loopback(c->base_url))
        return OK;
    for (const struct yaml_node *n = headers ? headers->child : NULL; n; n = n->next) {
        if (n->key && strcasecmp(n->key, "X-HF-Bill-To") == 0)
            return yaml_error_hint(n, true, "remove it", e,
                                   "the header `X-HF-Bill-To` says who pays at Hugging Face: it is sent to %s only, and endpoint `%s` does "
                                   "not go there",
                                   hf_router, c->name);
    }
    return OK;
}

enum err endpoint_route_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_config *c, struct error *e)
{
    if (read_provider(endpoint, &c->provider, e) != OK || yaml_get_bool(endpoint, "allow_any_provider", &c->allow_any_provider, e) != OK ||
        check_billing(endpoint, c, e) != OK)
        return e->code;

    bool named = c->provider || c->allow_any_provider;
    if (!endpoint_is_hf_router(c) && !(named && base_url_is_loopback(c->base_url)))
        return named ? refuse_provider(endpoint, c, e) : OK;

    const char *address = endpoint_is_hf_router(c) ? provider_of_address(c->base_url, a) : NULL;
    c->route = address ? ROUTE_PROVIDER : ROUTE_ROUTER;
    if (address)
        return agree(endpoint, c, address, "`base_url`", e);
    const char *suffix = strrchr(c->model, ':');
    if (suffix && suffix > c->model && suffix[1]) {
        if (agree(endpoint, c, suffix + 1, "the end of `model`", e) != OK)
            return e->code;
        c->model = arena_strndup(a, c->model, (size_t)(suffix - c->model)); /* one system has one name, however it was written */
    }
    return want_provider(endpoint, c, e);
}

#include "hub/hub_home.h"

#include "hub/hub_url.h"

#include <string.h>

static const int64_t DEFAULT_STALL_US = 30 * 1000000;

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static bool is_true(const char *name)
{
    const char *value = setting(name);
    return value &&
           (strcmp(value, "1") == 0 || strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0);
}

static const char *home(void)
{
    const char *dir = setting("HOME");
    return dir ? dir : ".";
}

static const char *expand(const char *path, struct arena *a)
{
    return strncmp(path, "~/", 2) == 0 ? arena_printf(a, "%s/%s", home(), path + 2) : path;
}

static const char *find_dir(struct arena *a)
{
    if (setting("HF_HOME"))
        return expand(setting("HF_HOME"), a);
    if (setting("XDG_CACHE_HOME"))
        return arena_printf(a, "%s/huggingface", expand(setting("XDG_CACHE_HOME"), a));
    return arena_printf(a, "%s/.cache/huggingface", home());
}

static const char *find_cache(const char *dir, struct arena *a)
{
    const char *cache = setting("HF_HUB_CACHE");
    if (!cache)
        cache = setting("HUGGINGFACE_HUB_CACHE");
    return cache ? expand(cache, a) : arena_printf(a, "%s/hub", dir);
}

static int64_t stall_time(void)
{
    const char *text = setting("HF_HUB_DOWNLOAD_TIMEOUT");
    char *end = NULL;
    long seconds = text ? strtol(text, &end, 10) : 0;
    return text && !*end && seconds > 0 && seconds <= 3600 ? (int64_t)seconds * 1000000 : DEFAULT_STALL_US;
}

enum err hub_home_read(struct arena *a, struct hub_home *ret, struct error *e)
{
    struct hub_home h = { .offline = is_true("HF_HUB_OFFLINE"), .stall_us = stall_time() };
    char *endpoint = arena_strdup(a, setting("HF_ENDPOINT") ? setting("HF_ENDPOINT") : "https://huggingface.co");
    for (size_t len = strlen(endpoint); len > 0 && endpoint[len - 1] == '/'; len--)
        endpoint[len - 1] = '\0';
    if (hub_endpoint_check(endpoint, e) != OK)
        return e ? e->code : ERR_INVALID;
    h.endpoint = endpoint;
    h.allow_plain = strncasecmp(endpoint, "http://", 7) == 0;
    h.dir = find_dir(a);
    h.cache = find_cache(h.dir, a);
    *ret = h;
    return OK;
}

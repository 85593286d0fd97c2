#include "config/settings.h"

#include "base/fs.h"
#include "base/nearest.h"
#include "base/yaml_read.h"
#include "config/endpoint_config.h"
#include "core/limits.h"

#include <string.h>

enum { LISTED = 20 }; /* names in a message */

void settings_init(struct settings *ret_s)
{
    *ret_s = (struct settings){ .store = "results/gauntlet.db", .io_threads = 1, .max_in_flight = 256, .redact = redact_default };
}

const char *settings_find(const char *flag, struct arena *a)
{
    const char *named = getenv("GAUNTLET_CONFIG"), *config_home = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (flag)
        return arena_strdup(a, flag);
    if (named && *named)
        return arena_strdup(a, named);
    if (fs_exists("config.yaml"))
        return arena_strdup(a, "config.yaml");

    const char *path = NULL;
    if (config_home && *config_home == '/') /* the XDG specification ignores relative ones */
        path = arena_printf(a, "%s/gauntlet/config.yaml", config_home);
    else if (home && *home)
        path = arena_printf(a, "%s/.config/gauntlet/config.yaml", home);
    return path && fs_exists(path) ? path : NULL;
}

static enum err read_version(const struct yaml_node *root, struct error *e)
{
    const struct yaml_node *version = yaml_find(root, "version");
    if (!version || (version->kind == YAML_SCALAR && strcmp(version->text, "1") == 0))
        return OK;
    return yaml_error(version, e, "this gauntlet reads `version: 1`");
}

static enum err read_dispatch(const struct yaml_node *root, struct settings *s, struct error *e)
{
    static const char *const known[] = { "io_threads", "max_in_flight" };
    const struct yaml_node *dispatch = yaml_find(root, "dispatch");
    if (!dispatch || dispatch->kind == YAML_NULL)
        return OK;
    if (yaml_check_keys(dispatch, known, ARRAY_LEN(known), e) != OK ||
        yaml_get_int32(dispatch, "io_threads", 1, MAX_IO_THREADS, &s->io_threads, e) != OK)
        return e->code;
    return yaml_get_int32(dispatch, "max_in_flight", 1, MAX_IN_FLIGHT, &s->max_in_flight, e);
}

static enum err read_redact(const struct yaml_node *root, struct arena *a, struct settings *s, struct error *e)
{
    const struct yaml_node *given = yaml_find(root, "redact_categories");
    s->redact_given = given && given->kind != YAML_NULL;
    return yaml_get_strings(root, "redact_categories", a, &s->redact.pattern, &s->redact.count, e);
}

static enum err refuse_double_name(const struct settings *s, const struct endpoint_config *added, struct error *e)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        if (strcmp(s->endpoint[i].name, added->name) == 0)
            return yaml_error(yaml_find(added->node, "name"), e, "endpoint `%s` is here twice; the first is on line %d", added->name,
                              s->endpoint[i].line);
    }
    return OK;
}

static enum err read_endpoints(const struct yaml_node *root, struct arena *a, struct settings *s, struct error *e)
{
    const struct yaml_node *list = yaml_find(root, "endpoints");
    if (!list || list->kind == YAML_NULL)
        return OK;
    if (yaml_want_kind(list, YAML_LIST, e) != OK)
        return e->code;
    if (list->count > MAX_ENDPOINTS)
        return yaml_error_key(list, e, "`endpoints` takes at most %d", (int)MAX_ENDPOINTS);

    s->endpoint = arena_array(a, list->count, sizeof(*s->endpoint));
    for (const struct yaml_node *n = list->child; n; n = n->next) {
        struct endpoint_config *added = &s->endpoint[s->endpoint_count];
        if (endpoint_config_read(n, a, added, e) != OK)
            return e->code;
        enum err code = refuse_double_name(s, added, e);
        s->endpoint_count++; /* counted even when refused: its secret is released with the rest */
        if (code != OK)
            return code;
    }
    return OK;
}

static enum err read_all(const struct yaml_node *root, struct arena *a, struct settings *s, struct error *e)
{
    static const char *const known[] = { "version", "store", "dispatch", "redact_categories", "endpoints" };
    if (yaml_check_keys(root, known, ARRAY_LEN(known), e) != OK || read_version(root, e) != OK ||
        yaml_get_string(root, "store", false, &s->store, e) != OK || read_dispatch(root, s, e) != OK || read_redact(root, a, s, e) != OK)
        return e->code;
    return read_endpoints(root, a, s, e);
}

static enum err read_doc(const struct yaml_doc *doc, struct arena *a, struct settings *ret_s, struct error *e)
{
    struct settings s;
    settings_init(&s);
    s.path = doc->path;
    if (read_all(doc->root, a, &s, e) != OK) {
        settings_release(&s);
        return e->code;
    }
    *ret_s = s;
    return OK;
}

enum err settings_load(const char *path, struct arena *a, struct settings *ret_s, struct error *e)
{
    struct error local;
    const struct yaml_doc *doc = NULL;
    e = e ? e : &local;
    return yaml_load_file(path, YAML_LIMITS, a, &doc, e) == OK ? read_doc(doc, a, ret_s, e) : e->code;
}

enum err settings_parse(const char *path, const char *text, size_t len, struct arena *a, struct settings *ret_s, struct error *e)
{
    struct error local;
    const struct yaml_doc *doc = NULL;
    e = e ? e : &local;
    return yaml_load_text(path, text, len, YAML_LIMITS, a, &doc, e) == OK ? read_doc(doc, a, ret_s, e) : e->code;
}

enum err settings_unknown_endpoint(const struct settings *s, const char *name, struct error *e)
{
    const char *known[MAX_ENDPOINTS];
    for (size_t i = 0; i < s->endpoint_count; i++)
        known[i] = s->endpoint[i].name;
    const char *near = nearest_name(name, known, s->endpoint_count);
    error_set(e, ERR_INVALID, "%s: no endpoint is called '%.80s'%s%s%s", s->path ? s->path : "configuration", name,
              near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    for (size_t i = 0; !near && i < s->endpoint_count && i < LISTED; i++)
        error_suffix(e, "%s %.64s", i ? "," : "; there are:", known[i]);
    return ERR_INVALID;
}

enum err settings_require_key(const struct settings *s, const struct endpoint_config *endpoint, struct error *e)
{
    (void)s;
    return endpoint->api_key_problem ? error_set(e, ERR_INVALID, "%s", endpoint->api_key_problem) : OK;
}

enum err settings_require_ca(const struct endpoint_config *endpoint, struct error *e)
{
    if (!endpoint->ca_file || fs_exists(endpoint->ca_file))
        return OK;
    const struct yaml_node *tls = endpoint->node ? yaml_find(endpoint->node, "tls") : NULL, *at = tls ? yaml_find(tls, "ca_file") : NULL;
    return at ? yaml_error_hint(at, false, "the path is relative to the folder of this file", e, "there is no CA file '%s'",
                                endpoint->ca_file)
              : error_set(e, ERR_INVALID, "endpoint '%s': there is no CA file '%s'", endpoint->name, endpoint->ca_file);
}

enum err settings_require_ready(const struct settings *s, const struct endpoint_config *endpoint, struct error *e)
{
    enum err rc = settings_require_key(s, endpoint, e);
    return rc == OK ? settings_require_ca(endpoint, e) : rc;
}

void settings_release(struct settings *s)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        secret_free(s->endpoint[i].api_key);
        s->endpoint[i].api_key = NULL;
    }
    s->endpoint_count = 0;
}

const struct endpoint_config *settings_endpoint(const struct settings *s, const char *name)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        if (strcmp(s->endpoint[i].name, name) == 0)
            return &s->endpoint[i];
    }
    return NULL;
}

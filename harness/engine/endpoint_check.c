#include "engine/endpoint_check.h"

#include "base/nearest.h"
#include "base/yaml_tree.h"
#include "engine/lane.h"

#include <string.h>

static enum err unknown_protocol(const struct settings *s, const struct endpoint_config *c, struct error *e)
{
    const char *const *names = provider_names();
    CLEANUP(strbuf_release) struct strbuf known = STRBUF_INIT;
    char hint[64];
    size_t count = 0;
    for (; names[count]; count++)
        (void)strbuf_addf(&known, "%s%s", count ? ", " : "", names[count]);

    const char *near = nearest_name(c->protocol, names, count);
    (void)snprintf(hint, sizeof(hint), "did you mean `%s`?", near ? near : "");
    const struct yaml_node *at = c->node ? yaml_find(c->node, "protocol") : NULL;
    if (at)
        return yaml_error_hint(at, false, near ? hint : NULL, e, "endpoint '%s': unknown protocol `%.64s`; known: %s", c->name, c->protocol,
                               known.buf);
    return error_set(e, ERR_INVALID, "%s: endpoint '%s': unknown protocol '%.64s'; known: %s", s->path ? s->path : "configuration", c->name,
                     c->protocol, known.buf);
}

/* Of the endpoint itself, or of its `params`. */
static const struct yaml_node *node_of(const struct endpoint_config *c, const char *key)
{
    const struct yaml_node *params = c->node ? yaml_find(c->node, "params") : NULL;
    const struct yaml_node *at = params ? yaml_find(params, key) : NULL;
    return at || !c->node ? at : yaml_find(c->node, key);
}

enum err endpoint_check(const struct settings *s, const struct endpoint_config *c, struct error *e)
{
    const struct provider_ops *protocol = provider_find(c->protocol);
    const struct provider_target target = lane_target(c, NULL);
    const char *key = NULL;
    struct error problem;
    if (!protocol)
        return unknown_protocol(s, c, e);
    if (protocol->check(&target, &key, &problem) == OK)
        return OK;
    const struct yaml_node *at = node_of(c, key);
    if (at)
        return yaml_error_key(at, e, "endpoint '%s': %s", c->name, problem.msg);
    return error_set(e, problem.code, "%s: endpoint '%s': %s", s->path ? s->path : "configuration", c->name, problem.msg);
}

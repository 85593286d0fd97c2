#include "config/suite_gate.h"

#include "base/json.h"
#include "base/yaml_read.h"
#include "core/limits.h"

enum err suite_gate_check(const struct yaml_node *gate, struct error *e)
{
    if (!gate || gate->kind == YAML_NULL)
        return OK;
    enum err code = yaml_check_keys(gate, gate_key, GATE_KEYS, e);
    for (size_t i = 0; code == OK && i < gate_number_count; i++) {
        double value = 0;
        code = yaml_get_double(gate, gate_number[i].key, gate_number[i].min, gate_number[i].max, &value, e);
    }
    size_t choice = 0;
    const char *baseline = NULL;
    bool scale = true;
    if (code == OK)
        code = yaml_get_bool(gate, "scale_margins", &scale, e);
    if (code == OK)
        code = yaml_get_choice(gate, "inconclusive", gate_undecided_name, GATE_UNDECIDED_COUNT, &choice, e);
    return code != OK ? code : yaml_get_string(gate, "baseline", false, &baseline, e);
}

static enum err read_policy(const struct yaml_doc *doc, struct gate_policy *p, struct error *e)
{
    const struct yaml_node *gate = yaml_find(doc->root, "gate");
    if (gate && doc->root->count > 1) /* a whole suite is no policy: what else it says would be lost silently */
        return yaml_error(doc->root, e, "a policy holds the rules alone, or `gate:` alone");
    gate = gate ? gate : doc->root;
    if (suite_gate_check(gate, e) != OK)
        return e->code;
    CLEANUP(json_freep) cJSON *json = NULL;
    if (yaml_to_json(gate, &json, e) != OK)
        return e->code;
    return gate_policy_read(json, p, e) == OK ? OK : error_prefix(e, "%s", doc->path);
}

enum err suite_gate_load(const char *path, struct gate_policy *p, struct error *e)
{
    struct arena a = ARENA_INIT;
    const struct yaml_doc *doc;
    enum err rc = yaml_load_file(path, YAML_LIMITS, &a, &doc, e);
    if (rc == OK)
        rc = read_policy(doc, p, e);
    arena_release(&a);
    return rc;
}

enum err suite_gate_parse(const char *path, const char *text, size_t len, struct gate_policy *p, struct error *e)
{
    struct arena a = ARENA_INIT;
    const struct yaml_doc *doc;
    enum err rc = yaml_load_text(path, text, len, YAML_LIMITS, &a, &doc, e);
    if (rc == OK)
        rc = read_policy(doc, p, e);
    arena_release(&a);
    return rc;
}

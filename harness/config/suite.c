#include "config/suite.h"

#include "base/yaml_read.h"
#include "config/env.h"
#include "config/suite_claims.h"
#include "config/suite_gate.h"
#include "core/limits.h"

#include <string.h>

enum { MAX_SUITE_NAME_BYTES = 128 };

static const char *const orders[] = { [ORDER_FILE] = "file", [ORDER_RANDOM] = "random", [ORDER_STRATIFIED] = "stratified" };

const char *select_order_name(enum select_order o)
{
    return orders[o];
}

bool select_list_accepts(const struct select_list *l, const char *value)
{
    size_t word = strcspn(value, " ");
    bool has_code = word > 0 && value[word] == ' ' && !l->whole;
    for (size_t i = 0; i < l->count; i++) {
        const char *entry = l->value[i];
        if (strcmp(entry, value) == 0)
            return true;
        size_t len = strlen(entry);
        if (has_code && strncmp(entry, value, len) == 0 && (len == word || (len + 1 == word && value[len] == '.' && len > 0)))
            return true;
    }
    return l->count == 0;
}

/* "nightly" for suites/nightly.yaml. */
static const char *stem_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return arena_strndup(a, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static enum err read_head(const struct yaml_node *root, struct arena *a, struct suite *s, struct error *e)
{
    const struct yaml_node *version = yaml_find(root, "version");
    if (version && (version->kind != YAML_SCALAR || strcmp(version->text, "1") != 0))
        return yaml_error(version, e, "this gauntlet reads `version: 1`");

    s->name = stem_of(root->doc->path, a);
    if (yaml_get_string(root, "name", false, &s->name, e) != OK)
        return e->code;
    for (const char *c = s->name; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F || c - s->name >= MAX_SUITE_NAME_BYTES)
            return yaml_error(yaml_find(root, "name"), e, "`name` is one line of at most %d bytes", (int)MAX_SUITE_NAME_BYTES);
    }
    return OK;
}

static enum err read_dataset(const struct yaml_node *root, struct arena *a, struct suite *s, struct error *e)
{
    static const char *const known[] = { "path", "root", "preset" };
    const struct yaml_node *n = NULL;
    if (yaml_require(root, "dataset", &n, e) != OK)
        return e->code;
    if (n->kind == YAML_SCALAR) {
        if (yaml_as_string(n, false, &s->dataset_path, e) != OK)
            return e->code;
    } else if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_get_string(n, "path", false, &s->dataset_path, e) != OK ||
               yaml_get_string(n, "root", false, &s->dataset_root, e) != OK ||
               yaml_get_string(n, "preset", false, &s->dataset_preset, e) != OK) {
        return e->code;
    }
    if (!s->dataset_path && !s->dataset_preset)
        return yaml_error_key(n, e, "`dataset` needs a `path` or a `preset`");
    if (s->dataset_path)
        s->dataset_path = env_path_beside(s->path, s->dataset_path, a);
    if (s->dataset_root)
        s->dataset_root = env_path_beside(s->path, s->dataset_root, a);
    return OK;
}

static enum err read_list(const struct yaml_node *select, const char *key, bool whole, struct arena *a, struct select_list *ret,
                          struct error *e)
{
    const struct yaml_node *n = yaml_find(select, key);
    struct select_list list = { .whole = whole };
    if (n && n->kind == YAML_LIST && n->count == 0)
        return yaml_error_hint(n, false, "`all` selects everything", e, "`%s` selects nothing", key);
    if (yaml_get_strings(select, key, a, &list.value, &list.count, e) != OK)
        return e->code;
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.value[i], "all") != 0)
            continue;
        if (list.count > 1)
            return yaml_error(n, e, "`%s` holds `all` and other values; give one or the other", key);
        list.count = 0;
    }
    *ret = list;
    return OK;
}

static enum err read_select(const struct yaml_node *root, struct arena *a, struct suite_select *s, struct error *e)
{
    static const char *const known[] = { "attacks", "categories", "intents", "limit", "order", "per", "samples", "seed", "subcategories" };
    const struct yaml_node *n = yaml_find(root, "select");
    s->attacks.whole = s->intents.whole = s->samples.whole = true;
    if (!n || n->kind == YAML_NULL)
        return OK;

    static const char *const units[] = { "sample", "intent" };
    int64_t seed = 0;
    size_t order = ORDER_FILE, unit = 0;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || read_list(n, "categories", false, a, &s->categories, e) != OK ||
        read_list(n, "subcategories", false, a, &s->subcategories, e) != OK || read_list(n, "attacks", true, a, &s->attacks, e) != OK ||
        read_list(n, "intents", true, a, &s->intents, e) != OK || read_list(n, "samples", true, a, &s->samples, e) != OK ||
        yaml_get_int(n, "limit", 0, INT64_MAX, &s->limit, e) != OK ||
        yaml_get_choice(n, "order", orders, ARRAY_LEN(orders), &order, e) != OK || yaml_get_int(n, "seed", 0, INT64_MAX, &seed, e) != OK)
        return e->code;
    if (yaml_get_choice(n, "per", units, ARRAY_LEN(units), &unit, e) != OK)
        return e->code;
    if (unit == 1 && order != ORDER_STRATIFIED)
        return yaml_error_key(yaml_find(n, "per"), e, "`per: intent` needs `order: stratified`");
    s->per_intent = unit == 1;
    s->order = (enum select_order)order;
    s->seed = (uint64_t)seed;
    return OK;
}

static enum err read_prompt(const struct yaml_node *root, struct suite *s, struct error *e)
{
    static const char *const known[] = { "order", "system" };
    static const char *const part_orders[] = { "image-first", "text-first" };
    const struct yaml_node *n = yaml_find(root, "prompt");
    if (!n || n->kind == YAML_NULL)
        return OK;
    size_t order = 0;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || yaml_get_string(n, "system", true, &s->prompt_system, e) != OK ||
        yaml_get_choice(n, "order", part_orders, ARRAY_LEN(part_orders), &order, e) != OK)
        return e->code;
    s->text_first = order == 1;
    return OK;
}

/* `- canary` or `- refusal: {preset: jbb-13}`. Whether the kind exists and what its options mean is for `score` to say. */
static enum err read_scorer(const struct yaml_node *item, struct suite_scorer *ret, cJSON **ret_options, struct error *e)
{
    struct suite_scorer s = { .line = item->line, .column = item->column, .node = item };
    const struct yaml_node *options = NULL;
    if (item->kind == YAML_MAP && item->count > 1)
        return yaml_error_hint(item->child->next, true, "options go inside: `- refusal: {preset: jbb-13}`", e,
                               "an item of `scorers` names one scorer, here are %zu keys", item->count);
    if (item->kind == YAML_MAP && item->count == 1) {
        s.kind = item->child->key;
        options = item->child->kind == YAML_NULL ? NULL : item->child;
    } else if (item->kind != YAML_SCALAR) {
        return yaml_error(item, e, "an item of `scorers` is a name or {name: {options}}, found %s", yaml_kind_name(item));
    } else if (yaml_as_string(item, false, &s.kind, e) != OK) {
        return e->code;
    }
    cJSON *tree = NULL;
    if (options && (yaml_want_kind(options, YAML_MAP, e) != OK || yaml_to_json(options, &tree, e) != OK))
        return e->code;
    *ret_options = tree ? tree : cJSON_CreateObject();
    s.options = *ret_options;
    *ret = s;
    return OK;
}

static enum err read_scorers(const struct yaml_node *root, struct arena *a, struct suite *s, struct error *e)
{
    const struct yaml_node *list = NULL;
    if (yaml_require(root, "scorers", &list, e) != OK || yaml_want_kind(list, YAML_LIST, e) != OK)
        return e->code;
    if (list->count == 0)
        return yaml_error(list, e, "`scorers` needs at least one; the first is primary");
    if (list->count > MAX_SCORERS)
        return yaml_error_key(list, e, "`scorers` takes at most %d", (int)MAX_SCORERS);

    s->scorer = arena_array(a, list->count, sizeof(*s->scorer));
    for (const struct yaml_node *item = list->child; item; item = item->next) {
        cJSON *options = NULL;
        if (read_scorer(item, &s->scorer[s->scorer_count], &options, e) != OK)
            return e->code;
        s->scorer_count++;
    }
    return OK;
}

static enum err read_all(const struct yaml_node *root, struct arena *a, struct suite *s, struct error *e)
{
    static const char *const known[] = { "version", "name", "dataset", "select",       "prompt", "epochs",
                                         "scorers", "gate", "errors",  "judge_anchor", "claims" };
    static const char *const known_errors[] = { "max_rate" };
    const struct yaml_node *errors = yaml_find(root, "errors");
    if (yaml_check_keys(root, known, ARRAY_LEN(known), e) != OK || read_head(root, a, s, e) != OK || read_dataset(root, a, s, e) != OK ||
        read_select(root, a, &s->select, e) != OK || read_prompt(root, s, e) != OK ||
        yaml_get_int32(root, "epochs", 1, MAX_EPOCHS, &s->epochs, e) != OK ||
        yaml_get_int32(root, "judge_anchor", 0, MAX_JUDGE_ANCHOR, &s->judge_anchor, e) != OK ||
        suite_gate_check(yaml_find(root, "gate"), e) != OK || suite_claims_check(yaml_find(root, "claims"), e) != OK)
        return e->code;
    if (errors && errors->kind != YAML_NULL &&
        (yaml_check_keys(errors, known_errors, ARRAY_LEN(known_errors), e) != OK ||
         yaml_get_double(errors, "max_rate", 0, 1, &s->max_error_rate, e) != OK))
        return e->code;
    if (read_scorers(root, a, s, e) != OK)
        return e->code;
    return yaml_to_json(root, &s->json, e);
}

static enum err read_doc(const struct yaml_doc *doc, struct arena *a, struct suite *ret_s, struct error *e)
{
    struct suite s = { .path = doc->path, .sha256 = sha256_of(doc->bytes, doc->bytes_len), .epochs = 1, .max_error_rate = 0.05 };
    if (read_all(doc->root, a, &s, e) != OK) {
        suite_release(&s);
        return e->code;
    }
    *ret_s = s;
    return OK;
}

enum err suite_load(const char *path, struct arena *a, struct suite *ret_s, struct error *e)
{
    struct error local;
    const struct yaml_doc *doc = NULL;
    e = e ? e : &local;
    return yaml_load_file(path, YAML_LIMITS, a, &doc, e) == OK ? read_doc(doc, a, ret_s, e) : e->code;
}

enum err suite_parse(const char *path, const char *text, size_t len, struct arena *a, struct suite *ret_s, struct error *e)
{
    struct error local;
    const struct yaml_doc *doc = NULL;
    e = e ? e : &local;
    return yaml_load_text(path, text, len, YAML_LIMITS, a, &doc, e) == OK ? read_doc(doc, a, ret_s, e) : e->code;
}

void suite_release(struct suite *s)
{
    for (size_t i = 0; i < s->scorer_count; i++)
        cJSON_Delete((cJSON *)(uintptr_t)s->scorer[i].options); /* const for everybody but the owner */
    s->scorer_count = 0;
    cJSON_Delete(s->json);
    s->json = NULL;
}

#include "dataset/taxonomy.h"

#include "base/fs.h"
#include "base/yaml_read.h"
#include "core/limits.h"

#include <string.h>

/* A list that grows in the arena: entries are few and live as long as the file's text. */
static void append(struct arena *a, const char ***list, size_t *count, const char *name)
{
    if ((*count & (*count - 1)) == 0) { /* full at 0 and at each power of two */
        const char **larger = arena_array(a, *count ? *count * 2 : 1, sizeof(*larger));
        if (*count)
            memcpy(larger, *list, *count * sizeof(*larger));
        *list = larger;
    }
    (*list)[(*count)++] = name;
}

static enum err read_subcategories(const struct yaml_node *list, struct arena *a, struct taxonomy *t, struct error *e)
{
    enum err err = yaml_want_kind(list, YAML_LIST, e);
    for (const struct yaml_node *n = list->child; err == OK && n; n = n->next) {
        const struct yaml_node *name = n;
        if (n->kind == YAML_MAP)
            name = yaml_find(n, "id") ? yaml_find(n, "id") : yaml_find(n, "name");
        const char *text = "";
        err = name ? yaml_as_string(name, false, &text, e) : yaml_error(n, e, "a subcategory needs an `id` or a `name`");
        if (err == OK)
            append(a, &t->subcategory, &t->subcategory_count, text);
    }
    return err;
}

static enum err read_entry(const struct yaml_node *n, struct arena *a, struct taxonomy *t, struct error *e)
{
    const struct yaml_node *category = NULL, *list = yaml_find(n, "subcategories");
    const char *name = NULL;
    enum err err = yaml_want_kind(n, YAML_MAP, e);
    if (err == OK)
        err = yaml_require(n, "category", &category, e);
    if (err == OK)
        err = yaml_as_string(category, false, &name, e);
    if (err != OK)
        return err;
    append(a, &t->category, &t->category_count, name);
    return list ? read_subcategories(list, a, t, e) : OK;
}

enum err taxonomy_load(const char *root, const char *path, struct arena *a, struct taxonomy *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT;
    const struct yaml_doc *doc;
    struct taxonomy t = { 0 };
    enum err err = fs_resolve_inside(root, path, &absolute, e);
    if (err == OK)
        err = yaml_load_file(absolute.buf, YAML_LIMITS, a, &doc, e);
    if (err == OK)
        err = yaml_want_kind(doc->root, YAML_LIST, e);
    if (err != OK)
        return error_prefix(e, "taxonomy");
    for (const struct yaml_node *n = doc->root->child; err == OK && n; n = n->next)
        err = read_entry(n, a, &t, e);
    if (err == OK)
        *ret = t;
    return err;
}

bool taxonomy_has(const char *const *name, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name[i], value) == 0)
            return true;
    return false;
}

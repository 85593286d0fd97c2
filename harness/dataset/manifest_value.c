#include "dataset/manifest_value.h"

#include "base/yaml_read.h"

#include <string.h>

/* ---- Templates ---- */

static bool is_special(const char *name)
{
    static const char *const known[] = { "@row", "@split", "@key", "@file", "@variant" };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(name, known[i]) == 0)
            return true;
    return false;
}

static enum err check_name(const struct yaml_node *n, const char *name, struct error *e)
{
    if (!name[0])
        return yaml_error(n, e, "`{}` in a template names no column (write {{ and }} for braces)");
    if (name[0] == '@' && !is_special(name))
        return yaml_error(n, e, "`{%s}` is none of {@row}, {@split}, {@key}, {@file}, {@variant}", yaml_shown(name).text);
    return OK;
}

/* The text up to the next single brace, with doubled ones halved. */
static const char *plain_part(const char **at, struct arena *a)
{
    const char *end = *at;
    while (*end && ((*end != '{' && *end != '}') || end[1] == *end))
        end += *end == '{' || *end == '}' ? 2 : 1;
    char *text = arena_alloc(a, (size_t)(end - *at) + 1);
    for (size_t len = 0; *at < end; ++*at) {
        *at += **at == '{' || **at == '}';
        text[len++] = **at;
    }
    return text;
}

static enum err read_template(const struct yaml_node *n, struct arena *a, struct map_value *v, struct error *e)
{
    const char *at = n->text;
    struct map_part *part = arena_array(a, 2 * n->len + 1, sizeof(*part)); /* never more than a part a byte, and one */
    size_t count = 0;

    while (*at) {
        if (*at != '{' || at[1] == '{') {
            const char *text = plain_part(&at, a);
            if (*at == '}')
                return yaml_error(n, e, "a `}` in a template closes nothing (write }} for a brace)");
            part[count++] = (struct map_part){ .text = text };
            continue;
        }
        const char *end = strchr(at, '}');
        if (!end)
            return yaml_error(n, e, "a `{` in a template is never closed (write {{ for a brace)");
        const char *name = arena_strndup(a, at + 1, (size_t)(end - at) - 1);
        enum err err = check_name(n, name, e);
        if (err != OK)
            return err;
        part[count++] = (struct map_part){ .is_name = true, .text = name };
        at = end + 1;
    }
    v->part = part;
    v->part_count = count;
    return OK;
}

/* ---- Values ---- */

static enum err read_pairs(const struct yaml_node *n, struct arena *a, struct map_value *v, struct error *e)
{
    enum err err = yaml_want_kind(n, YAML_MAP, e);
    if (err != OK)
        return err;
    if (n->count == 0)
        return yaml_error(n, e, "`map` is empty");
    struct map_pair *pair = arena_array(a, n->count, sizeof(*pair));
    size_t count = 0;
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        pair[count].from = m->key;
        err = yaml_as_string(m, true, &pair[count++].to, e);
        if (err != OK)
            return err;
    }
    v->pair = pair;
    v->pair_count = count;
    return OK;
}

static enum err read_choices(const struct yaml_node *list, struct arena *a, struct map_value *v, struct error *e)
{
    enum err err = yaml_want_kind(list, YAML_LIST, e);
    if (err == OK && list->count == 0)
        err = yaml_error(list, e, "`first_of` is empty");
    if (err != OK)
        return err;
    struct map_value *choice = arena_array(a, list->count, sizeof(*choice));
    for (const struct yaml_node *n = list->child; err == OK && n; n = n->next)
        err = manifest_read_value(n, a, &choice[v->choice_count++], e);
    v->choice = choice;
    return err;
}

/* A value has exactly one of four sources. */
static enum err read_source(const struct yaml_node *n, struct arena *a, struct map_value *v, struct error *e)
{
    static const struct {
        const char *key;
        enum map_kind kind;
    } sources[] = { { "literal", MAP_LITERAL }, { "column", MAP_COLUMN }, { "template", MAP_TEMPLATE }, { "first_of", MAP_FIRST_OF } };
    const struct yaml_node *source = NULL;
    size_t found = 0;
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        const struct yaml_node *member = yaml_find(n, sources[i].key);
        if (!member)
            continue;
        source = member;
        v->kind = sources[i].kind;
        found++;
    }
    if (found != 1)
        return yaml_error(n, e,
                          "a value is exactly one of {literal: text}, {column: name}, {template: \"…{name}…\"}, {first_of: [value, …]}");
    v->line = source->line;
    v->column = source->column;
    if (v->kind == MAP_FIRST_OF)
        return read_choices(source, a, v, e);
    enum err err = yaml_as_string(source, v->kind == MAP_LITERAL, &v->text, e);
    return err == OK && v->kind == MAP_TEMPLATE ? read_template(source, a, v, e) : err;
}

enum err manifest_read_value(const struct yaml_node *n, struct arena *a, struct map_value *ret, struct error *e)
{
    static const char *const known[] = { "literal", "column", "template", "first_of", "when", "map", "default" };
    struct map_value v = { 0 };

    if (n->kind == YAML_SCALAR)
        return yaml_error(n, e, "a value is a map: {column: %s} takes a column, {literal: %s} that very text", yaml_shown(n->text).text,
                          yaml_shown(n->text).text);
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = read_source(n, a, &v, e);
    if (err == OK)
        err = yaml_get_string(n, "when", false, &v.when, e);
    if (err == OK && yaml_find(n, "map"))
        err = read_pairs(yaml_find(n, "map"), a, &v, e);
    if (err == OK)
        err = yaml_get_string(n, "default", true, &v.fallback, e);
    if (err == OK)
        *ret = v;
    return err;
}

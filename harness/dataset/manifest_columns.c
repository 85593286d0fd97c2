#include "dataset/manifest_columns.h"

#include "base/nearest.h"
#include "base/yaml_read.h"
#include "dataset/manifest_value.h"
#include "dataset/webdataset.h"

#include <string.h>

static const char unknown_column[] = "UNKNOWN";

int manifest_field_of(const char *name)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        if (strcmp(field_names[i], name) == 0)
            return i;
    return -1;
}

static enum err read_images(const struct yaml_node *n, enum dataset_format format, struct arena *a, struct column_map *map, struct error *e)
{
    if (n->kind == YAML_SCALAR && strcmp(n->text, "auto") == 0) {
        if (format == FORMAT_WEBDATASET) {
            static const struct map_value all = { .kind = MAP_COLUMN, .text = WEBDATASET_IMAGES };
            map->image = &all;
            map->image_count = 1;
            return OK;
        }
        map->images_auto = true;
        bool can = format == FORMAT_IMAGEFOLDER || format == FORMAT_PARQUET;
        return can ? OK : yaml_error(n, e, "`images: auto` needs `format: imagefolder`, `webdataset` or `parquet`");
    }
    if (n->kind != YAML_LIST)
        return yaml_error(n, e, "`images` is a list of values, as in [{column: image_path}], or auto for an imagefolder or a webdataset");
    struct map_value *image = arena_array(a, n->count, sizeof(*image));
    size_t count = 0;
    for (const struct yaml_node *item = n->child; item; item = item->next) {
        enum err err = manifest_read_value(item, a, &image[count++], e);
        if (err != OK)
            return err;
    }
    map->image = image;
    map->image_count = count;
    return OK;
}

static enum err read_extra(const struct yaml_node *n, struct arena *a, struct column_map *map, struct error *e)
{
    static const char *const known[] = { "columns" };
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    map->extra_line = n->line;
    map->extra_column = n->column;
    return err == OK ? yaml_get_strings(n, "columns", a, &map->extra, &map->extra_count, e) : err;
}

/* ---- Maps ---- */

static enum err read_columns(const struct yaml_node *n, enum dataset_format format, struct arena *a, struct column_map *ret,
                             struct error *e)
{
    const char *known[FIELD_COUNT + 2];
    memcpy(known, field_names, sizeof(field_names));
    known[FIELD_COUNT] = "images";
    known[FIELD_COUNT + 1] = "extra";

    struct column_map map = { 0 };
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    for (const struct yaml_node *m = n->child; err == OK && m; m = m->next) {
        int field = manifest_field_of(m->key);
        if (field >= 0)
            err = manifest_read_value(m, a, &map.field[field], e);
        else if (strcmp(m->key, "images") == 0)
            err = read_images(m, format, a, &map, e);
        else
            err = read_extra(m, a, &map, e);
    }
    if (err == OK)
        *ret = map;
    return err;
}

static enum err apply_override(const struct dataset_map *o, struct arena *a, struct column_map *map, struct error *e)
{
    struct map_value value = { .kind = MAP_COLUMN, .text = o->column };
    int field = manifest_field_of(o->field);
    if (field >= 0) {
        map->field[field] = value;
        return OK;
    }
    if (strcmp(o->field, "images") != 0) {
        const char *nearest = nearest_name(o->field, field_names, FIELD_COUNT);
        return error_set(e, ERR_INVALID, "--map %s=%s: a sample has no field of that name%s%s%s", yaml_shown(o->field).text,
                         yaml_shown(o->column).text, nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    }
    struct map_value *image = arena_alloc(a, sizeof(*image));
    *image = value;
    map->image = image;
    map->image_count = 1;
    map->images_auto = false;
    return OK;
}

/* UNKNOWN stands in a preset that nobody has been able to check yet. */
static const struct map_value *find_unknown(const struct map_value *v)
{
    if (v->kind == MAP_COLUMN && strcmp(v->text, unknown_column) == 0)
        return v;
    const struct map_value *found = NULL;
    for (size_t i = 0; !found && i < v->choice_count; i++)
        found = find_unknown(&v->choice[i]);
    return found;
}

static enum err refuse_unknown(const struct column_map *map, const char *path, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    const struct map_value *first = NULL;
    for (size_t i = 0; i < FIELD_COUNT + map->image_count; i++) {
        const struct map_value *v = find_unknown(i < FIELD_COUNT ? &map->field[i] : &map->image[i - FIELD_COUNT]);
        if (!v)
            continue;
        (void)strbuf_addf(&names, "%s%s", first ? ", " : "", i < FIELD_COUNT ? field_names[i] : "images");
        first = first ? first : v;
    }
    if (!first)
        return OK;
    return error_set(e, ERR_INVALID, "%s:%d:%d: not mapped yet (UNKNOWN): %s; look at the data, then give each with --map FIELD=COLUMN",
                     path, first->line, first->column, names.buf);
}

static enum err add_variant(const char *name, const struct column_map *map, const char *path, struct manifest_variant *to, struct error *e)
{
    *to = (struct manifest_variant){ .name = name, .columns = *map };
    return refuse_unknown(map, path, e);
}

static enum err read_variant(const struct yaml_node *n, const struct column_map *base, struct arena *a, const struct manifest *m,
                             struct manifest_variant *to, struct error *e)
{
    static const char *const known[] = { "name", "columns" };
    const struct yaml_node *name = NULL, *columns = NULL;
    struct column_map over;
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = yaml_require(n, "name", &name, e);
    if (err == OK)
        err = yaml_require(n, "columns", &columns, e);
    if (err == OK)
        err = yaml_as_string(name, false, &to->name, e);
    if (err == OK)
        err = read_columns(columns, m->format, a, &over, e);
    if (err != OK)
        return err;
    struct column_map merged = column_map_merge(base, &over);
    return add_variant(to->name, &merged, m->path, to, e);
}

static enum err read_variants(const struct yaml_node *list, const struct column_map *base, struct arena *a, struct manifest *m,
                              struct error *e)
{
    enum err err = yaml_want_kind(list, YAML_LIST, e);
    if (err != OK)
        return err;
    if (list->count == 0)
        return yaml_error(list, e, "`variants` is empty");
    struct manifest_variant *variant = arena_array(a, list->count, sizeof(*variant));
    size_t count = 0;
    for (const struct yaml_node *n = list->child; n; n = n->next, count++) {
        err = read_variant(n, base, a, m, &variant[count], e);
        if (err != OK)
            return err;
        for (size_t i = 0; i < count; i++)
            if (strcmp(variant[i].name, variant[count].name) == 0)
                return yaml_error(n, e, "two variants are called `%s`", yaml_shown(variant[count].name).text);
    }
    m->variant = variant;
    m->variant_count = count;
    return OK;
}

enum err manifest_read_columns(const struct yaml_node *root, const struct dataset_map *override, size_t override_count, struct arena *a,
                               struct manifest *m, struct error *e)
{
    bool folder = m->format == FORMAT_IMAGEFOLDER;
    const struct yaml_node *columns = yaml_find(root, "columns"), *variants = yaml_find(root, "variants");
    struct column_map base = column_map_native(folder);
    if (m->format == FORMAT_PARQUET)
        base.images_auto = base.images_optional = true;
    enum err err = columns ? read_columns(columns, m->format, a, &base, e) : OK;
    if (!columns && m->format == FORMAT_WEBDATASET)
        err = yaml_error(root, e, "a webdataset needs `columns`: which field of a sample (txt, json.prompt, png, …) is what");

    if (columns && folder && !base.image)
        base.images_auto = true;
    for (size_t i = 0; err == OK && i < override_count; i++)
        err = apply_override(&override[i], a, &base, e);
    if (err != OK)
        return err;
    if (variants)
        return read_variants(variants, &base, a, m, e);

    struct manifest_variant *only = arena_alloc(a, sizeof(*only));
    m->variant = only;
    m->variant_count = 1;
    return add_variant("", &base, m->path, only, e);
}

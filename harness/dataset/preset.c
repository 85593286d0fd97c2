#include "dataset/preset.h"

#include "base/nearest.h"
#include "base/yaml_read.h"
#include "embed/assets.h"

#include <string.h>

enum { MAX_PRESETS = 64 };

static const char folder[] = "datasets/presets/", suffix[] = ".yaml";

struct preset preset_next(size_t *at, struct arena *a)
{
    struct asset asset = asset_next(folder, at);
    if (!asset.bytes)
        return (struct preset){ 0 };
    const char *name = asset.path + strlen(folder);
    return (struct preset){ arena_strndup(a, name, strlen(name) - strlen(suffix)), asset.bytes, asset.len };
}

static struct preset find(const char *name, struct arena *a)
{
    size_t at = 0;
    struct preset p = preset_next(&at, a);
    while (p.name && strcmp(p.name, name) != 0)
        p = preset_next(&at, a);
    return p;
}

static enum err unknown(const char *name, struct arena *a, struct error *e)
{
    const char *known[MAX_PRESETS];
    size_t count = 0, at = 0;
    CLEANUP(strbuf_release) struct strbuf list = STRBUF_INIT;
    for (struct preset p = preset_next(&at, a); p.name && count < MAX_PRESETS; p = preset_next(&at, a)) {
        (void)strbuf_addf(&list, "%s%s", count ? ", " : "", p.name);
        known[count++] = p.name;
    }
    const char *nearest = nearest_name(name, known, count);
    return error_set(e, ERR_NOT_FOUND, "no preset is called '%s'%s%s%s; there are: %s", yaml_shown(name).text,
                     nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "", list.buf);
}

enum err preset_describe(const char *name, struct arena *a, struct manifest *ret_m, struct error *e)
{
    struct dataset_map any[FIELD_COUNT]; /* any column will do where nobody looks at rows */
    struct preset p = find(name, a);
    if (!p.name)
        return unknown(name, a, e);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        any[i] = (struct dataset_map){ field_names[i], "any" };
    return manifest_parse(arena_printf(a, "preset:%s", p.name), p.text, p.len, any, FIELD_COUNT, a, ret_m, e);
}

enum err preset_load(const struct dataset_source *source, struct arena *a, struct manifest *ret_m, struct error *e)
{
    struct preset p = find(source->preset, a);
    if (!p.name)
        return unknown(source->preset, a, e);
    struct manifest m;
    enum err err = manifest_parse(arena_printf(a, "preset:%s", p.name), p.text, p.len, source->map, source->map_count, a, &m, e);
    if (err != OK)
        return err;
    if (!source->path && !source->root)
        return error_set(
            e, ERR_INVALID, "preset '%s' needs the folder of the data: `dataset: {preset: %s, path: DIR}`, where DIR is %s%s%s%s%s", p.name,
            p.name, m.source_path[0] ? "the folder '" : "a copy of ", m.source_path, m.source_path[0] ? "' of a copy of " : "",
            m.source_id[0] ? m.source_id : "the data set", strcmp(m.source_kind, "hf") == 0 ? " (on the Hugging Face Hub)" : "");
    *ret_m = m;
    return OK;
}

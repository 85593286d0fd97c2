#include "cli/dataset_show.h"

#include "base/fs.h"
#include "base/json_member.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "cli/dataset_options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "dataset/census.h"
#include "dataset/preset.h"

#include <string.h>

static const char prefix[] = "dataset:";

/* What a set says of itself. Texts live in the arena. */
struct about {
    const char *name, *version, *format, *root, *license, *license_file, *citation, *source_kind, *source_id, *source_path, *revision,
        *hash;
    int64_t expect_samples, expect_images;
    bool verified, redistribute;
};

struct showing {
    struct arena *a;
    struct about about;
    bool counted; /* census is filled */
    struct census census;
};

bool dataset_show_means(const char *argument)
{
    size_t len = strlen(argument);
    if (strncmp(argument, prefix, strlen(prefix)) == 0)
        return true;
    bool yaml = len > 5 && strcmp(argument + len - 5, ".yaml") == 0;
    CLEANUP(strbuf_release) struct strbuf manifest = STRBUF_INIT;
    fs_join(argument, "dataset.yaml", &manifest);
    return yaml ? fs_exists(argument) : fs_exists(manifest.buf);
}

static void keep_facts(void *context, const struct dataset_facts *f)
{
    struct showing *s = context;
    s->about = (struct about){
        .expect_samples = f->expect_samples, .expect_images = f->expect_images, .verified = f->verified, .redistribute = f->redistribute
    };
    const struct {
        const char **to, *from;
    } texts[] = {
        { &s->about.name, f->name },           { &s->about.version, f->version },
        { &s->about.format, f->format },       { &s->about.root, f->root },
        { &s->about.license, f->license_id },  { &s->about.license_file, f->license_file },
        { &s->about.citation, f->citation },   { &s->about.source_kind, f->source_kind },
        { &s->about.source_id, f->source_id }, { &s->about.source_path, f->source_path },
        { &s->about.revision, f->revision },   { &s->about.hash, f->content_hash },
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i].to = arena_strdup(s->a, texts[i].from);
}

static enum err describe_preset(struct showing *s, const char *name, struct error *e)
{
    struct manifest m;
    enum err err = preset_describe(name, s->a, &m, e);
    if (err != OK)
        return err;
    s->about = (struct about){ .name = m.name,
                               .version = m.version,
                               .format = dataset_format_names[m.format],
                               .root = "",
                               .license = m.licence_id,
                               .license_file = m.licence_file ? m.licence_file : "",
                               .citation = m.citation,
                               .source_kind = m.source_kind,
                               .source_id = m.source_id,
                               .source_path = m.source_path,
                               .revision = m.revision,
                               .hash = m.content_hash,
                               .expect_samples = m.expect_samples,
                               .expect_images = m.expect_images,
                               .verified = m.verified,
                               .redistribute = m.redistribute };
    return OK;
}

/* ---- For people ---- */

static void add_line(struct strbuf *out, const char *label, const char *text)
{
    if (!text[0])
        return;
    (void)strbuf_addf(out, "%-12s", label);
    text_safe_terminal(text, strlen(text), 0, terminal_is_utf8(), out);
    (void)strbuf_addch(out, '\n');
}

static void add_about(const struct showing *s, struct strbuf *out)
{
    const struct about *x = &s->about;
    add_line(out, "data set", arena_printf(s->a, "%s %s, %s%s", x->name, x->version, x->format, x->verified ? "" : ", NOT VERIFIED"));
    add_line(out, "root", x->root);
    add_line(out, "licence",
             arena_printf(s->a, "%s%s%s%s, %s", x->license, x->license_file[0] ? " (" : "", x->license_file, x->license_file[0] ? ")" : "",
                          x->redistribute ? "may be passed on" : "not to be passed on"));
    add_line(out, "source",
             x->source_id[0] ? arena_printf(s->a, "%s: %s%s%s%s%s", x->source_kind, x->source_id, x->source_path[0] ? ", " : "",
                                            x->source_path, x->revision[0] ? " @ " : "", x->revision)
                             : "");
    add_line(out, "cite", x->citation);
}

static void add_spread(const struct showing *s, struct strbuf *out, const char *label, const struct spread *x)
{
    add_line(out, label,
             arena_printf(s->a, "%llu / %llu / %llu (min / median / max)", (unsigned long long)x->min, (unsigned long long)x->median,
                          (unsigned long long)x->max));
}

static void add_counts(const struct showing *s, struct strbuf *out)
{
    const struct preflight_summary *set = &s->census.set;
    const char *judged = !s->about.hash[0]                                      ? "not declared"
                         : strcmp(s->about.hash, set->content_sha256.text) == 0 ? "as declared"
                                                                                : "NOT as declared";
    add_line(out, "content", arena_printf(s->a, "sha256:%s, %s", set->content_sha256.text, judged));
    (void)strbuf_addf(out, "%-12s", "samples");
    units_format_count(set->samples, out);
    if (set->benign > 0)
        (void)strbuf_addf(out, ", %lld of them benign", (long long)set->benign);
    if (set->rejected > 0)
        (void)strbuf_addf(out, "; %lld cannot be sent (`gauntlet check` says why)", (long long)set->rejected);
    (void)strbuf_addf(out, "\n%-12s", "intents");
    units_format_count((int64_t)s->census.intents.count, out);
    (void)strbuf_addch(out, '\n');
    add_spread(s, out, "per intent", &s->census.per_intent);
    (void)strbuf_addf(out, "%-12s", "images");
    units_format_count(set->images, out);
    (void)strbuf_addstr(out, " in requests, ");
    units_format_count((int64_t)s->census.images.count, out);
    (void)strbuf_addstr(out, " distinct by name\n");
    if (s->census.images.count > 0) {
        add_spread(s, out, "  bytes", &s->census.image_bytes);
        add_spread(s, out, "  width", &s->census.width);
        add_spread(s, out, "  height", &s->census.height);
    }
    (void)strbuf_addch(out, '\n');
}

static const char *number(const struct showing *s, int64_t n)
{
    return arena_printf(s->a, "%lld", (long long)n);
}

/* One that has only "(none)" is not worth a table. */
static void write_group(const struct showing *s, const char *title, const struct census_group *g)
{
    const char *const heading[] = { title, "SAMPLES", "INTENTS" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    if (g->names.count == 0 || (g->names.count == 1 && strcmp(g->names.item[0].text, "(none)") == 0))
        return;
    for (size_t i = 0; i < g->names.count; i++) {
        output_table_add(&table, g->names.item[i].text);
        output_table_add(&table, number(s, g->names.item[i].count));
        output_table_add(&table, number(s, (int64_t)g->names.item[i].mark));
    }
    output_table_write(&table, "");
    terminal_write("\n", 1);
}

static void write_types(const struct showing *s)
{
    static const char *const heading[] = { "IMAGE", "FILES", "SIZE" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    const struct tally *types = &s->census.images.types;
    for (size_t i = 0; i < types->count; i++) {
        CLEANUP(strbuf_release) struct strbuf size = STRBUF_INIT;
        units_format_size(types->item[i].mark, &size);
        output_table_add(&table, types->item[i].text);
        output_table_add(&table, number(s, types->item[i].count));
        output_table_add(&table, size.buf);
    }
    if (types->count > 0)
        output_table_write(&table, "");
}

static void write_text(const struct showing *s)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    add_about(s, &out);
    if (s->counted) {
        add_counts(s, &out);
    } else {
        if (s->about.expect_samples >= 0)
            add_line(&out, "samples", arena_printf(s->a, "%lld, as published", (long long)s->about.expect_samples));
        add_line(&out, "", arena_printf(s->a, "a preset without data: `gauntlet show dataset:%s DIR` looks into your copy", s->about.name));
    }
    terminal_write(out.buf, out.len);
    if (!s->counted)
        return;
    write_group(s, "CATEGORY", &s->census.categories);
    write_group(s, "SUBCATEGORY", &s->census.subcategories);
    write_group(s, "ATTACK", &s->census.attacks);
    write_types(s);
}

/* ---- For machines ---- */

static void add_about_json(cJSON *document, const struct about *x)
{
    cJSON *json = cJSON_AddObjectToObject(document, "dataset");
    json_member_word(json, "name", x->name);
    json_member_word(json, "version", x->version);
    json_member_word(json, "format", x->format);
    json_member_word(json, "root", x->root);
    json_member_word(json, "license", x->license);
    json_member_word(json, "license_file", x->license_file);
    (void)cJSON_AddBoolToObject(json, "redistribute", x->redistribute);
    json_member_word(json, "citation", x->citation);
    json_member_word(json, "source_kind", x->source_kind);
    json_member_word(json, "source", x->source_id);
    json_member_word(json, "source_path", x->source_path);
    json_member_word(json, "revision", x->revision);
    (void)cJSON_AddBoolToObject(json, "verified", x->verified);
    json_member_word(json, "content_hash_declared", x->hash);
    json_member_int(json, "expected_samples", x->expect_samples >= 0, x->expect_samples);
    json_member_int(json, "expected_images", x->expect_images >= 0, x->expect_images);
}

static void add_spread_json(cJSON *object, const char *key, const struct spread *x)
{
    cJSON *json = cJSON_AddObjectToObject(object, key);
    json_member_int(json, "min", true, (int64_t)x->min);
    json_member_int(json, "median", true, (int64_t)x->median);
    json_member_int(json, "max", true, (int64_t)x->max);
}

static void add_group_json(cJSON *document, const char *key, const struct census_group *g)
{
    cJSON *list = cJSON_AddArrayToObject(document, key);
    for (size_t i = 0; i < g->names.count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "key", g->names.item[i].text);
        json_member_int(json, "samples", true, g->names.item[i].count);
        json_member_int(json, "intents", true, (int64_t)g->names.item[i].mark);
        cJSON_AddItemToArray(list, json);
    }
}

static void add_images_json(cJSON *document, const struct census *c)
{
    cJSON *images = cJSON_AddObjectToObject(document, "images");
    json_member_int(images, "references", true, c->set.images);
    json_member_int(images, "distinct", true, (int64_t)c->images.count);
    cJSON *types = cJSON_AddArrayToObject(images, "types");
    for (size_t i = 0; i < c->images.types.count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "type", c->images.types.item[i].text);
        json_member_int(json, "count", true, c->images.types.item[i].count);
        json_member_int(json, "bytes", true, (int64_t)c->images.types.item[i].mark);
        cJSON_AddItemToArray(types, json);
    }
    add_spread_json(images, "bytes", &c->image_bytes);
    add_spread_json(images, "width", &c->width);
    add_spread_json(images, "height", &c->height);
}

static void write_json(const struct showing *s)
{
    cJSON *document = output_document();
    const struct census *c = &s->census;
    add_about_json(document, &s->about);
    if (s->counted) {
        json_member_text(document, "content_hash", c->set.content_sha256.text);
        json_member_int(document, "samples", true, c->set.samples);
        json_member_int(document, "rejected", true, c->set.rejected);
        json_member_int(document, "benign", true, c->set.benign);
        json_member_int(document, "intents", true, (int64_t)c->intents.count);
        add_spread_json(document, "samples_per_intent", &c->per_intent);
        add_group_json(document, "categories", &c->categories);
        add_group_json(document, "subcategories", &c->subcategories);
        add_group_json(document, "attacks", &c->attacks);
        add_images_json(document, c);
    }
    output_json(document);
}

/* ---- The whole ---- */

enum err dataset_show(const struct options *o, const char *argument, const char *data, struct arena *a, struct error *e)
{
    struct showing s = { .a = a };
    struct dataset_source source = { .path = argument };
    bool named = strncmp(argument, prefix, strlen(prefix)) == 0;
    enum err err = dataset_options_map(o, a, &source.map, &source.map_count, e);
    if (err != OK)
        return err;
    if (named) {
        const char *name = argument + strlen(prefix), *folder = arena_printf(a, "datasets/%s", name);
        bool here = !data && !strchr(name, '/') && fs_exists(arena_printf(a, "%s/dataset.yaml", folder));
        source.path = here ? folder : data;
        source.preset = here ? NULL : name;
    }
    if (source.preset && !data) {
        err = describe_preset(&s, source.preset, e);
    } else {
        err = census_take(&source, keep_facts, &s, &s.census, e);
        s.counted = err == OK;
    }
    if (err == OK) {
        if (option_given(o, OPT_JSON))
            write_json(&s);
        else
            write_text(&s);
    }
    census_release(&s.census);
    return err;
}

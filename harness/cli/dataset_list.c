#include "cli/dataset_list.h"

#include "base/json_member.h"
#include "cli/output.h"
#include "dataset/preset.h"

#include <glob.h>
#include <string.h>

/* What is said of a set, whether from its open files or from a preset. */
struct line {
    const char *name, *version, *format, *license, *source, *citation, *path;
    int64_t samples; /* expected; -1 = not said */
    bool preset, verified;
};

struct listing {
    struct arena *a;
    cJSON *list;
    struct output_table table;
};

static void add_line(struct listing *l, const struct line *x)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "path", x->path);
    json_member_text(json, "name", x->name);
    json_member_text(json, "version", x->version);
    json_member_text(json, "format", x->format);
    json_member_text(json, "license", x->license);
    json_member_text(json, "source", x->source[0] ? x->source : NULL);
    json_member_word(json, "citation", x->citation);
    json_member_int(json, "samples", x->samples >= 0, x->samples);
    (void)cJSON_AddBoolToObject(json, "preset", x->preset);
    (void)cJSON_AddBoolToObject(json, "verified", x->verified);
    cJSON_AddItemToArray(l->list, json);

    output_table_add(&l->table, x->name);
    output_table_add(&l->table, x->version);
    output_table_add(&l->table, x->samples >= 0 ? arena_printf(l->a, "%lld", (long long)x->samples) : "?");
    output_table_add(&l->table, x->license);
    output_table_add(&l->table, x->verified ? x->path : arena_printf(l->a, "%s (unverified)", x->path));
}

static void add_problem(struct listing *l, const char *path, const char *problem)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "path", path);
    json_member_text(json, "problem", problem);
    cJSON_AddItemToArray(l->list, json);
    output_table_add(&l->table, path);
    for (int i = 0; i < 3; i++)
        output_table_add(&l->table, "");
    output_table_add(&l->table, problem);
}

static void add_folder(struct listing *l, const char *path)
{
    struct error e;
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    if (dataset_open(&(struct dataset_source){ .path = path }, &d, &e) != OK) {
        add_problem(l, path, e.msg);
        return;
    }
    const struct dataset_facts *f = dataset_facts(d);
    add_line(l, &(struct line){ f->name, f->version, f->format, f->license_id, f->source_id, f->citation, path, f->expect_samples, false,
                                f->verified });
}

static void add_preset(struct listing *l, const char *name)
{
    struct error e;
    struct manifest m;
    const char *path = arena_printf(l->a, "preset:%s", name);
    if (preset_describe(name, l->a, &m, &e) != OK) {
        add_problem(l, path, e.msg);
        return;
    }
    add_line(l, &(struct line){ m.name, m.version, dataset_format_names[m.format], m.licence_id, m.source_id, m.citation, path,
                                m.expect_samples, true, m.verified });
}

void dataset_list(struct arena *a, bool json)
{
    static const char *const heading[] = { "DATASET", "VERSION", "SAMPLES", "LICENCE", "PATH" };
    cJSON *document = output_document();
    struct listing l = { .a = a,
                         .list = cJSON_AddArrayToObject(document, "datasets"),
                         .table = { .columns = ARRAY_LEN(heading), .heading = heading } };
    glob_t found;
    if (glob("datasets/*/dataset.yaml", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            add_folder(&l, found.gl_pathv[i]);
        globfree(&found);
    }
    size_t at = 0;
    for (struct preset p = preset_next(&at, a); p.name; p = preset_next(&at, a))
        add_preset(&l, p.name);
    output_either(document, &l.table, json, "");
}

#include "dataset/manifest.h"

#include "base/fs.h"
#include "base/yaml_read.h"
#include "core/limits.h"
#include "core/names.h"
#include "dataset/archive_name.h"
#include "dataset/manifest_columns.h"

#include <string.h>

const char *const dataset_format_names[6] = {
    [FORMAT_JSONL] = "jsonl",           [FORMAT_JSON] = "json",       [FORMAT_CSV] = "csv", [FORMAT_IMAGEFOLDER] = "imagefolder",
    [FORMAT_WEBDATASET] = "webdataset", [FORMAT_PARQUET] = "parquet",
};

static bool is_hex(const char *text, size_t len)
{
    return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

/* ---- Head ---- */

static enum err read_name(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789", more[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    const struct yaml_node *n = NULL;
    enum err err = yaml_require(root, "name", &n, e);
    if (err == OK)
        err = yaml_as_string(n, false, &m->name, e);
    if (err == OK && (n->len > 64 || !strchr(letters, m->name[0]) || strspn(m->name, more) != n->len))
        err = yaml_error(n, e, "a name has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit");
    return err;
}

static enum err read_format(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    const struct yaml_node *n = NULL;
    size_t at = 0;
    enum err err = yaml_require(root, "format", &n, e);
    if (err == OK)
        err = yaml_as_choice(n, dataset_format_names, ARRAY_LEN(dataset_format_names), &at, e);
    m->format = (enum dataset_format)at;
    return err;
}

static enum err read_head(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    const struct yaml_node *layout = NULL, *version = NULL;
    int64_t number;
    enum err err = yaml_require(root, "gauntlet_dataset", &layout, e);
    if (err == OK)
        err = yaml_as_int(layout, 1, INT64_MAX, &number, e);
    if (err == OK && number != 1)
        err = yaml_error(layout, e, "this program knows layout 1 of dataset.yaml");
    if (err == OK)
        err = read_name(root, m, e);
    if (err == OK)
        err = yaml_require(root, "version", &version, e);
    if (err == OK)
        err = yaml_as_string(version, false, &m->version, e);
    if (err == OK)
        err = read_format(root, m, e);
    return err;
}

/* ---- Files ---- */

/* A path below the root, as far as its text can tell; links are followed and checked when files are opened. */
static enum err check_path(const struct yaml_node *n, struct error *e)
{
    const char *at = n->text;
    if (at[0] == '/')
        return yaml_error(n, e, "an absolute path; paths are relative to the data set's root");
    for (size_t i = 0; i < n->len; i++)
        if ((unsigned char)at[i] < 0x20 || at[i] == 0x7F)
            return yaml_error(n, e, "a control character in a path");
    for (; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || at[2] == '\0'))
            return yaml_error(n, e, "`..` in a path; nothing outside the data set's root is read");
    }
    return OK;
}

static enum err get_path(const struct yaml_node *map, const char *key, const char **ret, struct error *e)
{
    const struct yaml_node *n = yaml_find(map, key);
    enum err err = yaml_get_string(map, key, false, ret, e);
    return err == OK && n && n->kind == YAML_SCALAR ? check_path(n, e) : err;
}

static enum err read_set(const struct yaml_node *n, struct manifest_file *f, struct error *e)
{
    enum err err = yaml_check_keys(n, field_names, FIELD_COUNT, e);
    for (const struct yaml_node *m = n->child; err == OK && m; m = m->next) {
        int field = manifest_field_of(m->key);
        err = yaml_as_string(m, true, &f->set[field], e);
        enum expected expected;
        if (err == OK && field == FIELD_EXPECTED && !expected_parse(m->text, &expected))
            err = yaml_error(m, e, "`expected` is attack or benign");
    }
    return err;
}

static enum err read_file(const struct yaml_node *n, struct manifest_file *f, struct error *e)
{
    static const char *const known[] = { "path", "split", "set" };
    const struct yaml_node *path = NULL;
    *f = (struct manifest_file){ .split = "", .line = n->line, .column = n->column };
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = yaml_require(n, "path", &path, e);
    if (err == OK)
        err = get_path(n, "path", &f->path, e);
    if (err == OK)
        err = yaml_get_string(n, "split", true, &f->split, e);
    if (err == OK && yaml_find(n, "set"))
        err = read_set(yaml_find(n, "set"), f, e);
    if (err == OK) {
        f->line = path->line;
        f->column = path->column;
    }
    return err;
}

static enum err read_files(const struct yaml_node *root, struct arena *a, struct manifest *m, struct error *e)
{
    const struct yaml_node *list = NULL;
    enum err err = yaml_require(root, "files", &list, e);
    if (err == OK)
        err = yaml_want_kind(list, YAML_LIST, e);
    if (err == OK && list->count == 0)
        err = yaml_error(list, e, "`files` is empty");
    if (err != OK)
        return err;
    struct manifest_file *file = arena_array(a, list->count, sizeof(*file));
    for (const struct yaml_node *n = list->child; err == OK && n; n = n->next)
        err = read_file(n, &file[m->file_count++], e);
    m->file = file;
    return err;
}

static enum err read_places(const struct yaml_node *root, struct arena *a, struct manifest *m, struct error *e)
{
    m->images_root = "";
    enum err err = yaml_get_string(root, "root", false, &m->root, e);
    if (err == OK)
        err = get_path(root, "images_root", &m->images_root, e);
    if (err == OK && m->images_root[0] && m->format == FORMAT_IMAGEFOLDER && archive_name_split(m->images_root) == 0)
        err = yaml_error_key(yaml_find(root, "images_root"), e,
                             "an imagefolder's names are relative to its metadata file; its `images_root` can only be an archive");
    if (err == OK && m->images_root[0] && m->format == FORMAT_WEBDATASET)
        err = yaml_error_key(yaml_find(root, "images_root"), e, "a webdataset has no `images_root`: its images are in its shards");
    if (err == OK)
        err = yaml_get_string(root, "taxonomy", false, &m->taxonomy, e);
    return err == OK ? read_files(root, a, m, e) : err;
}

/* ---- Provenance ---- */

static enum err read_licence(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    static const char *const known[] = { "id", "file", "redistribute" };
    const struct yaml_node *n = yaml_find(root, "licence");
    m->licence_id = "unknown";
    m->citation = "";
    enum err err = yaml_get_string(root, "citation", true, &m->citation, e);
    if (err != OK || !n)
        return err;
    err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = yaml_get_string(n, "id", false, &m->licence_id, e);
    if (err == OK)
        err = yaml_get_string(n, "file", false, &m->licence_file, e);
    return err == OK ? yaml_get_bool(n, "redistribute", &m->redistribute, e) : err;
}

static enum err read_source(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    static const char *const known[] = { "kind", "id", "path", "revision" }, *const kinds[] = { "local", "github", "hf" };
    const struct yaml_node *n = yaml_find(root, "source"), *kind = NULL;
    size_t at = 0;
    m->source_kind = m->source_id = m->source_path = m->revision = "";
    m->source = n;
    if (!n)
        return OK;
    enum err err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = yaml_require(n, "kind", &kind, e);
    if (err == OK)
        err = yaml_as_choice(kind, kinds, ARRAY_LEN(kinds), &at, e);
    if (err == OK)
        err = yaml_get_string(n, "id", true, &m->source_id, e);
    if (err == OK)
        err = yaml_get_string(n, "path", true, &m->source_path, e);
    if (err == OK)
        err = yaml_get_string(n, "revision", false, &m->revision, e);
    if (err == OK && m->revision[0] && !is_hex(m->revision, 40))
        err = yaml_error(yaml_find(n, "revision"), e, "a revision is a full commit: 40 of 0-9 a-f (branches and tags move)");
    m->source_kind = kinds[at];
    return err;
}

static enum err read_hash(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    static const char prefix[] = "sha256:";
    const char *text = NULL;
    m->content_hash = "";
    enum err err = yaml_get_string(root, "content_hash", false, &text, e);
    if (err != OK || !text)
        return err;
    if (strncmp(text, prefix, strlen(prefix)) != 0 || !is_hex(text + strlen(prefix), SHA256_HEX))
        return yaml_error(yaml_find(root, "content_hash"), e, "a content_hash is sha256: and 64 of 0-9 a-f");
    m->content_hash = text + strlen(prefix);
    return OK;
}

static enum err read_expectations(const struct yaml_node *root, struct manifest *m, struct error *e)
{
    static const char *const known[] = { "samples", "images" };
    const struct yaml_node *n = yaml_find(root, "expect");
    size_t bad = BAD_UTF8_REJECT;
    m->expect_samples = m->expect_images = -1;
    m->verified = true;
    enum err err = yaml_get_bool(root, "verified", &m->verified, e);
    if (err == OK)
        err = yaml_get_choice(root, "on_bad_utf8", bad_utf8_names, ARRAY_LEN(bad_utf8_names), &bad, e);
    m->on_bad_utf8 = (enum bad_utf8)bad;
    if (err != OK || !n)
        return err;
    err = yaml_check_keys(n, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = yaml_get_int(n, "samples", 0, INT64_MAX, &m->expect_samples, e);
    return err == OK ? yaml_get_int(n, "images", 0, INT64_MAX, &m->expect_images, e) : err;
}

/* ---- The whole ---- */

static enum err read_manifest(const struct yaml_node *root, const struct dataset_map *override, size_t override_count, struct arena *a,
                              struct manifest *m, struct error *e)
{
    static const char *const known[] = { "gauntlet_dataset", "name",    "version",  "format",      "root",    "files",
                                         "images_root",      "columns", "variants", "taxonomy",    "licence", "source",
                                         "content_hash",     "expect",  "verified", "on_bad_utf8", "citation" };
    enum err err = yaml_check_keys(root, known, ARRAY_LEN(known), e);
    if (err == OK)
        err = read_head(root, m, e);
    if (err == OK)
        err = read_places(root, a, m, e);
    if (err == OK)
        err = read_licence(root, m, e);
    if (err == OK)
        err = read_source(root, m, e);
    if (err == OK)
        err = read_hash(root, m, e);
    if (err == OK)
        err = read_expectations(root, m, e);
    return err == OK ? manifest_read_columns(root, override, override_count, a, m, e) : err;
}

enum err manifest_parse(const char *path, const char *text, size_t len, const struct dataset_map *override, size_t override_count,
                        struct arena *a, struct manifest *ret_m, struct error *e)
{
    struct error local;
    const struct yaml_doc *doc;
    e = e ? e : &local;
    enum err err = yaml_load_text(path, text, len, YAML_LIMITS, a, &doc, e);
    if (err != OK)
        return err;

    struct manifest m = { .path = arena_strdup(a, path), .sha256 = sha256_of(text, len) };
    err = read_manifest(doc->root, override, override_count, a, &m, e);
    if (err == OK)
        *ret_m = m;
    return err;
}

enum err manifest_load(const char *path, const struct dataset_map *override, size_t override_count, struct arena *a, struct manifest *ret_m,
                       struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    enum err err = fs_read_file(path, MAX_YAML_BYTES, &text, e);
    if (err == OK)
        err = manifest_parse(path, text.buf, text.len, override, override_count, a, ret_m, e);
    if (err == OK && strcmp(ret_m->source_kind, "hf") == 0 && !ret_m->revision[0])
        err = yaml_error_key(ret_m->source, e,
                             "a set of the Hub needs its `revision`: the commit of 40 hex digits, which `gauntlet pull` tells");
    return err;
}

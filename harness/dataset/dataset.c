#include "dataset/dataset.h"

#include "base/fs.h"
#include "base/text_safe.h"
#include "base/vec.h"
#include "dataset/data_files.h"
#include "dataset/id_table.h"
#include "dataset/image_source.h"
#include "dataset/preset.h"
#include "dataset/sample_build.h"
#include "dataset/tally.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_PENDING = 4 }; /* of one row and variant: findings about its archive, its id and its text, the sample */

struct pending {
    enum dataset_event event;
    struct sample sample;
    struct finding finding;
};

struct dataset {
    struct arena arena;     /* lives as long as the set */
    struct arena row_arena; /* lives until the next event */
    struct manifest manifest;
    struct dataset_facts facts;
    const struct data_file *file;
    struct dataset_file *done;  /* hashes of the files that were read */
    size_t file_count, at_file; /* at_file == file_count: the end */
    bool file_is_open, columns_checked;
    struct rows rows;
    struct row row;
    size_t next_variant; /* of `row`; variant_count = the row is used up */
    struct image_source *image_source;
    struct image_finder *finder;
    struct id_table ids;
    struct tally hashed; /* archives whose SHA-256 is known; mark: index into hash[], plus 1 */
    struct sha256_hex *hash;
    size_t hash_count, hash_cap;
    int64_t samples, images;
    struct pending pending[MAX_PENDING];
    size_t pending_count, next_pending;
    const char *fatal_code; /* NULL = "D2": the rest of a file cannot be read */
};

/* ---- Opening ---- */

static enum err find_manifest(const char *path, struct strbuf *ret, struct error *e)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        enum err err = error_os(e, errno, "data set '%s'", path);
        if (e && (e->os == ENOENT || e->os == ENOTDIR))
            err = e->code = ERR_NOT_FOUND;
        return err;
    }
    if (S_ISDIR(st.st_mode))
        fs_join(path, "dataset.yaml", ret);
    else
        (void)strbuf_addstr(ret, path);
    return OK;
}

static enum err load_manifest(const struct dataset_source *source, struct arena *a, struct manifest *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    if (source->preset)
        return preset_load(source, a, ret, e);
    enum err err = find_manifest(source->path, &path, e);
    return err == OK ? manifest_load(path.buf, source->map, source->map_count, a, ret, e) : err;
}

/* `root:` is relative to the manifest's folder; an override, and the folder of a preset's data, to where the person stands. */
static enum err find_root(const struct dataset_source *source, const struct manifest *m, struct arena *a, const char **ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf dir = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf joined = STRBUF_INIT;
    fs_dirname(m->path, &dir);
    if (source->root || source->preset)
        (void)strbuf_addstr(&joined, source->root ? source->root : source->path);
    else
        fs_join(dir.buf, m->root ? m->root : ".", &joined);

    CLEANUP(cleanup_free) char *canonical = realpath(joined.buf, NULL);
    if (!canonical) {
        enum err err = error_os(e, errno, "%s: the data set's root '%s'", m->path, joined.buf);
        if (e && (e->os == ENOENT || e->os == ENOTDIR))
            err = e->code = ERR_NOT_FOUND;
        return err;
    }
    *ret = arena_strdup(a, canonical);
    return OK;
}

static void collect_facts(struct dataset *d, const char *root)
{
    const struct manifest *m = &d->manifest;
    d->facts = (struct dataset_facts){
        .manifest = m->path,
        .name = m->name,
        .version = m->version,
        .format = dataset_format_names[m->format],
        .license_id = m->licence_id,
        .source_kind = m->source_kind,
        .license_file = m->licence_file ? m->licence_file : "",
        .citation = m->citation,
        .source_id = m->source_id,
        .source_path = m->source_path,
        .revision = m->revision,
        .root = root,
        .content_hash = m->content_hash,
        .expect_samples = m->expect_samples,
        .expect_images = m->expect_images,
        .verified = m->verified,
        .redistribute = m->redistribute,
        .taxonomy = m->taxonomy ? m->taxonomy : "",
        .recipe_sha256 = m->sha256,
    };
}

static enum err open_set(struct dataset *d, const struct dataset_source *source, const char **ret_code, struct error *e)
{
    const char *root = NULL;
    enum err err = load_manifest(source, &d->arena, &d->manifest, e);
    *ret_code = err == OK ? "D2" : "D1";
    if (err == OK)
        err = find_root(source, &d->manifest, &d->arena, &root, e);
    if (err == OK)
        err = data_files_find(&d->manifest, root, &d->arena, &d->file, &d->file_count, e);
    if (err != OK)
        return err;
    collect_facts(d, root);
    d->done = arena_array(&d->arena, d->file_count, sizeof(*d->done));
    d->image_source = image_source_new(root);
    d->finder = image_finder_new(root, d->image_source);
    d->next_variant = d->manifest.variant_count;
    return OK;
}

enum err dataset_open(const struct dataset_source *source, struct dataset **ret_d, struct error *e)
{
    const char *code;
    return dataset_open_as(source, ret_d, &code, e);
}

enum err dataset_open_as(const struct dataset_source *source, struct dataset **ret_d, const char **ret_code, struct error *e)
{
    struct dataset *d = xcalloc(1, sizeof(*d));
    d->hashed = (struct tally)TALLY_INIT;
    enum err err = open_set(d, source, ret_code, e);
    if (err != OK)
        dataset_close(d);
    else
        *ret_d = d;
    return err;
}

const struct dataset_facts *dataset_facts(const struct dataset *d)
{
    return &d->facts;
}

/* ---- Events ---- */

static const char *safe_line(struct dataset *d, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(text, strlen(text), 0, true, &safe);
    return arena_strndup(&d->row_arena, safe.buf, safe.len);
}

static void push_finding(struct dataset *d, const char *code, enum finding_outcome outcome, const char *id, const char *message)
{
    struct pending *p = &d->pending[d->pending_count++];
    *p = (struct pending){ .event = DATASET_FINDING };
    p->finding = (struct finding){
        .outcome = outcome, .file = d->file[d->at_file].path, .line = d->row.line, .sample_id = id, .message = safe_line(d, message)
    };
    (void)snprintf(p->finding.code, sizeof(p->finding.code), "%s", code);
}

static enum err fatal_id(struct dataset *d, const char *id, const char *what, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    text_safe_terminal(id, strlen(id), 80, true, &shown);
    d->fatal_code = "D6";
    return error_set(e, ERR_INVALID, "%s:%lld: %s: '%s'", d->file[d->at_file].path, (long long)d->row.line, what, shown.buf);
}

/* Ids are the resume key: a second one is fatal. Only a generated id may come again, because the set really has that sample
   twice and published counts must be met; it gets a number. */
static enum err check_id(struct dataset *d, struct built_sample *b, struct error *e)
{
    const char *id = b->sample.id;
    struct id_place here = { .line = d->row.line, .file = (uint32_t)d->at_file };
    if (b->bad_id)
        return fatal_id(d, id, b->bad_id, e);
    if (!id[0])
        return OK;
    struct id_place *first = id_table_add(&d->ids, id, strlen(id), here);
    if (!first)
        return OK;
    const char *file = d->file[first->file].path;
    if (!b->id_is_generated) {
        (void)fatal_id(d, id, "the id is there twice", e);
        return error_suffix(e, ", first at %s:%lld; ids must be unique", file, (long long)first->line);
    }
    const char *message =
        arena_printf(&d->row_arena, "the same prompt, images and intent as %s:%lld; both are kept", file, (long long)first->line);
    const char *numbered = arena_printf(&d->row_arena, "%s-%u", id, (unsigned)++first->repeat + 1);
    if (b->sample.intent_id == id)
        b->sample.intent_id = numbered;
    b->sample.id = numbered;
    if (!b->reject_code)
        push_finding(d, "D10", FINDING_WARN, numbered, message);
    return OK;
}

static struct sample_recipe recipe_for(const struct dataset *d, size_t variant)
{
    const struct data_file *f = &d->file[d->at_file];
    return (struct sample_recipe){ .manifest = &d->manifest,
                                   .file = f->from,
                                   .variant = &d->manifest.variant[variant],
                                   .path = f->path,
                                   .file_stem = f->stem,
                                   .split = f->split,
                                   .images_base = f->images_base,
                                   .in_archive = f->archive != NULL,
                                   .finder = d->finder,
                                   .images = d->image_source };
}

/* Turns the current row into the events of its next variant. */
static enum err build_events(struct dataset *d, struct error *e)
{
    struct sample_recipe recipe = recipe_for(d, d->next_variant++);
    struct built_sample b = sample_build(&recipe, &d->row, &d->row_arena);

    d->samples++;
    d->images += (int64_t)b.image_refs;
    const char *news = image_source_news(d->image_source);
    if (news)
        push_finding(d, "D2", FINDING_WARN, b.sample.id, news);
    enum err err = check_id(d, &b, e);
    if (err != OK)
        return err;
    if (b.reject_code) {
        push_finding(d, b.reject_code, FINDING_REJECT, b.sample.id, b.reject);
        return OK;
    }
    if (b.warning)
        push_finding(d, "S2", FINDING_WARN, b.sample.id, b.warning);
    d->pending[d->pending_count++] = (struct pending){ .event = DATASET_SAMPLE, .sample = b.sample };
    return OK;
}

/* ---- Rows ---- */

/* Whether the row has the columns of every variant; asked once a file. */
static enum err check_columns(struct dataset *d, const struct row *row, struct error *e)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < d->manifest.variant_count; i++)
        err = column_map_check(&d->manifest.variant[i].columns, row, d->manifest.path, d->file[d->at_file].path, e);
    d->columns_checked = true;
    if (err != OK)
        d->fatal_code = "D1";
    return err;
}

static enum err open_file(struct dataset *d, struct error *e)
{
    const struct data_file *f = &d->file[d->at_file];
    enum err err = f->member[0] ? rows_open_member(&d->rows, f->format, f->absolute, f->member, f->path, e)
                                : rows_open(&d->rows, f->format, f->absolute, f->path, e);
    if (err != OK)
        return err;
    d->file_is_open = true;
    d->columns_checked = false;
    struct row header = rows_header(&d->rows);
    return f->format == ROW_FORMAT_CSV ? check_columns(d, &header, e) : OK;
}

static enum err close_file(struct dataset *d, struct error *e)
{
    struct dataset_file *done = &d->done[d->at_file];
    const char *archive = d->file[d->at_file].archive;
    done->path = archive ? archive : d->file[d->at_file].path;
    enum err err = archive ? dataset_file_sha256(d, archive, &done->sha256, e) : rows_sha256(&d->rows, &done->sha256, e);
    rows_release(&d->rows);
    d->file_is_open = false;
    d->at_file++;
    return err;
}

/* Reads the next row of the current file, or moves on to the next file. */
static enum err next_row(struct dataset *d, struct error *e)
{
    bool more;
    enum err err = d->file_is_open ? OK : open_file(d, e);
    if (err == OK)
        err = rows_next(&d->rows, &more, &d->row, e);
    if (err != OK)
        return err;
    if (!more)
        return close_file(d, e);

    if (d->row.problem) {
        d->samples += (int64_t)d->manifest.variant_count;
        push_finding(d, "D3", FINDING_REJECT, "", d->row.problem);
        return OK;
    }
    d->next_variant = 0;
    return d->columns_checked ? OK : check_columns(d, &d->row, e);
}

enum err dataset_next(struct dataset *d, enum dataset_event *ret_event, struct sample *ret_sample, struct finding *ret_finding,
                      struct error *e)
{
    while (d->next_pending == d->pending_count) {
        d->next_pending = d->pending_count = 0;
        arena_reset(&d->row_arena);
        if (d->at_file == d->file_count) {
            *ret_event = DATASET_END;
            return OK;
        }
        enum err err = d->next_variant < d->manifest.variant_count ? build_events(d, e) : next_row(d, e);
        if (err != OK)
            return error_prefix(e, "data set '%s'", d->facts.name);
    }
    const struct pending *p = &d->pending[d->next_pending++];
    *ret_event = p->event;
    if (p->event == DATASET_SAMPLE)
        *ret_sample = p->sample;
    else
        *ret_finding = p->finding;
    return OK;
}

/* Shards and archives are asked for again and again: by their rows and by every image. */
enum err dataset_file_sha256(struct dataset *d, const char *path, struct sha256_hex *ret, struct error *e)
{
    struct tally_item *known = tally_add(&d->hashed, path, "", 0, NULL);
    if (known->mark == 0) {
        CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT;
        CLEANUP(file_reader_release) struct file_reader in = FILE_READER_INIT;
        struct sha256_hex hash;
        if (fs_resolve_inside(d->facts.root, path, &absolute, e) != OK || file_reader_open(&in, absolute.buf, path, e) != OK ||
            file_reader_sha256(&in, &hash, e) != OK)
            return e ? e->code : ERR_IO;
        d->hash = vec_grow(d->hash, d->hash_count, &d->hash_cap, sizeof(*d->hash));
        d->hash[d->hash_count++] = hash;
        known->mark = d->hash_count;
    }
    *ret = d->hash[known->mark - 1];
    return OK;
}

enum err dataset_read_image(struct dataset *d, const struct sample_image *image, struct image_bytes *ret_bytes, struct error *e)
{
    return image_source_read(d->image_source, image->name, ret_bytes, e);
}

const char *dataset_fatal_code(const struct dataset *d)
{
    return d->fatal_code ? d->fatal_code : "D2";
}

/* ---- After the end ---- */

const struct dataset_file *dataset_file(const struct dataset *d, size_t *ret_count)
{
    *ret_count = d->at_file;
    return d->done;
}

int64_t dataset_sample_count(const struct dataset *d)
{
    return d->samples;
}

int64_t dataset_image_count(const struct dataset *d)
{
    return d->images;
}

enum err dataset_check_counts(const struct dataset *d, struct error *e)
{
    const struct manifest *m = &d->manifest;
    if (m->expect_samples >= 0 && m->expect_samples != d->samples)
        return error_set(e, ERR_INVALID, "%s: expected %lld samples, found %lld", m->path, (long long)m->expect_samples,
                         (long long)d->samples);
    if (m->expect_images >= 0 && m->expect_images != d->images)
        return error_set(e, ERR_INVALID, "%s: expected %lld images, found %lld", m->path, (long long)m->expect_images,
                         (long long)d->images);
    return OK;
}

void dataset_close(struct dataset *d)
{
    if (!d)
        return;
    if (d->file_is_open)
        rows_release(&d->rows);
    image_finder_free(d->finder);
    image_source_free(d->image_source);
    id_table_release(&d->ids);
    tally_release(&d->hashed);
    free(d->hash);
    arena_release(&d->row_arena);
    arena_release(&d->arena);
    free(d);
}

void dataset_closep(struct dataset **d)
{
    dataset_close(*d);
}

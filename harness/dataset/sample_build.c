#include "dataset/sample_build.h"

#include "base/json.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "dataset/builder.h"
#include "dataset/embedded_image.h"
#include "dataset/image.h"
#include "dataset/imagefolder.h"
#include "dataset/record_source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char none[] = "(none)";

void builder_reject(struct builder *b, const char *code, const char *format, ...)
{
    char text[512];
    va_list args;
    if (b->problems++ > 0)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    b->out.reject_code = code;
    b->out.reject = arena_strdup(b->arena, text);
}

const char *builder_text(struct builder *b, const char *field, const char *text, size_t len)
{
    struct bad_utf8_found found = { 0 };
    if (!b->row->clean)
        found = bad_utf8_find(text, len);
    if (found.count == 0)
        return arena_strndup(b->arena, text, len);

    if (b->bad_bytes == 0) {
        b->first_bad = found;
        b->first_bad_field = field;
    }
    b->bad_bytes += found.count;
    b->bad_fields++;
    CLEANUP(strbuf_release) struct strbuf fixed = STRBUF_INIT;
    enum bad_utf8 how = b->recipe->manifest->on_bad_utf8;
    bad_utf8_fix(how, text, len, &fixed);
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    utf8_repair(field, strlen(field), &name); /* a JSON key can be bad itself */
    (void)strbuf_addstr(&b->repairs, b->repairs.len ? "," : "");
    json_add_string(&b->repairs, name.buf, name.len);
    (void)strbuf_addf(&b->repairs, ":\"%s, %zu byte%s\"", bad_utf8_names[how], found.count, found.count == 1 ? "" : "s");
    return arena_strndup(b->arena, fixed.buf, fixed.len);
}

/* ---- Fields ---- */

static const char *read_field(struct builder *b, enum field field)
{
    const struct sample_recipe *r = b->recipe;
    if (r->file->set[field])
        return r->file->set[field];

    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
    struct map_place at = { b->row, r->split, r->file_stem, r->variant->name };
    bool given = false;
    strbuf_init(&text, MAX_PROMPT_BYTES);
    if (!map_value_text(&r->variant->columns.field[field], &at, &text, &given, &problem)) {
        builder_reject(b, "D3", "field '%s': %s", field_names[field], problem.buf);
        return "";
    }
    if (text.overflow) {
        builder_reject(b, "S9", "field '%s' is longer than %zu MiB", field_names[field], MAX_PROMPT_BYTES / MIB);
        return "";
    }
    const struct map_value *v = &r->variant->columns.field[field];
    if (!given) /* a column that is mapped and empty says something; a native row without the key says nothing */
        return v->kind == MAP_NONE || v->optional ? NULL : "";
    return builder_text(b, field_names[field], text.buf, text.len);
}

static const char *or_else(const char *text, const char *other)
{
    return text && text[0] ? text : other;
}

static void read_expected(struct builder *b, const char *text)
{
    b->out.sample.expected = EXPECTED_ATTACK;
    if (text && text[0] && !expected_parse(text, &b->out.sample.expected))
        builder_reject(b, "S1", "field 'expected' is '%.40s', not attack or benign", text);
}

static void read_fields(struct builder *b, const char **ret_id)
{
    const char *text[FIELD_COUNT];
    struct sample *s = &b->out.sample;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        text[i] = read_field(b, (enum field)i);

    *ret_id = text[FIELD_ID];
    s->id = or_else(text[FIELD_ID], "");
    s->intent_id = or_else(text[FIELD_INTENT_ID], "");
    s->intent = or_else(text[FIELD_INTENT], "");
    s->prompt = or_else(text[FIELD_PROMPT], "");
    s->context = or_else(text[FIELD_CONTEXT], "");
    s->category = or_else(text[FIELD_CATEGORY], none);
    s->subcategory = or_else(text[FIELD_SUBCATEGORY], none);
    s->attack = or_else(text[FIELD_ATTACK], none);
    s->twin = or_else(text[FIELD_TWIN], "");
    read_expected(b, text[FIELD_EXPECTED]);
}

/* ---- Images ---- */

static void keep_image(struct builder *b, const struct sample_image *image)
{
    if (b->out.sample.image_count == b->image_cap) {
        size_t cap = b->image_cap ? b->image_cap * 2 : 2;
        struct sample_image *larger = arena_array(b->arena, cap, sizeof(*larger));
        if (b->image_cap)
            memcpy(larger, b->image, b->image_cap * sizeof(*larger));
        b->image = larger;
        b->image_cap = cap;
    }
    b->image[b->out.sample.image_count++] = *image;
}

/* An image that stands in the row as base64. It is looked at now and read again, from its place in the file, when it is
   sent: nothing of it is kept. */
static void add_embedded(struct builder *b, const char *text, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    size_t number = 0;
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    const char *problem = embedded_image_decode(text, len, &bytes);
    struct image_info info = image_probe((const unsigned char *)bytes.buf, bytes.len);
    if (!problem && info.problem && strcmp(info.code, "S4") == 0)
        problem = info.problem;
    if (problem) {
        builder_reject(b, "S4", "the image in the row is %s", problem);
    } else if (b->row->has_image_columns || b->row->unread) {
        builder_reject(b, "S4", "an image as base64 in a text column of Parquet is not read; images stand there as bytes");
    } else if (b->row->offset < 0 || b->recipe->in_archive) {
        builder_reject(b, "S4", "an image as base64 inside an archive is not read; unpack the archive");
    } else if (!embedded_image_number(b->row, text, len, &number)) {
        builder_reject(b, "S4", "an image as base64 must stand in the row as it is, not be put together from columns");
    } else {
        record_source_name(b->recipe->path, b->row->offset, number, &name);
        struct sample_image image = { .name = arena_strndup(b->arena, name.buf, name.len), .bytes = (int64_t)bytes.len };
        image.path = image.name;
        keep_image(b, &image);
    }
}

/* A map_add_text: finds one image. What is wrong with it is noted; the others are still looked at. */
static bool add_image(void *context, const char *text, size_t len, struct strbuf *unused)
{
    struct builder *b = context;
    struct sample_image image = { 0 };
    CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
    (void)unused;

    if (b->out.image_refs++ >= MAX_IMAGES) {
        if (b->out.image_refs == MAX_IMAGES + 1)
            builder_reject(b, "S9", "more than %d images in one sample", MAX_IMAGES);
        return true;
    }
    const struct row_image *inside = row_image_named(b->row, text);
    const char *code;
    if (inside && inside->bytes >= 0) {
        code = image_finder_accept(b->recipe->finder, text, inside->bytes, inside->small, b->arena, &image, &problem);
    } else if (embedded_image_is(text, len)) {
        add_embedded(b, text, len);
        return true;
    } else {
        const char *name = builder_text(b, "images", text, len);
        code = image_finder_find(b->recipe->finder, b->recipe->images_base, name, b->arena, &image, &problem);
    }
    if (code) {
        builder_reject(b, code, "%s", problem.buf);
        return true;
    }
    keep_image(b, &image);
    return true;
}

/* `images: auto`: the columns that the file calls images, or else those that link to them. */
static bool add_automatic(struct builder *b, struct strbuf *problem)
{
    const struct row *row = b->row;
    if (!row->has_image_columns)
        return imagefolder_links(row, add_image, b, problem);
    for (size_t i = 0; i < row->image_count; i++)
        if (row->image[i].is_column && !add_image(b, row->image[i].name, strlen(row->image[i].name), problem))
            return false;
    return true;
}

static void read_images(struct builder *b)
{
    const struct column_map *map = &b->recipe->variant->columns;
    struct map_place at = { b->row, b->recipe->split, b->recipe->file_stem, b->recipe->variant->name };
    CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
    bool automatic = map->images_auto && (b->row->has_image_columns || !map->images_optional);
    bool good = !automatic || add_automatic(b, &problem);

    for (size_t i = 0; good && !automatic && i < map->image_count; i++)
        good = map_value_list(&map->image[i], &at, add_image, b, &problem);
    if (!good)
        builder_reject(b, "D3", "images: %s", problem.buf);
    b->out.sample.image = b->image;
}

/* ---- Ids ---- */

static const char *id_problem(const char *id)
{
    size_t len = strlen(id);
    if (len == 0)
        return "the id is empty";
    if (len > MAX_ID_BYTES)
        return "the id is longer than 256 bytes";
    for (size_t at = 0; at < len;) {
        uint32_t c = utf8_next(id, len, &at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0))
            return "the id has a control character";
    }
    return NULL;
}

/* "h-" and 16 digits of SHA-256 over prompt, the images' SHA-256 and intent, joined by NULs. */
static const char *generate_id(struct builder *b)
{
    const struct sample *s = &b->out.sample;
    CLEANUP(sha256_freep) struct sha256 *hash = sha256_new();
    sha256_add(hash, s->prompt, strlen(s->prompt));
    for (size_t i = 0; i < s->image_count; i++) {
        struct image_bytes image;
        if (image_source_read(b->recipe->images, s->image[i].name, &image, NULL) != OK) {
            builder_reject(b, "S3", "image '%s' cannot be read", s->image[i].name);
            return "";
        }
        struct sha256_hex hex = sha256_of(image.bytes, image.len);
        image_bytes_release(&image);
        sha256_add(hash, "", 1);
        sha256_add(hash, hex.text, SHA256_HEX);
    }
    sha256_add(hash, "", 1);
    sha256_add(hash, s->intent, strlen(s->intent));
    struct sha256_hex digest = sha256_take(hash);
    return arena_printf(b->arena, "h-%.16s", digest.text);
}

static void settle_id(struct builder *b, const char *given)
{
    struct sample *s = &b->out.sample;
    if (given) {
        b->out.bad_id = b->problems > 0 && !given[0] ? NULL : id_problem(given);
    } else {
        b->out.id_is_generated = true;
        s->id = b->problems == 0 ? generate_id(b) : "";
    }
    if (!s->intent_id[0])
        s->intent_id = s->id;
}

/* ---- The whole ---- */

static void check_utf8(struct builder *b)
{
    if (b->bad_bytes == 0)
        return;
    enum bad_utf8 how = b->recipe->manifest->on_bad_utf8;
    if (how == BAD_UTF8_REJECT) {
        builder_reject(b, "S2", "field '%.60s': byte %02X at offset %zu is not UTF-8 (%zu bad byte%s in %zu field%s; see on_bad_utf8)",
                       b->first_bad_field, b->first_bad.first_byte, b->first_bad.first_offset, b->bad_bytes, b->bad_bytes == 1 ? "" : "s",
                       b->bad_fields, b->bad_fields == 1 ? "" : "s");
        return;
    }
    b->out.warning =
        arena_printf(b->arena, "field '%.60s': byte %02X at offset %zu is not UTF-8; %zu byte%s repaired (%s)", b->first_bad_field,
                     b->first_bad.first_byte, b->first_bad.first_offset, b->bad_bytes, b->bad_bytes == 1 ? "" : "s", bad_utf8_names[how]);
}

static void check_required(struct builder *b)
{
    const struct sample *s = &b->out.sample;
    if (!s->prompt[0] && b->out.image_refs == 0)
        builder_reject(b, "S1", "neither a prompt nor an image");
    if (s->expected == EXPECTED_ATTACK && !s->intent[0])
        builder_reject(b, "S1", "an attack needs an intent: what the attacker wants, which the judge is asked about");
}

struct built_sample sample_build(const struct sample_recipe *r, const struct row *row, struct arena *a)
{
    struct builder b = { .recipe = r, .row = row, .arena = a, .repairs = STRBUF_INIT };
    const char *id;

    b.out.sample.split = r->split;
    b.out.sample.file = r->path;
    b.out.sample.row = row->line;
    read_fields(&b, &id);
    read_images(&b);
    builder_extra(&b);
    check_utf8(&b);
    check_required(&b);
    settle_id(&b, id);
    if (b.problems > 1)
        b.out.reject = arena_printf(a, "%s (and %zu more)", b.out.reject, b.problems - 1);
    strbuf_release(&b.repairs);
    return b.out;
}

#include "dataset/webdataset.h"

#include "base/arena.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/limits.h"
#include "dataset/json_record.h"
#include "dataset/tar_stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIXING_SAMPLES = 5, SHOWN_COLUMNS = 60, MAX_FIELDS = 1000 };
enum field_kind { FIELD_IS_OTHER, FIELD_IS_TEXT, FIELD_IS_JSON, FIELD_IS_INTEGER, FIELD_IS_IMAGE };

struct webdataset {
    char *name;
    struct tar_stream *stream;
    cJSON *columns; /* an object of nulls: what the first samples have */
    /* the member that was read ahead: it begins the next sample */
    bool has_next;
    struct tar_member next;
    struct strbuf key, text, scratch, problem;
    /* the sample in the making */
    cJSON *object;
    const char **image; /* names, in `strings` */
    size_t image_count, image_cap, text_bytes, field_count;
    bool clean;
    struct arena strings;
};

/* ---- Names ---- */

static enum field_kind kind_of_field(const char *field)
{
    static const struct {
        const char *ending;
        enum field_kind kind;
    } kinds[] = {
        { "txt", FIELD_IS_TEXT },    { "text", FIELD_IS_TEXT },   { "transcript", FIELD_IS_TEXT }, { "json", FIELD_IS_JSON },
        { "jsn", FIELD_IS_JSON },    { "cls", FIELD_IS_INTEGER }, { "cls2", FIELD_IS_INTEGER },    { "index", FIELD_IS_INTEGER },
        { "inx", FIELD_IS_INTEGER }, { "id", FIELD_IS_INTEGER },  { "png", FIELD_IS_IMAGE },       { "jpg", FIELD_IS_IMAGE },
        { "jpeg", FIELD_IS_IMAGE },  { "gif", FIELD_IS_IMAGE },   { "webp", FIELD_IS_IMAGE },      { "bmp", FIELD_IS_IMAGE },
        { "tif", FIELD_IS_IMAGE },   { "tiff", FIELD_IS_IMAGE },
    };
    const char *dot = strrchr(field, '.'), *ending = dot ? dot + 1 : field;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcasecmp(kinds[i].ending, ending) == 0)
            return kinds[i].kind;
    return FIELD_IS_OTHER;
}

/* Where the key of a member's name ends: at the first dot of the base name. 0 = no name of a field. */
static size_t key_len(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name, *dot = strchr(base, '.');
    return dot && dot > base ? (size_t)(dot - name) : 0;
}

/* ---- Members ---- */

/* Reads ahead to the next member that belongs to a sample. */
static enum err read_ahead(struct webdataset *w, struct error *e)
{
    for (;;) {
        enum err err = tar_stream_next(w->stream, &w->has_next, &w->next, e);
        if (err != OK || !w->has_next)
            return err;
        if (!w->next.is_directory && key_len(w->next.name) > 0)
            return OK;
    }
}

static bool begins_with_key(const struct webdataset *w)
{
    return w->has_next && key_len(w->next.name) == w->key.len && memcmp(w->next.name, w->key.buf, w->key.len) == 0;
}

/* The first problem of a sample stands. */
PRINTF_LIKE(3, 4)
static void complain(struct webdataset *w, const char *field, const char *format, ...)
{
    char what[200];
    va_list args;
    if (w->problem.len > 0)
        return;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    (void)strbuf_addstr(&w->problem, "sample '");
    text_safe_terminal(w->key.buf, w->key.len, SHOWN_COLUMNS, false, &w->problem);
    (void)strbuf_addstr(&w->problem, "', field '");
    text_safe_terminal(field, strlen(field), SHOWN_COLUMNS, false, &w->problem);
    (void)strbuf_addf(&w->problem, "': %s", what);
}

/* ---- Fields ---- */

static void put(cJSON *object, const char *name, cJSON *value)
{
    if (!value || !cJSON_AddItemToObject(object, name, value))
        abort();
}

static void add_text(struct webdataset *w, const char *field)
{
    if (memchr(w->text.buf, '\0', w->text.len))
        complain(w, field, "a text with a NUL in it");
    else
        put(w->object, field, cJSON_CreateString(w->text.buf));
}

static void add_json(struct webdataset *w, const char *field)
{
    struct error why = { 0 };
    cJSON *tree = json_record_parse(w->text.buf, w->text.len, "", 1, &w->scratch, &why);
    if (!tree)
        complain(w, field, "not JSON at %.120s", why.msg + (why.msg[0] == ':'));
    else
        put(w->object, field, tree);
}

static void add_integer(struct webdataset *w, const char *field)
{
    const long long exact = 1LL << 53;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(w->text.buf, &end, 10);
    if (end == w->text.buf || errno != 0 || value > exact || value < -exact || end[strspn(end, " \t\r\n")] != '\0' ||
        strlen(w->text.buf) != w->text.len)
        complain(w, field, "not a whole number");
    else
        put(w->object, field, cJSON_CreateNumber((double)value));
}

static void add_image(struct webdataset *w, const char *field, const char *member)
{
    const char *name = arena_printf(&w->strings, "%s!%s", w->name, member);
    w->image = vec_grow(w->image, w->image_count, &w->image_cap, sizeof(*w->image));
    w->image[w->image_count++] = name;
    put(w->object, field, cJSON_CreateString(name));
}

/* Reads a field that is no image. */
static enum err read_field(struct webdataset *w, const char *field, enum field_kind kind, struct error *e)
{
    if (w->next.size > MAX_RECORD_BYTES - w->text_bytes) {
        complain(w, field, "the sample's texts are larger than %zu MiB", MAX_RECORD_BYTES / MIB);
        return OK;
    }
    enum err err = tar_stream_read(w->stream, &w->text, e);
    if (err != OK)
        return err;
    w->text_bytes += w->text.len;
    w->clean = w->clean && utf8_valid(w->text.buf, w->text.len, NULL);
    if (kind == FIELD_IS_TEXT)
        add_text(w, field);
    else if (kind == FIELD_IS_JSON)
        add_json(w, field);
    else
        add_integer(w, field);
    return OK;
}

static enum err take_member(struct webdataset *w, struct error *e)
{
    const char *field = w->next.name + w->key.len + 1;
    enum field_kind kind = kind_of_field(field);
    if (w->next.problem)
        complain(w, field, "the member %s", w->next.problem);
    else if (w->columns && kind != FIELD_IS_OTHER && kind != FIELD_IS_IMAGE && !cJSON_GetObjectItemCaseSensitive(w->columns, field))
        complain(w, field, "the first %d samples of '%s' do not have this field", FIXING_SAMPLES, w->name);
    else if (cJSON_GetObjectItemCaseSensitive(w->object, field))
        complain(w, field, "it is there twice");
    else if (w->field_count++ >= MAX_FIELDS)
        complain(w, field, "more than %d fields", MAX_FIELDS);
    else if (kind == FIELD_IS_IMAGE)
        add_image(w, field, w->next.name);
    else if (kind != FIELD_IS_OTHER && !w->columns)
        put(w->object, field, cJSON_CreateNull());
    else if (kind != FIELD_IS_OTHER)
        return read_field(w, field, kind, e);
    return OK;
}

/* ---- Samples ---- */

/* Takes all members of the next sample; *ret_more is false when there is none. */
static enum err take_sample(struct webdataset *w, bool *ret_more, struct error *e)
{
    cJSON_Delete(w->object);
    w->object = cJSON_CreateObject();
    w->image_count = w->text_bytes = w->field_count = 0;
    w->clean = true;
    strbuf_clear(&w->problem);
    strbuf_clear(&w->key);
    arena_reset(&w->strings);
    *ret_more = w->has_next;
    if (w->has_next)
        (void)strbuf_add(&w->key, w->next.name, key_len(w->next.name));
    enum err err = OK;
    while (err == OK && begins_with_key(w)) {
        err = take_member(w, e);
        if (err == OK)
            err = read_ahead(w, e);
    }
    return err;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What every sample gets: its key, shard and images, and null for what it lacks. */
static void complete(struct webdataset *w)
{
    cJSON *images = cJSON_CreateArray();
    if (w->image_count > 0)
        qsort(w->image, w->image_count, sizeof(*w->image), by_name);
    for (size_t i = 0; i < w->image_count; i++)
        if (!cJSON_AddItemToArray(images, cJSON_CreateString(w->image[i])))
            abort();
    for (const cJSON *column = w->columns->child; column; column = column->next)
        if (!cJSON_GetObjectItemCaseSensitive(w->object, column->string))
            put(w->object, column->string, cJSON_CreateNull());
    put(w->object, "__key__", cJSON_CreateString(w->key.buf));
    put(w->object, "__url__", cJSON_CreateString(w->name));
    put(w->object, WEBDATASET_IMAGES, images);
    w->clean = w->clean && utf8_valid(w->key.buf, w->key.len, NULL);
}

enum err webdataset_next(struct webdataset *w, bool *ret_more, struct webdataset_sample *ret, struct error *e)
{
    enum err err = take_sample(w, ret_more, e);
    if (err != OK || !*ret_more)
        return err;
    *ret = (struct webdataset_sample){ .key = w->key.buf, .clean = w->clean };
    if (w->problem.len > 0) {
        ret->problem = w->problem.buf;
        return OK;
    }
    complete(w);
    ret->clean = w->clean;
    ret->object = TAKE(w->object);
    return OK;
}

/* ---- Opening ---- */

/* The fields of the first samples, without reading what is in them. */
static enum err fix_columns(struct webdataset *w, struct error *e)
{
    cJSON *columns = cJSON_CreateObject();
    bool more = true;
    enum err err = read_ahead(w, e);
    for (int i = 0; err == OK && more && i < FIXING_SAMPLES; i++) {
        err = take_sample(w, &more, e);
        for (const cJSON *field = w->object->child; err == OK && field; field = field->next)
            if (!cJSON_GetObjectItemCaseSensitive(columns, field->string))
                put(columns, field->string, cJSON_CreateNull());
    }
    w->columns = columns;
    return err;
}

enum err webdataset_open(const char *path, const char *name, struct webdataset **ret, struct error *e)
{
    struct webdataset *w = xcalloc(1, sizeof(*w));
    *w = (struct webdataset){
        .name = xstrdup(name), .key = STRBUF_INIT, .scratch = STRBUF_INIT, .problem = STRBUF_INIT, .strings = ARENA_INIT
    };
    strbuf_init(&w->text, MAX_RECORD_BYTES);
    enum err err = tar_stream_open(path, w->name, &w->stream, e);
    if (err == OK)
        err = fix_columns(w, e);
    tar_stream_close(TAKE(w->stream));
    if (err == OK)
        err = tar_stream_open(path, w->name, &w->stream, e);
    if (err == OK)
        err = read_ahead(w, e);
    if (err == OK)
        *ret = w;
    else
        webdataset_close(w);
    return err;
}

void webdataset_close(struct webdataset *w)
{
    if (!w)
        return;
    tar_stream_close(w->stream);
    cJSON_Delete(w->columns);
    cJSON_Delete(w->object);
    strbuf_release(&w->key);
    strbuf_release(&w->text);
    strbuf_release(&w->scratch);
    strbuf_release(&w->problem);
    arena_release(&w->strings);
    free(w->image);
    free(w->name);
    free(w);
}

#include "dataset/record_source.h"

#include "base/arena.h"
#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/embedded_image.h"
#include "dataset/json_record.h"

#include <string.h>
#include <strings.h>

enum { SHOWN_COLUMNS = 80, MAX_DIGITS = 18 };

struct records {
    char *root;
    char *path; /* of the file that is mapped, below the root; NULL = none */
    struct fs_map map;
};

struct record_name {
    size_t path_len;
    uint64_t offset;
    size_t number;
};

/* ---- Names ---- */

void record_source_name(const char *path, int64_t offset, size_t number, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s@%lld", path, (long long)offset);
    if (number > 0)
        (void)strbuf_addf(out, "/%zu", number);
}

/* Reads digits up to `end`, which must follow them at once. */
static bool read_number(const char *text, char end, uint64_t *ret)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > MAX_DIGITS || text[digits] != end)
        return false;
    *ret = strtoull(text, NULL, 10);
    return true;
}

static bool parse_name(const char *name, struct record_name *ret)
{
    const char *at = strrchr(name, '@');
    const char *slash = at ? strchr(at, '/') : NULL;
    uint64_t number = 0;
    if (!at || at == name || !read_number(at + 1, slash ? '/' : '\0', &ret->offset) || (slash && !read_number(slash + 1, '\0', &number)))
        return false;
    ret->path_len = (size_t)(at - name);
    ret->number = (size_t)number;
    return true;
}

static int owns(const char *name)
{
    struct record_name parsed;
    return parse_name(name, &parsed);
}

/* ---- Records ---- */

/* The length of the JSON object at `text`, or 0 when it does not end there. */
static size_t object_len(const char *text, size_t len)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (in_string) {
            if (text[i] == '\\')
                i++;
            else
                in_string = text[i] != '"';
        } else if (text[i] == '"') {
            in_string = true;
        } else if (text[i] == '{' || text[i] == '[') {
            depth++;
        } else if ((text[i] == '}' || text[i] == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* Decodes image `number` of the row; false with the reason. */
static bool take_image(const struct row *row, size_t number, struct strbuf *ret_bytes, const char **ret_problem)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    *ret_problem = embedded_image_get(row, number, &text) ? embedded_image_decode(text.buf, text.len, ret_bytes) : "not there";
    return *ret_problem == NULL;
}

static bool take_from_json(const char *text, size_t len, size_t number, struct strbuf *ret_bytes, const char **ret_problem)
{
    CLEANUP(strbuf_release) struct strbuf scratch = STRBUF_INIT;
    size_t end = len > 0 && text[0] == '{' ? object_len(text, len) : 0;
    cJSON *tree = end ? json_record_parse(text, end, "", 1, &scratch, NULL) : NULL;
    struct row row = { .key = "", .object = tree };
    *ret_problem = "not there: no record begins at that place";
    bool good = tree && take_image(&row, number, ret_bytes, ret_problem);
    cJSON_Delete(tree);
    return good;
}

static bool take_from_csv(const char *text, size_t len, size_t number, struct strbuf *ret_bytes, const char **ret_problem)
{
    struct file_reader in = { .name = "", .block = text, .len = len, .fd = -1 };
    struct csv csv;
    bool more = false;
    csv_init(&csv, &in);
    *ret_problem = "not there: no record begins at that place";
    bool good = csv_next(&csv, &more, NULL) == OK && more;
    if (good) {
        struct row row = { .key = "", .cell = csv.cell, .column_count = csv.cell_count };
        good = take_image(&row, number, ret_bytes, ret_problem);
    }
    csv_release(&csv);
    return good;
}

/* ---- The kind ---- */

static void *open_source(const char *root)
{
    struct records *s = xcalloc(1, sizeof(*s));
    s->root = xstrdup(root);
    return s;
}

static void close_source(void *state)
{
    struct records *s = state;
    fs_unmap(&s->map);
    free(s->path);
    free(s->root);
    free(s);
}

/* Maps the data file; it stays until another one is asked for. */
static enum err open_file(struct records *s, const char *name, size_t len, struct error *e)
{
    if (s->path && strncmp(s->path, name, len) == 0 && s->path[len] == '\0')
        return OK;
    CLEANUP(strbuf_release) struct strbuf resolved = STRBUF_INIT;
    CLEANUP(cleanup_free) char *path = xstrdup(name);
    struct fs_map map;
    path[len] = '\0';
    enum err err = fs_resolve_inside(s->root, path, &resolved, e);
    if (err == OK)
        err = fs_map_file(resolved.buf, SIZE_MAX, &map, e);
    if (err != OK)
        return err;
    fs_unmap(&s->map);
    free(s->path);
    s->map = map;
    s->path = TAKE(path);
    return OK;
}

static bool take_from_file(const struct records *s, const struct record_name *at, struct strbuf *bytes, const char **ret_problem)
{
    const char *text = (const char *)s->map.bytes + at->offset;
    size_t left = s->map.len - (size_t)at->offset, len = left < MAX_RECORD_BYTES ? left : MAX_RECORD_BYTES, path = strlen(s->path);
    bool csv = path > 4 && strcasecmp(s->path + path - 4, ".csv") == 0;
    bool json = !csv && text[0] == '{';
    return json ? take_from_json(text, len, at->number, bytes, ret_problem) : take_from_csv(text, len, at->number, bytes, ret_problem);
}

static enum err read_image(void *state, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    struct records *s = state;
    struct record_name at = { 0 };
    struct strbuf bytes;
    const char *problem = "not there: the data file ends before that place";
    if (!parse_name(name, &at))
        return error_set(e, ERR_INVALID, "'%s' is no place of an image in a record", name);
    enum err err = open_file(s, name, at.path_len, e);
    if (err != OK)
        return err;
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    if (at.offset < s->map.len && take_from_file(s, &at, &bytes, &problem)) {
        size_t len;
        char *owned = strbuf_detach(&bytes, &len);
        *ret_bytes = (struct image_bytes){ .bytes = (unsigned char *)owned, .len = len, .owned = owned };
        return OK;
    }
    strbuf_release(&bytes);
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, &shown);
    return error_set(e, strncmp(problem, "not there", 9) == 0 ? ERR_NOT_FOUND : ERR_INVALID, "image '%s' is %s", shown.buf, problem);
}

const struct image_source_ops record_source_ops = {
    .kind = "record",
    .owns = owns,
    .open = open_source,
    .read = read_image,
    .close = close_source,
};

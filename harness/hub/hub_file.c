#include "hub/hub_file.h"

#include "base/text_rules.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/limits.h"

#include <string.h>

void hub_listing_release(struct hub_listing *l)
{
    free(l->file);
    *l = (struct hub_listing){ 0 };
}

struct hub_file *hub_listing_add(struct hub_listing *l)
{
    l->file = vec_grow(l->file, l->count, &l->cap, sizeof(*l->file));
    l->file[l->count] = (struct hub_file){ .size = -1 };
    return &l->file[l->count++];
}

/* ---- Names --------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), need = strlen(ending);
    return len >= need && strcasecmp(text + len - need, ending) == 0;
}

static const char *part_problem(const char *part, size_t len)
{
    if (len == 0)
        return "an empty part";
    if (len > MAX_PULL_NAME_BYTES)
        return "a part that is too long";
    if (part[0] == '.' && (len == 1 || (len == 2 && part[1] == '.')))
        return "'.' or '..'";
    return NULL;
}

const char *hub_path_problem(const char *path)
{
    size_t len = strlen(path);
    if (len == 0)
        return "an empty name";
    if (len > MAX_PULL_PATH_BYTES)
        return "a name that is too long";
    if (path[0] == '/')
        return "an absolute path";
    if (!utf8_valid(path, len, NULL))
        return "a name that is not UTF-8";
    if (strchr(path, '\\'))
        return "a backslash";
    for (size_t pos = 0; pos < len;) {
        uint32_t c = text_rules_next(path, len, &pos);
        if (text_rules_control(c) || text_rules_invisible(c))
            return "control or invisible characters";
    }
    for (const char *part = path;; part++) {
        size_t part_len = strcspn(part, "/");
        const char *problem = part_problem(part, part_len);
        if (problem)
            return problem;
        part += part_len;
        if (!*part)
            break;
    }
    if (strcasecmp(path, HUB_LOCK_NAME) == 0 || strcasecmp(path, HUB_BUSY_NAME) == 0 || ends_with(path, HUB_PART_ENDING))
        return "a name that gauntlet needs itself";
    return NULL;
}

/* ---- The whole list ------------------------------------------------------------------------------------------------ */

/* '/' before every other character: what is below a folder then follows it at once. */
static int compare_paths(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    int left = *a == '/' ? 1 : (unsigned char)*a + (*a != '\0'), right = *b == '/' ? 1 : (unsigned char)*b + (*b != '\0');
    return left - right;
}

static int compare_files(const void *a, const void *b)
{
    return compare_paths(((const struct hub_file *)a)->path, ((const struct hub_file *)b)->path);
}

static enum err conflict(const char *path, const char *what, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(path, strlen(path), 120, true, &safe);
    return error_set(e, ERR_INVALID, "the list of files is not sound: '%s' %s", safe.buf, what);
}

enum err hub_listing_seal(struct hub_listing *l, struct error *e)
{
    if (l->count > 1)
        qsort(l->file, l->count, sizeof(*l->file), compare_files);
    l->bytes = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct hub_file *f = &l->file[i], *before = i > 0 ? f - 1 : NULL;
        size_t len = before ? strlen(before->path) : 0;
        if (before && strcmp(before->path, f->path) == 0)
            return conflict(f->path, "is in it twice", e);
        if (before && strncmp(before->path, f->path, len) == 0 && f->path[len] == '/')
            return conflict(before->path, "is both a file and a folder", e);
        if (f->size > 0 && (uint64_t)l->bytes + (uint64_t)f->size > MAX_PULL_FILE_BYTES * 16)
            return error_set(e, ERR_LIMIT, "the list of files promises more bytes than any disk has");
        l->bytes += f->size > 0 ? f->size : 0;
    }
    return OK;
}

const struct hub_file *hub_listing_find(const struct hub_listing *sealed, const char *path)
{
    const struct hub_file key = { .path = path };
    return sealed->count ? bsearch(&key, sealed->file, sealed->count, sizeof(key), compare_files) : NULL;
}

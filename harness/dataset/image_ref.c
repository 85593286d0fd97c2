#include "dataset/image_ref.h"

#include "base/fs.h"
#include "base/rng.h"
#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/archive_name.h"
#include "dataset/image.h"
#include "dataset/image_source.h"
#include "dataset/siblings.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum {
    DIRECTORY_SLOTS = 256, /* direct-mapped: a clash only costs a realpath */
    POINTER_BYTES = 512,   /* files this small are looked into: a Git LFS pointer has some 130 bytes */
    SHOWN_COLUMNS = 80
};

/* A directory below the root, resolved. `canonical` NULL: it is not there, or not inside. */
struct directory {
    char *rel, *canonical;
};

struct image_finder {
    const char *root;
    struct image_source *images; /* for what is not a file of its own */
    struct directory slot[DIRECTORY_SLOTS];
    struct siblings *siblings;
};

struct image_finder *image_finder_new(const char *root, struct image_source *images)
{
    struct image_finder *f = xcalloc(1, sizeof(*f));
    f->root = root;
    f->images = images;
    f->siblings = siblings_new();
    return f;
}

void image_finder_free(struct image_finder *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < DIRECTORY_SLOTS; i++) {
        free(f->slot[i].rel);
        free(f->slot[i].canonical);
    }
    siblings_free(f->siblings);
    free(f);
}

static void add_shown(const char *name, struct strbuf *out)
{
    (void)strbuf_addch(out, '\'');
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, out);
    (void)strbuf_addch(out, '\'');
}

static const char *refuse(const char *code, const char *name, const char *what, struct strbuf *problem)
{
    (void)strbuf_addstr(problem, "image ");
    add_shown(name, problem);
    (void)strbuf_addstr(problem, what);
    return code;
}

/* What is wrong with the text of a name, or NULL. */
static const char *name_problem(const char *name)
{
    size_t len = strlen(name);
    if (strncmp(name, "data:", 5) == 0 || strncmp(name, "http://", 7) == 0 || strncmp(name, "https://", 8) == 0)
        return " is not a file name; images must be files inside the data set";
    if (name[0] == '/')
        return ": absolute paths are refused; names are relative to the data set";
    if (len >= PATH_MAX / 2)
        return ": the name is too long";
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
            return ": control characters in a file name are refused";
    for (const char *at = name; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || at[2] == '\0'))
            return ": `..` is refused; nothing outside the data set is read";
    }
    return NULL;
}

/* base/name without empty and "." components: one image has one name, which content_hash relies on. */
static char *clean_name(const char *base, const char *name, struct arena *a)
{
    size_t base_len = strlen(base);
    char *text = arena_printf(a, "%s%s%s", base, base_len ? "/" : "", name), *to = text;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "/");
        if (len > 0 && !(len == 1 && *at == '.')) {
            if (to != text)
                *to++ = '/';
            memmove(to, at, len);
            to += len;
        }
        at += len;
        at += *at == '/';
    }
    *to = '\0';
    return text;
}

/* The canonical form of a directory below the root, or NULL. */
static const char *find_directory(struct image_finder *f, const char *rel)
{
    struct directory *d = &f->slot[rng_hash(0, rel, strlen(rel)) % DIRECTORY_SLOTS];
    if (d->rel && strcmp(d->rel, rel) == 0)
        return d->canonical;
    free(d->rel);
    free(d->canonical);
    *d = (struct directory){ .rel = xstrdup(rel) };
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    if (!rel[0])
        d->canonical = xstrdup(f->root);
    else if (fs_resolve_inside(f->root, rel, &path, NULL) == OK)
        d->canonical = strbuf_detach(&path, NULL);
    return d->canonical;
}

/* Files this small are looked into, because what they hold is often no image. */
static const char *check_small(const char *bytes, size_t len, const char *name, struct strbuf *problem)
{
    struct image_info info = image_probe((const unsigned char *)bytes, len);
    if (!info.problem || strcmp(info.code, "S4") != 0)
        return NULL;
    (void)refuse("S4", name, " is ", problem);
    (void)strbuf_addstr(problem, info.problem);
    return "S4";
}

static const char *check_file(const struct stat *st, const char *path, const char *name, struct strbuf *problem)
{
    if (S_ISDIR(st->st_mode))
        return refuse("S3", name, " is a directory", problem);
    if (!S_ISREG(st->st_mode))
        return refuse("S3", name, " is not a regular file", problem);
    if ((uint64_t)st->st_size > MAX_IMAGE_BYTES)
        return refuse("S4", name, " is larger than 64 MiB", problem);
    if (st->st_size >= POINTER_BYTES)
        return NULL;

    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    if (fs_read_file(path, POINTER_BYTES, &bytes, NULL) != OK)
        return refuse("S3", name, " cannot be read", problem);
    return check_small(bytes.buf, bytes.len, name, problem);
}

static const char *missing(struct image_finder *f, const char *rel, const char *directory, const char *name, struct strbuf *problem)
{
    const char *slash = strrchr(rel, '/');
    if (!directory)
        return refuse("S3", rel, " is not there: its folder is missing", problem);
    const char *sibling = siblings_find(f->siblings, directory, slash ? slash + 1 : rel);
    (void)refuse("S3", name, " is not there", problem);
    if (sibling) {
        (void)strbuf_addstr(problem, "; did the data set mean ");
        add_shown(sibling, problem);
        (void)strbuf_addstr(problem, " beside it?");
    }
    return "S3";
}

/* The last component is a link, or something unusual: take the slow and thorough way. */
static const char *find_slowly(struct image_finder *f, const char *rel, const char *name, struct arena *a, struct sample_image *ret,
                               struct strbuf *problem)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    struct error why = { 0 };
    struct stat st;
    enum err err = fs_resolve_inside(f->root, rel, &path, &why);
    if (err == ERR_INVALID)
        return refuse("S3", name, " is a link that leads outside the data set; it is not followed", problem);
    if (err != OK || stat(path.buf, &st) != 0)
        return refuse("S3", name, " is a link to a file that is not there", problem);
    const char *code = check_file(&st, path.buf, name, problem);
    if (!code)
        *ret = (struct sample_image){ .path = arena_strndup(a, path.buf, path.len), .name = rel, .bytes = (int64_t)st.st_size };
    return code;
}

/* A part of a file: whoever reads its kind knows whether it is there. */
static const char *find_part(struct image_finder *f, const char *name, struct arena *a, struct sample_image *ret, struct strbuf *problem)
{
    struct error why = { 0 };
    int64_t bytes = 0;
    enum err err = image_source_find(f->images, name, &bytes, &why);
    struct image_bytes read = { 0 };
    const char *code = NULL;
    if (err == OK && bytes < POINTER_BYTES) {
        err = image_source_read(f->images, name, &read, &why);
        if (err == OK)
            code = check_small((const char *)read.bytes, read.len, name, problem);
        image_bytes_release(&read);
    }
    if (err != OK) {
        (void)strbuf_addstr(problem, why.msg);
        return err == ERR_LIMIT ? "S4" : "S3";
    }
    if (!code)
        *ret = (struct sample_image){ .path = arena_printf(a, "%s/%s", f->root, name), .name = arena_strdup(a, name), .bytes = bytes };
    return code;
}

/* base and name when one of them leads into an archive: "b.zip!c/d.png" in its one form, or NULL with the problem. */
static const char *name_in_archive(const char *base, const char *name, struct arena *a, struct strbuf *problem)
{
    CLEANUP(strbuf_release) struct strbuf member = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf raw = STRBUF_INIT;
    size_t base_len = archive_name_split(base), name_len = base_len ? 0 : archive_name_split(name);
    const char *archive = base_len ? arena_strndup(a, base, base_len) : arena_strndup(a, name, name_len);
    if (base_len && base[base_len] == '!')
        (void)strbuf_addf(&raw, "%s/", base + base_len + 1);
    (void)strbuf_addstr(&raw, base_len ? name : name + name_len + 1);
    const char *bad = archive_member_name(raw.buf, raw.len, &member);
    if (!bad && member.len == 0)
        bad = "names no member";
    if (bad) {
        (void)refuse("S3", name, " ", problem);
        (void)strbuf_addstr(problem, bad);
        return NULL;
    }
    return arena_printf(a, "%s!%s", clean_name(base_len ? "" : base, archive, a), member.buf);
}

const char *image_finder_accept(struct image_finder *f, const char *name, int64_t bytes, const unsigned char *small, struct arena *a,
                                struct sample_image *ret, struct strbuf *problem)
{
    if ((uint64_t)bytes > MAX_IMAGE_BYTES)
        return refuse("S4", name, " is larger than 64 MiB", problem);
    const char *code = small ? check_small((const char *)small, (size_t)bytes, name, problem) : NULL;
    if (!code)
        *ret = (struct sample_image){ .path = arena_printf(a, "%s/%s", f->root, name), .name = arena_strdup(a, name), .bytes = bytes };
    return code;
}

const char *image_finder_find(struct image_finder *f, const char *base, const char *name, struct arena *a, struct sample_image *ret,
                              struct strbuf *problem)
{
    const char *refused = name_problem(name);
    if (refused)
        return refuse("S3", name, refused, problem);

    if (archive_name_split(base) > 0 || archive_name_has_member(name)) {
        const char *full = name_in_archive(base, name, a, problem);
        return full ? find_part(f, full, a, ret, problem) : "S3";
    }
    if (!image_source_is_file(name))
        return find_part(f, name, a, ret, problem);
    char *rel = clean_name(base, name, a);
    if (!rel[0])
        return refuse("S3", name, " names no file", problem);
    char *slash = strrchr(rel, '/');
    if (slash)
        *slash = '\0';
    const char *directory = find_directory(f, slash ? rel : "");
    if (slash)
        *slash = '/';
    if (!directory) {
        CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
        if (fs_resolve_inside(f->root, rel, &path, NULL) == ERR_INVALID)
            return refuse("S3", name, " leads outside the data set through a link; it is not followed", problem);
        return missing(f, rel, NULL, name, problem);
    }

    struct stat st;
    char *path = arena_printf(a, "%s/%s", directory, slash ? slash + 1 : rel);
    if (lstat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? missing(f, rel, directory, name, problem)
                                                   : refuse("S3", name, " cannot be read", problem);
    if (S_ISLNK(st.st_mode))
        return find_slowly(f, rel, name, a, ret, problem);
    const char *code = check_file(&st, path, name, problem);
    if (!code)
        *ret = (struct sample_image){ .path = path, .name = rel, .bytes = (int64_t)st.st_size };
    return code;
}

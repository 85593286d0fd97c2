#include "dataset/archive_source.h"

#include "base/arena.h"
#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/archive_reader.h"

#include <string.h>
#include <sys/stat.h>

enum { SHOWN_COLUMNS = 80, HINTS = 20 };
#define SLOW_BYTES (64 * MIB) /* a packed tar of this size is worth a warning */

struct opened {
    char *name; /* below the root; NULL = free */
    struct archive_index *index;
    struct archive_reader *reader;
    struct error why; /* when it could not be opened */
    uint64_t used;
};

struct archives {
    char *root;
    struct opened opened[OPEN_ARCHIVES];
    struct recent_members recent;
    uint64_t clock;
    int hints; /* looking for a similar name walks the archive: not for thousands */
    struct strbuf news, told;
};

static void close_one(struct archives *s, struct opened *o)
{
    if (o->index)
        recent_members_drop(&s->recent, o->index);
    archive_reader_free(o->reader);
    archive_index_close(o->index);
    free(o->name);
    *o = (struct opened){ 0 };
}

static void *open_source(const char *root)
{
    struct archives *s = xcalloc(1, sizeof(*s));
    s->root = xstrdup(root);
    s->news = s->told = (struct strbuf)STRBUF_INIT;
    return s;
}

static void close_source(void *state)
{
    struct archives *s = state;
    for (size_t i = 0; i < OPEN_ARCHIVES; i++)
        close_one(s, &s->opened[i]);
    strbuf_release(&s->news);
    strbuf_release(&s->told);
    free(s->root);
    free(s);
}

static int owns(const char *name)
{
    return archive_name_has_member(name);
}

/* ---- Opening archives ---- */

static void add_news(struct archives *s, const struct archive_index *x)
{
    struct stat st;
    const char *warning = archive_index_warning(x);
    if (warning)
        (void)strbuf_addf(&s->news, "%s%s", s->news.len ? "; " : "", warning);
    if (archive_index_kind(x) == ARCHIVE_TAR_PACKED && stat(archive_index_path(x), &st) == 0 && (uint64_t)st.st_size > SLOW_BYTES)
        (void)strbuf_addf(&s->news,
                          "%sarchive '%s' is compressed as a whole: its images are only fast with `order: file` in the suite's select, or "
                          "as a plain .tar",
                          s->news.len ? "; " : "", archive_index_name(x));
}

static enum err open_archive(struct archives *s, struct opened *o, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    enum err err = fs_resolve_inside(s->root, o->name, &path, e);
    if (err != OK)
        return error_prefix(e, "archive '%s'", o->name);
    err = archive_index_open(path.buf, o->name, &o->index, e);
    if (err == OK)
        err = archive_reader_new(o->index, &s->recent, &o->reader, e);
    if (err == OK)
        add_news(s, o->index);
    return err;
}

static struct opened *place_for(struct archives *s, const char *name, size_t len)
{
    struct opened *oldest = &s->opened[0];
    for (size_t i = 0; i < OPEN_ARCHIVES; i++) {
        struct opened *o = &s->opened[i];
        if (o->name && strncmp(o->name, name, len) == 0 && o->name[len] == '\0')
            return o;
        if (o->used < oldest->used)
            oldest = o;
    }
    close_one(s, oldest);
    return oldest;
}

/* The archive of the first `len` bytes of a name, opened now or before. */
static enum err find_archive(struct archives *s, const char *name, size_t len, struct opened **ret, struct error *e)
{
    struct opened *o = place_for(s, name, len);
    if (!o->name) {
        o->name = xstrdup(name);
        o->name[len] = '\0';
        if (open_archive(s, o, &o->why) == OK)
            o->why.code = OK;
    }
    o->used = ++s->clock;
    enum err err = o->why.code;
    if (err != OK) {
        (void)error_set(e, err, "%s", o->why.msg);
        return err;
    }
    *ret = o;
    return OK;
}

/* ---- Members ---- */

static enum err missing(struct archives *s, const struct opened *o, const char *name, const char *member, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf similar = STRBUF_INIT;
    (void)strbuf_addstr(&text, "image '");
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, &text);
    (void)strbuf_addstr(&text, "' is not in the archive");
    if (s->hints++ < HINTS && archive_index_similar(o->index, member, &similar)) {
        (void)strbuf_addstr(&text, "; did the data set mean '");
        text_safe_terminal(similar.buf, similar.len, SHOWN_COLUMNS, false, &text);
        (void)strbuf_addstr(&text, "'?");
    }
    (void)error_set(e, ERR_NOT_FOUND, "%s", text.buf);
    return ERR_NOT_FOUND;
}

static enum err find_place(struct archives *s, const char *name, struct opened **ret_opened, const struct archive_place **ret,
                           struct error *e)
{
    size_t len = archive_name_split(name);
    const char *member = name + len + 1;
    enum err err = find_archive(s, name, len, ret_opened, e);
    if (err != OK)
        return err;
    const struct archive_place *place = archive_index_find((*ret_opened)->index, member);
    if (!place)
        return missing(s, *ret_opened, name, member, e);
    *ret = place;
    if (!place->problem)
        return OK;
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, &shown);
    (void)error_set(e, place->code, "image '%s' %s; it is not read", shown.buf, place->problem);
    return place->code == OK ? ERR_INVALID : place->code;
}

static enum err find_member(void *state, const char *name, int64_t *ret_bytes, struct error *e)
{
    struct opened *o = NULL;
    const struct archive_place *place = NULL;
    enum err err = find_place(state, name, &o, &place, e);
    if (err == OK)
        *ret_bytes = (int64_t)place->size;
    return err;
}

static enum err read_member(void *state, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    struct opened *o = NULL;
    const struct archive_place *place = NULL;
    enum err err = find_place(state, name, &o, &place, e);
    return err == OK ? archive_reader_read(o->reader, place, name + archive_name_split(name) + 1, ret_bytes, e) : err;
}

static const char *take_news(void *state)
{
    struct archives *s = state;
    struct strbuf last = s->told;
    if (s->news.len == 0)
        return NULL;
    s->told = s->news;
    s->news = last;
    strbuf_clear(&s->news);
    return s->told.buf;
}

const struct image_source_ops archive_source_ops = {
    .kind = "archive",
    .owns = owns,
    .open = open_source,
    .read = read_member,
    .close = close_source,
    .find = find_member,
    .news = take_news,
};

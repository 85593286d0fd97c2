#include "dataset/archive_index.h"

#include "base/arena.h"
#include "base/text_safe.h"
#include "base/vec.h"
#include "dataset/id_table.h"

#include <string.h>
#include <strings.h>

enum { SHOWN_COLUMNS = 60, TAR_BLOCK = 512 };

struct archive_index {
    enum archive_kind kind;
    char *path, *name;
    struct id_table names; /* place.line: index into place[] */
    struct archive_place *place;
    size_t count, cap;
    int64_t unused;        /* members that are not read */
    struct strbuf warning; /* about the first of them */
};

static void count_unused(struct archive_index *x, const char *name, const char *why)
{
    if (x->unused++ > 0)
        return;
    (void)strbuf_addstr(&x->warning, "'");
    text_safe_terminal(name, strlen(name), SHOWN_COLUMNS, false, &x->warning);
    (void)strbuf_addf(&x->warning, "' %s", why);
}

static enum err add_member(void *context, const struct archive_member *m, struct error *e)
{
    struct archive_index *x = context;
    (void)e;
    if (m->place.problem)
        count_unused(x, m->name, m->place.problem);
    if (m->unsafe)
        return OK;
    struct id_place *known = id_table_add(&x->names, m->name, strlen(m->name), (struct id_place){ .line = (int64_t)x->count });
    if (known) {
        struct archive_place *first = &x->place[known->line];
        if (!first->problem)
            count_unused(x, m->name, "is there more than once");
        first->problem = "is there more than once";
        first->code = ERR_INVALID;
        return OK;
    }
    x->place = vec_grow(x->place, x->count, &x->cap, sizeof(*x->place));
    x->place[x->count++] = m->place;
    return OK;
}

/* A tar ends in blocks of zeros. Without them it may have been broken off between two members, which nothing else shows. */
static bool lacks_end(const char *path)
{
    struct fs_map map;
    if (fs_map_file(path, SIZE_MAX, &map, NULL) != OK)
        return false;
    bool lacks = false;
    for (size_t i = 1; i <= TAR_BLOCK && i <= map.len; i++)
        lacks |= map.bytes[map.len - i] != 0;
    fs_unmap(&map);
    return lacks;
}

/* The warning so far is about the first member that is not read. */
static void finish_warning(struct archive_index *x)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    bool broken = x->kind == ARCHIVE_TAR && lacks_end(x->path);
    if (x->unused > 0)
        (void)strbuf_addf(&text, "; %lld member%s not read: %s%s", (long long)x->unused, x->unused == 1 ? " is" : "s are", x->warning.buf,
                          x->unused == 1 ? "" : ", …");
    if (broken)
        (void)strbuf_addstr(&text, "; the mark that ends a tar is missing: it may have been broken off");
    strbuf_clear(&x->warning);
    if (text.len > 0)
        (void)strbuf_addf(&x->warning, "archive '%s': %s", x->name, text.buf + 2);
}

enum err archive_index_open(const char *path, const char *name, struct archive_index **ret, struct error *e)
{
    struct archive_index *x = xcalloc(1, sizeof(*x));
    *x = (struct archive_index){
        .kind = archive_name_kind(name), .path = xstrdup(path), .name = xstrdup(name), .names = ID_TABLE_INIT, .warning = STRBUF_INIT
    };
    enum err err = archive_walk(path, x->name, add_member, x, e);
    if (err != OK) {
        archive_index_close(x);
        return err;
    }
    finish_warning(x);
    *ret = x;
    return OK;
}

void archive_index_close(struct archive_index *x)
{
    if (!x)
        return;
    id_table_release(&x->names);
    strbuf_release(&x->warning);
    free(x->place);
    free(x->path);
    free(x->name);
    free(x);
}

enum archive_kind archive_index_kind(const struct archive_index *x)
{
    return x->kind;
}

const char *archive_index_path(const struct archive_index *x)
{
    return x->path;
}

const char *archive_index_name(const struct archive_index *x)
{
    return x->name;
}

const char *archive_index_warning(const struct archive_index *x)
{
    return x->warning.len > 0 ? x->warning.buf : NULL;
}

const struct archive_place *archive_index_find(const struct archive_index *x, const char *member)
{
    const struct id_place *known = id_table_find(&x->names, member, strlen(member));
    return known ? &x->place[known->line] : NULL;
}

/* ---- A member that was probably meant ---- */

struct similar {
    const char *wanted;
    struct strbuf *out;
    bool found;
};

static size_t stem_len(const char *name)
{
    const char *slash = strrchr(name, '/'), *dot = strrchr(slash ? slash + 1 : name, '.');
    return dot ? (size_t)(dot - name) : strlen(name);
}

static enum err compare(void *context, const struct archive_member *m, struct error *e)
{
    struct similar *s = context;
    size_t len = stem_len(s->wanted);
    (void)e;
    if (!s->found && !m->place.problem && stem_len(m->name) == len && strncasecmp(m->name, s->wanted, len) == 0) {
        (void)strbuf_addstr(s->out, m->name);
        s->found = true;
    }
    return OK;
}

bool archive_index_similar(const struct archive_index *x, const char *member, struct strbuf *out)
{
    struct similar s = { .wanted = member, .out = out };
    return archive_walk(x->path, x->name, compare, &s, NULL) == OK && s.found;
}

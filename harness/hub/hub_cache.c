#include "hub/hub_cache.h"

#include "base/fs.h"
#include "core/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 64 };

void hub_cache_open(struct hub_cache *c, const char *root, const char *repo)
{
    struct stat st;
    *c = (struct hub_cache)HUB_CACHE_INIT;
    (void)strbuf_addf(&c->dir, "%s/datasets--", root);
    for (; *repo; repo++)
        (void)strbuf_addstr(&c->dir, *repo == '/' ? "--" : (char[]){ *repo, '\0' });
    if (stat(c->dir.buf, &st) != 0 || !S_ISDIR(st.st_mode))
        strbuf_clear(&c->dir);
}

void hub_cache_close(struct hub_cache *c)
{
    strbuf_release(&c->dir);
}

bool hub_cache_commit(const struct hub_cache *c, const char *revision, char ret_commit[HUB_COMMIT_HEX + 1])
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (hub_is_commit(revision)) {
        memcpy(ret_commit, revision, HUB_COMMIT_HEX + 1);
        return true;
    }
    (void)strbuf_addf(&path, "%s/refs/%s", c->dir.buf, revision); /* hub_spec_parse has refused `..` */
    if (!c->dir.len || fs_read_file(path.buf, KIB, &text, NULL) != OK)
        return false;
    while (text.len && isspace((unsigned char)text.buf[text.len - 1]))
        strbuf_truncate(&text, text.len - 1);
    if (!hub_is_commit(text.buf))
        return false;
    memcpy(ret_commit, text.buf, HUB_COMMIT_HEX + 1);
    return true;
}

bool hub_cache_blob(const struct hub_cache *c, const struct hub_file *file, struct strbuf *out)
{
    const char *hash = file->git_oid[0] ? file->git_oid : file->sha256;
    if (!c->dir.len || !hash[0])
        return false;
    (void)strbuf_addf(out, "%s/blobs/%s", c->dir.buf, hash);
    return true;
}

/* ---- A snapshot's files -------------------------------------------------------------------------------------------- */

struct walk {
    struct strbuf path; /* on the disk */
    size_t root_len;    /* path.buf + root_len + 1 = below the snapshot */
    struct arena *arena;
    struct hub_listing listing;
};

/* The entry is a link to …/blobs/HASH: its last part is what the content must hash to. */
static enum err add_entry(struct walk *w, struct error *e)
{
    char target[4096];
    struct stat st;
    const char *below = w->path.buf + w->root_len + 1, *problem = hub_path_problem(below);
    ssize_t len = readlink(w->path.buf, target, sizeof(target) - 1);
    if (problem)
        return error_set(e, ERR_INVALID, "%s: the name has %s", w->path.buf, problem);
    if (len < 0)
        return error_set(e, ERR_INVALID, "%s: is no link to a blob, so that its content cannot be verified without the Hub", w->path.buf);
    target[len] = '\0';
    const char *slash = strrchr(target, '/'), *hash = slash ? slash + 1 : target;
    bool lfs = hub_is_hex(hash, SHA256_HEX);
    if (!lfs && !hub_is_hex(hash, HUB_GIT_HEX))
        return error_set(e, ERR_INVALID, "%s: links to something that is no blob", w->path.buf);
    if (stat(w->path.buf, &st) != 0 || !S_ISREG(st.st_mode))
        return error_os(e, errno, "%s: its blob is not there", w->path.buf);
    if (w->listing.count >= MAX_PULL_FILES)
        return error_set(e, ERR_LIMIT, "%s: more than %d files", w->path.buf, MAX_PULL_FILES);

    struct hub_file *f = hub_listing_add(&w->listing);
    f->path = arena_strdup(w->arena, below);
    f->size = st.st_size;
    memcpy(lfs ? f->sha256 : f->git_oid, hash, strlen(hash) + 1);
    return OK;
}

static void close_dir(DIR **d)
{
    if (*d)
        (void)closedir(*d);
}

static enum err walk_dir(struct walk *w, int depth, struct error *e)
{
    CLEANUP(close_dir) DIR *d = opendir(w->path.buf);
    size_t len = w->path.len;
    if (!d)
        return error_os(e, errno, "%s: cannot open", w->path.buf);
    if (depth > MAX_DEPTH)
        return error_set(e, ERR_LIMIT, "%s: folders in folders in folders", w->path.buf);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        strbuf_truncate(&w->path, len);
        (void)strbuf_addf(&w->path, "/%s", entry->d_name);
        if (lstat(w->path.buf, &st) != 0)
            return error_os(e, errno, "%s: cannot look at it", w->path.buf);
        enum err rc = S_ISDIR(st.st_mode) ? walk_dir(w, depth + 1, e) : add_entry(w, e);
        if (rc != OK)
            return rc;
    }
    strbuf_truncate(&w->path, len);
    return OK;
}

enum err hub_cache_list(const struct hub_cache *c, const char *commit, struct arena *a, struct hub_listing *ret, struct error *e)
{
    struct walk w = { .path = STRBUF_INIT, .arena = a };
    (void)strbuf_addf(&w.path, "%s/snapshots/%s", c->dir.buf, commit);
    w.root_len = w.path.len;
    enum err rc = c->dir.len && fs_exists(w.path.buf) ? walk_dir(&w, 0, e) : error_set(e, ERR_NOT_FOUND, "no snapshot");
    if (rc == OK)
        rc = hub_listing_seal(&w.listing, e);
    if (rc == OK)
        *ret = w.listing;
    else
        hub_listing_release(&w.listing);
    strbuf_release(&w.path);
    return rc;
}

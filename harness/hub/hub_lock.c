#include "hub/hub_lock.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "core/limits.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LAYOUT = 1 };

void hub_lock_release(struct hub_lock *lock)
{
    hub_listing_release(&lock->listing);
}

/* ---- Writing ------------------------------------------------------------------------------------------------------- */

static void add_text(struct strbuf *out, const char *key, const char *text)
{
    (void)strbuf_addf(out, "  \"%s\": ", key);
    if (text)
        json_add_string(out, text, strlen(text));
    else
        (void)strbuf_addstr(out, "null");
    (void)strbuf_addstr(out, ",\n");
}

static void add_file(struct strbuf *out, const struct hub_file *f)
{
    (void)strbuf_addstr(out, "    {\"path\": ");
    json_add_string(out, f->path, strlen(f->path));
    (void)strbuf_addf(out, ", \"size\": %lld, \"sha256\": \"%s\"", (long long)f->size, f->sha256);
    if (f->git_oid[0])
        (void)strbuf_addf(out, ", \"git_oid\": \"%s\"", f->git_oid);
    (void)strbuf_addch(out, '}');
}

enum err hub_lock_write(const char *dir, const struct hub_lock *lock, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
    clock_format_utc(lock->pulled_us, false, &time);
    (void)strbuf_addf(&out, "{\n  \"gauntlet_lock\": %d,\n", LAYOUT);
    add_text(&out, "kind", lock->url ? "url" : "hf");
    if (lock->url) {
        add_text(&out, "url", lock->url);
    } else {
        add_text(&out, "endpoint", lock->endpoint);
        add_text(&out, "repo", lock->repo);
        add_text(&out, "revision", lock->revision);
        add_text(&out, "commit", lock->commit);
        add_text(&out, "licence", lock->licence);
        add_text(&out, "gated", lock->gated);
        (void)strbuf_addf(&out, "  \"private\": %s,\n", lock->is_private ? "true" : "false");
    }
    add_text(&out, "listing", lock->url ? "url" : lock->from_cache ? "cache" : "hub");
    add_text(&out, "pulled_at", time.buf);
    (void)strbuf_addf(&out, "  \"bytes\": %lld,\n  \"files\": [", (long long)lock->listing.bytes);
    for (size_t i = 0; i < lock->listing.count; i++) {
        (void)strbuf_addstr(&out, i ? ",\n" : "\n");
        add_file(&out, &lock->listing.file[i]);
    }
    (void)strbuf_addstr(&out, "\n  ]\n}\n");
    fs_join(dir, HUB_LOCK_NAME, &path);
    return fs_write_file(path.buf, out.buf, out.len, e);
}

enum err hub_lock_remove(const char *dir, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    fs_join(dir, HUB_LOCK_NAME, &path);
    if (unlink(path.buf) != 0 && errno != ENOENT)
        return error_os(e, errno, "%s: cannot remove", path.buf);
    return OK;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------- */

static enum err damaged(const char *path, const char *what, struct error *e)
{
    return error_set(e, ERR_INVALID, "%s: %s; remove it to have the folder checked against the source again", path, what);
}

static enum err read_one(const cJSON *item, struct arena *a, struct hub_listing *l)
{
    const char *path = json_string(item, "path"), *sha256 = json_string(item, "sha256"), *oid = json_string(item, "git_oid");
    int64_t size = -1;
    if (!path || hub_path_problem(path) || !sha256 || !hub_is_hex(sha256, SHA256_HEX) || !json_int(item, "size", &size) || size < 0 ||
        (oid && !hub_is_hex(oid, HUB_GIT_HEX)))
        return ERR_INVALID;
    struct hub_file *f = hub_listing_add(l);
    f->path = arena_strdup(a, path);
    f->size = size;
    memcpy(f->sha256, sha256, sizeof(f->sha256));
    if (oid)
        memcpy(f->git_oid, oid, sizeof(f->git_oid));
    return OK;
}

static void read_facts(const cJSON *root, struct arena *a, struct hub_lock *lock)
{
    const char *listing = json_string(root, "listing");
    lock->repo = arena_strdup(a, json_string(root, "repo"));
    lock->endpoint = arena_strdup(a, json_string(root, "endpoint"));
    lock->revision = arena_strdup(a, json_string(root, "revision"));
    lock->commit = arena_strdup(a, json_string(root, "commit"));
    lock->url = arena_strdup(a, json_string(root, "url"));
    lock->licence = arena_strdup(a, json_string(root, "licence"));
    lock->gated = arena_strdup(a, json_string(root, "gated"));
    lock->is_private = json_bool(root, "private", false);
    lock->from_cache = listing && strcmp(listing, "cache") == 0;
}

static bool is_whole(const struct hub_lock *lock)
{
    return lock->url || (lock->repo && hub_repo_is_valid(lock->repo) && lock->commit && hub_is_commit(lock->commit) && lock->revision);
}

enum err hub_lock_read(const char *dir, struct arena *a, struct hub_lock *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(hub_lock_release) struct hub_lock lock = { 0 };
    int64_t layout = 0;
    fs_join(dir, HUB_LOCK_NAME, &path);
    if (!fs_exists(path.buf))
        return error_set(e, ERR_NOT_FOUND, "%s: is not there", path.buf);
    if (fs_read_file(path.buf, MAX_PULL_LOCK_BYTES, &text, e) != OK)
        return e ? e->code : ERR_IO;
    CLEANUP(json_freep) cJSON *root = json_parse(text.buf, text.len, NULL);
    const cJSON *files = json_array(root, "files");
    if (!root || !json_int(root, "gauntlet_lock", &layout) || !files)
        return damaged(path.buf, "is not what a pull writes", e);
    if (layout != LAYOUT)
        return error_set(e, ERR_UNSUPPORTED, "%s: layout %lld, this version writes %d: use a newer gauntlet", path.buf, (long long)layout,
                         LAYOUT);
    read_facts(root, a, &lock);
    for (const cJSON *item = files->child; item; item = item->next)
        if (read_one(item, a, &lock.listing) != OK)
            return damaged(path.buf, "has a file without path, size or hash", e);
    if (!is_whole(&lock) || hub_listing_seal(&lock.listing, NULL) != OK)
        return damaged(path.buf, "is not what a pull writes", e);
    *ret = lock;
    lock = (struct hub_lock){ 0 };
    return OK;
}

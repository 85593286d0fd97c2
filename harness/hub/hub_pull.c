#include "hub/hub_pull.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/units.h"
#include "hub/hub_ask.h"
#include "hub/hub_busy.h"
#include "net/http_url.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char default_revision[] = "main";

/* One pull, from the folder's lock to the lock file. */
struct pull {
    const struct hub_order *order;
    struct arena *arena;
    struct hub_home home;
    struct hub_token token;
    struct hub_session session;
    struct hub_cache cache;
    struct hub_busy busy;
    struct hub_lock before; /* what the folder had; repo and url NULL = nothing */
    bool had_lock, offline, made_folder;
    char *root; /* canonical */
    struct hub_subject subject;
    struct hub_result *result;
};

void hub_result_release(struct hub_result *r)
{
    hub_lock_release(&r->lock);
}

/* ---- The folder ---------------------------------------------------------------------------------------------------- */

static enum err open_folder(struct pull *p, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf inside = STRBUF_INIT;
    const char *dir = p->order->dir;
    (void)strbuf_addf(&inside, "%s/x", dir);
    p->made_folder = !fs_exists(dir);
    if (fs_make_parents(inside.buf, e) != OK)
        return e ? e->code : ERR_IO;
    p->root = realpath(dir, NULL);
    if (!p->root)
        return error_os(e, errno, "%s: cannot open", dir);
    enum err rc = hub_busy_take(&p->busy, p->root, e);
    if (rc != OK)
        return rc;
    rc = hub_lock_read(p->root, p->arena, &p->before, e);
    p->had_lock = rc == OK;
    return rc == ERR_NOT_FOUND || (rc != OK && p->order->force) ? OK : rc;
}

static int64_t size_on_disk(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : -1;
}

/* Bytes that are still to come, by the sizes of what is there: a guess that errs only when files are damaged. */
static int64_t bytes_missing(const struct pull *p, const struct hub_listing *l)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    int64_t missing = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct hub_file *f = &l->file[i];
        strbuf_clear(&path);
        fs_join(p->root, f->path, &path);
        if (size_on_disk(path.buf) == f->size)
            continue;
        (void)strbuf_addstr(&path, HUB_PART_ENDING);
        int64_t part = size_on_disk(path.buf);
        strbuf_clear(&path);
        if (hub_cache_blob(&p->cache, f, &path) && fs_exists(path.buf))
            continue; /* a link needs no room */
        missing += part > 0 && part <= f->size ? f->size - part : f->size > 0 ? f->size : 0;
    }
    return missing;
}

static enum err check_room(const struct pull *p, const struct hub_listing *l, struct error *e)
{
    struct statvfs fs;
    int64_t missing = bytes_missing(p, l);
    if (statvfs(p->root, &fs) != 0 || fs.f_frsize == 0)
        return OK; /* it will show */
    uint64_t room = (uint64_t)fs.f_bavail * fs.f_frsize;
    if ((uint64_t)missing <= room)
        return OK;
    CLEANUP(strbuf_release) struct strbuf need = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf have = STRBUF_INIT;
    units_format_size((uint64_t)missing, &need);
    units_format_size(room, &have);
    (void)error_set(e, ERR_IO, "%s: not enough room: %s are still to come, %s are free; make room or choose another disk with --to",
                    p->order->dir, need.buf, have.buf);
    if (e)
        e->os = ENOSPC;
    return ERR_IO;
}

/* ---- What the folder holds, and what it shall hold ----------------------------------------------------------------- */

static bool is_same(const struct hub_lock *a, const struct hub_lock *b)
{
    if (a->url || b->url)
        return a->url && b->url && a->listing.count == 1 && b->listing.count == 1 &&
               strcmp(a->listing.file[0].sha256, b->listing.file[0].sha256) == 0 &&
               strcmp(a->listing.file[0].path, b->listing.file[0].path) == 0;
    return a->repo && b->repo && strcasecmp(a->repo, b->repo) == 0 && strcmp(a->commit, b->commit) == 0;
}

static enum err refuse_other(const struct pull *p, const struct hub_lock *wanted, struct error *e)
{
    const struct hub_lock *b = &p->before;
    return error_set(e, ERR_INVALID,
                     "%s already holds %s%s%s, not %s%s%s\n  --to DIR chooses another folder, --force replaces what is there",
                     p->order->dir, b->url ? b->url : b->repo, b->url ? "" : " at commit ", b->url ? "" : b->commit,
                     wanted->url ? "that file" : wanted->repo, wanted->url ? "" : " at commit ", wanted->url ? "" : wanted->commit);
}

/* The folders above a file, below the root, until one is not empty. */
static void remove_empty_folders(const struct pull *p, struct strbuf *path)
{
    for (char *slash; (slash = strrchr(path->buf, '/')) != NULL && (size_t)(slash - path->buf) > strlen(p->root);) {
        *slash = '\0';
        if (rmdir(path->buf) != 0)
            break;
    }
}

/* Removes the files of the old commit that the new one does not have, unless somebody has changed them. */
static void remove_stale(const struct pull *p, const struct hub_listing *wanted)
{
    for (size_t i = 0; i < p->before.listing.count; i++) {
        CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
        const struct hub_file *f = &p->before.listing.file[i];
        fs_join(p->root, f->path, &path);
        if (hub_listing_find(wanted, f->path) || size_on_disk(path.buf) != f->size)
            continue;
        (void)unlink(path.buf);
        remove_empty_folders(p, &path);
    }
}
/* The list is known: may it go into this folder? Before the first byte changes, the old lock goes. */
static enum err make_way(struct pull *p, struct hub_lock *wanted, struct error *e)
{
    bool same = p->had_lock && is_same(&p->before, wanted);
    if (p->had_lock && !same && !p->order->force)
        return refuse_other(p, wanted, e);
    enum err rc = check_room(p, &wanted->listing, e);
    if (rc == OK && p->had_lock && !same)
        remove_stale(p, &wanted->listing);
    return rc == OK && !same ? hub_lock_remove(p->root, e) : rc;
}

/* ---- Bringing it --------------------------------------------------------------------------------------------------- */

/* Renames survive a power cut before the lock says that all is there. */
static void sync_folder(const struct pull *p)
{
    int fd = open(p->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)syncfs(fd);
    (void)close(fd);
}

/* Had it begun? Then pulling again goes on, and the exit code says so; else it is as if nobody had asked. */
static bool has_begun(const struct hub_tally *t, enum err rc)
{
    bool refused =
        t->failure_count > 0 && t->failure[0].code != ERR_NET && t->failure[0].code != ERR_TIMEOUT && t->failure[0].code != ERR_AUTH;
    return rc != ERR_INVALID && rc != ERR_AUTH && rc != ERR_NOT_FOUND &&
           (refused || t->kept + t->cached + t->fetched + t->fetched_bytes > 0);
}

static enum err bring(struct pull *p, struct hub_lock *wanted, struct error *e)
{
    bool same = p->had_lock && is_same(&p->before, wanted);
    enum err rc = make_way(p, wanted, e);
    if (rc != OK)
        return rc;
    const struct hub_job job = { .place = { .root = p->root, .cache = wanted->url ? NULL : &p->cache, .replace = same || p->order->force },
                                 .listing = &wanted->listing,
                                 .subject = wanted->url ? NULL : &p->subject,
                                 .commit = wanted->commit,
                                 .url = wanted->url ? p->order->spec.url : NULL,
                                 .offline = p->offline };
    struct hub_tally *tally = &p->result->tally;
    rc = hub_download(&p->session, &job, tally, e);
    if (rc != OK) {
        p->result->incomplete = has_begun(tally, rc);
        return rc;
    }
    wanted->listing.bytes = tally->bytes;
    p->result->already_complete = same && tally->cached + tally->fetched == 0;
    if (p->result->already_complete && p->before.from_cache == wanted->from_cache)
        return OK; /* the folder is left as it is */
    sync_folder(p);
    wanted->pulled_us = clock_wall_us(&clock_real);
    return hub_lock_write(p->root, wanted, e);
}

/* ---- A data set of the Hub ----------------------------------------------------------------------------------------- */

static void take_facts(struct hub_lock *to, const struct hub_lock *from)
{
    to->repo = from->repo;
    to->commit = from->commit;
    to->licence = from->licence;
    to->gated = from->gated;
    to->is_private = from->is_private;
    to->from_cache = from->from_cache;
    to->pulled_us = from->pulled_us;
}

/* The lock lists the files: nobody has to be asked. The list moves. */
static void take_list_of_lock(struct pull *p, struct hub_lock *wanted)
{
    size_t count = p->before.listing.count;
    wanted->listing = (struct hub_listing){ .file = xmalloc((count ? count : 1) * sizeof(struct hub_file)), .count = count, .cap = count };
    if (count)
        memcpy(wanted->listing.file, p->before.listing.file, count * sizeof(struct hub_file));
    wanted->listing.bytes = p->before.listing.bytes;
}

static bool lock_is_of(const struct pull *p, const char *commit)
{
    return p->had_lock && p->before.repo && !p->before.from_cache && strcasecmp(p->before.repo, p->subject.repo) == 0 &&
           strcmp(p->before.commit, commit) == 0;
}

static enum err find_offline(struct pull *p, struct hub_lock *wanted, struct error *e)
{
    char commit[HUB_COMMIT_HEX + 1];
    bool pinned = hub_is_commit(p->subject.revision);
    const struct hub_lock *b = &p->before;
    if (p->had_lock && b->repo && strcasecmp(b->repo, p->subject.repo) == 0 &&
        strcmp(pinned ? b->commit : b->revision, p->subject.revision) == 0) {
        take_facts(wanted, b);
        take_list_of_lock(p, wanted);
        return OK;
    }
    bool known = hub_cache_commit(&p->cache, p->subject.revision, commit);
    enum err rc = known ? hub_cache_list(&p->cache, commit, p->arena, &wanted->listing, e) : ERR_NOT_FOUND;
    if (rc == ERR_NOT_FOUND)
        return error_set(e, ERR_NOT_FOUND, "HF_HUB_OFFLINE is set, and neither %s nor the cache %s has %s at '%s'", p->order->dir,
                         p->home.cache, p->subject.repo, p->subject.revision);
    if (rc != OK)
        return rc;
    wanted->repo = p->subject.repo;
    wanted->commit = arena_strdup(p->arena, commit);
    wanted->from_cache = true;
    hub_session_notice(&p->session, LOG_WARN, "from_cache",
                       "the list of files is that of the cache, which may hold only part of %s; pull again with a network to be sure",
                       wanted->repo);
    return OK;
}

static void note_rename(struct pull *p, const struct hub_info *info)
{
    if (strcmp(info->repo, p->subject.repo) == 0)
        return;
    if (strcasecmp(info->repo, p->subject.repo) != 0) {
        p->result->renamed_from = p->subject.repo;
        hub_session_notice(&p->session, LOG_WARN, "renamed", "%s is called %s now; pull it under that name in future", p->subject.repo,
                           info->repo);
    }
    p->subject.repo = info->repo;
    if (!p->cache.dir.len) {
        hub_cache_close(&p->cache);
        hub_cache_open(&p->cache, p->home.cache, info->repo);
    }
}

static enum err find_online(struct pull *p, struct hub_lock *wanted, struct error *e)
{
    struct hub_info info;
    if (hub_is_commit(p->subject.revision) && lock_is_of(p, p->subject.revision)) {
        take_facts(wanted, &p->before);
        take_list_of_lock(p, wanted);
        return OK;
    }
    enum err rc = hub_ask_info(&p->session, &p->subject, p->arena, &info, e);
    if (rc != OK)
        return rc;
    if (hub_is_commit(p->subject.revision) && strcmp(info.commit, p->subject.revision) != 0)
        return error_set(e, ERR_INVALID, "asked for commit %s, the Hub answers with %s", p->subject.revision, info.commit);
    note_rename(p, &info);
    wanted->repo = info.repo;
    wanted->commit = arena_strdup(p->arena, info.commit);
    wanted->licence = info.licence;
    wanted->gated = info.gated;
    wanted->is_private = info.is_private;
    if (lock_is_of(p, info.commit)) {
        take_list_of_lock(p, wanted);
        return OK;
    }
    rc = hub_ask_tree(&p->session, &p->subject, wanted->commit, p->arena, &wanted->listing, e);
    if (rc == OK && wanted->listing.count == 0)
        return error_set(e, ERR_INVALID, "%s has no files at commit %s", wanted->repo, wanted->commit);
    return rc;
}

static void warn_of_what_is_missing(struct pull *p, const struct hub_lock *wanted)
{
    if (!hub_is_commit(p->subject.revision))
        hub_session_notice(&p->session, p->order->spec.revision ? LOG_INFO : LOG_WARN, "not_pinned",
                           "%s'%s' may move; pin this commit: hf:%s@%s", p->order->spec.revision ? "" : "no revision was named, and ",
                           p->subject.revision, wanted->repo, wanted->commit);
    if (!wanted->licence && !wanted->from_cache)
        hub_session_notice(&p->session, LOG_WARN, "no_licence", "the card of %s names no licence: find out whether you may use it",
                           wanted->repo);
}

static enum err pull_repo(struct pull *p, struct error *e)
{
    struct hub_lock *wanted = &p->result->lock;
    *wanted = (struct hub_lock){ .endpoint = p->home.endpoint, .revision = p->subject.revision };
    hub_cache_open(&p->cache, p->home.cache, p->subject.repo);
    enum err rc = p->offline ? find_offline(p, wanted, e) : find_online(p, wanted, e);
    if (rc != OK)
        return rc;
    warn_of_what_is_missing(p, wanted);
    return bring(p, wanted, e);
}

/* ---- One file ------------------------------------------------------------------------------------------------------ */

static enum err pull_url(struct pull *p, struct error *e)
{
    struct hub_lock *wanted = &p->result->lock;
    const struct hub_spec *spec = &p->order->spec;
    const char *problem = hub_path_problem(spec->name);
    *wanted = (struct hub_lock){ .url = arena_strndup(p->arena, spec->url, strcspn(spec->url, "?")) }; /* a query may be a key */
    if (problem)
        return error_set(e, ERR_INVALID, "the file of the URL cannot be written as '%s': %s", spec->name, problem);
    struct hub_file *f = hub_listing_add(&wanted->listing);
    f->path = spec->name;
    memcpy(f->sha256, p->order->sha256, sizeof(f->sha256));
    return bring(p, wanted, e);
}

/* ---- All of it ----------------------------------------------------------------------------------------------------- */

static enum err prepare(struct pull *p, const struct hub_watch *watch, struct error *e)
{
    const struct hub_spec *spec = &p->order->spec;
    bool repo = spec->repo != NULL;
    enum err rc = hub_home_read(p->arena, &p->home, e);
    if (rc == OK && repo)
        rc = hub_token_read(p->home.dir, p->arena, &p->token, e);
    if (rc != OK)
        return rc;
    p->offline = p->home.offline;
    p->subject = (struct hub_subject){ .endpoint = p->home.endpoint,
                                       .repo = spec->repo,
                                       .revision = spec->revision ? spec->revision : default_revision,
                                       .token_source = p->token.source };
    bool allow_plain = repo ? p->home.allow_plain : http_url_is_loopback(spec->url) && strncmp(spec->url, "http://", 7) == 0;
    return hub_session_open(&p->session, repo ? &p->home : NULL, repo ? &p->token : NULL, watch, p->order->user_agent, allow_plain,
                            p->home.stall_us, e);
}

/* A folder that was made for nothing goes again; what has come stays. */
static void leave_no_trace(const struct pull *p)
{
    const struct hub_listing *l = &p->result->lock.listing;
    for (size_t i = 0; i < l->count; i++) {
        CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
        fs_join(p->root, l->file[i].path, &path);
        remove_empty_folders(p, &path);
    }
    (void)rmdir(p->root);
}

enum err hub_pull(const struct hub_order *order, const struct hub_watch *watch, struct arena *a, struct hub_result *ret, struct error *e)
{
    struct pull p = {
        .order = order, .arena = a, .session = { .origin = STRBUF_INIT }, .cache = HUB_CACHE_INIT, .busy = HUB_BUSY_INIT, .result = ret
    };
    *ret = (struct hub_result){ 0 };
    enum err rc = prepare(&p, watch, e);
    if (rc == OK)
        rc = open_folder(&p, e);
    if (rc == OK)
        rc = order->spec.repo ? pull_repo(&p, e) : pull_url(&p, e);
    hub_session_close(&p.session);
    hub_token_release(&p.token);
    hub_cache_close(&p.cache);
    hub_lock_release(&p.before);
    hub_busy_release(&p.busy);
    if (rc != OK && p.made_folder && p.root)
        leave_no_trace(&p);
    free(p.root);
    return rc;
}

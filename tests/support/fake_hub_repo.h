/*
 * fake_hub_repo - the repositories of the fake Hub: folders ROOT/ORG/NAME (revision main) and ROOT/ORG/NAME@REVISION.
 *
 * Pictures, archives and *.bin are "in LFS". Hashes are libcrypto's own, so that they do not come from the code under test.
 */
#ifndef TESTS_FAKE_HUB_REPO_H
#define TESTS_FAKE_HUB_REPO_H

#include "base/arena.h"
#include "base/fs.h"
#include "base/vec.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct fake_file {
    const char *path, *disk;
    size_t size;
    bool is_dir, lfs;
    char oid[41], sha256[65];
};

struct fake_repo {
    const char *id, *revision; /* "org/name", "main" */
    char commit[41];
    struct fake_file *file;
    size_t count, cap;
};

struct fake_store {
    struct arena arena;
    struct fake_repo *repo;
    size_t count, cap;
};

static inline void fake_must(bool ok, const char *what)
{
    if (!ok) {
        perror(what);
        exit(70);
    }
}

static inline void fake_hash(const EVP_MD *kind, const void *bytes, size_t len, char *ret_hex)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    fake_must(EVP_Digest(bytes, len, digest, &n, kind, NULL) == 1, "EVP_Digest");
    for (unsigned i = 0; i < n; i++)
        (void)snprintf(ret_hex + 2 * (size_t)i, 3, "%02x", digest[i]);
}

static inline void fake_git_oid(const char *bytes, size_t len, char *ret_hex)
{
    CLEANUP(strbuf_release) struct strbuf blob = STRBUF_INIT;
    (void)strbuf_addf(&blob, "blob %zu", len);
    (void)strbuf_addch(&blob, '\0');
    (void)strbuf_add(&blob, bytes, len);
    fake_hash(EVP_sha1(), blob.buf, blob.len, ret_hex);
}

static inline bool fake_is_lfs(const char *path)
{
    static const char *const ending[] = { ".png", ".jpg", ".bin", ".zip", ".parquet" };
    size_t len = strlen(path);
    for (size_t i = 0; i < ARRAY_LEN(ending); i++)
        if (len > strlen(ending[i]) && strcmp(path + len - strlen(ending[i]), ending[i]) == 0)
            return true;
    return false;
}

static inline int fake_compare(const void *a, const void *b)
{
    return strcmp(((const struct fake_file *)a)->path, ((const struct fake_file *)b)->path);
}

static inline void fake_scan(struct fake_store *s, struct fake_repo *r, const char *root, const char *below)
{
    const char *here = *below ? arena_printf(&s->arena, "%s/%s", root, below) : root;
    DIR *d = opendir(here);
    fake_must(d != NULL, here);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        r->file = vec_grow(r->file, r->count, &r->cap, sizeof(*r->file));
        struct fake_file *f = &r->file[r->count++];
        *f = (struct fake_file){ .path = arena_printf(&s->arena, "%s%s%s", below, *below ? "/" : "", entry->d_name),
                                 .disk = arena_printf(&s->arena, "%s/%s", here, entry->d_name) };
        fake_must(stat(f->disk, &st) == 0, f->disk);
        f->is_dir = S_ISDIR(st.st_mode);
        if (f->is_dir) {
            fake_hash(EVP_sha1(), f->path, strlen(f->path), f->oid);
            fake_scan(s, r, root, f->path); /* f is no longer valid */
            continue;
        }
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        fake_must(fs_read_file(f->disk, STRBUF_DEFAULT_MAX, &text, NULL) == OK, f->disk);
        f->size = text.len;
        f->lfs = fake_is_lfs(f->path);
        fake_hash(EVP_sha256(), text.buf, text.len, f->sha256);
        fake_git_oid(text.buf, text.len, f->oid);
    }
    (void)closedir(d);
}

static inline void fake_add_repo(struct fake_store *s, const char *dir, const char *org, const char *folder)
{
    CLEANUP(strbuf_release) struct strbuf all = STRBUF_INIT;
    s->repo = vec_grow(s->repo, s->count, &s->cap, sizeof(*s->repo));
    struct fake_repo *r = &s->repo[s->count++];
    const char *at = strchr(folder, '@');
    *r = (struct fake_repo){ .id = arena_printf(&s->arena, "%s/%.*s", org, (int)strcspn(folder, "@"), folder),
                             .revision = at ? arena_strdup(&s->arena, at + 1) : "main" };
    fake_scan(s, r, dir, "");
    qsort(r->file, r->count, sizeof(*r->file), fake_compare);
    (void)strbuf_addstr(&all, folder);
    for (size_t i = 0; i < r->count; i++)
        (void)strbuf_addf(&all, "%s %s\n", r->file[i].path, r->file[i].oid);
    fake_hash(EVP_sha1(), all.buf, all.len, r->commit);
}

static inline void fake_load(struct fake_store *s, const char *root)
{
    DIR *orgs = opendir(root);
    fake_must(orgs != NULL, root);
    for (struct dirent *org; (org = readdir(orgs)) != NULL;) {
        const char *path = arena_printf(&s->arena, "%s/%s", root, org->d_name);
        DIR *repos = org->d_name[0] == '.' ? NULL : opendir(path);
        for (struct dirent *repo; repos && (repo = readdir(repos)) != NULL;)
            if (repo->d_name[0] != '.')
                fake_add_repo(s, arena_printf(&s->arena, "%s/%s", path, repo->d_name), org->d_name, repo->d_name);
        if (repos)
            (void)closedir(repos);
    }
    (void)closedir(orgs);
}

/* By id and by name of a revision or a commit; *ret_known: the id is one, whatever its revisions. */
static inline const struct fake_repo *fake_find(const struct fake_store *s, const char *id, const char *revision, bool *ret_known)
{
    *ret_known = false;
    for (size_t i = 0; i < s->count; i++) {
        const struct fake_repo *r = &s->repo[i];
        if (strcasecmp(r->id, id) != 0)
            continue;
        *ret_known = true;
        if (strcmp(r->revision, revision) == 0 || strcmp(r->commit, revision) == 0)
            return r;
    }
    return NULL;
}

static inline const struct fake_file *fake_find_file(const struct fake_repo *r, const char *path)
{
    const struct fake_file key = { .path = path };
    const struct fake_file *f = r->count ? bsearch(&key, r->file, r->count, sizeof(key), fake_compare) : NULL;
    return f && !f->is_dir ? f : NULL;
}

static inline const struct fake_file *fake_find_blob(const struct fake_store *s, const char *sha256)
{
    for (size_t i = 0; i < s->count; i++)
        for (size_t j = 0; j < s->repo[i].count; j++)
            if (!s->repo[i].file[j].is_dir && strcmp(s->repo[i].file[j].sha256, sha256) == 0)
                return &s->repo[i].file[j];
    return NULL;
}

#endif

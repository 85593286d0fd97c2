/*
 * fuzz_hub_tree - a Link header in the first line, a page of the tree (or the facts of a set) behind it.
 *
 * Whatever a server says: a name that is accepted stays in the folder, a hash is a hash, and a query is one.
 */
#include "hub/hub_api.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(int ok)
{
    if (!ok)
        abort();
}

static void check_file(const struct hub_file *f)
{
    must(f->path[0] && f->path[0] != '/' && !strpbrk(f->path, "\\\n\r\x1b"));
    must(strcmp(f->path, "..") != 0 && strncmp(f->path, "../", 3) != 0 && !strstr(f->path, "/../") && !strstr(f->path, "//"));
    must(strcmp(f->path, HUB_LOCK_NAME) != 0);
    must(f->size >= 0);
    must((f->sha256[0] != '\0') != (f->git_oid[0] != '\0'));
    must(!f->sha256[0] || hub_is_hex(f->sha256, SHA256_HEX));
    must(!f->git_oid[0] || hub_is_hex(f->git_oid, HUB_GIT_HEX));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena a = ARENA_INIT;
    struct hub_listing l = { 0 };
    struct hub_info info;
    struct strbuf link = STRBUF_INIT, query = STRBUF_INIT;
    const uint8_t *line = len ? memchr(bytes, '\n', len) : NULL;
    size_t link_len = line ? (size_t)(line - bytes) : len;
    const char *text = (const char *)bytes + (line ? link_len + 1 : len);
    size_t text_len = line ? len - link_len - 1 : 0;

    (void)strbuf_add(&link, bytes, link_len);
    if (hub_link_next(link.buf, &query))
        must(query.len > 0 && !strpbrk(query.buf, " \"<>#\r\n"));
    else
        must(query.len == 0);

    enum err rc = hub_api_tree(text, text_len, &a, &l, NULL); /* what it had added before it refused is checked, too */
    must(rc == OK || rc == ERR_INVALID || rc == ERR_SYNTAX || rc == ERR_LIMIT);
    for (size_t i = 0; i < l.count; i++)
        check_file(&l.file[i]);
    if (hub_listing_seal(&l, NULL) == OK)
        for (size_t i = 0; i < l.count; i++)
            must(hub_listing_find(&l, l.file[i].path) == &l.file[i]);
    if (hub_api_info(text, text_len, &a, &info, NULL) == OK)
        must(hub_is_commit(info.commit) && hub_repo_is_valid(info.repo));

    hub_listing_release(&l);
    arena_release(&a);
    strbuf_release(&link);
    strbuf_release(&query);
    return 0;
}

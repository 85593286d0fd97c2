#include "engine/scratch_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void path_in(const struct scratch_store *s, const char *suffix, char *path, size_t room)
{
    (void)snprintf(path, room, "%s/plan.db%s", s->dir, suffix);
}

enum err scratch_store_open(struct scratch_store *s, struct error *e)
{
    char path[sizeof(s->dir) + 16];
    const char *tmp = getenv("TMPDIR");
    *s = (struct scratch_store){ 0 };
    int len = snprintf(s->dir, sizeof(s->dir), "%s/gauntlet-plan.XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (len < 0 || (size_t)len >= sizeof(s->dir) || !mkdtemp(s->dir)) {
        enum err err = error_os(e, len < (int)sizeof(s->dir) ? errno : ENAMETOOLONG, "cannot make a folder at '%s'", s->dir);
        s->dir[0] = '\0';
        return err;
    }
    path_in(s, "", path, sizeof(path));
    enum err err = store_open(path, STORE_CREATE, &s->store, e);
    if (err != OK)
        scratch_store_close(s);
    return err;
}

void scratch_store_close(struct scratch_store *s)
{
    static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
    char path[sizeof(s->dir) + 16];
    if (!s->dir[0])
        return;
    store_close(s->store);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        path_in(s, suffixes[i], path, sizeof(path));
        (void)unlink(path);
    }
    (void)rmdir(s->dir);
    *s = (struct scratch_store){ 0 };
}

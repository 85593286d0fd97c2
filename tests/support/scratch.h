/*
 * scratch - a folder for one test program, and files in it.
 */
#ifndef SUPPORT_SCRATCH_H
#define SUPPORT_SCRATCH_H

#include "base/arena.h"
#include "base/fs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct scratch {
    char dir[256];
    struct arena arena; /* paths, and whatever the test wants to live as long */
};

static inline int scratch_open(struct scratch *s)
{
    const char *tmp = getenv("TMPDIR");
    *s = (struct scratch){ .arena = ARENA_INIT };
    (void)snprintf(s->dir, sizeof(s->dir), "%s/gauntlet-unit.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    return mkdtemp(s->dir) ? 0 : -1;
}

static inline const char *scratch_path(struct scratch *s, const char *name)
{
    return arena_printf(&s->arena, "%s/%s", s->dir, name);
}

/* Writes a file (its folders too) and returns its path. */
static inline const char *scratch_file(struct scratch *s, const char *name, const void *bytes, size_t len)
{
    const char *path = scratch_path(s, name);
    if (fs_make_parents(path, NULL) != OK || fs_write_file(path, bytes, len, NULL) != OK) {
        perror(path);
        abort();
    }
    return path;
}

static inline const char *scratch_text(struct scratch *s, const char *name, const char *text)
{
    return scratch_file(s, name, text, strlen(text));
}

static inline void scratch_close(struct scratch *s)
{
    char command[300];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
    if (system(command) != 0)
        perror(command);
    arena_release(&s->arena);
}

#endif

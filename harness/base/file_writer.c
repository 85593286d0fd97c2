#include "base/file_writer.h"

#include "base/arena.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *name_beside(const char *path)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    (void)strbuf_addf(&name, "%s.tmp-XXXXXX", path);
    return strbuf_detach(&name, NULL);
}

enum err file_writer_open(const char *path, struct file_writer *w, struct error *e)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    *w = (struct file_writer)FILE_WRITER_INIT;
    if (exists && S_ISDIR(st.st_mode))
        return error_os(e, EISDIR, "%s: cannot write", path);

    char *real = exists ? realpath(path, NULL) : NULL;
    w->target = real ? real : xstrdup(path);
    w->mode = exists ? st.st_mode & 07777 : 0644;
    if (exists && !S_ISREG(st.st_mode)) {
        w->fd = open(path, O_WRONLY | O_CLOEXEC);
        return w->fd < 0 ? error_os(e, errno, "%s: cannot open for writing", path) : OK;
    }
    w->temporary = name_beside(w->target);
    w->fd = mkostemp(w->temporary, O_CLOEXEC);
    if (w->fd >= 0)
        return OK;
    free(TAKE(w->temporary)); /* nothing was made: nothing is to be removed */
    return error_os(e, errno, "%s: cannot create", path);
}

enum err file_writer_add(struct file_writer *w, const void *bytes, size_t len, struct error *e)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t put = write(w->fd, at, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_os(e, errno, "%s: cannot write", w->target);
        at += put;
        len -= (size_t)put;
    }
    return OK;
}

/* Makes the rename itself survive a power cut. Best effort: some file systems refuse to sync a directory. */
static void sync_parent(const char *path)
{
    CLEANUP(strbuf_release) struct strbuf dir = STRBUF_INIT;
    fs_dirname(path, &dir);
    int fd = open(dir.buf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

enum err file_writer_commit(struct file_writer *w, struct error *e)
{
    if (w->temporary) {
        if (fchmod(w->fd, w->mode) != 0 || fsync(w->fd) != 0)
            return error_os(e, errno, "%s: cannot write", w->target);
        if (rename(w->temporary, w->target) != 0)
            return error_os(e, errno, "%s: cannot replace", w->target);
        free(TAKE(w->temporary)); /* it has become the file */
        sync_parent(w->target);
    }
    file_writer_abandon(w);
    return OK;
}

void file_writer_abandon(struct file_writer *w)
{
    if (w->fd >= 0)
        (void)close(w->fd);
    if (w->temporary)
        (void)unlink(w->temporary);
    free(w->temporary);
    free(w->target);
    *w = (struct file_writer)FILE_WRITER_INIT;
}

enum err file_writer_check(const char *path, struct error *e)
{
    CLEANUP(file_writer_abandon) struct file_writer file = FILE_WRITER_INIT;
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return OK;
    enum err rc = fs_make_parents(path, e);
    return rc == OK ? file_writer_open(path, &file, e) : rc;
}

/* The lock of a running run: an flock on "<path>.lock", whose text "PID RUN\n" is for people and for `status`. */
#include "store/store.h"

#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* store_lock_holder takes the lock for a moment to see whether it is free, so a refusal is asked again before it counts. */
enum { LOCK_TRIES = 10, LOCK_PAUSE_NS = 5000000 };

static void lock_path(const char *path, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s.lock", path);
}

static bool read_holder(int fd, int *ret_pid, char ret_run_id[64])
{
    char text[128];
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
    if (n <= 0)
        return false;
    text[n] = '\0';

    char *end;
    long pid = strtol(text, &end, 10);
    size_t len = strcspn(end + (*end == ' '), "\n");
    if (pid <= 0 || pid > INT_MAX || *end != ' ' || len == 0 || len >= 64)
        return false;
    *ret_pid = (int)pid;
    memcpy(ret_run_id, end + 1, len);
    ret_run_id[len] = '\0';
    return true;
}

/* True when the locked file is still the one that the name leads to: the holder before us may have removed it. */
static bool is_current(int fd, const char *path)
{
    struct stat held, named;
    return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static enum err refuse(struct store *s, int fd, struct error *e)
{
    int pid;
    char run_id[64];
    if (!read_holder(fd, &pid, run_id))
        return error_set(e, ERR_INVALID, "store '%s' is in use by another run; wait for it, or use another --db", s->path);
    if (strcmp(run_id, STORE_LOCK_PLANNING) == 0)
        return error_set(e, ERR_INVALID,
                         "store '%s' is in use: a run is being planned (process %d); wait for it, stop it, or use another --db", s->path,
                         pid);
    return error_set(e, ERR_INVALID, "store '%s' is in use by run %s (process %d); wait for it, stop it, or use another --db", s->path,
                     run_id, pid);
}

static int try_lock(int fd)
{
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK || i == LOCK_TRIES)
            return errno;
        (void)nanosleep(&(struct timespec){ .tv_nsec = LOCK_PAUSE_NS }, NULL);
    }
    return 0;
}

static enum err write_holder(int fd, const char *path, const char *run_id, struct error *e)
{
    char text[128];
    int len = snprintf(text, sizeof(text), "%d %.63s\n", (int)getpid(), run_id);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
        return error_os(e, errno, "cannot write '%s'", path);
    return OK;
}

enum err store_lock_run(struct store *s, const char *run_id, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    lock_path(s->path, &path);

    int fd;
    for (;;) {
        fd = open(path.buf, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0)
            return error_os(e, errno, "cannot open '%s'", path.buf);
        int os = try_lock(fd);
        if (os != 0) {
            enum err code = os == EWOULDBLOCK ? refuse(s, fd, e) : error_os(e, os, "cannot lock '%s'", path.buf);
            close(fd);
            return code;
        }
        if (is_current(fd, path.buf))
            break;
        close(fd);
    }

    enum err code = write_holder(fd, path.buf, run_id, e);
    if (code != OK) {
        close(fd);
        return code;
    }
    s->lock_fd = fd;
    return OK;
}

void store_unlock_run(struct store *s)
{
    if (s->lock_fd < 0)
        return;
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    lock_path(s->path, &path);
    (void)unlink(path.buf); /* before the lock goes: whoever opened it meanwhile sees that it is not current */
    close(s->lock_fd);
    s->lock_fd = -1;
}

bool store_lock_holder(const char *path, int *ret_pid, char ret_run_id[64])
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    lock_path(path, &name);

    int fd = open(name.buf, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK && read_holder(fd, ret_pid, ret_run_id);
    close(fd);
    return held;
}

#include "hub/hub_busy.h"

#include "base/arena.h"
#include "base/fs.h"
#include "hub/hub_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Somebody who held it may have removed the file between our open and our lock: then ours is a file that nobody else sees. */
static bool is_current(int fd, const char *path)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

static enum err say_who(const char *dir, int fd, struct error *e)
{
    char pid[16] = "";
    ssize_t len = pread(fd, pid, sizeof(pid) - 1, 0);
    size_t digits = len > 0 ? strspn(pid, "0123456789") : 0;
    return error_set(e, ERR_INVALID, "%s: another pull goes on in this folder%s%.*s%s", dir, digits ? " (process " : "", (int)digits, pid,
                     digits ? ")" : "");
}

enum err hub_busy_take(struct hub_busy *b, const char *dir, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    fs_join(dir, HUB_BUSY_NAME, &path);
    for (;;) {
        int fd = open(path.buf, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0)
            return error_os(e, errno, "%s: cannot write into the folder", dir);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            enum err rc = errno == EWOULDBLOCK ? say_who(dir, fd, e) : error_os(e, errno, "%s: cannot lock", path.buf);
            (void)close(fd);
            return rc;
        }
        if (is_current(fd, path.buf)) {
            b->fd = fd;
            break;
        }
        (void)close(fd);
    }
    if (ftruncate(b->fd, 0) == 0)
        (void)!dprintf(b->fd, "%ld\n", (long)getpid());
    b->path = strbuf_detach(&path, NULL);
    return OK;
}

void hub_busy_release(struct hub_busy *b)
{
    if (b->fd < 0)
        return;
    (void)unlink(b->path); /* while it is held: nobody can hold the next one yet */
    (void)close(b->fd);
    free(b->path);
    *b = (struct hub_busy)HUB_BUSY_INIT;
}

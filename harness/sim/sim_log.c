#include "sim/sim_log.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* The spool holds ",\n{…}" for each request: the array is then "[" + spool without its comma + "\n]\n". */
static const char array_head[] = "[", array_tail[] = "\n]\n";
enum { HEAD_BYTES = 1, TAIL_BYTES = 3, SEPARATOR_BYTES = 2 };

struct sim_log {
    pthread_mutex_t lock;
    int spool_fd, user_fd; /* user_fd -1 = none */
    off_t spool_bytes;
    int64_t count;
};

static int open_spool(void)
{
    const char *dir = getenv("TMPDIR");
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/gauntlet-sim.XXXXXX", dir && *dir ? dir : "/tmp") >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

enum err sim_log_open(const char *path, struct sim_log **ret_l, struct error *e)
{
    int user_fd = -1, spool_fd = open_spool();
    if (spool_fd < 0)
        return error_os(e, errno, "cannot make a temporary file for the request log");
    if (path) {
        user_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (user_fd < 0) {
            int os = errno;
            (void)close(spool_fd);
            return error_os(e, os, "cannot open the request log '%s'", path);
        }
    }
    struct sim_log *l = xcalloc(1, sizeof(*l));
    (void)pthread_mutex_init(&l->lock, NULL);
    l->spool_fd = spool_fd;
    l->user_fd = user_fd;
    *ret_l = l;
    return OK;
}

void sim_log_close(struct sim_log *l)
{
    if (!l)
        return;
    (void)close(l->spool_fd);
    if (l->user_fd >= 0)
        (void)close(l->user_fd);
    (void)pthread_mutex_destroy(&l->lock);
    free(l);
}

static void add_text(struct strbuf *out, const char *key, const char *text)
{
    (void)strbuf_addf(out, ",\"%s\":", key);
    if (!text) {
        (void)strbuf_addstr(out, "null");
        return;
    }
    CLEANUP(strbuf_release) struct strbuf valid = STRBUF_INIT;
    utf8_repair(text, strlen(text), &valid);
    json_add_string(out, valid.buf, valid.len);
}

static void format_entry(int64_t number, const struct sim_log_entry *entry, struct strbuf *out)
{
    (void)strbuf_addf(out, "{\"n\":%lld,\"at\":%lld", (long long)number, (long long)clock_wall_us(&clock_real));
    add_text(out, "method", entry->method);
    add_text(out, "path", entry->path);
    add_text(out, "trace_id", entry->trace_id);
    add_text(out, "model", entry->model);
    add_text(out, "sample", entry->sample);
    (void)strbuf_addf(out, ",\"seen\":%lld,\"body_bytes\":%zu", (long long)entry->seen, entry->body_bytes);
    add_text(out, "body_sha256", entry->body_sha256 ? entry->body_sha256->text : NULL);
    (void)strbuf_addf(out, ",\"status\":%d", entry->status);
    add_text(out, "fault", entry->fault);
    add_text(out, "outcome", entry->outcome);
    (void)strbuf_addstr(out, "}\n");
}

/* At most a few hundred bytes: a short write means a full disk and counts as failed. */
static bool write_whole(int fd, const char *bytes, size_t len)
{
    ssize_t n;
    do
        n = write(fd, bytes, len);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)len;
}

bool sim_log_add(struct sim_log *l, const struct sim_log_entry *entry)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    (void)strbuf_addstr(&line, ",\n");

    (void)pthread_mutex_lock(&l->lock);
    format_entry(l->count + 1, entry, &line);
    ssize_t n = pwrite(l->spool_fd, line.buf, line.len - 1, l->spool_bytes); /* without the line's own end */
    bool fine = n == (ssize_t)line.len - 1;
    if (fine) {
        l->spool_bytes += n;
        l->count++;
    }
    if (fine && l->user_fd >= 0)
        fine = write_whole(l->user_fd, line.buf + SEPARATOR_BYTES, line.len - SEPARATOR_BYTES);
    (void)pthread_mutex_unlock(&l->lock);
    return fine;
}

int64_t sim_log_count(struct sim_log *l)
{
    (void)pthread_mutex_lock(&l->lock);
    int64_t count = l->count;
    (void)pthread_mutex_unlock(&l->lock);
    return count;
}

off_t sim_log_end(struct sim_log *l)
{
    (void)pthread_mutex_lock(&l->lock);
    off_t end = l->spool_bytes;
    (void)pthread_mutex_unlock(&l->lock);
    return end;
}

static size_t middle_bytes(off_t end)
{
    return end > 0 ? (size_t)end - 1 : 0; /* without the first comma */
}

size_t sim_log_array_bytes(off_t end)
{
    return HEAD_BYTES + middle_bytes(end) + TAIL_BYTES;
}

ssize_t sim_log_read(struct sim_log *l, off_t end, size_t at, char *out, size_t max)
{
    if (max == 0)
        return 0;
    if (at < HEAD_BYTES) {
        out[0] = array_head[0];
        return 1;
    }
    at -= HEAD_BYTES;
    size_t middle = middle_bytes(end);
    if (at < middle)
        return pread(l->spool_fd, out, middle - at < max ? middle - at : max, (off_t)at + 1);
    at -= middle;
    size_t left = at < TAIL_BYTES ? TAIL_BYTES - at : 0, n = left < max ? left : max;
    memcpy(out, array_tail + at, n);
    return (ssize_t)n;
}

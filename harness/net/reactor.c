#include "net/reactor.h"

#include "base/arena.h"
#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { FIRST_SLOTS = 64 };

enum err reactor_init(struct reactor *r, struct error *e)
{
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        return error_os(e, errno, "cannot create an epoll descriptor");
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0) {
        int os = errno;
        (void)close(epoll_fd);
        return error_os(e, os, "cannot create an eventfd");
    }
    struct epoll_event event = { .events = EPOLLIN, .data.fd = wake_fd };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &event) != 0) {
        int os = errno;
        (void)close(epoll_fd);
        (void)close(wake_fd);
        return error_os(e, os, "cannot watch an eventfd");
    }
    *r = (struct reactor){ .epoll_fd = epoll_fd, .wake_fd = wake_fd };
    return OK;
}

void reactor_release(struct reactor *r)
{
    (void)close(r->epoll_fd);
    (void)close(r->wake_fd);
    free(r->slot);
    *r = (struct reactor){ .epoll_fd = -1, .wake_fd = -1 };
}

static struct reactor_slot *slot_of(struct reactor *r, int fd)
{
    size_t need = (size_t)fd + 1;
    if (need > r->slot_count) {
        size_t count = r->slot_count ? r->slot_count : FIRST_SLOTS;
        while (count < need)
            count *= 2;
        r->slot = xrealloc(r->slot, count * sizeof *r->slot);
        memset(r->slot + r->slot_count, 0, (count - r->slot_count) * sizeof *r->slot);
        r->slot_count = count;
    }
    return &r->slot[fd];
}

static int tell_kernel(struct reactor *r, int fd, const struct reactor_slot *s)
{
    struct epoll_event event = { .data.fd = fd };
    if (s->wanted & REACTOR_READ)
        event.events |= EPOLLIN;
    if (s->wanted & REACTOR_WRITE)
        event.events |= EPOLLOUT;

    if (!s->wanted)
        return epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, fd, &event);
    if (!s->registered)
        return epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    return epoll_ctl(r->epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void reactor_watch(struct reactor *r, int fd, unsigned interest, void *owner)
{
    struct reactor_slot *s = slot_of(r, fd);

    s->owner = owner;
    s->wanted = interest;
    if (s->wanted == s->registered || (!s->wanted && s->adopted))
        return;
    /* A descriptor that was closed unseen is no longer in the set: dropping it again is no error. */
    if (tell_kernel(r, fd, s) != 0 && s->wanted && !r->failed_os)
        r->failed_os = errno;
    s->registered = s->wanted;
}

void reactor_adopt(struct reactor *r, int fd)
{
    *slot_of(r, fd) = (struct reactor_slot){ .adopted = true };
}

void reactor_forget(struct reactor *r, int fd)
{
    struct reactor_slot *s = slot_of(r, fd);
    /* Closing would take it out of the set as well, unless a fork shares it. */
    s->wanted = 0;
    if (s->registered)
        (void)tell_kernel(r, fd, s);
    *s = (struct reactor_slot){ 0 };
}

/* epoll_pwait2 counts in nanoseconds; kernels before 5.11 lack it and round up to the next millisecond. */
static int wait_kernel(struct reactor *r, int64_t deadline_us, struct epoll_event *event)
{
    static _Atomic bool whole_milliseconds = false;

    if (deadline_us == INT64_MAX)
        return epoll_wait(r->epoll_fd, event, REACTOR_BATCH, -1);
    int64_t left_us = deadline_us == INT64_MIN ? 0 : deadline_us - clock_mono_us(&clock_real);
    if (left_us <= 0)
        return epoll_wait(r->epoll_fd, event, REACTOR_BATCH, 0);

    if (!atomic_load_explicit(&whole_milliseconds, memory_order_relaxed)) {
        struct timespec left = { .tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000 };
        int count = epoll_pwait2(r->epoll_fd, event, REACTOR_BATCH, &left, NULL);
        if (count >= 0 || errno != ENOSYS)
            return count;
        atomic_store_explicit(&whole_milliseconds, true, memory_order_relaxed);
    }
    int64_t left_ms = (left_us + 999) / 1000;
    return epoll_wait(r->epoll_fd, event, REACTOR_BATCH, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);
}

static unsigned ready_of(uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP))
        return REACTOR_READ | REACTOR_WRITE;
    return (events & EPOLLIN ? REACTOR_READ : 0) | (events & EPOLLOUT ? REACTOR_WRITE : 0);
}

enum err reactor_wait(struct reactor *r, int64_t deadline_us, struct reactor_event *ret_event, size_t *ret_count, bool *ret_woken,
                      struct error *e)
{
    struct epoll_event event[REACTOR_BATCH];

    *ret_count = 0;
    *ret_woken = false;
    if (r->failed_os)
        return error_os(e, r->failed_os, "cannot watch a socket");

    int count = wait_kernel(r, deadline_us, event);
    if (count < 0 && errno == EINTR) {
        *ret_woken = true;
        return OK;
    }
    if (count < 0)
        return error_os(e, errno, "cannot wait for sockets");

    for (int i = 0; i < count; i++) {
        int fd = event[i].data.fd;
        if (fd == r->wake_fd) {
            uint64_t wakes;
            ssize_t got = read(r->wake_fd, &wakes, sizeof wakes);
            *ret_woken = got == (ssize_t)sizeof wakes;
            continue;
        }
        struct reactor_slot *s = slot_of(r, fd);
        if (s->wanted)
            ret_event[(*ret_count)++] = (struct reactor_event){ .owner = s->owner, .fd = fd, .ready = ready_of(event[i].events) };
        else if (s->registered) {
            /* An idle connection stirs: the peer closed it. Whoever wants it next will find out. */
            (void)tell_kernel(r, fd, s);
            s->registered = 0;
        }
    }
    return OK;
}

void reactor_wake(struct reactor *r)
{
    uint64_t one = 1;
    ssize_t put = write(r->wake_fd, &one, sizeof one);
    (void)put; /* EAGAIN: the counter is full, so a wake is pending anyway */
}

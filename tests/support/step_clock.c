/* A wall clock that somebody sets while a program runs, for LD_PRELOAD: after 60 looks at it it is two hours slow, after 120 one hour
   fast. The monotonic clock is left alone, as the kernel leaves it. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

typedef int gettime_fn(clockid_t id, struct timespec *ts);

int clock_gettime(clockid_t id, struct timespec *ts)
{
    static atomic_long looks;
    gettime_fn *real;
    void *symbol = dlsym(RTLD_NEXT, "clock_gettime");
    memcpy(&real, &symbol, sizeof(real)); /* ISO C has no cast from an object to a function */
    int rc = real(id, ts);
    long look = rc == 0 && id == CLOCK_REALTIME ? atomic_fetch_add(&looks, 1) : 0;
    if (look >= 60)
        ts->tv_sec += look < 120 ? -7200 : 3600;
    return rc;
}

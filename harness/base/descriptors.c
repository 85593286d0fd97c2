#include "base/descriptors.h"

#include <stdint.h>
#include <sys/resource.h>

enum { OWN_FILES = 64 }; /* the store's, event loops, names being resolved, an image being mapped */

size_t descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    rlim_t now = before == limit.rlim_max || setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
    return now == RLIM_INFINITY || now > SIZE_MAX ? SIZE_MAX : (size_t)now;
}

size_t descriptors_for_connections(size_t open, size_t each)
{
    size_t count = open > OWN_FILES ? (open - OWN_FILES) / each : 0;
    return count > 0 ? count : 1;
}

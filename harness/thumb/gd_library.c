#include "thumb/gd_library.h"

#include "base/cleanup.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static struct gd_library library;
static bool there;

static void say_nothing(int priority, const char *format, va_list values)
{
    (void)priority;
    (void)format;
    (void)values;
}

static void load(void)
{
    static const char *const name[] = { "libgd.so.3", "libgd.so", "libgd.3.dylib", "libgd.dylib" };
    void *handle = NULL;
    for (size_t i = 0; !handle && i < ARRAY_LEN(name); i++)
        handle = dlopen(name[i], RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return;
    there = true;
#define GD_FIND(name) /* POSIX lets a void pointer hold a function; ISO C wants to be asked this way */                                    \
    *(void **)&library.name = dlsym(handle, #name);                                                                                        \
    there = there && library.name;
    GD_FUNCTIONS(GD_FIND)
#undef GD_FIND
    if (there)
        library.gdSetErrorMethod(say_nothing); /* what is wrong with an image stands in its caption */
}

const struct gd_library *gd_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, load);
    return there ? &library : NULL;
}

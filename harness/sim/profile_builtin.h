/*
 * profile_builtin - the profiles that need no file.
 *
 *     demo    attack success of 5-45 % depending on category and attack, some partial, deflected and blocked answers, a
 *             little 429, 500 and reset, log-normal latency with a median of 20 ms
 *     clean   one fixed distribution (complied 0.2, refused 0.8), no fault, no latency
 */
#ifndef SIM_PROFILE_BUILTIN_H
#define SIM_PROFILE_BUILTIN_H

#include <stddef.h>

struct profile_builtin {
    const char *name, *text;
};

extern const struct profile_builtin profile_builtins[];
extern const size_t profile_builtin_count;

/* The YAML text, or NULL. */
const char *profile_builtin_find(const char *name);

#endif

/*
 * banned - libc calls that have caused enough trouble become compile errors.
 *
 * The Makefile includes this file ahead of every translation unit. The headers that declare the names come first, so
 * that only our own use of them is refused. Instead: strbuf, snprintf, strtok_r, rng, strtol, gmtime_r.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <wchar.h>

/* With _FORTIFY_SOURCE clang's glibc headers define these as macros, and poisoning a macro is a warning. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison srand srandom atoi atol atoll atof
#pragma GCC poison gmtime localtime asctime ctime tmpnam mktemp

#endif

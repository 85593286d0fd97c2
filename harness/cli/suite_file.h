/*
 * suite_file - which file a SUITE argument means.
 */
#ifndef CLI_SUITE_FILE_H
#define CLI_SUITE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* The path itself, or suites/NAME.yaml for a bare name. ERR_NOT_FOUND lists the suites that are there. */
enum err suite_file_find(const char *argument, struct arena *a, const char **ret_path, struct error *e) MUST_CHECK;

#endif

/*
 * file_list - the data files that a pattern names, below a root, sorted bytewise.
 *
 * A pattern without wildcards is that one file. `*`, `?` and `[…]` stay inside one path component; a component `**` is any
 * number of directories, also none. Links to directories are not followed by wildcards; hidden names need a written dot.
 *
 * Owner     paths live in the caller's arena.
 * Errors    ERR_LIMIT when more than MAX_DATA_FILES match or the tree is too deep, ERR_IO when a directory cannot be read.
 */
#ifndef DATASET_FILE_LIST_H
#define DATASET_FILE_LIST_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { MAX_DATA_FILES = 10000 };

struct file_list {
    const char **path; /* below the root */
    size_t count, cap;
    struct arena *arena;
};

/* Appends what `pattern` matches under `root`, sorted among itself. Nothing matched is not an error here. */
enum err file_list_add(struct file_list *l, const char *root, const char *pattern, struct error *e) MUST_CHECK;
bool file_list_is_pattern(const char *text);
void file_list_release(struct file_list *l);

#endif

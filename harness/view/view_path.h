/*
 * view_path - the path of a URL against a pattern of words and places: "/api/runs/{run}/rows".
 *
 * {run} is an id, a name or `last~1`: letters, digits and ._~:- only, at most 64. Every other place is a whole number below 10^15.
 * Nothing of a path is ever more than that, so none can reach the file system.
 */
#ifndef VIEW_VIEW_PATH_H
#define VIEW_VIEW_PATH_H

#include <stdbool.h>
#include <stdint.h>

/* What stands in the places {run}, {trial} and {position}. */
struct view_place {
    char run[65]; /* "" = none */
    int64_t trial, position;
};

bool view_path_matches(const char *pattern, const char *path, struct view_place *ret_place);

#endif

#include "cli/suite_file.h"

#include "base/fs.h"
#include "base/nearest.h"

#include <glob.h>
#include <string.h>

enum err suite_file_find(const char *argument, struct arena *a, const char **ret_path, struct error *e)
{
    const char *in_suites = arena_printf(a, "suites/%s.yaml", argument);
    if (fs_exists(argument)) {
        *ret_path = argument;
        return OK;
    }
    if (!strchr(argument, '/') && fs_exists(in_suites)) {
        *ret_path = in_suites;
        return OK;
    }

    (void)error_set(e, ERR_NOT_FOUND, "there is no suite '%s'", argument);
    glob_t found;
    if (glob("suites/*.yaml", 0, NULL, &found) == 0) {
        const char *near = nearest_name(argument, (const char *const *)found.gl_pathv, found.gl_pathc);
        if (near)
            (void)error_suffix(e, "; did you mean %s?", near);
        (void)error_suffix(e, "\n  here are:");
        for (size_t i = 0; i < found.gl_pathc && i < 20; i++)
            (void)error_suffix(e, " %s", found.gl_pathv[i]);
        globfree(&found);
    } else {
        (void)error_suffix(e, "; `gauntlet init` writes a first one");
    }
    return ERR_NOT_FOUND;
}

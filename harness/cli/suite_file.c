#include "cli/suite_file.h"

#include "base/fs.h"
#include "base/nearest.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>

/* The suite whose file or name is nearest to what was asked for; NULL when none is near. */
static const char *nearest_suite(const char *argument, const glob_t *found, struct arena *a)
{
    const char **name = arena_array(a, found->gl_pathc, sizeof(*name));
    for (size_t i = 0; i < found->gl_pathc; i++) {
        const char *base = strrchr(found->gl_pathv[i], '/') + 1;
        name[i] = arena_strndup(a, base, strlen(base) - strlen(".yaml"));
    }
    const char *near = nearest_name(argument, name, found->gl_pathc);
    return near ? near : nearest_name(argument, (const char *const *)found->gl_pathv, found->gl_pathc);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum err suite_file_find(const char *argument, struct arena *a, const char **ret_path, struct error *e)
{
    const char *in_suites = arena_printf(a, "suites/%s.yaml", argument);
    if (fs_exists(argument) && !is_folder(argument)) {
        *ret_path = argument;
        return OK;
    }
    if (!strchr(argument, '/') && fs_exists(in_suites)) {
        *ret_path = in_suites;
        return OK;
    }

    (void)error_set(e, ERR_NOT_FOUND, is_folder(argument) ? "'%s' is a folder, not a suite" : "there is no suite '%s'", argument);
    glob_t found;
    if (glob("suites/*.yaml", 0, NULL, &found) == 0) {
        const char *near = nearest_suite(argument, &found, a);
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

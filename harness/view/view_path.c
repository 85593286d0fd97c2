#include "view/view_path.h"

#include <string.h>

static bool read_number(const char *text, size_t len, int64_t *ret)
{
    if (len == 0 || len > 15 || strspn(text, "0123456789") < len)
        return false;
    *ret = 0;
    for (size_t i = 0; i < len; i++)
        *ret = *ret * 10 + (text[i] - '0');
    return true;
}

/* Ids, names and last~1; what a name has beyond that is no address here. */
static bool read_run(const char *text, size_t len, char ret[65])
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._~:-";
    if (len == 0 || len > 64 || strspn(text, allowed) < len)
        return false;
    memcpy(ret, text, len);
    ret[len] = '\0';
    return true;
}

static bool read_place(const char *name, size_t name_len, const char *text, size_t len, struct view_place *p)
{
    if (strncmp(name, "{run}", name_len) == 0)
        return read_run(text, len, p->run);
    return read_number(text, len, strncmp(name, "{trial}", name_len) == 0 ? &p->trial : &p->position);
}

bool view_path_matches(const char *pattern, const char *path, struct view_place *ret_place)
{
    *ret_place = (struct view_place){ 0 };
    while (*pattern == '/' && *path == '/') {
        size_t want = strcspn(++pattern, "/"), have = strcspn(++path, "/");
        if (*pattern == '{' ? !read_place(pattern, want, path, have, ret_place) : want != have || strncmp(pattern, path, want) != 0)
            return false;
        pattern += want;
        path += have;
    }
    return *pattern == '\0' && *path == '\0';
}

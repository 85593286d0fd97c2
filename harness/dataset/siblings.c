#include "dataset/siblings.h"

#include "base/arena.h"
#include "base/vec.h"

#include <dirent.h>
#include <string.h>
#include <strings.h>

enum { MAX_LISTED = 500000 };

struct siblings {
    char *directory; /* that was listed; NULL = none yet */
    struct arena names;
    const char **name; /* sorted by stem without regard to case */
    size_t count, cap;
};

struct siblings *siblings_new(void)
{
    struct siblings *s = xcalloc(1, sizeof(*s));
    s->names = (struct arena)ARENA_INIT;
    return s;
}

void siblings_free(struct siblings *s)
{
    if (!s)
        return;
    free(s->directory);
    free(s->name);
    arena_release(&s->names);
    free(s);
}

static size_t stem_len(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

static int compare_stems(const char *a, const char *b)
{
    size_t a_len = stem_len(a), b_len = stem_len(b);
    int order = strncasecmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len < b_len ? -1 : a_len > b_len);
}

static int by_stem(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    int order = compare_stems(x, y);
    return order ? order : strcmp(x, y);
}

static void list_directory(struct siblings *s, const char *directory)
{
    free(s->directory);
    s->directory = xstrdup(directory);
    s->count = 0;
    arena_reset(&s->names);

    DIR *dir = opendir(directory);
    for (struct dirent *entry; dir && s->count < MAX_LISTED && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        s->name = vec_grow(s->name, s->count, &s->cap, sizeof(*s->name));
        s->name[s->count++] = arena_strdup(&s->names, entry->d_name);
    }
    if (dir)
        (void)closedir(dir);
    if (s->count > 0)
        qsort(s->name, s->count, sizeof(*s->name), by_stem);
}

const char *siblings_find(struct siblings *s, const char *directory, const char *name)
{
    if (!s->directory || strcmp(s->directory, directory) != 0)
        list_directory(s, directory);

    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_stems(s->name[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && compare_stems(s->name[low], name) == 0 ? s->name[low] : NULL;
}

/*
 * fuzz_view_request - a path, then "name=value" lines, as the viewer is asked for rows. A cursor that was read is written and read as
 * the same one again.
 */
#include "view/rows_query.h"
#include "view/view_path.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_path(const char *path)
{
    static const char *const pattern[] = { "/", "/runs/{run}", "/api/runs/{run}/rows", "/api/trials/{trial}/images/{position}" };
    for (size_t i = 0; i < ARRAY_LEN(pattern); i++) {
        struct view_place p;
        if (view_path_matches(pattern[i], path, &p) && (strlen(p.run) > 64 || strchr(p.run, '/') || p.trial < 0 || p.position < 0))
            abort();
    }
}

static void try_cursor(const struct rows_query *q, struct arena *a)
{
    char cursor[ROWS_CURSOR_CHARS];
    struct rows_query again;
    struct error e;
    rows_cursor_write(&q->after, cursor);
    if (rows_query_parse(&(struct view_argument){ "after", cursor }, 1, a, &again, &e) != OK || again.after.trial != q->after.trial ||
        again.after.key < q->after.key || again.after.key > q->after.key)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena a = ARENA_INIT;
    struct view_argument argument[64];
    struct rows_query q;
    struct error e;
    size_t count = 0;
    char *text = arena_strndup(&a, (const char *)bytes, len), *next = text;
    try_path(strsep(&next, "\n"));
    for (char *line; count < ARRAY_LEN(argument) && (line = strsep(&next, "\n"));) {
        char *value = strchr(line, '=');
        if (value)
            *value++ = '\0';
        argument[count++] = (struct view_argument){ line, value ? value : "" };
    }
    if (rows_query_parse(argument, count, &a, &q, &e) == OK) {
        if (q.limit < 1 || q.limit > MAX_ROWS_LIMIT || (q.has_after && isnan(q.after.key)))
            abort();
        if (q.has_after)
            try_cursor(&q, &a);
    }
    arena_release(&a);
    return 0;
}

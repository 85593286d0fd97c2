#include "score/edit.h"

#include "base/arena.h"

#include <string.h>

static bool same(const uint32_t *a, const uint32_t *b, size_t count)
{
    return memcmp(a, b, count * sizeof(*a)) == 0;
}

bool edit_is_one(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    if (a_count > b_count)
        return edit_is_one(b, b_count, a, a_count);
    if (b_count - a_count > 1)
        return false;
    size_t i = 0;
    while (i < a_count && a[i] == b[i])
        i++;
    if (a_count < b_count) /* b has one more, at i */
        return same(a + i, b + i + 1, a_count - i);
    if (i == a_count)
        return false;
    if (same(a + i + 1, b + i + 1, a_count - i - 1))
        return true;
    return i + 1 < a_count && a[i] == b[i + 1] && a[i + 1] == b[i] && same(a + i + 2, b + i + 2, a_count - i - 2);
}

size_t edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    CLEANUP(cleanup_free) size_t *row = xcalloc(b_count + 1, sizeof(*row));
    for (size_t j = 0; j <= b_count; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_count; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_count; j++) {
            size_t replace = diagonal + (a[i - 1] != b[j - 1]);
            size_t shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replace < shift ? replace : shift;
        }
    }
    return row[b_count];
}

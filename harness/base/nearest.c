#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

enum { LONGEST_WORD = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b, size_t limit)
{
    size_t a_len = strnlen(a, LONGEST_WORD + 1), b_len = strnlen(b, LONGEST_WORD + 1);
    if (a_len > LONGEST_WORD || b_len > LONGEST_WORD)
        return limit + 1;

    /* Three rows of the usual table: swapping neighbours looks two rows back. */
    size_t row[3][LONGEST_WORD + 1];
    for (size_t j = 0; j <= b_len; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *now = row[i % 3];
        const size_t *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replace = above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            now[j] = smaller(replace, smaller(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = smaller(now[j], two_above[j - 2] + 1);
        }
    }
    size_t distance = row[a_len % 3][b_len];
    return distance <= limit ? distance : limit + 1;
}

static bool begins_with(const char *name, const char *word, size_t len)
{
    return len >= 3 && strncasecmp(name, word, len) == 0;
}

const char *nearest_name(const char *word, const char *const *name, size_t count)
{
    size_t len = strlen(word), limit = len <= 4 ? 1 : len / 3, best_distance = limit + 1, best = count;
    for (size_t i = 0; i < count; i++) {
        size_t distance = nearest_distance(word, name[i], limit);
        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    for (size_t i = 0; best == count && i < count; i++) {
        if (begins_with(name[i], word, len) || begins_with(word, name[i], strlen(name[i])))
            best = i;
    }
    return best < count ? name[best] : NULL;
}

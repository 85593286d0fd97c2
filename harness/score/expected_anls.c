/*
 * anls - average normalised Levenshtein similarity: 1 - distance / longer length in code points, of normalised texts; what
 * is below .5 counts as 0.
 */
#include "base/utf8.h"
#include "score/edit.h"
#include "score/expected.h"
#include "score/kinds.h"

#include <string.h>

enum { MAX_POINTS = 2048 }; /* the distance takes time in the product of the lengths; texts of more than twice this must be equal */

static const double worth = 0.5;

static size_t read_points(const char *text, size_t len, struct arena *a, uint32_t **ret_point)
{
    uint32_t *point = arena_array(a, len, sizeof(*point));
    size_t count = 0;
    for (size_t pos = 0; pos < len;)
        point[count++] = utf8_next(text, len, &pos);
    *ret_point = point;
    return count;
}

static double anls_match(const struct expected_config *x, const struct reading *r, const char *accepted, struct arena *a)
{
    (void)x;
    CLEANUP(strbuf_release) struct strbuf wanted = STRBUF_INIT;
    expected_normalise(accepted, strlen(accepted), &wanted);
    if (wanted.len == r->text.len && memcmp(wanted.buf, r->text.buf, wanted.len) == 0)
        return 1.0;
    if (r->text.len > 8 * wanted.len) /* a code point is 1 to 4 bytes: more than twice as long in any case */
        return 0.0;

    uint32_t *got_point, *wanted_point;
    size_t wanted_count = read_points(wanted.buf, wanted.len, a, &wanted_point);
    size_t got_count = read_points(r->text.buf, r->text.len, a, &got_point);
    size_t longer = got_count > wanted_count ? got_count : wanted_count;
    size_t shorter = got_count + wanted_count - longer;
    if (longer > 2 * shorter || longer > 2 * MAX_POINTS)
        return 0.0;
    double similarity = 1.0 - (double)edit_distance(got_point, got_count, wanted_point, wanted_count) / (double)longer;
    return similarity < worth ? 0.0 : similarity;
}

static const char *const known[] = { "answers", "target" };
static const struct expected_rule rule = { .known = known, .known_count = ARRAY_LEN(known), .match = anls_match };

static enum err anls_configure(struct scorer *s, const cJSON *options, struct error *e)
{
    return expected_configure(s, &rule, options, e);
}

const struct scorer_ops scorer_anls = {
    .kind = "anls",
    .configure = anls_configure,
    .begin = expected_begin,
    .identity = expected_identity,
    .know = expected_know,
};

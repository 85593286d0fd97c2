/* The page's colours: every text stands on its ground with a contrast of at least 4.5:1, in both schemes. */
#include "base/cleanup.h"
#include "embed/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum scheme { LIGHT, DARK };

/* "--name: light-dark(#RRGGBB, #RRGGBB);" of the style. */
static unsigned color_of(const char *name, enum scheme scheme)
{
    char start[64];
    unsigned light, dark;
    (void)snprintf(start, sizeof(start), "--%s: light-dark(", name);
    const char *at = strstr(asset_style_tokens, start);
    if (!at)
        fail_msg("the style has no %s", start);
    if (sscanf(at + strlen(start), "#%6x, #%6x)", &light, &dark) != 2)
        fail_msg("%s is not two colours", name);
    return scheme == LIGHT ? light : dark;
}

static double channel(unsigned value)
{
    double c = (double)value / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2: relative luminance. */
static double luminance(unsigned rgb)
{
    return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) + 0.0722 * channel(rgb & 255);
}

static double contrast(unsigned a, unsigned b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void black_on_white_has_the_known_contrast(void **state)
{
    (void)state;
    assert_true(fabs(contrast(0x000000, 0xFFFFFF) - 21) < 1e-9);
    assert_true(fabs(contrast(0x777777, 0xFFFFFF) - 4.478) < 0.001);
}

static void every_text_is_legible_on_its_ground(void **state)
{
    static const struct {
        const char *ink, *ground;
    } pair[] = {
        { "ink", "bg" },      { "ink2", "bg" },     { "ink3", "bg" },       { "accent", "bg" },   { "bad", "bg" },
        { "good", "bg" },     { "warn", "bg" },     { "ink", "sub" },       { "ink2", "sub" },    { "ink3", "sub" },
        { "accent", "sub" },  { "good", "sub" },    { "warn", "sub" },      { "bg", "ink2" },     { "ink", "accbg" },
        { "ink2", "accbg" },  { "bad", "accbg" },   { "good", "accbg" },    { "warn", "accbg" },  { "ink2", "sunk" },
        { "o1", "v1" },       { "o2", "v2" },       { "o2", "v3" },         { "o2", "v4" },       { "o5", "v5" },
        { "qt0", "q0" },      { "qt1", "q1" },      { "qt2", "q2" },        { "qt3", "q3" },      { "qt4", "q4" },
        { "qt5", "q5" },      { "qt6", "q6" },      { "qt7", "q7" },        { "qt8", "q8" },      { "ink", "n4" },
        { "ink", "n3" },      { "ink", "n2" },      { "ink", "n1" },        { "ink", "z0" },      { "ink", "p1" },
        { "ink", "p2" },      { "ink", "p3" },      { "ink", "p4" },        { "ink", "badbg" },   { "ink2", "badbg" },
        { "ink3", "badbg" },  { "bad", "badbg" },   { "good", "badbg" },    { "warn", "badbg" },  { "accent", "badbg" },
        { "onbad", "bad" },   { "ink", "goodbg" },  { "ink2", "goodbg" },   { "ink3", "goodbg" }, { "bad", "goodbg" },
        { "good", "goodbg" }, { "warn", "goodbg" }, { "accent", "goodbg" }, { "ongood", "good" }, { "ink2", "band" },
        { "bad", "sub" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pair); i++) {
        for (enum scheme scheme = LIGHT; scheme <= DARK; scheme++) {
            double got = contrast(color_of(pair[i].ink, scheme), color_of(pair[i].ground, scheme));
            if (got < 4.5)
                fail_msg("%s on %s, %s: %.2f", pair[i].ink, pair[i].ground, scheme == LIGHT ? "light" : "dark", got);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(black_on_white_has_the_known_contrast),
        cmocka_unit_test(every_text_is_legible_on_its_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

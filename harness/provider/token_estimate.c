#include "provider/token_estimate.h"

#include "base/cleanup.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { MOST_IMAGE = 16384, LEAST_IMAGE = 64 };

struct token_range token_range_sum(struct token_range a, struct token_range b)
{
    return (struct token_range){ a.low + b.low, a.high + b.high, a.most + b.most };
}

struct token_range tokens_of_template(void)
{
    return (struct token_range){ 3, 80, 1024 };
}

/* What a byte counts as: one of three 20-bit sums in one number, so that a byte costs one addition. Every prompt goes through here. */
enum { SUM_BITS = 20, BLOCK_BYTES = 1 << 16, SUM_MASK = (1 << SUM_BITS) - 1 };
#define L UINT64_C(1)                     /* letters, digits, blank */
#define S (UINT64_C(1) << SUM_BITS)       /* other signs of ASCII */
#define C (UINT64_C(1) << (2 * SUM_BITS)) /* other characters, counted where they begin */
#define X5(x) x, x, x, x, x
#define X15(x) X5(x), X5(x), X5(x)
#define X64(x) X15(x), X15(x), X15(x), X15(x), x, x, x, x
static const uint64_t byte_class[256] = {
    X15(S), S,      X15(S), S,     L, X15(S), X5(L), X5(L),  X5(S), S, /* 00 … 1F, blank, signs, digits */
    S,      X15(L), X5(L),  X5(L), L, X5(S),  S,     X15(L), X5(L), X5(L), L, X5(S), X64(0), X64(C),
};
#undef L
#undef S
#undef C
#undef X5
#undef X15
#undef X64

struct token_range tokens_of_text(const char *text, size_t len)
{
    double latin = 0, signs = 0, others = 0;
    for (size_t at = 0; at < len;) {
        size_t end = len - at > BLOCK_BYTES ? at + BLOCK_BYTES : len;
        uint64_t sums = 0;
        for (; at < end; at++)
            sums += byte_class[(unsigned char)text[at]];
        latin += (double)(sums & SUM_MASK);
        signs += (double)(sums >> SUM_BITS & SUM_MASK);
        others += (double)(sums >> (2 * SUM_BITS));
    }
    struct token_range r = { .low = (int64_t)floor(latin / 6 + signs / 3 + others / 4),
                             .high = (int64_t)ceil(latin / 2.5 + signs + others * 2),
                             .most = (int64_t)len };
    if (r.high > r.most)
        r.high = r.most;
    if (r.low > r.high)
        r.low = r.high;
    return r;
}

/* ---- Images ---- */

struct image_rule {
    const char *family; /* part of the model's name, in any case; the first that fits counts */
    double (*count)(const struct image_rule *r, double width, double height);
    double unit;       /* px of a patch or tile */
    double base, each; /* tokens of an image and of each tile; for patches: `each` is a factor */
    double least, most;
    double max_side, min_pixels, max_pixels; /* 0 = none */
};

static void fit_side(double side, double *width, double *height)
{
    double longer = fmax(*width, *height);
    if (side > 0 && longer > side) {
        *width *= side / longer;
        *height *= side / longer;
    }
}

/* At most 2048 px, then the shorter side at most 768 px, then tiles. */
static double openai_tiles(const struct image_rule *r, double width, double height)
{
    fit_side(2048, &width, &height);
    double shorter = fmin(width, height);
    if (shorter > 768) {
        width *= 768 / shorter;
        height *= 768 / shorter;
    }
    return r->base + r->each * ceil(width / r->unit - 1e-9) * ceil(height / r->unit - 1e-9);
}

/* Patches of 32 px, at most 1536 of them: a larger image is scaled so that whole patches fit. */
static double openai_patches(const struct image_rule *r, double width, double height)
{
    double patches = ceil(width / r->unit) * ceil(height / r->unit);
    if (patches > r->most) {
        double scale = sqrt(r->unit * r->unit * r->most / (width * height));
        double across = width * scale / r->unit, down = height * scale / r->unit;
        scale *= fmin(floor(across) / across, floor(down) / down);
        patches = ceil(width * scale / r->unit - 1e-9) * ceil(height * scale / r->unit - 1e-9);
    }
    return fmin(patches, r->most) * r->each;
}

static double by_area(const struct image_rule *r, double width, double height)
{
    fit_side(r->max_side, &width, &height);
    return ceil(width * height / r->unit);
}

static double gemini_tiles(const struct image_rule *r, double width, double height)
{
    if (width <= 384 && height <= 384)
        return r->each;
    double crop = fmin(fmax(floor(fmin(width, height) / 1.5), 256), r->unit);
    return r->each * ceil(width / crop) * ceil(height / crop);
}

/* A grid of patches; `base` tokens more, and `each` more a row. */
static double patch_grid(const struct image_rule *r, double width, double height)
{
    fit_side(r->max_side, &width, &height);
    double pixels = width * height, scale = 1;
    if (r->max_pixels > 0 && pixels > r->max_pixels)
        scale = sqrt(r->max_pixels / pixels);
    if (pixels < r->min_pixels)
        scale = sqrt(r->min_pixels / pixels);
    double across = fmax(ceil(width * scale / r->unit - 1e-9), 1), down = fmax(ceil(height * scale / r->unit - 1e-9), 1);
    return across * down + r->each * down + r->base;
}

/* Tiles of a model that also looks at the whole image; how many tiles it takes is the model's choice, up to `max_side` of them. */
static double tiles_and_whole(const struct image_rule *r, double width, double height)
{
    double tiles = fmin(ceil(width / r->unit) * ceil(height / r->unit), r->max_side);
    return r->each * tiles + (tiles > 1 ? r->base : 0);
}

static double fixed(const struct image_rule *r, double width, double height)
{
    (void)width;
    (void)height;
    return r->each;
}

static const struct image_rule rules[] = {
    { "gpt-4o-mini", openai_tiles, 512, 2833, 5667, 2833, 48169, 0, 0, 0 },
    { "gpt-4.1-mini", openai_patches, 32, 0, 1.62, 1, 1536, 0, 0, 0 },
    { "gpt-4.1-nano", openai_patches, 32, 0, 2.46, 1, 1536, 0, 0, 0 },
    { "gpt-5-mini", openai_patches, 32, 0, 1.62, 1, 1536, 0, 0, 0 },
    { "gpt-5-nano", openai_patches, 32, 0, 2.46, 1, 1536, 0, 0, 0 },
    { "o4-mini", openai_patches, 32, 0, 1.72, 1, 1536, 0, 0, 0 },
    { "gpt-5", openai_tiles, 512, 70, 140, 70, 1190, 0, 0, 0 },
    { "gpt-4", openai_tiles, 512, 85, 170, 85, 1445, 0, 0, 0 },
    { "claude", by_area, 750, 0, 0, 1, 3279, 1568, 0, 0 },
    { "gemini", gemini_tiles, 768, 0, 258, 258, MOST_IMAGE, 0, 0, 0 },
    { "qwen3", patch_grid, 32, 2, 0, 64, 16386, 0, 65536, 16777216 },
    { "qwen", patch_grid, 28, 2, 0, 4, 16386, 0, 3136, 12845056 },
    { "pixtral", patch_grid, 16, 0, 1, 2, 4160, 1024, 0, 0 },
    { "mistral", patch_grid, 28, 0, 1, 2, 3080, 1540, 0, 0 },
    { "magistral", patch_grid, 28, 0, 1, 2, 3080, 1540, 0, 0 },
    { "llama-4", tiles_and_whole, 336, 144, 144, 144, 2448, 16, 0, 0 },
    { "llama-guard-4", tiles_and_whole, 336, 144, 144, 144, 2448, 16, 0, 0 },
    { "llama-3.2", tiles_and_whole, 560, 0, 1601, 1, 6404, 4, 0, 0 }, /* in the text it is one token; some bill tiles */
    { "llama-guard-3", tiles_and_whole, 560, 0, 1601, 1, 6404, 4, 0, 0 },
    { "internvl", tiles_and_whole, 448, 256, 256, 256, 3328, 12, 0, 0 },
    { "gemma", fixed, 0, 0, 256, 256, 1280, 0, 0, 0 },
    { "llava-1.5", fixed, 0, 0, 576, 576, 576, 0, 0, 0 },
};

static const struct image_rule general = { "", patch_grid, 16, 0, 1, LEAST_IMAGE, MOST_IMAGE, 0, 0, 16.0 * 16 * MOST_IMAGE };

static const struct image_rule *rule_of(const char *model)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (strcasestr(model, rules[i].family))
            return &rules[i];
    }
    return &general;
}

struct token_range tokens_of_image(const char *model, int64_t width, int64_t height)
{
    const struct image_rule *r = rule_of(model);
    bool patches = r->count == openai_patches;
    double least = r->least, most = patches ? r->most * r->each : r->most;
    if (width <= 0 || height <= 0)
        return (struct token_range){ (int64_t)least, (int64_t)ceil(most), (int64_t)ceil(most) };

    double count = r->count(r, (double)width, (double)height);
    count = fmin(fmax(count, least), most);
    bool choice = r == &general || r->count == openai_tiles || r->count == tiles_and_whole; /* where a server may do with less */
    struct token_range range = { .low = (int64_t)floor(choice ? least : count * 0.9),
                                 .high = (int64_t)ceil(fmin(count * 1.1, most)),
                                 .most = (int64_t)ceil(fmin(count * 1.5, most)) };
    if (r->count == fixed || r->count == tiles_and_whole)
        range.most = (int64_t)ceil(most);
    if (range.low < 1)
        range.low = 1;
    return range;
}

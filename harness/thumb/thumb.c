#include "thumb/thumb.h"

#include "base/arena.h"
#include "core/limits.h"
#include "dataset/image.h"
#include "thumb/gd_library.h"

#include <string.h>

enum { QUALITY = 72, WHITE = 0xff, OPAQUE = 127 }; /* gd's alpha: 0 is solid, 127 clear */

static gdImagePtr decode(const struct gd_library *gd, const char *mime, const unsigned char *bytes, size_t len)
{
    void *at = (void *)(uintptr_t)bytes; /* gd does not write there */
    if (strcmp(mime, "image/png") == 0)
        return gd->gdImageCreateFromPngPtr((int)len, at);
    if (strcmp(mime, "image/jpeg") == 0)
        return gd->gdImageCreateFromJpegPtr((int)len, at);
    if (strcmp(mime, "image/webp") == 0)
        return gd->gdImageCreateFromWebpPtr((int)len, at);
    return strcmp(mime, "image/gif") == 0 ? gd->gdImageCreateFromGifPtr((int)len, at) : NULL;
}

/* Pixels of a GIF's first picture, which may be larger than the screen that its header tells: what the decoder makes room for.
   GIF89a, sections 17 to 25. 0 = there is none. */
static uint64_t gif_pixels(const unsigned char *bytes, size_t len)
{
    enum { HEADER = 13, EXTENSION = 0x21, PICTURE = 0x2c, HAS_TABLE = 0x80 };
    size_t at = HEADER;
    if (len > HEADER && bytes[10] & HAS_TABLE)
        at += 3u << ((bytes[10] & 7) + 1);
    while (at + 1 < len && bytes[at] == EXTENSION) {
        at += 2;
        while (at < len && bytes[at] > 0)
            at += 1u + bytes[at];
        at++;
    }
    if (at + 9 >= len || bytes[at] != PICTURE)
        return 0;
    return (uint64_t)(bytes[at + 5] | bytes[at + 6] << 8) * (uint64_t)(bytes[at + 7] | bytes[at + 8] << 8);
}

static bool is_small_enough(const struct image_info *info, const unsigned char *bytes, size_t len)
{
    uint64_t pixels = (uint64_t)info->width * info->height;
    if (len > MAX_IMAGE_BYTES || pixels == 0 || pixels > MAX_THUMB_PIXELS)
        return false;
    return strcmp(info->mime, "image/gif") != 0 || gif_pixels(bytes, len) <= MAX_THUMB_PIXELS;
}

struct sums {
    uint64_t red, green, blue;
};

static void add_pixel(struct sums *s, int color)
{
    unsigned solid = (unsigned)(OPAQUE - gdTrueColorGetAlpha(color)), clear = OPAQUE - solid;
    s->red += ((unsigned)gdTrueColorGetRed(color) * solid + WHITE * clear) / OPAQUE;
    s->green += ((unsigned)gdTrueColorGetGreen(color) * solid + WHITE * clear) / OPAQUE;
    s->blue += ((unsigned)gdTrueColorGetBlue(color) * solid + WHITE * clear) / OPAQUE;
}

/* The mean of the pixels x0 … x1-1, y0 … y1-1. */
static int mean(gdImagePtr from, int x0, int x1, int y0, int y1)
{
    struct sums s = { 0 };
    uint64_t count = (uint64_t)(x1 - x0) * (uint64_t)(y1 - y0);
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++)
            add_pixel(&s, gdImageTrueColorPixel(from, x, y));
    }
    return gdTrueColor((int)(s.red / count), (int)(s.green / count), (int)(s.blue / count));
}

static int scaled(int64_t at, int64_t from, int64_t to)
{
    return (int)(at * from / to);
}

/* Every pixel is the mean of the box that it covers: each source pixel is looked at once, in 64-bit sums, and nothing is sharpened. */
static gdImagePtr shrink(const struct gd_library *gd, gdImagePtr from)
{
    int width = gdImageSX(from), height = gdImageSY(from), longer = width > height ? width : height;
    int to_width = width, to_height = height;
    if (longer > THUMB_SIDE) {
        to_width = scaled(width, THUMB_SIDE, longer) > 0 ? scaled(width, THUMB_SIDE, longer) : 1;
        to_height = scaled(height, THUMB_SIDE, longer) > 0 ? scaled(height, THUMB_SIDE, longer) : 1;
    }
    gdImagePtr to = gd->gdImageCreateTrueColor(to_width, to_height);
    for (int y = 0; to && y < to_height; y++) {
        for (int x = 0; x < to_width; x++)
            gdImageTrueColorPixel(to, x, y) = mean(from, scaled(x, width, to_width), scaled(x + 1, width, to_width),
                                                   scaled(y, height, to_height), scaled(y + 1, height, to_height));
    }
    return to;
}

static enum err encode(const struct gd_library *gd, gdImagePtr image, struct strbuf *out, struct error *e)
{
    int len = 0;
    void *bytes = gd->gdImageJpegPtr(image, &len, QUALITY);
    if (!bytes)
        return error_set(e, ERR_INVALID, "libgd cannot write a JPEG");
    enum err rc = strbuf_add(out, bytes, (size_t)len);
    gd->gdFree(bytes);
    return rc == OK ? OK : error_set(e, ERR_LIMIT, "a thumbnail of %d bytes", len);
}

enum err thumb_make(const unsigned char *bytes, size_t len, struct strbuf *out, struct error *e)
{
    struct image_info info = image_probe(bytes, len);
    if (!info.mime || info.problem)
        return error_set(e, ERR_INVALID, "%s", info.problem ? info.problem : "no image");
    if (!is_small_enough(&info, bytes, len))
        return error_set(e, ERR_LIMIT, "%u x %u pixels", (unsigned)info.width, (unsigned)info.height);

    const struct gd_library *gd = gd_library();
    if (!gd)
        return error_set(e, ERR_UNSUPPORTED, "libgd is not installed");
    gdImagePtr image = decode(gd, info.mime, bytes, len);
    if (!image)
        return error_set(e, ERR_INVALID, "libgd cannot decode this %s", info.mime);
    gdImagePtr small = gdImageTrueColor(image) || gd->gdImagePaletteToTrueColor(image) ? shrink(gd, image) : NULL;
    enum err rc = small ? encode(gd, small, out, e) : error_set(e, ERR_INVALID, "libgd cannot shrink this %s", info.mime);
    gd->gdImageDestroy(image);
    if (small)
        gd->gdImageDestroy(small);
    return rc;
}

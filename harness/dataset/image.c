#include "dataset/image.h"

#include "base/cleanup.h"
#include "core/limits.h"
#include "dataset/image_format.h"

#include <string.h>
#include <strings.h>

typedef void image_reader(const unsigned char *bytes, size_t len, struct image_info *info);

static const struct format {
    const char *mime;
    const char *magic;
    size_t magic_len;
    image_reader *read;
} formats[] = {
    { "image/png", "\x89PNG\r\n\x1a\n", 8, image_read_png },
    { "image/jpeg", "\xFF\xD8\xFF", 3, image_read_jpeg },
    { "image/gif", "GIF87a", 6, image_read_gif },
    { "image/gif", "GIF89a", 6, image_read_gif },
    { "image/webp", "RIFF", 4, image_read_webp },
    { "image/bmp", "BM", 2, image_read_bmp },
};

static bool starts_with(const unsigned char *bytes, size_t len, const char *magic, size_t magic_len)
{
    return len >= magic_len && memcmp(bytes, magic, magic_len) == 0;
}

static const struct format *find_format(const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        const struct format *f = &formats[i];
        if (!starts_with(bytes, len, f->magic, f->magic_len))
            continue;
        if (f->read == image_read_webp && !(len >= 12 && memcmp(bytes + 8, "WEBP", 4) == 0))
            continue;
        if (f->read == image_read_bmp && !(len >= 18 && image_le32(bytes + 14) >= 12 && image_le32(bytes + 14) <= 124))
            continue;
        return f;
    }
    return NULL;
}

/* What a file is that stands where an image should: the ways in which downloads go wrong. */
static const char *name_impostor(const unsigned char *bytes, size_t len)
{
    static const struct {
        const char *start, *what;
    } impostors[] = {
        { "version https://git-lfs", "a Git LFS pointer, not the image (fetch it with `git lfs pull`)" },
        { "<!doctype html", "an HTML page, not an image" },
        { "<html", "an HTML page, not an image" },
        { "<svg", "an SVG drawing, which models do not take" },
        { "<?xml", "an XML document, not an image" },
        { "{", "a JSON document (an error message?), not an image" },
        { "[", "a JSON document, not an image" },
        { "II*", "a TIFF image, which models do not take" },
        { "%PDF", "a PDF document, not an image" },
        { "PK\x03\x04", "a zip archive, not an image" },
    };
    if (len == 0)
        return "an empty file";
    if (len >= 12 && memcmp(bytes + 4, "ftyp", 4) == 0)
        return "an AVIF or HEIC image, which models do not take";

    size_t at = 0;
    while (at < len && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    for (size_t i = 0; i < ARRAY_LEN(impostors); i++) {
        size_t need = strlen(impostors[i].start);
        if (len - at >= need && strncasecmp((const char *)bytes + at, impostors[i].start, need) == 0)
            return impostors[i].what;
    }
    return "not an image (no PNG, JPEG, GIF, WebP or BMP starts like this)";
}

static void check_size(struct image_info *info)
{
    if (info->width == 0 || info->height == 0)
        info->problem = "a side of the image is 0 pixels long";
    else if (info->width > MAX_IMAGE_SIDE || info->height > MAX_IMAGE_SIDE)
        info->problem = "a side of the image is too long";
    else if ((uint64_t)info->width * info->height > MAX_IMAGE_PIXELS)
        info->problem = "the image has too many pixels";
    if (info->problem)
        info->code = "S7";
}

struct image_info image_probe(const unsigned char *bytes, size_t len)
{
    struct image_info info = { 0 };
    const struct format *f = find_format(bytes, len);
    if (!f) {
        info.problem = name_impostor(bytes, len);
        info.code = "S4";
        return info;
    }
    info.mime = f->mime;
    f->read(bytes, len, &info);
    if (info.problem)
        info.code = "S6";
    else
        check_size(&info);
    return info;
}

const char *image_mime_of_name(const char *name)
{
    static const struct {
        const char *extension, *mime;
    } known[] = {
        { ".png", "image/png" },   { ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" }, { ".jpe", "image/jpeg" },
        { ".jfif", "image/jpeg" }, { ".gif", "image/gif" },  { ".webp", "image/webp" }, { ".bmp", "image/bmp" },
    };
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    for (size_t i = 0; dot && i < ARRAY_LEN(known); i++)
        if (strcasecmp(dot, known[i].extension) == 0)
            return known[i].mime;
    return NULL;
}

/* JPEG (ITU-T T.81): markers FF xx, most with a two-byte length; after SOS come entropy-coded bytes up to the next marker. */
#include "dataset/image_format.h"

#include <string.h>

enum marker {
    SOF0 = 0xC0,
    DHT = 0xC4,
    JPG = 0xC8,
    DAC = 0xCC,
    SOF15 = 0xCF,
    RST0 = 0xD0,
    RST7 = 0xD7,
    EOI = 0xD9,
    SOS = 0xDA,
    APP1 = 0xE1
};

static bool is_frame_header(unsigned m)
{
    return m >= SOF0 && m <= SOF15 && m != DHT && m != JPG && m != DAC;
}

/* The orientation tag (0x0112) of the first directory of an Exif segment; 1 when there is none. */
static unsigned exif_orientation(const unsigned char *segment, size_t len)
{
    enum { TIFF = 6, ENTRY = 12, TAG_ORIENTATION = 0x0112 };
    if (len < TIFF + 8 || memcmp(segment, "Exif\0\0", TIFF) != 0)
        return 1;
    const unsigned char *tiff = segment + TIFF;
    size_t tiff_len = len - TIFF;
    bool little = tiff[0] == 'I';
    size_t at = little ? image_le32(tiff + 4) : image_be32(tiff + 4);
    if (at > tiff_len || tiff_len - at < 2)
        return 1;
    size_t entries = little ? image_le16(tiff + at) : image_be16(tiff + at);
    for (at += 2; entries > 0 && tiff_len - at >= ENTRY; entries--, at += ENTRY) {
        unsigned tag = little ? image_le16(tiff + at) : image_be16(tiff + at);
        if (tag == TAG_ORIENTATION)
            return little ? image_le16(tiff + at + 8) : image_be16(tiff + at + 8);
    }
    return 1;
}

/* From behind an SOS segment to the FF of the next real marker. */
static size_t skip_entropy(const unsigned char *bytes, size_t len, size_t at)
{
    while (at < len) {
        const unsigned char *ff = memchr(bytes + at, 0xFF, len - at);
        if (!ff || (size_t)(ff - bytes) + 1 >= len)
            return len;
        at = (size_t)(ff - bytes);
        unsigned next = bytes[at + 1];
        if (next != 0x00 && next != 0xFF && !(next >= RST0 && next <= RST7))
            return at;
        at += next == 0xFF ? 1 : 2;
    }
    return len;
}

static void read_segment(unsigned m, const unsigned char *segment, size_t len, struct image_info *info)
{
    if (is_frame_header(m) && len >= 6) {
        info->height = image_be16(segment + 1);
        info->width = image_be16(segment + 3);
        if (segment[5] == 4)
            info->warning = "CMYK colours";
    }
    if (m == APP1 && exif_orientation(segment, len) != 1)
        info->warning = "EXIF orientation other than 1";
}

void image_read_jpeg(const unsigned char *bytes, size_t len, struct image_info *info)
{
    bool has_scan = false;
    for (size_t at = 2; at + 1 < len;) {
        if (bytes[at] != 0xFF) {
            info->problem = "the JPEG's markers are damaged";
            return;
        }
        unsigned m = bytes[at + 1];
        if (m == 0xFF) { /* fill byte */
            at++;
            continue;
        }
        at += 2;
        if (m == EOI) {
            info->problem = !has_scan ? "the JPEG holds no pixels" : NULL;
            info->trailing_bytes = len - at;
            return;
        }
        if (m == 0x01 || (m >= RST0 && m <= RST7))
            continue;
        size_t segment = len - at >= 2 ? image_be16(bytes + at) : 0;
        if (segment < 2 || segment > len - at)
            break;
        read_segment(m, bytes + at + 2, segment - 2, info);
        at += segment;
        if (m == SOS) {
            has_scan = true;
            at = skip_entropy(bytes, len, at);
        }
    }
    info->problem = "the JPEG is cut off before its end";
}

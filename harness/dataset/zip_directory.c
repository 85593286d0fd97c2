#include "dataset/zip_directory.h"

#include "core/limits.h"

#include <string.h>
#include <zlib.h>

/* The layouts are those of PKWARE's APPNOTE.TXT, sections 4.3 and 4.5. */
enum {
    END_BYTES = 22,
    LOCATOR_BYTES = 20,
    END64_BYTES = 56,
    ENTRY_BYTES = 46,
    LOCAL_BYTES = 30,
    MAX_COMMENT = 65535,
    EXTRA_ZIP64 = 0x0001,
    EXTRA_UNICODE_PATH = 0x7075,
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_STRONG = 1 << 6,
    FLAG_MASKED = 1 << 13,
    MADE_BY_UNIX = 3
};
#define END_MAGIC 0x06054B50u
#define LOCATOR_MAGIC 0x07064B50u
#define END64_MAGIC 0x06064B50u
#define ENTRY_MAGIC 0x02014B50u
#define LOCAL_MAGIC 0x04034B50u
#define ONES16 0xFFFFu
#define ONES32 0xFFFFFFFFu

static uint16_t le16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

static uint32_t le32(const unsigned char *b)
{
    return le16(b) | (uint32_t)le16(b + 2) << 16;
}

static uint64_t le64(const unsigned char *b)
{
    return le32(b) | (uint64_t)le32(b + 4) << 32;
}

static enum err damaged(const struct zip_directory *d, struct error *e, const char *what)
{
    return error_set(e, ERR_SYNTAX, "archive '%s' is damaged or no zip: %s", d->name, what);
}

/* ---- The end of the archive ---- */

/* The last place that looks like the end record and whose comment reaches exactly to the end of the file. */
static bool find_end(const struct zip_directory *d, size_t *ret)
{
    for (size_t back = END_BYTES; back <= d->len && back <= END_BYTES + MAX_COMMENT; back++) {
        const unsigned char *at = d->bytes + d->len - back;
        if (le32(at) == END_MAGIC && le16(at + 20) == back - END_BYTES) {
            *ret = d->len - back;
            return true;
        }
    }
    return false;
}

/* The Zip64 record, when there is one (some writers always add it): it says what does not fit the ordinary one. *ret_end
   becomes its place, because the directory ends there. */
static enum err read_end64(struct zip_directory *d, uint64_t *size, uint64_t *offset, size_t *ret_end, struct error *e)
{
    size_t end = *ret_end;
    if (end < LOCATOR_BYTES || le32(d->bytes + end - LOCATOR_BYTES) != LOCATOR_MAGIC)
        return OK;
    const unsigned char *locator = d->bytes + end - LOCATOR_BYTES;
    uint64_t at = le64(locator + 8);
    if (le32(locator + 16) > 1)
        return error_set(e, ERR_UNSUPPORTED, "archive '%s' is one part of several; put them together first", d->name);
    /* With bytes in front of the archive the offset is too small; the record then stands right before its locator. */
    if (at > end - LOCATOR_BYTES || end - LOCATOR_BYTES - at < END64_BYTES || le32(d->bytes + at) != END64_MAGIC) {
        if (end < LOCATOR_BYTES + END64_BYTES)
            return damaged(d, e, "its Zip64 end record is missing");
        at = end - LOCATOR_BYTES - END64_BYTES;
    }
    const unsigned char *record = d->bytes + at;
    if (le32(record) != END64_MAGIC)
        return damaged(d, e, "its Zip64 end record is missing");
    d->count = le64(record + 32);
    *size = le64(record + 40);
    *offset = le64(record + 48);
    *ret_end = (size_t)at;
    return OK;
}

enum err zip_directory_open(struct zip_directory *d, const void *bytes, size_t len, const char *name, struct error *e)
{
    size_t end;
    *d = (struct zip_directory){ .bytes = bytes, .len = len, .name = name };
    if (!find_end(d, &end))
        return damaged(d, e, "the directory at its end is missing (was it cut off?)");
    const unsigned char *record = d->bytes + end;
    uint64_t size = le32(record + 12), offset = le32(record + 16);
    d->count = le16(record + 10);
    if ((le16(record + 4) != 0 && le16(record + 4) != ONES16) || (le16(record + 6) != 0 && le16(record + 6) != ONES16))
        return error_set(e, ERR_UNSUPPORTED, "archive '%s' is one part of several; put them together first", d->name);
    enum err err = read_end64(d, &size, &offset, &end, e);
    if (err != OK)
        return err;
    if (size > end || offset > end - size)
        return damaged(d, e, "its directory does not fit into it");
    if (d->count > MAX_ARCHIVE_MEMBERS)
        return error_set(e, ERR_LIMIT, "archive '%s' has more than %d members", d->name, MAX_ARCHIVE_MEMBERS);
    d->before = end - size - offset;
    d->at = end - (size_t)size;
    d->end = end;
    return OK;
}

/* ---- Entries ---- */

/* Takes the next 64-bit value of a Zip64 field when the 32-bit one is all ones. */
static bool widen(uint64_t *value, const unsigned char **at, const unsigned char *end)
{
    if (*value != ONES32)
        return true;
    if (end - *at < 8)
        return false;
    *value = le64(*at);
    *at += 8;
    return true;
}

/* A name in UTF-8 that stands beside the one in another charset. */
static void take_unicode_path(struct zip_entry *entry, const unsigned char *field, size_t len)
{
    if (len < 5 || field[0] != 1 || le32(field + 1) != crc32(0, (const Bytef *)entry->name, (uInt)entry->name_len))
        return;
    entry->name = (const char *)field + 5;
    entry->name_len = len - 5;
}

static bool read_extra(struct zip_entry *entry, const unsigned char *at, size_t len)
{
    const unsigned char *end = at + len;
    bool wide = entry->size != ONES32 && entry->packed != ONES32 && entry->header != ONES32;
    while (end - at >= 4) {
        size_t field = le16(at + 2);
        unsigned id = le16(at);
        at += 4;
        if (field > (size_t)(end - at))
            break;
        const unsigned char *value = at;
        if (id == EXTRA_ZIP64 && !wide)
            wide = widen(&entry->size, &value, at + field) && widen(&entry->packed, &value, at + field) &&
                   widen(&entry->header, &value, at + field);
        if (id == EXTRA_UNICODE_PATH)
            take_unicode_path(entry, at, field);
        at += field;
    }
    return wide;
}

/* Members that overlap, or that unpack to more than deflate can hold, are the two ways in which a small file becomes a
   huge one. */
static enum err check_bomb(struct zip_directory *d, const struct zip_entry *entry, struct error *e)
{
    if (__builtin_add_overflow(d->packed, entry->packed, &d->packed) || __builtin_add_overflow(d->size, entry->size, &d->size) ||
        d->packed > d->len)
        return error_set(e, ERR_LIMIT, "archive '%s': its members claim more bytes than it has; it is refused as a zip bomb", d->name);
    if (d->size > MAX_ARCHIVE_BYTES || (d->size > FREE_ARCHIVE_BYTES && d->size / MAX_ARCHIVE_RATIO > d->len))
        return error_set(e, ERR_LIMIT, "archive '%s' unpacks to more than %d times its size; it is refused as a zip bomb", d->name,
                         MAX_ARCHIVE_RATIO);
    return OK;
}

static bool is_directory(const struct zip_entry *entry)
{
    return entry->name_len > 0 && entry->name[entry->name_len - 1] == '/';
}

enum err zip_directory_next(struct zip_directory *d, bool *ret_more, struct zip_entry *ret, struct error *e)
{
    *ret_more = d->next < d->count;
    if (!*ret_more)
        return d->at == d->end ? OK : damaged(d, e, "its directory holds more than it says");
    const unsigned char *at = d->bytes + d->at;
    if (d->end - d->at < ENTRY_BYTES || le32(at) != ENTRY_MAGIC)
        return damaged(d, e, "its directory breaks off");
    size_t name = le16(at + 28), extra = le16(at + 30), comment = le16(at + 32);
    if (d->end - d->at - ENTRY_BYTES < name + extra + comment)
        return damaged(d, e, "its directory breaks off");

    unsigned flags = le16(at + 8);
    struct zip_entry entry = {
        .name = (const char *)at + ENTRY_BYTES,
        .name_len = name,
        .packed = le32(at + 20),
        .size = le32(at + 24),
        .header = le32(at + 42),
        .crc = le32(at + 16),
        .mode = at[5] == MADE_BY_UNIX ? le32(at + 38) >> 16 : 0,
        .method = le16(at + 10),
        .encrypted = (flags & (FLAG_ENCRYPTED | FLAG_STRONG)) != 0,
    };
    entry.is_directory = is_directory(&entry);
    if (flags & FLAG_MASKED)
        return error_set(e, ERR_UNSUPPORTED, "archive '%s' is encrypted; encrypted archives are not read", d->name);
    if (!read_extra(&entry, at + ENTRY_BYTES + name, extra))
        return damaged(d, e, "a size of Zip64 is missing");
    enum err err = check_bomb(d, &entry, e);
    if (err != OK)
        return err;
    d->at += ENTRY_BYTES + name + extra + comment;
    d->next++;
    *ret = entry;
    return OK;
}

enum err zip_directory_place(const struct zip_directory *d, const struct zip_entry *entry, uint64_t *ret_offset, struct error *e)
{
    uint64_t header, data;
    if (__builtin_add_overflow(entry->header, d->before, &header) || header > d->len || d->len - header < LOCAL_BYTES)
        return damaged(d, e, "a member lies outside of it");
    const unsigned char *at = d->bytes + header;
    size_t name = le16(at + 26), extra = le16(at + 28);
    if (le32(at) != LOCAL_MAGIC)
        return damaged(d, e, "a member is not where its directory says");
    data = header + LOCAL_BYTES + name + extra;
    if (data > d->len || d->len - data < entry->packed)
        return damaged(d, e, "a member reaches beyond its end");
    if (le16(at + 8) != entry->method || ((le16(at + 6) & FLAG_ENCRYPTED) != 0) != entry->encrypted)
        return damaged(d, e, "a member's own header contradicts the directory");
    *ret_offset = data;
    return OK;
}

#include "dataset/archive_name.h"

#include <string.h>
#include <strings.h>

enum { MAX_NAME = 4096 };

enum archive_kind archive_kind_of(const char *path, size_t len)
{
    static const struct {
        const char *end;
        enum archive_kind kind;
    } ends[] = { { ".zip", ARCHIVE_ZIP },
                 { ".tar", ARCHIVE_TAR },
                 { ".tar.gz", ARCHIVE_TAR_PACKED },
                 { ".tgz", ARCHIVE_TAR_PACKED },
                 { ".tar.zst", ARCHIVE_TAR_PACKED } };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        size_t need = strlen(ends[i].end);
        if (len > need && strncasecmp(path + len - need, ends[i].end, need) == 0)
            return ends[i].kind;
    }
    return ARCHIVE_NONE;
}

size_t archive_name_split(const char *name)
{
    for (const char *at = name; (at = strchr(at, '!')); at++)
        if (archive_kind_of(name, (size_t)(at - name)) != ARCHIVE_NONE)
            return (size_t)(at - name);
    size_t len = strlen(name);
    return archive_kind_of(name, len) == ARCHIVE_NONE ? 0 : len;
}

enum archive_kind archive_name_kind(const char *name)
{
    return archive_kind_of(name, archive_name_split(name));
}

bool archive_name_has_member(const char *name)
{
    size_t len = archive_name_split(name);
    return len > 0 && name[len] == '!';
}

static const char *find_problem(const char *raw, size_t len)
{
    if (len > MAX_NAME)
        return "has a name that is too long";
    if (len > 0 && raw[0] == '/')
        return "has an absolute path";
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)raw[i] < 0x20 || raw[i] == 0x7F)
            return "has control characters in its name";
    for (size_t at = 0; at < len; at++) {
        const char *slash = memchr(raw + at, '/', len - at);
        size_t end = slash ? (size_t)(slash - raw) : len;
        if (end - at == 2 && raw[at] == '.' && raw[at + 1] == '.')
            return "has `..` in its path";
        at = end;
    }
    return NULL;
}

const char *archive_member_name(const char *raw, size_t len, struct strbuf *out)
{
    const char *problem = find_problem(raw, len);
    size_t start = out->len;
    for (size_t at = 0; !problem && at < len;) {
        const char *slash = memchr(raw + at, '/', len - at);
        size_t end = slash ? (size_t)(slash - raw) : len;
        if (end > at && !(end - at == 1 && raw[at] == '.')) {
            if (out->len > start)
                (void)strbuf_addch(out, '/');
            (void)strbuf_add(out, raw + at, end - at);
        }
        at = end + 1;
    }
    return problem;
}

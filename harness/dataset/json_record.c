#include "dataset/json_record.h"

#include "base/json_scan.h"
#include "core/limits.h"

#include <string.h>

enum { ESCAPE_LEN = 6 }; /* \uXXXX */

static enum err error_in(const char *text, size_t at, const char *name, int64_t line, struct error *e, const char *what)
{
    size_t column = 1;
    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n';
        column = text[i] == '\n' ? 1 : column + 1;
    }
    return error_set(e, ERR_SYNTAX, "%s:%lld:%zu: %s", name, (long long)line, column, what);
}

/* The code unit of a \uXXXX at `at`, or -1. */
static int code_unit(const char *text, size_t len, size_t at)
{
    int unit = 0;
    if (len - at < ESCAPE_LEN || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + ESCAPE_LEN; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static enum err put_surrogate(int unit, struct strbuf *out)
{
    char bytes[3] = { (char)0xED, (char)(0x80 | ((unit >> 6) & 0x3F)), (char)(0x80 | (unit & 0x3F)) };
    return strbuf_add(out, bytes, sizeof(bytes));
}

/* Copies text to `out` with lone surrogate escapes as bytes. ERR_SYNTAX with *ret_at for an escaped NUL. */
static enum err free_surrogates(const char *text, size_t len, struct strbuf *out, size_t *ret_at)
{
    size_t done = 0, at = 0;
    while (at < len) {
        const char *slash = memchr(text + at, '\\', len - at);
        if (!slash)
            break;
        at = (size_t)(slash - text);
        int unit = code_unit(text, len, at);
        if (unit == 0) {
            *ret_at = at;
            return ERR_SYNTAX;
        }
        int low = unit >= 0xD800 && unit <= 0xDBFF ? code_unit(text, len, at + ESCAPE_LEN) : -1;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            at += 2 * ESCAPE_LEN;
        } else if (unit >= 0xD800 && unit <= 0xDFFF) {
            if (strbuf_add(out, text + done, at - done) != OK || put_surrogate(unit, out) != OK)
                return ERR_LIMIT;
            done = at += ESCAPE_LEN;
        } else {
            at += unit >= 0 ? ESCAPE_LEN : 2;
        }
    }
    return strbuf_add(out, text + done, len - done);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* NULL, or what is wrong with the keys of the record. */
static const char *keys_problem(const cJSON *tree)
{
    const char *key[MAX_CSV_COLUMNS];
    size_t count = 0;
    if (!cJSON_IsObject(tree))
        return NULL;
    for (const cJSON *member = tree->child; member; member = member->next) {
        if (count == MAX_CSV_COLUMNS)
            return "the object has too many keys";
        key[count++] = member->string;
    }
    qsort(key, count, sizeof(*key), by_text);
    for (size_t i = 1; i < count; i++)
        if (strcmp(key[i - 1], key[i]) == 0)
            return "the object has a key twice";
    return NULL;
}

static cJSON *parse(const char *text, size_t len, const char *name, int64_t line, struct error *e)
{
    struct json_scan scan = { 0 };
    if (!json_scan(&scan, text, len, false)) {
        (void)error_in(text, scan.at, name, line, e, scan.problem);
        return NULL;
    }
    cJSON *tree = cJSON_ParseWithLengthOpts(text, len, NULL, false);
    const char *problem = tree ? keys_problem(tree) : "cannot be read as JSON";
    if (!problem)
        return tree;
    cJSON_Delete(tree);
    (void)error_in(text, 0, name, line, e, problem);
    return NULL;
}

/* Or what looks like one ("\\\\u"): free_surrogates tells them apart. memchr is many times faster than memmem. */
static bool has_unicode_escape(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end && (text = memchr(text, '\\', (size_t)(end - text))) != NULL) {
        if (++text < end && *text == 'u')
            return true;
    }
    return false;
}

cJSON *json_record_parse(const char *text, size_t len, const char *name, int64_t line, struct strbuf *scratch, struct error *e)
{
    if (!has_unicode_escape(text, len))
        return parse(text, len, name, line, e);

    size_t at = 0;
    strbuf_clear(scratch);
    enum err err = free_surrogates(text, len, scratch, &at);
    if (err == ERR_SYNTAX)
        (void)error_in(text, at, name, line, e, "an escaped NUL character (\\u0000) cannot be part of a text");
    else if (err != OK)
        (void)error_set(e, ERR_LIMIT, "%s:%lld: the record is too large", name, (long long)line);
    return err == OK ? parse(scratch->buf, scratch->len, name, line, e) : NULL;
}

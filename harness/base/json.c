#include "base/json.h"

#include "base/json_scan.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

static bool in_range_2_53(double value)
{
    return value >= -9007199254740992.0 && value <= 9007199254740992.0;
}

/* Counts lines and code points up to the trouble: done once, and only for a document that is refused. */
static cJSON *refuse(const char *text, size_t at, const char *problem, struct error *e)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    (void)error_set(e, ERR_SYNTAX, "%zu:%zu: %s", line, column, problem);
    return NULL;
}

/* The text has passed json_scan, so the one thing left that cJSON may not read is a number of 64 characters or more: old
   versions refuse it inside an array or object, and stop in its middle at the top. */
static cJSON *build(const char *text, size_t len, struct error *e)
{
    const char *end = text;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    size_t used = (size_t)(end - text);
    if (!tree || (used < len && text[used] >= '0' && text[used] <= '9')) {
        cJSON_Delete(tree);
        return refuse(text, used, "a number of too many digits", e);
    }
    return tree;
}

cJSON *json_parse(const char *text, size_t len, struct error *e)
{
    size_t bad;
    if (!utf8_valid(text, len, &bad))
        return refuse(text, bad, "not UTF-8", e);

    struct json_scan scan = { 0 };
    if (!json_scan(&scan, text, len, false))
        return refuse(text, scan.at, scan.problem, e);
    return build(text, len, e);
}

cJSON *json_parse_lenient(const char *text, size_t len, bool *ret_repaired, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf valid = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf mended = STRBUF_INIT;
    bool repaired = false;

    if (!utf8_valid(text, len, NULL)) {
        utf8_repair(text, len, &valid);
        text = valid.buf;
        len = valid.len;
        repaired = true;
    }
    struct json_scan scan = { 0 };
    if (!json_scan(&scan, text, len, true))
        return refuse(text, scan.at, scan.problem, e);
    if (scan.needs_mending) {
        json_mend(text, len, &mended);
        text = mended.buf;
        len = mended.len;
        repaired = true;
    }
    cJSON *tree = build(text, len, e);
    if (tree && ret_repaired)
        *ret_repaired = repaired;
    return tree;
}

void json_freep(cJSON **tree)
{
    cJSON_Delete(*tree);
}

const cJSON *json_get(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
    return cJSON_IsNull(item) ? NULL : item;
}

const cJSON *json_object(const cJSON *object, const char *key)
{
    const cJSON *item = json_get(object, key);
    return cJSON_IsObject(item) ? item : NULL;
}

const cJSON *json_array(const cJSON *object, const char *key)
{
    const cJSON *item = json_get(object, key);
    return cJSON_IsArray(item) ? item : NULL;
}

const char *json_string(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(json_get(object, key));
}

bool json_number(const cJSON *object, const char *key, double *ret)
{
    const cJSON *item = json_get(object, key);
    if (!cJSON_IsNumber(item))
        return false;
    *ret = item->valuedouble;
    return true;
}

bool json_int(const cJSON *object, const char *key, int64_t *ret)
{
    double value;
    if (!json_number(object, key, &value) || !in_range_2_53(value) || value != trunc(value))
        return false;
    *ret = (int64_t)value;
    return true;
}

bool json_bool(const cJSON *object, const char *key, bool fallback)
{
    const cJSON *item = json_get(object, key);
    return cJSON_IsBool(item) ? cJSON_IsTrue(item) : fallback;
}

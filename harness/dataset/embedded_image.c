#include "dataset/embedded_image.h"

#include "base/base64.h"
#include "base/json.h"
#include "core/limits.h"
#include "dataset/image.h"

#include <string.h>
#include <strings.h>

enum { LEAST = 32, CERTAIN = 4096 };

static bool is_data_uri(const char *text, size_t len)
{
    return len > 5 && strncasecmp(text, "data:", 5) == 0;
}

static bool is_base64(const char *text, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";
    bool known[256] = { false };
    for (const char *c = letters; *c; c++)
        known[(unsigned char)*c] = true;
    for (size_t i = 0; i < len; i++)
        if (!known[(unsigned char)text[i]])
            return false;
    return true;
}

/* By its first bytes; PNG, JPEG, GIF, WebP and BMP all show within 18. */
static bool begins_like_image(const char *text)
{
    CLEANUP(strbuf_release) struct strbuf start = STRBUF_INIT;
    if (base64_decode(text, LEAST, &start, NULL) != OK)
        return false;
    return image_probe((const unsigned char *)start.buf, start.len).mime != NULL;
}

bool embedded_image_is(const char *text, size_t len)
{
    if (is_data_uri(text, len))
        return true;
    return len >= LEAST && is_base64(text, len) && (len >= CERTAIN || begins_like_image(text));
}

/* The base64 of the text. NULL, or what is wrong. */
static const char *find_payload(const char *text, size_t len, const char **ret, size_t *ret_len)
{
    static const char mark[] = ";base64";
    *ret = text;
    *ret_len = len;
    if (!is_data_uri(text, len))
        return NULL;
    const char *comma = memchr(text, ',', len);
    size_t need = sizeof(mark) - 1;
    if (!comma || (size_t)(comma - text) < need || strncasecmp(comma - need, mark, need) != 0)
        return "a data URI without base64; only `data:image/…;base64,…` is read, and nothing is fetched from elsewhere";
    *ret = comma + 1;
    *ret_len = len - (size_t)(comma + 1 - text);
    return NULL;
}

const char *embedded_image_decode(const char *text, size_t len, struct strbuf *out)
{
    const char *payload;
    size_t payload_len, start = out->len;
    const char *problem = find_payload(text, len, &payload, &payload_len);
    if (problem)
        return problem;
    enum err err = base64_decode(payload, payload_len, out, NULL);
    if (err == OK && !out->overflow)
        return out->len > start ? NULL : "an empty data URI";
    return out->overflow || err == ERR_LIMIT ? "base64 of more than 64 MiB" : "text that is not base64";
}

/* ---- The images of a record ---- */

/* Calls back with every text that is an image; true from the callback ends the walk. */
typedef bool embedded_visit(void *context, const char *text, size_t len);

static bool walk_tree(const cJSON *node, embedded_visit *visit, void *context)
{
    if (cJSON_IsString(node)) {
        size_t len = strlen(node->valuestring);
        return embedded_image_is(node->valuestring, len) && visit(context, node->valuestring, len);
    }
    for (const cJSON *child = node->child; child; child = child->next)
        if (walk_tree(child, visit, context))
            return true;
    return false;
}

static bool walk_cell(const struct csv_cell *cell, embedded_visit *visit, void *context)
{
    if (embedded_image_is(cell->text, cell->len))
        return visit(context, cell->text, cell->len);
    if (cell->len < LEAST || cell->text[0] != '[')
        return false;
    const char *end = NULL;
    CLEANUP(json_freep) cJSON *list = cJSON_ParseWithLengthOpts(cell->text, cell->len, &end, false);
    return cJSON_IsArray(list) && end == cell->text + cell->len && walk_tree(list, visit, context);
}

static bool walk_row(const struct row *row, embedded_visit *visit, void *context)
{
    if (row->object)
        return walk_tree(row->object, visit, context);
    for (size_t i = 0; row->cell && i < row->column_count; i++)
        if (walk_cell(&row->cell[i], visit, context))
            return true;
    return false;
}

struct search {
    const char *wanted; /* a payload; NULL = by number */
    size_t wanted_len, wanted_number;
    size_t number;
    struct strbuf *copy;
};

static bool is_wanted(void *context, const char *text, size_t len)
{
    struct search *s = context;
    const char *payload;
    size_t payload_len;
    bool hit = s->wanted ? !find_payload(text, len, &payload, &payload_len) && payload_len == s->wanted_len &&
                               memcmp(payload, s->wanted, payload_len) == 0
                         : s->number == s->wanted_number;
    if (hit && s->copy)
        (void)strbuf_add(s->copy, text, len);
    s->number += !hit;
    return hit;
}

bool embedded_image_number(const struct row *row, const char *text, size_t len, size_t *ret)
{
    struct search s = { 0 };
    if (find_payload(text, len, &s.wanted, &s.wanted_len) || !walk_row(row, is_wanted, &s))
        return false;
    *ret = s.number;
    return true;
}

bool embedded_image_get(const struct row *row, size_t number, struct strbuf *out)
{
    struct search s = { .wanted_number = number, .copy = out };
    return walk_row(row, is_wanted, &s);
}

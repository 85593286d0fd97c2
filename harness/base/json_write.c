#include "base/json.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

/* Length of the escape-worthy character at p, or 0: C0, DEL, C1, quote, backslash, U+2028 and U+2029. */
static size_t special_at(const unsigned char *p, size_t len)
{
    if (p[0] < 0x20 || p[0] == 0x7F || p[0] == '"' || p[0] == '\\')
        return 1;
    if (p[0] == 0xC2 && len >= 2 && p[1] >= 0x80 && p[1] < 0xA0)
        return 2;
    if (p[0] == 0xE2 && len >= 3 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9))
        return 3;
    return 0;
}

/* How many bytes from p on are plain ASCII for sure, the first of which is; eight at a time. */
static size_t plain_run(const unsigned char *p, size_t len)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    size_t at = 0;
    for (uint64_t w; len - at >= sizeof(w); at += sizeof(w)) {
        memcpy(&w, p + at, sizeof(w));
        uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\'), del = w ^ (ones * 0x7F);
        if ((w | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((del - ones) & ~del) | (w - ones * 0x20)) & tops)
            break;
    }
    return at > 0 ? at : 1;
}

static void add_escape(struct strbuf *out, const unsigned char *p, size_t special)
{
    static const char brief[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: character, letter */
    if (special == 1) {
        for (size_t i = 0; i + 1 < sizeof(brief); i += 2) {
            if (p[0] == (unsigned char)brief[i]) {
                const char two[2] = { '\\', brief[i + 1] };
                (void)strbuf_add(out, two, 2);
                return;
            }
        }
    }
    unsigned code_point = special == 1 ? p[0] : special == 2 ? p[1] : p[2] == 0xA8 ? 0x2028u : 0x2029u;
    (void)strbuf_addf(out, "\\u%04x", code_point);
}

void json_add_string(struct strbuf *out, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t plain = 0;
    (void)strbuf_addch(out, '"');
    for (size_t at = 0; at < len;) {
        size_t special = special_at(p + at, len - at);
        if (special == 0) {
            at += p[at] < 0x80 ? plain_run(p + at, len - at) : 1;
            continue;
        }
        (void)strbuf_add(out, p + plain, at - plain);
        add_escape(out, p + at, special);
        at += special;
        plain = at;
    }
    (void)strbuf_add(out, p + plain, len - plain);
    (void)strbuf_addch(out, '"');
}

void json_add_number(struct strbuf *out, double value)
{
    if (!isfinite(value))
        (void)strbuf_addstr(out, "null");
    else if (value == trunc(value) && fabs(value) < 1e18)
        (void)strbuf_addf(out, "%lld", (long long)value);
    else
        (void)strbuf_addf(out, "%.17g", value);
}

enum style { COMPACT, PRETTY, CANONICAL };

static void add_value(struct strbuf *out, const cJSON *item, enum style style, int level);

static void add_break(struct strbuf *out, enum style style, int level)
{
    if (style == PRETTY)
        (void)strbuf_addf(out, "\n%*s", level * 2, "");
}

struct child {
    const cJSON *item;
    size_t place;
};

/* Bytewise by key; equal keys stay in document order. */
static int by_key(const void *left, const void *right)
{
    const struct child *a = left, *b = right;
    int order = strcmp(a->item->string, b->item->string);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static struct child *sorted_children(const cJSON *object, size_t count)
{
    struct child *child = xcalloc(count, sizeof(*child));
    size_t place = 0;
    for (const cJSON *item = object->child; item; item = item->next, place++)
        child[place] = (struct child){ item, place };
    qsort(child, count, sizeof(*child), by_key);
    return child;
}

static void add_container(struct strbuf *out, const cJSON *item, enum style style, int level)
{
    const bool object = cJSON_IsObject(item);
    const size_t count = (size_t)cJSON_GetArraySize(item);
    CLEANUP(cleanup_free) struct child *sorted = object && style == CANONICAL ? sorted_children(item, count) : NULL;

    (void)strbuf_addch(out, object ? '{' : '[');
    const cJSON *next = item->child;
    for (size_t i = 0; i < count; i++) {
        const cJSON *child = sorted ? sorted[i].item : next;
        next = next->next;
        if (i > 0)
            (void)strbuf_addch(out, ',');
        add_break(out, style, level + 1);
        if (object) {
            json_add_string(out, child->string, strlen(child->string));
            (void)strbuf_addstr(out, style == PRETTY ? ": " : ":");
        }
        add_value(out, child, style, level + 1);
    }
    if (count > 0)
        add_break(out, style, level);
    (void)strbuf_addch(out, object ? '}' : ']');
}

static void add_value(struct strbuf *out, const cJSON *item, enum style style, int level)
{
    if (cJSON_IsObject(item) || cJSON_IsArray(item))
        add_container(out, item, style, level);
    else if (cJSON_IsString(item))
        json_add_string(out, item->valuestring, strlen(item->valuestring));
    else if (cJSON_IsNumber(item))
        json_add_number(out, item->valuedouble);
    else if (cJSON_IsBool(item))
        (void)strbuf_addstr(out, cJSON_IsTrue(item) ? "true" : "false");
    else if (cJSON_IsRaw(item) && item->valuestring)
        (void)strbuf_addstr(out, item->valuestring);
    else
        (void)strbuf_addstr(out, "null");
}

void json_add_tree(struct strbuf *out, const cJSON *tree)
{
    add_value(out, tree, COMPACT, 0);
}

void json_add_pretty(struct strbuf *out, const cJSON *tree)
{
    add_value(out, tree, PRETTY, 0);
}

void json_add_canonical(struct strbuf *out, const cJSON *tree)
{
    add_value(out, tree, CANONICAL, 0);
}

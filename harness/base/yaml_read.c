#include "base/yaml_read.h"

#include "base/nearest.h"
#include "base/units.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LISTED_BYTES = 380 };

#define EXACT_INTEGERS (INT64_C(1) << 53) /* 2^53: what a double, and so cJSON, holds without loss */

/* ---- messages ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Appends "\n  known here: a, b, c" to the message, in alphabetical order. */
static enum err list_known(const char *const *name, size_t count, struct error *e)
{
    CLEANUP(cleanup_free) const char **sorted = xcalloc(count, sizeof(*sorted));
    CLEANUP(strbuf_release) struct strbuf list = STRBUF_INIT;
    for (size_t i = 0; i < count; i++)
        sorted[i] = name[i];
    qsort(sorted, count, sizeof(*sorted), by_text);
    for (size_t i = 0; i < count; i++) {
        if (list.len > LISTED_BYTES) {
            (void)strbuf_addstr(&list, ", …");
            break;
        }
        (void)strbuf_addf(&list, "%s%s", i ? ", " : "", sorted[i]);
    }
    return error_suffix(e, "\n  known here: %s", list.buf);
}

/* "did you mean `x`?" for the nearest name, NULL when none is near. */
static const char *guess(const char *word, const char *const *name, size_t count, char *out, size_t size)
{
    const char *nearest = nearest_name(word, name, count);
    if (!nearest)
        return NULL;
    (void)snprintf(out, size, "did you mean `%s`?", nearest);
    return out;
}

/* "`timeout`", or "an item of `endpoints`" without a key of its own, or "the file". */
static struct yaml_shown called(const struct yaml_node *n)
{
    struct yaml_shown out;
    const char *name = yaml_name(n);
    if (name)
        (void)snprintf(out.text, sizeof(out.text), "%s`%.120s`", n->key ? "" : "an item of ", yaml_shown(name).text);
    else
        (void)snprintf(out.text, sizeof(out.text), "%s", n->parent ? "an item" : "the file");
    return out;
}

/* "`timeout` wants a duration, found `soon`". */
static enum err wants(const struct yaml_node *n, const char *what, const char *hint, struct error *e)
{
    if (n->kind != YAML_SCALAR)
        return yaml_error_hint(n, false, hint, e, "%s wants %s, found %s", called(n).text, what, yaml_kind_name(n));
    return yaml_error_hint(n, false, hint, e, "%s wants %s, found %s`%s`", called(n).text, what, n->quoted ? "the text " : "",
                           yaml_shown(n->text).text);
}

/* ---- shape ---- */

enum err yaml_want_kind(const struct yaml_node *n, enum yaml_kind kind, struct error *e)
{
    static const char *const what[] = {
        [YAML_NULL] = "nothing", [YAML_SCALAR] = "one value", [YAML_LIST] = "a list", [YAML_MAP] = "a map"
    };
    return n->kind == kind ? OK : wants(n, what[kind], NULL, e);
}

enum err yaml_check_keys(const struct yaml_node *n, const char *const *known, size_t count, struct error *e)
{
    struct error local;
    e = e ? e : &local;
    if (yaml_want_kind(n, YAML_MAP, e) != OK)
        return e->code;
    for (const struct yaml_node *member = n->child; member; member = member->next) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = strcmp(member->key, known[i]) == 0;
        if (found)
            continue;
        char hint[128];
        const char *name = yaml_name(n);
        (void)yaml_error_hint(member, true, guess(member->key, known, count, hint, sizeof(hint)), e, "unknown key `%s` %s%s%s",
                              yaml_shown(member->key).text, name ? "in `" : "at the top level", name ? yaml_shown(name).text : "",
                              name ? "`" : "");
        return list_known(known, count, e);
    }
    return OK;
}

enum err yaml_require(const struct yaml_node *map, const char *key, const struct yaml_node **ret, struct error *e)
{
    const struct yaml_node *n = yaml_find(map, key);
    if (n && n->kind != YAML_NULL) {
        *ret = n;
        return OK;
    }
    if (n)
        return yaml_error_key(n, e, "`%s` needs a value", key);
    return yaml_error(map, e, "%s needs the key `%s`", called(map).text, key);
}

/* ---- scalars ---- */

enum err yaml_as_string(const struct yaml_node *n, bool allow_empty, const char **ret, struct error *e)
{
    if (n->kind != YAML_SCALAR)
        return wants(n, "text", NULL, e);
    if (!*n->text && !allow_empty)
        return yaml_error(n, e, "%s may not be empty", called(n).text);
    *ret = n->text;
    return OK;
}

/* -1 when it is neither. */
static int truth_of(const char *text)
{
    static const char *const yes[] = { "true", "True", "TRUE" }, *const no[] = { "false", "False", "FALSE" };
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (strcmp(text, yes[i]) == 0)
            return 1;
        if (strcmp(text, no[i]) == 0)
            return 0;
    }
    return -1;
}

enum err yaml_as_bool(const struct yaml_node *n, bool *ret, struct error *e)
{
    int truth = n->kind == YAML_SCALAR && !n->quoted ? truth_of(n->text) : -1;
    if (truth < 0)
        return wants(n, "true or false", NULL, e);
    *ret = truth == 1;
    return OK;
}

/* A decimal number: digits, at most one point, an exponent. No leading zero, which YAML 1.1 reads as octal; no hex, nan or inf. */
static bool looks_number(const char *s, bool *ret_whole)
{
    s += *s == '-' || *s == '+';
    size_t whole = strspn(s, "0123456789"), fraction = 0;
    if (whole > 1 && *s == '0')
        return false;
    s += whole;
    bool point = *s == '.';
    if (point) {
        fraction = strspn(++s, "0123456789");
        s += fraction;
    }
    if (whole + fraction == 0)
        return false;
    bool exponent = *s == 'e' || *s == 'E';
    if (exponent) {
        s++;
        s += *s == '-' || *s == '+';
        size_t digits = strspn(s, "0123456789");
        if (digits == 0)
            return false;
        s += digits;
    }
    *ret_whole = !point && !exponent;
    return *s == '\0';
}

static bool is_number(const struct yaml_node *n, bool *ret_whole)
{
    return n->kind == YAML_SCALAR && !n->quoted && looks_number(n->text, ret_whole);
}

enum err yaml_as_int(const struct yaml_node *n, int64_t min, int64_t max, int64_t *ret, struct error *e)
{
    char what[96];
    if (max == INT64_MAX)
        (void)snprintf(what, sizeof(what), "a whole number, at least %lld", (long long)min);
    else
        (void)snprintf(what, sizeof(what), "a whole number from %lld to %lld", (long long)min, (long long)max);

    bool whole = false;
    if (!is_number(n, &whole) || !whole)
        return wants(n, what, NULL, e);
    errno = 0;
    long long value = strtoll(n->text, NULL, 10);
    if (errno != 0 || value < min || value > max)
        return wants(n, what, NULL, e);
    *ret = value;
    return OK;
}

enum err yaml_as_double(const struct yaml_node *n, double min, double max, double *ret, struct error *e)
{
    char what[96];
    if (max >= HUGE_VAL)
        (void)snprintf(what, sizeof(what), "a number, at least %g", min);
    else
        (void)snprintf(what, sizeof(what), "a number from %g to %g", min, max);

    bool whole = false;
    if (!is_number(n, &whole))
        return wants(n, what, NULL, e);
    double value = strtod(n->text, NULL);
    if (!isfinite(value) || value < min || value > max)
        return wants(n, what, NULL, e);
    *ret = value;
    return OK;
}

enum err yaml_as_duration(const struct yaml_node *n, int64_t min_us, int64_t max_us, int64_t *ret_us, struct error *e)
{
    int64_t us = 0;
    bool whole = false;
    if (n->kind == YAML_SCALAR && units_parse_duration(n->text, &us) && us >= min_us && us <= max_us) {
        *ret_us = us;
        return OK;
    }
    if (n->kind == YAML_SCALAR && units_parse_duration(n->text, &us)) {
        CLEANUP(strbuf_release) struct strbuf range = STRBUF_INIT;
        (void)strbuf_addstr(&range, "a duration from ");
        units_format_duration(min_us, &range);
        (void)strbuf_addstr(&range, " to ");
        units_format_duration(max_us, &range);
        return wants(n, range.buf, NULL, e);
    }
    char hint[64];
    bool unit_missing = is_number(n, &whole) && n->len < 16;
    if (unit_missing)
        (void)snprintf(hint, sizeof(hint), "did you mean `%ss`?", n->text);
    return wants(n, "a duration such as 500ms, 30s or 2m", unit_missing ? hint : NULL, e);
}

enum err yaml_as_size(const struct yaml_node *n, uint64_t min, uint64_t max, uint64_t *ret_bytes, struct error *e)
{
    uint64_t bytes = 0;
    if (n->kind != YAML_SCALAR || !units_parse_size(n->text, &bytes))
        return wants(n, "a size such as 512KiB or 20MiB", NULL, e);
    if (bytes >= min && bytes <= max) {
        *ret_bytes = bytes;
        return OK;
    }
    CLEANUP(strbuf_release) struct strbuf range = STRBUF_INIT;
    (void)strbuf_addstr(&range, "a size from ");
    units_format_size(min, &range);
    (void)strbuf_addstr(&range, " to ");
    units_format_size(max, &range);
    return wants(n, range.buf, NULL, e);
}

enum err yaml_as_choice(const struct yaml_node *n, const char *const *name, size_t count, size_t *ret, struct error *e)
{
    struct error local;
    e = e ? e : &local;
    if (n->kind != YAML_SCALAR) {
        (void)wants(n, "one word", NULL, e);
        return list_known(name, count, e);
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(n->text, name[i]) == 0) {
            *ret = i;
            return OK;
        }
    }
    char hint[128];
    (void)yaml_error_hint(n, false, guess(n->text, name, count, hint, sizeof(hint)), e, "unknown value `%s` for %s",
                          yaml_shown(n->text).text, called(n).text);
    return list_known(name, count, e);
}

enum err yaml_as_strings(const struct yaml_node *n, struct arena *a, const char *const **ret, size_t *ret_count, struct error *e)
{
    if (n->kind != YAML_LIST && n->kind != YAML_SCALAR)
        return wants(n, "a list of texts", NULL, e);

    size_t count = n->kind == YAML_LIST ? n->count : 1, i = 0;
    const char **list = arena_array(a, count, sizeof(*list));
    for (const struct yaml_node *item = n->kind == YAML_LIST ? n->child : n; i < count; item = item->next, i++) {
        enum err code = yaml_as_string(item, false, &list[i], e);
        if (code != OK)
            return code;
    }
    *ret = list;
    *ret_count = count;
    return OK;
}

/* ---- optional members ---- */

/* The member when it is there and not null. */
static const struct yaml_node *given(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_find(map, key);
    return n && n->kind != YAML_NULL ? n : NULL;
}

enum err yaml_get_string(const struct yaml_node *map, const char *key, bool allow_empty, const char **ret, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_string(n, allow_empty, ret, e) : OK;
}

enum err yaml_get_bool(const struct yaml_node *map, const char *key, bool *ret, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_bool(n, ret, e) : OK;
}

enum err yaml_get_int(const struct yaml_node *map, const char *key, int64_t min, int64_t max, int64_t *ret, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_int(n, min, max, ret, e) : OK;
}

enum err yaml_get_int32(const struct yaml_node *map, const char *key, int min, int max, int *ret, struct error *e)
{
    int64_t value = *ret;
    enum err code = yaml_get_int(map, key, min, max, &value, e);
    if (code == OK)
        *ret = (int)value;
    return code;
}

enum err yaml_get_double(const struct yaml_node *map, const char *key, double min, double max, double *ret, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_double(n, min, max, ret, e) : OK;
}

enum err yaml_get_duration(const struct yaml_node *map, const char *key, int64_t min_us, int64_t max_us, int64_t *ret_us, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_duration(n, min_us, max_us, ret_us, e) : OK;
}

enum err yaml_get_size(const struct yaml_node *map, const char *key, uint64_t min, uint64_t max, uint64_t *ret_bytes, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_size(n, min, max, ret_bytes, e) : OK;
}

enum err yaml_get_choice(const struct yaml_node *map, const char *key, const char *const *name, size_t count, size_t *ret, struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_choice(n, name, count, ret, e) : OK;
}

enum err yaml_get_strings(const struct yaml_node *map, const char *key, struct arena *a, const char *const **ret, size_t *ret_count,
                          struct error *e)
{
    const struct yaml_node *n = given(map, key);
    return n ? yaml_as_strings(n, a, ret, ret_count, e) : OK;
}

/* ---- JSON ---- */

static enum err scalar_to_json(const struct yaml_node *n, cJSON **ret, struct error *e)
{
    bool whole = false;
    int truth = n->quoted ? -1 : truth_of(n->text);
    if (truth >= 0) {
        *ret = cJSON_CreateBool(truth);
        return OK;
    }
    if (!is_number(n, &whole)) {
        *ret = cJSON_CreateString(n->text);
        return OK;
    }
    errno = 0;
    long long integer = whole ? strtoll(n->text, NULL, 10) : 0;
    double value = strtod(n->text, NULL);
    if (!isfinite(value) || (whole && (errno != 0 || integer > EXACT_INTEGERS || integer < -EXACT_INTEGERS)))
        return yaml_error(n, e, "%s: the number %s is too large to be kept exactly; in quotes it is a text", called(n).text,
                          yaml_shown(n->text).text);
    *ret = cJSON_CreateNumber(value);
    return OK;
}

/* Recursive: the depth of a tree has its limit. */
enum err yaml_to_json(const struct yaml_node *n, cJSON **ret, struct error *e)
{
    if (n->kind == YAML_NULL) {
        *ret = cJSON_CreateNull();
        return OK;
    }
    if (n->kind == YAML_SCALAR)
        return scalar_to_json(n, ret, e);

    cJSON *tree = n->kind == YAML_MAP ? cJSON_CreateObject() : cJSON_CreateArray();
    for (const struct yaml_node *child = n->child; child; child = child->next) {
        cJSON *value = NULL;
        enum err code = yaml_to_json(child, &value, e);
        if (code != OK) {
            cJSON_Delete(tree);
            return code;
        }
        if (n->kind == YAML_MAP)
            (void)cJSON_AddItemToObject(tree, child->key, value);
        else
            (void)cJSON_AddItemToArray(tree, value);
    }
    *ret = tree;
    return OK;
}

/*
 * yaml_read - typed values out of a yaml_tree, with errors that show the place.
 *
 * yaml_get_X(map, key, …) reads an optional member: absent or null is OK and leaves *ret alone, so set the default first.
 * yaml_as_X(node, …) reads a node that is there. Ranges are inclusive. *ret is written only on success.
 *
 * Text: any scalar that is not null (`revision: 0123` stays "0123"). Numbers and booleans: only unquoted ones.
 *
 *     static const char *const known[] = { "limit", "seed" };
 *     if (yaml_check_keys(map, known, ARRAY_LEN(known), e) != OK || yaml_get_int(map, "limit", 0, INT64_MAX, &limit, e) != OK)
 *         return e->code;
 */
#ifndef BASE_YAML_READ_H
#define BASE_YAML_READ_H

#include "base/yaml_tree.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* `n` must be a map; every key must be in `known`. The error names the nearest key and lists the known ones. */
enum err yaml_check_keys(const struct yaml_node *n, const char *const *known, size_t count, struct error *e) MUST_CHECK;
/* OK when the kind is right; else "`endpoints` wants a list, found a map". */
enum err yaml_want_kind(const struct yaml_node *n, enum yaml_kind kind, struct error *e) MUST_CHECK;
/* The member, which must be there and not null. */
enum err yaml_require(const struct yaml_node *map, const char *key, const struct yaml_node **ret, struct error *e) MUST_CHECK;

/* Not empty unless allow_empty. Borrowed from the document. */
enum err yaml_as_string(const struct yaml_node *n, bool allow_empty, const char **ret, struct error *e) MUST_CHECK;
enum err yaml_as_bool(const struct yaml_node *n, bool *ret, struct error *e) MUST_CHECK;
enum err yaml_as_int(const struct yaml_node *n, int64_t min, int64_t max, int64_t *ret, struct error *e) MUST_CHECK;
enum err yaml_as_double(const struct yaml_node *n, double min, double max, double *ret, struct error *e) MUST_CHECK;
/* "500ms", "30s", "2m". */
enum err yaml_as_duration(const struct yaml_node *n, int64_t min_us, int64_t max_us, int64_t *ret_us, struct error *e) MUST_CHECK;
/* "512", "20MiB". */
enum err yaml_as_size(const struct yaml_node *n, uint64_t min, uint64_t max, uint64_t *ret_bytes, struct error *e) MUST_CHECK;
/* One of `name`; *ret is its index. The error names the nearest and lists all. */
enum err yaml_as_choice(const struct yaml_node *n, const char *const *name, size_t count, size_t *ret, struct error *e) MUST_CHECK;
/* A list of texts; a single scalar is a list of one. */
enum err yaml_as_strings(const struct yaml_node *n, struct arena *a, const char *const **ret, size_t *ret_count,
                         struct error *e) MUST_CHECK;

enum err yaml_get_string(const struct yaml_node *map, const char *key, bool allow_empty, const char **ret, struct error *e) MUST_CHECK;
enum err yaml_get_bool(const struct yaml_node *map, const char *key, bool *ret, struct error *e) MUST_CHECK;
enum err yaml_get_int(const struct yaml_node *map, const char *key, int64_t min, int64_t max, int64_t *ret, struct error *e) MUST_CHECK;
/* Same into an int; min and max are ints too. */
enum err yaml_get_int32(const struct yaml_node *map, const char *key, int min, int max, int *ret, struct error *e) MUST_CHECK;
enum err yaml_get_double(const struct yaml_node *map, const char *key, double min, double max, double *ret, struct error *e) MUST_CHECK;
enum err yaml_get_duration(const struct yaml_node *map, const char *key, int64_t min_us, int64_t max_us, int64_t *ret_us,
                           struct error *e) MUST_CHECK;
enum err yaml_get_size(const struct yaml_node *map, const char *key, uint64_t min, uint64_t max, uint64_t *ret_bytes,
                       struct error *e) MUST_CHECK;
enum err yaml_get_choice(const struct yaml_node *map, const char *key, const char *const *name, size_t count, size_t *ret,
                         struct error *e) MUST_CHECK;
enum err yaml_get_strings(const struct yaml_node *map, const char *key, struct arena *a, const char *const **ret, size_t *ret_count,
                          struct error *e) MUST_CHECK;

/* A new cJSON tree, yours. Plain true, false, null and numbers are typed, everything else is text. A whole number beyond
   2^53 or a number that JSON cannot hold is an error. */
enum err yaml_to_json(const struct yaml_node *n, cJSON **ret, struct error *e) MUST_CHECK;

#endif

/*
 * yaml_tree - a YAML file as nodes that know where they stand.
 *
 * One UTF-8 document per file, a plain subset of YAML: maps with scalar keys, lists, scalars. Refused with a message that
 * says what to do: anchors and aliases (so alias bombs die at the first), tags, a second document, double keys, NUL
 * characters, tabs as indentation, other encodings, and anything beyond the limits. A byte order mark is dropped.
 *
 * Typed values and the check for unknown keys are in yaml_read.h. Errors are made by yaml_error: place, source line,
 * caret and hint (values that look like a key, token or password are shown as ***), as in
 *     suites/release.yaml:14:3: unknown key `categroies` in `select`
 *        13 | select:
 *        14 |   categroies: [A, C, D]
 *           |   ^^^^^^^^^^ did you mean `categories`?
 *
 * Units     line and column count from 1; columns are characters, not bytes.
 * Owner     the document, its text and all nodes live in the caller's arena.
 * Threads   a document is immutable once loaded.
 */
#ifndef BASE_YAML_TREE_H
#define BASE_YAML_TREE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct yaml_doc;

/* YAML_NULL: nothing, `~` or `null`, unquoted. Whether a plain scalar is a number is for the reader to say. */
enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool quoted;              /* scalar in quotes or a block (| >): always text, never a number or boolean */
    int line, column;         /* of the value */
    int end_line, end_column; /* one past its last character */
    const char *text;         /* scalar: NUL-terminated, no NUL inside; "" for other kinds */
    size_t len;
    const char *key; /* member of a map: its key; NULL for list items and the root */
    int key_line, key_column;
    const struct yaml_node *parent; /* NULL for the root */
    const struct yaml_node *child;  /* first item or member, in file order */
    const struct yaml_node *next;   /* next sibling */
    size_t count;                   /* of children */
    const struct yaml_doc *doc;
};

struct yaml_doc {
    const char *path; /* for messages */
    const char *text; /* what was read, without a byte order mark */
    size_t len;
    const char *bytes; /* with it: what a hash of the file is taken of */
    size_t bytes_len;
    const struct yaml_node *root; /* never NULL */
};

/* Ceilings; core/limits.h has the usual ones as YAML_LIMITS. */
struct yaml_limits {
    size_t bytes, nodes;
    int depth;
};

/* Reads a file. ERR_LIMIT when it is larger than limits->bytes (it is then not read), ERR_NOT_FOUND when it is not there,
   ERR_IO when it cannot be read, ERR_SYNTAX or ERR_INVALID when what it says is wrong. An empty file is ERR_INVALID. */
enum err yaml_load_file(const char *path, const struct yaml_limits *limits, struct arena *a, const struct yaml_doc **ret_doc,
                        struct error *e) MUST_CHECK;
/* Same for text that is already here; `path` is only for messages. `text` is copied. */
enum err yaml_load_text(const char *path, const char *text, size_t len, const struct yaml_limits *limits, struct arena *a,
                        const struct yaml_doc **ret_doc, struct error *e) MUST_CHECK;

/* The member of a map, NULL when absent or when `map` is not a map (or NULL). A null value is a node of kind YAML_NULL. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);
/* "a map", "a list", "nothing" or "text", for messages. */
const char *yaml_kind_name(const struct yaml_node *n);
/* How messages call a node: its key, or the key of the list it is in; NULL for the root. */
const char *yaml_name(const struct yaml_node *n);

/* Text from the file made fit for a message: controls replaced, cut after some 60 columns. Use as yaml_shown(text).text. */
struct yaml_shown {
    char text[160];
};
struct yaml_shown yaml_shown(const char *text);

/* Sets *e to ERR_INVALID: place of the value (yaml_error_key: of its key), the message, the source line and a caret. */
enum err yaml_error(const struct yaml_node *at, struct error *e, const char *format, ...) PRINTF_LIKE(3, 4);
enum err yaml_error_key(const struct yaml_node *at, struct error *e, const char *format, ...) PRINTF_LIKE(3, 4);
/* Same, with `hint` (NULL = none) behind the caret. */
enum err yaml_error_hint(const struct yaml_node *at, bool at_key, const char *hint, struct error *e, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* For errors without a node: any place of a text. width = characters under the caret. */
enum err yaml_error_at(const struct yaml_doc *doc, int line, int column, int width, enum err code, const char *hint, struct error *e,
                       const char *format, ...) PRINTF_LIKE(8, 9);

#endif

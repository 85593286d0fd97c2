/*
 * column_map - how the columns of a data file become the fields of a sample.
 *
 * A value is a literal, a column (a dotted path looks into objects), a template "…{name}…" or the first of several values
 * that says something, optionally sent through a map, optionally with a default for what is absent or empty. With `when` it
 * says something only in rows where that column does. In templates `{{` and `}}` are braces and {@row}, {@split}, {@key},
 * {@file}, {@variant} say where the row was.
 *
 * Owner     maps are values in the manifest's arena; nothing here allocates but what the caller's buffers hold.
 * Errors    a column that the data does not have is an error (place in dataset.yaml, the real columns). A value that does
 *           not fit its field is the row's problem: a sentence for its finding.
 */
#ifndef DATASET_COLUMN_MAP_H
#define DATASET_COLUMN_MAP_H

#include "dataset/row.h"

enum field {
    FIELD_ID,
    FIELD_INTENT_ID,
    FIELD_INTENT,
    FIELD_PROMPT,
    FIELD_CONTEXT,
    FIELD_CATEGORY,
    FIELD_SUBCATEGORY,
    FIELD_ATTACK,
    FIELD_EXPECTED,
    FIELD_TWIN
};
enum { FIELD_COUNT = FIELD_TWIN + 1 };
/* Indexed by enum field. */
extern const char *const field_names[FIELD_COUNT];

enum map_kind { MAP_NONE, MAP_LITERAL, MAP_COLUMN, MAP_TEMPLATE, MAP_FIRST_OF };

/* A piece of a template: plain text, or the name between braces. */
struct map_part {
    bool is_name;
    const char *text;
};

struct map_pair {
    const char *from, *to;
};

struct map_value {
    enum map_kind kind;
    const char *text;            /* the literal, or the column's path */
    const struct map_part *part; /* of a template */
    size_t part_count;
    const struct map_value *choice; /* of first_of */
    size_t choice_count;
    const char *when;            /* a column; NULL = always */
    const struct map_pair *pair; /* of `map` */
    size_t pair_count;
    const char *fallback; /* `default`; NULL = none */
    bool optional;        /* the column may be absent: native sets */
    int line, column;     /* in dataset.yaml; 0 = not from there */
};

struct column_map {
    struct map_value field[FIELD_COUNT];
    const struct map_value *image;
    size_t image_count;
    bool images_auto;         /* imagefolder link columns; all image columns of Parquet */
    bool images_optional;     /* with `images_auto`: a file without image columns has `image` instead */
    const char *const *extra; /* columns to keep */
    size_t extra_count;
    bool rest_is_extra;           /* native sets: the member `extra`, and whatever is no field */
    int extra_line, extra_column; /* of `extra` in dataset.yaml */
};

/* Where a row is, for {@…}. */
struct map_place {
    const struct row *row;
    const char *split, *file_stem, *variant;
};

/* Appends the value's text. *ret_given is false when the data say nothing (then nothing is appended): no mapping, or absent
   without a default. False on a problem of the row, told in `problem`. */
bool map_value_text(const struct map_value *v, const struct map_place *at, struct strbuf *out, bool *ret_given, struct strbuf *problem);
/* Calls `add` for every text of a value that may be a list: a JSON list, or a CSV cell that holds one. */
typedef bool map_add_text(void *context, const char *text, size_t len, struct strbuf *problem);
bool map_value_list(const struct map_value *v, const struct map_place *at, map_add_text *add, void *context, struct strbuf *problem);
/* A JSON number or boolean as text; false with a problem for lists, objects and whole numbers beyond 2^53. */
bool map_json_text(const cJSON *json, struct strbuf *out, struct strbuf *problem);
/* Whether the row has every column that the map names without a default. `manifest` and `file` are paths for the message. */
enum err column_map_check(const struct column_map *map, const struct row *row, const char *manifest, const char *file,
                          struct error *e) MUST_CHECK;
/* "variant" laid over "base": what the variant does not mention stays. */
struct column_map column_map_merge(const struct column_map *base, const struct column_map *over);
/* What a native set, whose keys are the field names, amounts to. */
struct column_map column_map_native(bool images_auto);

#endif

/*
 * manifest - dataset.yaml as values: where the rows are and how they become samples (datasets.md section 6).
 *
 * Every key is known and checked here; unknown and double keys, wrong kinds and impossible combinations are errors that
 * show the place in the file. Whether the files and columns exist is the loader's business.
 *
 * Owner     everything lives in the caller's arena.
 * Errors    ERR_NOT_FOUND, ERR_IO, ERR_LIMIT, ERR_SYNTAX, ERR_INVALID.
 */
#ifndef DATASET_MANIFEST_H
#define DATASET_MANIFEST_H

#include "base/arena.h"
#include "base/sha256.h"
#include "base/yaml_tree.h"
#include "dataset/bad_utf8.h"
#include "dataset/column_map.h"
#include "dataset/dataset.h"

enum dataset_format { FORMAT_JSONL, FORMAT_JSON, FORMAT_CSV, FORMAT_IMAGEFOLDER, FORMAT_WEBDATASET, FORMAT_PARQUET };
extern const char *const dataset_format_names[6];

struct manifest_file {
    const char *path;             /* below root; may be a glob, or name a file in an archive: "a.zip!rows.csv" */
    const char *split;            /* "" when not given */
    const char *set[FIELD_COUNT]; /* NULL = not set; wins over columns */
    int line, column;
};

struct manifest_variant {
    const char *name;          /* "" for the only one of a set without variants */
    struct column_map columns; /* complete: laid over the set's own */
};

struct manifest {
    const char *path;         /* of the yaml file */
    struct sha256_hex sha256; /* of its bytes: the recipe hash */
    const char *name, *version;
    enum dataset_format format;
    const char *root;        /* as written; NULL = the file's own directory */
    const char *images_root; /* below root, a folder or an archive; "" = root itself */
    const struct manifest_file *file;
    size_t file_count;
    const struct manifest_variant *variant; /* at least one */
    size_t variant_count;
    enum bad_utf8 on_bad_utf8;
    const char *taxonomy;                  /* NULL = none */
    const char *licence_id, *licence_file; /* "unknown" and NULL when not given */
    bool redistribute;
    const char *citation;                                         /* "" when not given */
    const char *source_kind, *source_id, *source_path, *revision; /* "" when not given */
    const struct yaml_node *source;                               /* where they stand; NULL = nowhere */
    const char *content_hash;                                     /* 64 hex digits, or "" */
    int64_t expect_samples, expect_images;                        /* -1 = not given */
    bool verified;
};

/* A file's. One of the Hub must name its commit, or nobody could get the same data again; a preset leaves that to the copy. */
enum err manifest_load(const char *path, const struct dataset_map *override, size_t override_count, struct arena *a, struct manifest *ret_m,
                       struct error *e) MUST_CHECK;
/* Same for text that is already here; `path` is for messages. */
enum err manifest_parse(const char *path, const char *text, size_t len, const struct dataset_map *override, size_t override_count,
                        struct arena *a, struct manifest *ret_m, struct error *e) MUST_CHECK;

#endif

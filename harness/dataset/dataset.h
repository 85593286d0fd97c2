/*
 * dataset - opens a set of samples in any supported format and yields it one sample at a time.
 *
 * Memory does not grow with the set: rows are read, mapped to the normalised form and handed out; the loader keeps
 * only a hash table of 16-byte id digests for the uniqueness check.
 *
 * A set is counted as published: a row that cannot be sent counts against `expect` like any other.
 *
 * Errors    `dataset_open` and fatal conditions fill struct error with file:line:column. A row that cannot be sent is
 *           a *finding*, not an error: the caller decides (run refuses unless --skip-invalid).
 * Threads   one thread at a time.
 */
#ifndef DATASET_DATASET_H
#define DATASET_DATASET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "core/sample.h"

#include <stdbool.h>
#include <stdint.h>

struct dataset;
struct image_bytes; /* image_source.h */

/* One `field=column`: fills an UNKNOWN of a preset, or replaces a mapping. */
struct dataset_map {
    const char *field, *column;
};

struct dataset_source {
    const char *path;              /* a folder with dataset.yaml, or the yaml file itself; with a preset: the folder of the data */
    const char *root;              /* overrides `root:`; NULL = as the file says */
    const char *preset;            /* NULL, or the name of a dataset.yaml that is part of the program (preset.h) */
    const struct dataset_map *map; /* `--map field=column`, laid over `columns:`; NULL = none */
    size_t map_count;
};

/* What is known once the set is open. Strings are borrowed from the dataset. */
struct dataset_facts {
    const char *manifest; /* path of dataset.yaml, "preset:NAME" for a preset */
    const char *name, *version, *format;
    const char *license_id;                                       /* "unknown" when not given */
    const char *license_file, *citation;                          /* "" when not given */
    const char *source_kind, *source_id, *source_path, *revision; /* "" when not given */
    const char *root;                                             /* canonical */
    const char *content_hash;                                     /* declared, without "sha256:"; "" when not given */
    int64_t expect_samples, expect_images;                        /* -1 = not given */
    bool verified, redistribute;
    const char *taxonomy;            /* path below root, as declared; "" when not given */
    struct sha256_hex recipe_sha256; /* of dataset.yaml's bytes */
};

/* Codes of datasets.md section 7: D3 row shape, D6 ids, S1 required fields, S2 UTF-8, S3 missing file, S4 no image, … */
enum finding_outcome { FINDING_NOTE, FINDING_WARN, FINDING_REJECT, FINDING_FATAL };
struct finding {
    char code[4];
    enum finding_outcome outcome;
    const char *file;      /* as named in dataset.yaml */
    int64_t line;          /* 0 = unknown */
    const char *sample_id; /* "" = unknown */
    const char *message;   /* for people; hostile text is already made safe for one terminal line */
};

enum dataset_event {
    DATASET_SAMPLE,  /* *ret_sample is filled */
    DATASET_FINDING, /* *ret_finding is filled; outcome WARN or REJECT. For REJECT the row is not handed out */
    DATASET_END
};

enum err dataset_open(const struct dataset_source *source, struct dataset **ret_d, struct error *e) MUST_CHECK;
/* The same; a failure also names its finding: D1 (dataset.yaml) or D2 (the files that it names). */
enum err dataset_open_as(const struct dataset_source *source, struct dataset **ret_d, const char **ret_code, struct error *e) MUST_CHECK;
const struct dataset_facts *dataset_facts(const struct dataset *d);
/* Next event. What it points to lives until the next call. A fatal condition (duplicate id, unclosed quote, a record
   beyond MAX_RECORD_BYTES, missing column) is an error that names file and line. */
enum err dataset_next(struct dataset *d, enum dataset_event *ret_event, struct sample *ret_sample, struct finding *ret_finding,
                      struct error *e) MUST_CHECK;
/* After a failure of dataset_next: the code of the finding that it amounts to (D1, D2, D6). */
const char *dataset_fatal_code(const struct dataset *d);
/* The bytes of an image of this set, wherever they lie; release them with image_bytes_release. */
enum err dataset_read_image(struct dataset *d, const struct sample_image *image, struct image_bytes *ret_bytes, struct error *e) MUST_CHECK;
/* SHA-256 of a file below the root, read once. */
enum err dataset_file_sha256(struct dataset *d, const char *path, struct sha256_hex *ret, struct error *e) MUST_CHECK;
/* After DATASET_END: SHA-256 over "<sha256>  <path>\n" of the data files read (not the images), sorted bytewise. */
struct sha256_hex dataset_files_sha256(const struct dataset *d);
/* After DATASET_END: each data file in the order it was read, with the SHA-256 of its bytes; for one that lies in an archive
   that is the archive, which may so be there several times. */
struct dataset_file {
    const char *path; /* below root */
    struct sha256_hex sha256;
};
const struct dataset_file *dataset_file(const struct dataset *d, size_t *ret_count);
/* After DATASET_END: samples (sent or not) and references to images that were met. */
int64_t dataset_sample_count(const struct dataset *d);
int64_t dataset_image_count(const struct dataset *d);
/* After DATASET_END: compares counts with `expect` (D5); OK when nothing is expected. */
enum err dataset_check_counts(const struct dataset *d, struct error *e) MUST_CHECK;
void dataset_close(struct dataset *d);
void dataset_closep(struct dataset **d);

#endif

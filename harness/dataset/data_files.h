/*
 * data_files - which files a manifest means, resolved inside its root and checked before the first row is read.
 *
 * Owner     everything lives in the caller's arena.
 * Errors    a pattern without a match, a file that is not there or outside root, a metadata file of an imagefolder with
 *           another name or mixed extensions; each names the place in dataset.yaml (D2).
 */
#ifndef DATASET_DATA_FILES_H
#define DATASET_DATA_FILES_H

#include "dataset/manifest.h"

struct data_file {
    const struct manifest_file *from;
    const char *path;        /* below root, as messages and the store name it */
    const char *absolute;    /* resolved; of a file in an archive: the archive's */
    const char *archive;     /* below root: the archive that it is or lies in; NULL = none */
    const char *member;      /* its name in there; "" = none */
    const char *stem;        /* base name without extension: {@file} */
    const char *split;       /* {@split} */
    const char *images_base; /* below root: where its image names are relative to */
    enum row_format format;
};

/* `root` is canonical. */
enum err data_files_find(const struct manifest *m, const char *root, struct arena *a, const struct data_file **ret, size_t *ret_count,
                         struct error *e) MUST_CHECK;

#endif

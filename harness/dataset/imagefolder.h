/*
 * imagefolder - the conventions of the Hub's image folders: metadata files, link columns and splits.
 *
 * A metadata file is called metadata.csv, metadata.jsonl or metadata.parquet. Columns named
 * file_name, file_names, X_file_name or X_file_names, also inside objects, link to images by paths relative to the
 * metadata file's own directory.
 */
#ifndef DATASET_IMAGEFOLDER_H
#define DATASET_IMAGEFOLDER_H

#include "dataset/column_map.h"

bool imagefolder_is_link(const char *column);
/* How many link columns the row has. */
size_t imagefolder_link_count(const struct row *row);
/* Calls `add` for every image that the row links to, in the order of its columns. */
bool imagefolder_links(const struct row *row, map_add_text *add, void *context, struct strbuf *problem);
/* "train", "test" or "validation" after the keywords in the path's directories and file name; "train" without one. */
const char *imagefolder_split(const char *path);

#endif

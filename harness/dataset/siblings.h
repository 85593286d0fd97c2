/*
 * siblings - names the file that was probably meant: same stem, another extension or letter case.
 *
 * The directory is listed once and kept, because a set with one wrong extension usually has thousands.
 */
#ifndef DATASET_SIBLINGS_H
#define DATASET_SIBLINGS_H

struct siblings;

struct siblings *siblings_new(void);
void siblings_free(struct siblings *s);
/* A file name in `directory` that resembles `name`, or NULL; lives until the next call. */
const char *siblings_find(struct siblings *s, const char *directory, const char *name);

#endif

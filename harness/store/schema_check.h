/*
 * schema_check - whether a file has every table, column and view that this build's statements use.
 *
 * The version alone does not tell: between two releases the schema of one version still grows, and a file of such a build would fail
 * at its first missing column, in the middle of a command. What a file has beside that is its own business.
 */
#ifndef STORE_SCHEMA_CHECK_H
#define STORE_SCHEMA_CHECK_H

#include "base/err.h"

struct store;

/* For a file of version STORE_SCHEMA_VERSION. ERR_INVALID names the first thing that is missing, and what to do. */
enum err schema_check(struct store *s, struct error *e) MUST_CHECK;

#endif

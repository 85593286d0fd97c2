/*
 * archive_name - names of archives and of what is in them: "a/b.zip!c/d.png".
 *
 * What is an archive is told by its extension, in either case; bytes that say otherwise are an error when it is opened.
 * A member has one name here, whatever its archive calls it: without "./", doubled and trailing slashes.
 */
#ifndef DATASET_ARCHIVE_NAME_H
#define DATASET_ARCHIVE_NAME_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum archive_kind {
    ARCHIVE_NONE,
    ARCHIVE_ZIP,
    ARCHIVE_TAR,       /* members lie there as they are */
    ARCHIVE_TAR_PACKED /* .tar.gz, .tgz, .tar.zst: compressed as a whole, so it can only be read front to back */
};

enum archive_kind archive_kind_of(const char *path, size_t len);
/* Of the archive in a name as below. Names count, not where a link leads. */
enum archive_kind archive_name_kind(const char *name);
/* Of "b.zip!c.png" the length of "b.zip", and of "b.zip" all of it; 0 = no archive is named. */
size_t archive_name_split(const char *name);
/* True for "b.zip!c.png". */
bool archive_name_has_member(const char *name);
/* Appends the one name of a member. NULL, or what is wrong with its name: then nothing is appended. An empty name, which
   is what a folder "./" comes to, is good. */
const char *archive_member_name(const char *raw, size_t len, struct strbuf *out);

#endif

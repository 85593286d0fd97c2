/*
 * foreign - opens a store that somebody else made, to read from it.
 *
 * Nothing in it is believed: the file must be a gauntlet store of exactly this version and whole (quick_check), what is read must be
 * plain tables with plain columns (a view or a virtual table could be a program), no value may be beyond MAX_TRANSFER_VALUE_BYTES, and
 * nothing is written to it: an older version is not lifted but refused.
 */
#ifndef STORE_FOREIGN_H
#define STORE_FOREIGN_H

#include "store/store.h"

/* A snapshot: what is written to the file later is not seen. store_close ends it. */
enum err store_open_foreign(const char *path, struct store **ret_s, struct error *e) MUST_CHECK;

#endif

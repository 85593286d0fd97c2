/*
 * hub_part - one file on the disk while it is being pulled: FILE.incomplete, hashed as it grows, renamed when it is whole.
 *
 * Under its own name stands only a file whose size and hashes are right. What breaks off stays in FILE.incomplete, and a
 * later pull hashes that and goes on behind it. What is complete and wrong is removed.
 *
 * Life      hub_part_init → prepare → { write | restart } … → seal → close. * Owner     the caller owns the part; place and file are borrowed. Once the file is right, its SHA-256 and size are noted in it.
* Threads   one at a time: prepare and seal read and sync whole files and are for a worker.
 */
#ifndef HUB_PART_H
#define HUB_PART_H

#include "hub/hub_cache.h"
#include "hub/hub_digest.h"

#include <stdatomic.h>
/* Where a pull writes. */
struct hub_place {
    const char *root;              /* canonical */
    const struct hub_cache *cache; /* NULL = none */
    bool replace;                  /* files of other content may be overwritten */
    const atomic_bool *cancelled;  /* NULL = never; hashing then ends with ERR_CANCELLED */
};

enum hub_found {
    HUB_FOUND_NOTHING, /* or a part: `have` says how much */
    HUB_FOUND_KEPT,    /* it was there, whole */
    HUB_FOUND_CACHED,  /* it was in the cache and is there now */
    HUB_FOUND_RESUMED, /* the part was the whole of it */
    HUB_FOUND_OTHER    /* something else stands there, and may not be replaced */
};

struct hub_part {
    const struct hub_place *place;
    struct hub_file *file;
    struct strbuf path, temp;
    int fd;                    /* of temp; -1 = not open */
    int64_t have;              /* bytes in it */
    struct hub_digest *digest; /* of those */
};

void hub_part_init(struct hub_part *p, const struct hub_place *place, struct hub_file *file);
/* Looks what is there already; afterwards the part is open for writing unless the file was found. */
enum err hub_part_prepare(struct hub_part *p, enum hub_found *ret, struct error *e) MUST_CHECK;
enum err hub_part_write(struct hub_part *p, const void *bytes, size_t len, struct error *e) MUST_CHECK;
/* Forgets what it holds. */
enum err hub_part_restart(struct hub_part *p, struct error *e) MUST_CHECK;
/* Compares; when it is the file: syncs and renames, else removes. The part is closed. */
enum err hub_part_seal(struct hub_part *p, bool *ret_right, struct error *e) MUST_CHECK;
/* Keeps FILE.incomplete when there is anything in it. */
void hub_part_close(struct hub_part *p);

#endif

/*
 * packed_block - a block of a page (gzip_block.h) that is compressed while the thread that filled it fills the next one.
 *
 * One at a time: start, then finish before the next start. Blocks are written in the order in which they are finished, so the page has
 * the same bytes as if each had been compressed where it stands.
 *
 * Owner     the caller; a zeroed value, with PACKED_BLOCK_INIT, has nothing under way. packed_block_release waits, too.
 * Threads   the caller's, and one that compresses (base/background.h).
 */
#ifndef REPORTS_PACKED_BLOCK_H
#define REPORTS_PACKED_BLOCK_H

#include "base/background.h"
#include "base/strbuf.h"
#include "reports/gzip_block.h"

struct packed_block {
    struct background background;
    bool started;
    struct gzip_frame frame;
    struct strbuf text, packed;
    enum err rc;
    struct error e;
};
#define PACKED_BLOCK_INIT                                                                                                                  \
    {                                                                                                                                      \
        .text = STRBUF_INIT, .packed = STRBUF_INIT                                                                                         \
    }

/* Takes what is in `text` and leaves it empty, with room: two buffers take turns. */
void packed_block_start(struct packed_block *b, const struct gzip_frame *frame, struct strbuf *text);
/* Waits for the block that was started: `ret_packed` is what belongs into the page, frame included, borrowed until the next start;
   NULL when none was. */
enum err packed_block_finish(struct packed_block *b, const struct strbuf **ret_packed, struct error *e) MUST_CHECK;
void packed_block_release(struct packed_block *b);

#endif

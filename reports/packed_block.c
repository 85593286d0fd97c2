#include "reports/packed_block.h"

static void pack(void *context)
{
    struct packed_block *b = context;
    struct page_out out = { .write = page_write_strbuf, .context = &b->packed };
    strbuf_clear(&b->packed);
    b->rc = gzip_block_write(&out, &b->frame, b->text.buf, b->text.len, &b->e);
}

void packed_block_start(struct packed_block *b, const struct gzip_frame *frame, struct strbuf *text)
{
    struct strbuf empty = b->text;
    b->text = *text;
    *text = empty;
    strbuf_clear(text);
    b->frame = *frame;
    b->started = true;
    background_start(&b->background, pack, b);
}

enum err packed_block_finish(struct packed_block *b, const struct strbuf **ret_packed, struct error *e)
{
    background_wait(&b->background);
    *ret_packed = b->started ? &b->packed : NULL;
    if (b->started && b->rc != OK)
        *e = b->e;
    enum err rc = b->started ? b->rc : OK;
    b->started = false;
    return rc;
}

void packed_block_release(struct packed_block *b)
{
    background_wait(&b->background);
    strbuf_release(&b->text);
    strbuf_release(&b->packed);
    b->started = false;
}

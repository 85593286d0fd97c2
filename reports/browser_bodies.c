#include "reports/browser_bodies.h"

#include "base/base64.h"
#include "base/vec.h"
#include "reports/packed_block.h"

#include <stdio.h>
#include <string.h>

/* A chunk that is filling: a JSON list, one body a line, without its end. */
struct chunk {
    const char *kind;
    size_t first; /* its kind's first number among scripts beside the page */
    size_t number, count;
    struct strbuf text;
};

struct writing {
    struct store *store;
    const struct browser_options *options;
    struct page_out *out;
    struct browser_size *size;
    const char *stamp;
    struct chunk sample, trial;
    struct packed_block packed; /* the chunk before, being compressed, */
    size_t packed_number;       /* and its number among scripts beside the page */
    struct arena arena;         /* of one trial */
    struct arena kept;          /* the hashes */
    struct names seen;          /* hashes of images that were looked at */
    enum browser_thumb *state;  /* what came of them, by number */
    size_t state_count, state_cap;
};

/* Writes the chunk that was compressed meanwhile, if there is one. */
static enum err put_packed(struct writing *w, struct error *e)
{
    const struct strbuf *packed;
    const struct browser_options *o = w->options;
    if (packed_block_finish(&w->packed, &packed, e) != OK)
        return e->code;
    if (!packed)
        return OK;
    return o->chunk ? o->chunk(w->packed_number, packed->buf, packed->len, o->chunk_context, e)
                    : page_out_add(w->out, packed->buf, packed->len, e);
}

/* A script of its own beside the page, or an element in it. */
static struct gzip_frame frame_of(const struct writing *w, const struct chunk *c)
{
    char id[48];
    struct gzip_frame frame = { .after = "\");\n" };
    if (w->options->chunk) {
        (void)snprintf(frame.before, sizeof(frame.before), "gauntletChunk(\"%s\",%zu,\"", w->stamp, c->first + c->number);
        return frame;
    }
    (void)snprintf(id, sizeof(id), "browser-%s-%zu", c->kind, c->number);
    return gzip_frame_element(id);
}

static enum err end_chunk(struct writing *w, struct chunk *c, struct error *e)
{
    if (c->count == 0)
        return OK;
    if (put_packed(w, e) != OK)
        return e->code;
    (void)strbuf_addch(&c->text, ']');
    const struct gzip_frame frame = frame_of(w, c);
    w->packed_number = c->first + c->number++;
    c->count = 0;
    packed_block_start(&w->packed, &frame, &c->text);
    return OK;
}

static struct strbuf *begin_item(struct chunk *c)
{
    (void)strbuf_addstr(&c->text, c->count++ ? ",\n" : "[");
    return &c->text;
}

static bool is_hash(const char *text)
{
    return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* The element with the thumbnail, unless the page has it or will not get it. */
static enum err make_thumb(struct writing *w, const struct trial_image *image, enum browser_thumb *ret_state, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf element = STRBUF_INIT;
    const struct browser_options *o = w->options;
    if (put_packed(w, e) != OK) /* it stands before this one, and counts */
        return e->code;
    bool full = o->soft_bytes && w->out->bytes >= o->soft_bytes;
    *ret_state = !o->thumb || full ? THUMB_LEFT_OUT : o->thumb(image, o->thumb_context, &jpeg);
    w->size->thumbs_left_out += *ret_state == THUMB_LEFT_OUT;
    if (*ret_state != THUMB_HERE)
        return OK;
    w->size->thumbs++;
    (void)strbuf_addf(&element, "<script type=\"image/jpeg;base64\" id=\"thumb-%s\">", image->sha256);
    size_t len = base64_encoded_len(jpeg.len);
    char *text = strbuf_reserve(&element, len);
    if (!text)
        return error_set(e, ERR_LIMIT, "internal: a thumbnail of %zu bytes", jpeg.len);
    base64_encode(jpeg.buf, jpeg.len, text);
    strbuf_commit(&element, len);
    (void)strbuf_addstr(&element, "</script>\n");
    return page_out_add(w->out, element.buf, element.len, e);
}

static enum err thumb_of(struct writing *w, const struct trial_image *image, enum browser_thumb *ret_state, struct error *e)
{
    *ret_state = THUMB_UNKNOWN;
    if (!is_hash(image->sha256))
        return OK;
    uint32_t number = names_intern(&w->seen, image->sha256, &w->kept);
    if (number == w->state_count) {
        w->state = vec_grow(w->state, w->state_count, &w->state_cap, sizeof(*w->state));
        w->state_count++;
        if (make_thumb(w, image, &w->state[number], e) != OK)
            return e->code;
    }
    *ret_state = w->state[number];
    return OK;
}

static enum err add_sample(struct writing *w, const struct trial_detail *t, struct error *e)
{
    enum browser_thumb *thumb = arena_array(&w->arena, t->image_count, sizeof(*thumb));
    for (size_t i = 0; i < t->image_count; i++) {
        if (thumb_of(w, &t->image[i], &thumb[i], e) != OK)
            return e->code;
    }
    browser_sample_body(t, thumb, begin_item(&w->sample));
    return w->sample.count == BROWSER_CHUNK ? end_chunk(w, &w->sample, e) : OK;
}

static enum err add_trial(struct writing *w, const struct browser_trial *trial, bool with_sample, struct error *e)
{
    struct trial_detail t, base;
    bool beside = trial->base_id && (w->options->embed == BROWSER_EMBED_ALL || trial->base != trial->verdict);
    arena_reset(&w->arena);
    enum err rc = store_trial_detail(w->store, trial->id, &w->arena, &t, e);
    if (rc == OK && beside)
        rc = store_trial_detail(w->store, trial->base_id, &w->arena, &base, e);
    if (rc == OK && with_sample)
        rc = add_sample(w, &t, e);
    if (rc != OK)
        return rc;
    browser_trial_body(&t, beside ? &base : NULL, begin_item(&w->trial));
    return w->trial.count == BROWSER_CHUNK ? end_chunk(w, &w->trial, e) : OK;
}

enum err browser_bodies_write(struct store *s, const struct browser_rows *r, const struct browser_options *options, const char *stamp,
                              struct page_out *out, struct browser_size *size, struct error *e)
{
    struct writing w = { .store = s,
                         .options = options,
                         .out = out,
                         .size = size,
                         .stamp = stamp,
                         .packed = PACKED_BLOCK_INIT,
                         .sample = { .kind = "sample", .text = STRBUF_INIT },
                         .trial = {
                             .kind = "trial", .first = (size->sample_bodies + BROWSER_CHUNK - 1) / BROWSER_CHUNK, .text = STRBUF_INIT } };
    bool *done = xcalloc(r->sample_count + 1, sizeof(*done));
    enum err rc = OK;
    for (size_t i = 0; i < r->trial_count && rc == OK; i++) {
        const struct browser_trial *t = &r->trial[i];
        if (!(t->flags & BROWSER_EMBEDDED))
            continue;
        rc = add_trial(&w, t, !done[t->sample], e);
        done[t->sample] = true;
    }
    if (rc == OK)
        rc = end_chunk(&w, &w.sample, e);
    if (rc == OK)
        rc = end_chunk(&w, &w.trial, e);
    if (rc == OK)
        rc = put_packed(&w, e);
    packed_block_release(&w.packed);
    strbuf_release(&w.sample.text);
    strbuf_release(&w.trial.text);
    names_release(&w.seen);
    arena_release(&w.arena);
    arena_release(&w.kept);
    free(w.state);
    free(done);
    return rc;
}

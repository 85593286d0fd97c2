#include "reports/browser.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/sha256.h"
#include "base/text_safe.h"
#include "reports/browser_bodies.h"
#include "reports/browser_choice.h"
#include "reports/browser_meta.h"
#include "reports/browser_rows.h"
#include "reports/gzip_block.h"
#include "reports/rows_export.h"

#include <stdlib.h>

const char *const browser_embed_name[4] = { "focus", "all", "none", "redacted" };
const char *const browser_blur_name[3] = { "harmful", "all", "none" };

/* `ret_stamp`: of a page whose bodies stand beside it, a digest of what it has. */
static enum err write_meta(const struct browser_rows *r, const struct browser_options *options, const struct browser_size *size,
                           struct page_out *out, struct sha256_hex *ret_stamp, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf json = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf block = STRBUF_INIT;
    cJSON *meta = browser_meta(r, options, size);
    json_add_tree(&json, meta);
    *ret_stamp = sha256_of(json.buf, json.len);
    if (options->chunk) {
        cJSON *beside = cJSON_AddObjectToObject(meta, "beside");
        json_member_text(beside, "folder", options->chunk_folder);
        json_member_text(beside, "stamp", ret_stamp->text);
        strbuf_clear(&json);
        json_add_tree(&json, meta);
    }
    cJSON_Delete(meta);
    (void)strbuf_addstr(&block, "<script type=\"application/json\" id=\"browser-meta\">");
    text_safe_json_block(json.buf, json.len, &block);
    (void)strbuf_addstr(&block, "</script>\n");
    return page_out_add(out, block.buf, block.len, e);
}

static enum err into_block(const void *bytes, size_t len, void *block, struct error *e)
{
    return gzip_block_add(block, bytes, len, e);
}

typedef enum err block_fn(const struct browser_rows *r, page_write_fn *write, void *context, struct error *e);

static enum err write_block(const char *id, block_fn *fill, const struct browser_rows *r, struct page_out *out, struct error *e)
{
    const struct gzip_frame frame = gzip_frame_element(id);
    struct gzip_block *block = xcalloc(1, sizeof(*block));
    enum err rc = gzip_block_begin(block, out, &frame, e);
    if (rc == OK)
        rc = fill(r, into_block, block, e);
    if (rc == OK)
        rc = gzip_block_end(block, e);
    gzip_block_release(block);
    free(block);
    return rc;
}

/* What the page's script takes its rows from. */
static enum err write_rows_csv(struct store *s, const struct browser_rows *r, const struct browser_options *options, struct page_out *out,
                               struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct run_row run;
    const struct gzip_frame frame = gzip_frame_element("browser-rows-csv");
    if (r->trial_count > BROWSER_CSV_TRIALS)
        return OK;
    enum err rc = store_run_find(s, r->run_id, &a, &run, e);
    if (rc == OK)
        rc = rows_export(s, &run, &(struct rows_export_options){ .redact = options->redact }, &text, e);
    return rc == OK ? gzip_block_write(out, &frame, text.buf, text.len, e) : rc;
}

enum err browser_write(struct store *s, const char *run_id, const struct browser_options *options, struct page_out *out,
                       struct browser_size *ret_size, struct error *e)
{
    struct browser_rows r;
    struct browser_size size = { 0 };
    struct sha256_hex stamp = { 0 };
    enum err rc = browser_rows_load(s, run_id, &options->base, &options->redact, &r, e);
    if (rc == OK) {
        browser_choose(&r, options->embed, &size.trial_bodies, &size.sample_bodies);
        size.trials = r.trial_count;
        size.samples = r.sample_count;
        rc = write_meta(&r, options, &size, out, &stamp, e);
    }
    if (rc == OK)
        rc = write_block("browser-columns", browser_columns, &r, out, e);
    if (rc == OK)
        rc = write_block("browser-names", browser_names, &r, out, e);
    if (rc == OK)
        rc = browser_bodies_write(s, &r, options, stamp.text, out, &size, e);
    if (rc == OK)
        rc = write_rows_csv(s, &r, options, out, e);
    browser_rows_release(&r);
    if (rc == OK)
        *ret_size = size;
    return rc;
}

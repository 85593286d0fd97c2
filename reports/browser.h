/*
 * browser - the sample browser's data blocks, written into the page as they are made.
 *
 *   browser-meta       JSON: names that columns index, the layout of the columns, counts (browser_meta.c)
 *   browser-columns    gzip: every trial and sample as typed arrays (browser_meta.c)
 *   browser-names      gzip: {"key": […], "intent": […]}: the samples' own ids, and the intents'
 *   browser-sample-N   gzip: JSON lists of 512 sample bodies, one a line (browser_bodies.h)
 *   browser-trial-N    gzip: JSON lists of 512 trial bodies, one a line
 *   thumb-SHA256       a small JPEG in base64
 *   browser-rows-csv   gzip: rows_export.h of the run, without texts; of up to BROWSER_CSV_TRIALS trials
 *
 * reports/assets/browser/source.js reads them. Numbers of all trials are always there; texts and images of those only that
 * browser_choice.h chooses, and of a withheld category never.
 *
 * Memory    the rows (about 12 MB for 47,524 samples x 3 endpoints), one chunk of each kind, and one that is being compressed.
 */
#ifndef REPORTS_BROWSER_H
#define REPORTS_BROWSER_H

#include "core/redact.h"
#include "reports/browser_rows.h"
#include "reports/page_out.h"
#include "store/reader.h"

enum { BROWSER_CSV_TRIALS = 50000 }; /* 7 MB of text, a tenth of it in the page */
enum browser_embed { BROWSER_EMBED_FOCUS, BROWSER_EMBED_ALL, BROWSER_EMBED_NONE, BROWSER_EMBED_REDACTED };
enum browser_blur { BROWSER_BLUR_HARMFUL, BROWSER_BLUR_ALL, BROWSER_BLUR_NONE };
/* What the options and the page call them. */
extern const char *const browser_embed_name[4];
extern const char *const browser_blur_name[3];

/* What came of an image: the thumbnail is here, its file is gone, is no longer what was sent, cannot be decoded, was never
   read by a run, or the page is large enough. */
enum browser_thumb { THUMB_HERE, THUMB_MISSING, THUMB_CHANGED, THUMB_UNREADABLE, THUMB_UNKNOWN, THUMB_LEFT_OUT, THUMB_STATES };
/* Appends a JPEG of the image whose bytes have the stored hash. */
typedef enum browser_thumb browser_thumb_fn(const struct trial_image *image, void *context, struct strbuf *jpeg);

/* Takes a whole script that stands beside the page: number 0, 1, … */
typedef enum err browser_chunk_fn(size_t number, const void *bytes, size_t len, void *context, struct error *e);

struct browser_options {
    enum browser_embed embed;
    enum browser_blur blur;
    struct redact_list redact;
    struct browser_base base;
    browser_thumb_fn *thumb; /* NULL = no thumbnails */
    void *thumb_context;
    browser_chunk_fn *chunk; /* NULL = the bodies stand in the page */
    void *chunk_context;
    const char *chunk_folder; /* where the page looks for them, beside it */
    uint64_t soft_bytes;      /* of the page: beyond it no more thumbnails; 0 = no end */
};

/* How much went into the page. */
struct browser_size {
    size_t trials, samples, trial_bodies, sample_bodies, thumbs, thumbs_left_out;
};

enum err browser_write(struct store *s, const char *run_id, const struct browser_options *options, struct page_out *out,
                       struct browser_size *ret_size, struct error *e) MUST_CHECK;

#endif

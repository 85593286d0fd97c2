#include "cli/html_report.h"

#include "base/file_writer.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/split_files.h"
#include "cli/terminal.h"
#include "reports/browser.h"
#include "reports/render.h"
#include "thumb/thumb_store.h"

#include <string.h>

/* report.md section 2: beyond the first no more thumbnails, beyond the second a warning, beyond the third --force. */
#define SOFT_BYTES ((uint64_t)25000000)
#define WARN_BYTES ((uint64_t)50000000)
#define MAX_BYTES ((uint64_t)150000000)

/* What the callbacks of one page share. */
struct page {
    struct workspace *w;
    const struct html_request *request;
    struct browser_options browser;
    struct browser_size size;
};

/* ---- options ---- */

static enum err read_options(const struct options *o, struct browser_options *browser, struct error *e)
{
    size_t embed = BROWSER_EMBED_FOCUS, blur = BROWSER_BLUR_HARMFUL;
    if (option_choice(o, OPT_EMBED, browser_embed_name, 3, &embed, e) != OK ||
        option_choice(o, OPT_BLUR, browser_blur_name, 3, &blur, e) != OK)
        return e->code;
    browser->embed = option_given(o, OPT_REDACT) ? BROWSER_EMBED_REDACTED : (enum browser_embed)embed;
    browser->blur = (enum browser_blur)blur;
    return OK;
}

enum err html_report_model_options(const struct options *o, struct model_options *options, struct error *e)
{
    struct browser_options browser = { 0 };
    enum err rc = read_options(o, &browser, e);
    if (rc == OK)
        options->no_texts = browser.embed == BROWSER_EMBED_NONE || browser.embed == BROWSER_EMBED_REDACTED;
    return rc;
}

/* ---- the page ---- */

static enum browser_thumb make_thumb(const struct trial_image *image, void *context, struct strbuf *jpeg)
{
    static const enum browser_thumb of[] = {
        [THUMB_MADE] = THUMB_HERE, [THUMB_NO_FILE] = THUMB_MISSING, [THUMB_OTHER_BYTES] = THUMB_CHANGED, [THUMB_NO_IMAGE] = THUMB_UNREADABLE
    };
    return of[thumb_store_make(context, image->name, image->sha256, jpeg)];
}

static enum err write_data(struct page_out *out, void *context, struct error *e)
{
    struct page *p = context;
    struct dataset_row dataset = { 0 };
    if (store_dataset_get(p->w->store, p->request->run->dataset_id, &p->w->arena, &dataset, e) != OK)
        return e->code;
    struct thumb_store *thumbs = thumb_store_new(dataset.root);
    p->browser.thumb = make_thumb;
    p->browser.thumb_context = thumbs;
    enum err rc = browser_write(p->w->store, p->request->run->id, &p->browser, out, &p->size, e);
    thumb_store_free(thumbs);
    return rc;
}

static enum err into_file(const void *bytes, size_t len, void *writer, struct error *e)
{
    return file_writer_add(writer, bytes, len, e);
}

static enum err into_terminal(const void *bytes, size_t len, void *context, struct error *e)
{
    (void)context;
    (void)e; /* terminal_flush reports what could not be written */
    terminal_write(bytes, len);
    return OK;
}

static enum err render(struct page *p, const cJSON *model, page_write_fn *write, void *context, struct error *e)
{
    const struct options *o = p->request->o;
    const struct html_options html = { .assets_dir = option_value(o, OPT_ASSETS),
                                       .title = option_value(o, OPT_TITLE),
                                       .data = write_data,
                                       .data_context = p,
                                       .split = p->browser.chunk != NULL };
    struct page_out out = { .write = write, .context = context, .max_bytes = option_given(o, OPT_FORCE) ? 0 : MAX_BYTES };
    enum err rc = render_page(model, &html, &out, e);
    if (rc != OK)
        return rc;
    if (out.bytes > WARN_BYTES)
        log_line(LOG_WARN, "the page has %llu MB: --embed focus or none makes it smaller", (unsigned long long)(out.bytes / 1000000));
    if (p->size.thumbs_left_out)
        log_line(LOG_INFO, "%zu images have no thumbnail: the page had passed %llu MB", p->size.thumbs_left_out,
                 (unsigned long long)(SOFT_BYTES / 1000000));
    return OK;
}

/* The run that the model compares with, when the two may be compared; another endpoint of the same run has no column of its own. */
static const char *base_run_of(const cJSON *model, const struct run_row *run)
{
    const cJSON *compare = json_object(model, "compare");
    const char *base = json_string(json_object(compare, "base"), "run");
    return base && json_bool(compare, "comparable", false) && strcmp(base, run->id) != 0 ? base : NULL;
}

static enum err find_base(struct workspace *w, const struct run_row *run, const cJSON *model, struct browser_base *ret_base,
                          struct error *e)
{
    struct run_row base;
    const char *id = base_run_of(model, run);
    if (id && store_run_find(w->store, id, &w->arena, &base, e) != OK)
        return e->code;
    if (id)
        *ret_base = (struct browser_base){ base.id, common_redact(w, &base) };
    return OK;
}

static enum err write_page(struct page *p, const cJSON *model, struct error *e)
{
    const char *path = p->request->path;
    CLEANUP(file_writer_abandon) struct file_writer file = FILE_WRITER_INIT;
    enum err rc = fs_make_parents(path, e);
    if (rc == OK)
        rc = file_writer_open(path, &file, e);
    if (rc == OK)
        rc = render(p, model, into_file, &file, e);
    return rc == OK ? file_writer_commit(&file, e) : rc;
}

/* The page, and with --split its chunks; those of an earlier report go once this one is there. */
static enum err write_files(struct page *p, const cJSON *model, struct error *e)
{
    if (!option_given(p->request->o, OPT_SPLIT))
        return write_page(p, model, e);
    CLEANUP(split_files_release) struct split_files files;
    split_files_of(p->request->path, &files);
    p->browser.chunk = split_files_chunk;
    p->browser.chunk_context = &files;
    p->browser.chunk_folder = split_files_name(&files);
    enum err rc = write_page(p, model, e);
    p->browser.chunk_context = NULL; /* goes with this call */
    return rc == OK ? split_files_prune(&files, e) : rc;
}

enum err html_report_write(struct workspace *w, const struct html_request *request, const cJSON *model, struct error *e)
{
    struct page p = { .w = w, .request = request };
    if (read_options(request->o, &p.browser, e) != OK)
        return e->code;
    p.browser.redact = common_redact(w, request->run);
    if (find_base(w, request->run, model, &p.browser.base, e) != OK)
        return e->code;
    p.browser.soft_bytes = SOFT_BYTES;
    bool to_stdout = !request->path || strcmp(request->path, "-") == 0;
    if (to_stdout && option_given(request->o, OPT_SPLIT))
        return error_set(e, ERR_INVALID, "--split: the page must be a file: -o FILE.html");
    if (to_stdout)
        return render(&p, model, into_terminal, NULL, e);

    return write_files(&p, model, e);
}

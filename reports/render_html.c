/*
 * render_html - one page that needs nothing but itself: template, style and script are inlined, and a content security
 * policy lets through exactly those two, by the SHA-256 of their bytes (report.md section 2).
 *
 * The page is reports/templates/report.html, which holds one partial per section. To add a section:
 *   1. templates/NAME.html, `<section class="s" id="NAME">`, and {{> NAME.html}} where it belongs in report.html;
 *   2. view_NAME.c with view_add_NAME() (reports/html_view.h), which writes its members of the view from the model;
 *   3. its looks in assets/NAME.css, its script, if it needs one, in assets/NAME.js: one line each in the lists below.
 *      All styles are one <style>, all scripts one <script>, in the order of the lists; a script is one function of its own;
 *   4. one line for each new file in harness/embed/assets.list.
 * With JavaScript off a section must be whole; what only a script can do stays hidden until the script shows it.
 */
#include "reports/render.h"

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/sha256.h"
#include "embed/assets.h"
#include "reports/html_view.h"
#include "reports/page_exports.h"
#include "reports/template.h"

#include <stdio.h>
#include <string.h>

enum { MAX_ASSET_BYTES = 4 * 1024 * 1024 };

/* Later rules win: media.css, which turns the page into print and plain colours, comes last. */
static const char *const styles[] = {
    "tokens.css",  "base.css",   "banner.css",  "provenance.css", "summary.css",         "leaderboard.css",
    "charts.css",  "tables.css", "sorting.css", "samples.css",    "browser/browser.css", "operations.css",
    "compare.css", "trend.css",  "quality.css", "export.css",     "media.css",
};
static const char *const scripts[] = {
    "theme.js",           "tables.js",          "covers.js",         "export.js",          "browser/dom.js",          "browser/slices.js",
    "browser/source.js",  "browser/table.js",   "browser/facets.js", "browser/sort.js",    "browser/query.js",        "browser/search.js",
    "browser/link.js",    "browser/cover.js",   "browser/list.js",   "browser/filters.js", "browser/detail_parts.js", "browser/diff.js",
    "browser/answers.js", "browser/changed.js", "browser/detail.js", "browser/help.js",    "browser/browser.js",      "browser/rows_csv.js",
    "browser/page.js",
};

/* A file of the page: the embedded one, or the one below `dir` while the page is being designed. */
static enum err load_asset(const char *dir, const char *name, struct strbuf *out, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    if (dir) {
        fs_join(dir, name, &path);
        return fs_read_file(path.buf, MAX_ASSET_BYTES, out, e);
    }
    (void)strbuf_addf(&path, "reports/%s", name);
    struct asset asset = asset_find(path.buf);
    if (!asset.bytes)
        return error_set(e, ERR_NOT_FOUND, "internal: %s is not in this program", path.buf);
    return strbuf_add(out, asset.bytes, asset.len);
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* "sha256-…", as the policy writes the hash of an element's bytes. */
static void add_hash(cJSON *csp, const char *key, const struct strbuf *text)
{
    struct sha256_hex hex = sha256_of(text->buf, text->len);
    unsigned char bytes[SHA256_BYTES];
    char source[128] = "sha256-";
    for (size_t i = 0; i < SHA256_BYTES; i++)
        bytes[i] = (unsigned char)(hex_digit(hex.text[2 * i]) << 4 | hex_digit(hex.text[2 * i + 1]));
    size_t prefix = strlen(source);
    base64_encode(bytes, sizeof(bytes), source + prefix);
    source[prefix + base64_encoded_len(sizeof(bytes))] = '\0';
    (void)cJSON_AddStringToObject(csp, key, source);
}

/* Files of assets/ in the order of `names`, one after another. */
static enum err join_assets(const char *dir, const char *const *names, size_t count, struct strbuf *out, struct error *e)
{
    enum err rc = OK;
    for (size_t i = 0; i < count && rc == OK; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "assets/%s", names[i]);
        rc = load_asset(dir, name, out, e);
    }
    return rc;
}

/* `from` is the address of the folder's name. */
static enum err load_template(void *from, const char *name, struct strbuf *out, struct error *e)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "templates/%s", name);
    return load_asset(*(const char *const *)from, path, out, e);
}

/* Where the data goes. Text from outside cannot say this: there `<` is always `&lt;`. */
static const char data_place[] = "<!--data-->";

/* What a page is made of besides the styles, which are one for all. */
struct page_kind {
    const char *template;
    const char *const *script;
    size_t script_count;
};

static enum err fill(const struct template *template, cJSON *view, const struct strbuf *style, const struct strbuf *script, bool split,
                     struct strbuf *out, struct error *e)
{
    cJSON *csp = cJSON_AddObjectToObject(view, "csp");
    (void)cJSON_AddStringToObject(csp, "beside", split ? "'self' " : "");
    add_hash(csp, "style", style);
    add_hash(csp, "script", script);
    (void)cJSON_AddStringToObject(view, "style", style->buf);
    (void)cJSON_AddStringToObject(view, "script", script->buf);
    return template_render(template, view, out, e);
}

/* The whole page, without the data that belongs in its place. Adds to the view. */
static enum err make_page(const struct page_kind *kind, cJSON *view, const struct html_options *options, struct strbuf *out,
                          struct error *e)
{
    const char *dir = options->assets_dir;
    CLEANUP(template_freep) struct template *template = NULL;
    CLEANUP(strbuf_release) struct strbuf style = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf script = STRBUF_INIT;
    enum err rc = template_compile_files(kind->template, load_template, &dir, &template, e);
    if (rc == OK)
        rc = join_assets(dir, styles, ARRAY_LEN(styles), &style, e);
    if (rc == OK)
        rc = join_assets(dir, kind->script, kind->script_count, &script, e);
    return rc == OK ? fill(template, view, &style, &script, options->split, out, e) : rc;
}

static void set_title(cJSON *view, const char *title)
{
    if (title)
        (void)cJSON_ReplaceItemInObjectCaseSensitive(view, "title", cJSON_CreateString(title));
}

/* The page up to the place of the data, the data, the rest. */
static enum err write_page(const struct strbuf *page, const cJSON *model, const struct html_options *options, struct page_out *out,
                           struct error *e)
{
    const char *place = strstr(page->buf, data_place);
    if (!place)
        return error_set(e, ERR_INVALID, "report.html: there is no %s", data_place);
    const char *rest = place + sizeof(data_place) - 1;
    enum err rc = page_out_add(out, page->buf, (size_t)(place - page->buf), e);
    if (rc == OK && options->data)
        rc = options->data(out, options->data_context, e);
    if (rc == OK)
        rc = page_exports_write(model, out, e);
    return rc == OK ? page_out_add(out, rest, (size_t)(page->buf + page->len - rest), e) : rc;
}

enum err render_page(const cJSON *model, const struct html_options *options, struct page_out *out, struct error *e)
{
    static const struct page_kind report = { "report.html", scripts, ARRAY_LEN(scripts) };
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *view = html_view_build(model);
    set_title(view, options->title);
    (void)cJSON_AddBoolToObject(view, "browser", options->data != NULL);
    enum err rc = make_page(&report, view, options, &page, e);
    return rc == OK ? write_page(&page, model, options, out, e) : rc;
}

enum err render_leaderboard_html(const cJSON *tree, const struct html_options *options, struct strbuf *out, struct error *e)
{
    static const char *const theme[] = { "theme.js" };
    static const struct page_kind ranks = { "leaderboard_page.html", theme, ARRAY_LEN(theme) };
    CLEANUP(json_freep) cJSON *view = html_view_leaderboard(tree);
    set_title(view, options->title);
    return make_page(&ranks, view, options, out, e);
}

enum err render_html(const cJSON *model, const char *assets_dir, struct strbuf *out, struct error *e)
{
    struct page_out page = { .write = page_write_strbuf, .context = out };
    return render_page(model, &(struct html_options){ .assets_dir = assets_dir }, &page, e);
}

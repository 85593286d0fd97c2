/*
 * render_html - one page that needs nothing but itself: template, style and script are inlined, and a content security
 * policy lets through exactly those two, by the SHA-256 of their bytes (report.md section 2).
 */
#include "reports/render.h"

#include "base/base64.h"
#include "base/fs.h"
#include "base/sha256.h"
#include "embed/assets.h"
#include "reports/html_view.h"
#include "reports/template.h"

#include <string.h>

enum { MAX_ASSET_BYTES = 4 * 1024 * 1024 };

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

static enum err fill(const cJSON *model, const struct strbuf *page, const struct strbuf *style, const struct strbuf *script,
                     struct strbuf *out, struct error *e)
{
    CLEANUP(template_freep) struct template *template = NULL;
    enum err rc = template_compile("report.html", page->buf, page->len, &template, e);
    if (rc != OK)
        return rc;
    cJSON *view = html_view_build(model);
    cJSON *csp = cJSON_AddObjectToObject(view, "csp");
    add_hash(csp, "style", style);
    add_hash(csp, "script", script);
    (void)cJSON_AddStringToObject(view, "style", style->buf);
    (void)cJSON_AddStringToObject(view, "script", script->buf);
    rc = template_render(template, view, out, e);
    cJSON_Delete(view);
    return rc;
}

enum err render_html(const cJSON *model, const char *assets_dir, struct strbuf *out, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf style = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf script = STRBUF_INIT;
    enum err rc = load_asset(assets_dir, "templates/report.html", &page, e);
    if (rc == OK)
        rc = load_asset(assets_dir, "assets/report.css", &style, e);
    if (rc == OK)
        rc = load_asset(assets_dir, "assets/report.js", &script, e);
    return rc == OK ? fill(model, &page, &style, &script, out, e) : rc;
}

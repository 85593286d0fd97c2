/* The template: any text compiles or is refused with a line; what compiles renders or is refused; escaped values open no tag. */
#include "base/arena.h"
#include "base/json.h"
#include "reports/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A view with every kind of value. */
static const char view_json[] =
    "{\"x\":\"<i>\",\"n\":1.5,\"no\":null,\"yes\":true,\"off\":false,\"s\":\"\",\"a\":{\"b\":{\"c\":\"&\"},\"x\":2},"
    "\"r\":[\"<\",\">\",{\"x\":\"'\"}],\"e\":[]}";

/* Sections in sections multiply: 3 to the depth. */
static size_t sections_in(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i + 3 <= len; i++)
        count += memcmp(text + i, "{{#", 3) == 0;
    return count;
}

/* The bytes as a template: no crash, and errors that say where. */
static void render_text(const char *text, size_t len, const cJSON *view)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(template_freep) struct template *t = NULL;
    struct error e = { 0 };
    strbuf_init(&out, 1 << 16);
    enum err rc = template_compile("t", text, len, &t, &e);
    if (rc == OK)
        rc = template_render(t, view, &out, &e);
    must(rc == OK || strncmp(e.msg, "t:", 2) == 0);
}

struct bytes {
    const char *text;
    size_t len;
};

/* The bytes are every file, so each partial holds itself. */
static enum err load_bytes(void *from, const char *name, struct strbuf *out, struct error *e)
{
    const struct bytes *b = from;
    return strlen(name) > 8 ? error_set(e, ERR_NOT_FOUND, "t: no %s", name) : strbuf_add(out, b->text, b->len);
}

/* As a file with partials: compiled, refused, or stopped at the limit. */
static void compile_files(const char *text, size_t len)
{
    CLEANUP(template_freep) struct template *t = NULL;
    struct bytes bytes = { text, len };
    struct error e = { 0 };
    enum err rc = template_compile_files("t", load_bytes, &bytes, &t, &e);
    must(rc == OK ? t != NULL : e.msg[0] != '\0');
}

/* The bytes as a value: as text they never make markup, raw they are themselves. */
static void render_value(const char *text, size_t len)
{
    static const char page[] = "{{v}}{{{v}}}";
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(template_freep) struct template *t = NULL;
    char *value = xmalloc(len + 1);
    memcpy(value, text, len);
    value[len] = '\0';
    cJSON *view = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(view, "v", value);
    must(template_compile("t", page, strlen(page), &t, NULL) == OK);
    must(template_render(t, view, &out, NULL) == OK);
    size_t raw = strlen(value);
    must(out.len >= raw && memcmp(out.buf + out.len - raw, value, raw) == 0);
    must(!memchr(out.buf, '<', out.len - raw) && !memchr(out.buf, '"', out.len - raw) && !memchr(out.buf, '\'', out.len - raw));
    cJSON_Delete(view);
    free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    cJSON *view = cJSON_Parse(view_json);
    if (sections_in((const char *)bytes, len) <= 8 || len > MAX_TEMPLATE_BYTES)
        render_text((const char *)bytes, len, view);
    if (len < 4096)
        compile_files((const char *)bytes, len);
    render_value((const char *)bytes, len);
    cJSON_Delete(view);
    return 0;
}

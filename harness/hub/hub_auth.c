#include "hub/hub_auth.h"

#include "base/fs.h"
#include "core/limits.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Blanks around it are dropped. An empty one is no token, as for the Hub's own clients. */
static enum err keep(const char *bytes, size_t len, const char *source, struct hub_token *t, struct error *e)
{
    while (len > 0 && isspace((unsigned char)bytes[len - 1]))
        len--;
    while (len > 0 && isspace((unsigned char)*bytes)) {
        bytes++;
        len--;
    }
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)bytes[i] <= ' ' || (unsigned char)bytes[i] >= 0x7F)
            return error_set(e, ERR_INVALID, "%s: holds characters that a token cannot have (blanks, line ends or others than ASCII)",
                             source);
    if (len > 0)
        *t = (struct hub_token){ .secret = secret_new(bytes, len), .source = source };
    return OK;
}

static enum err read_file(const char *path, struct arena *a, struct hub_token *t, struct error *e)
{
    if (!fs_exists(path))
        return OK;
    struct strbuf text;
    strbuf_init(&text, MAX_SECRET_BYTES);
    enum err rc = fs_read_file(path, MAX_SECRET_BYTES, &text, e);
    if (rc == OK)
        rc = keep(text.buf, text.len, arena_strdup(a, path), t, e);
    explicit_bzero(text.buf, text.len);
    strbuf_release(&text);
    return rc;
}

enum err hub_token_read(const char *home_dir, struct arena *a, struct hub_token *ret, struct error *e)
{
    struct hub_token t = { 0 };
    const char *value = getenv("HF_TOKEN"), *path = getenv("HF_TOKEN_PATH");
    enum err rc = value ? keep(value, strlen(value), "HF_TOKEN", &t, e) : OK;
    if (rc == OK && !t.secret)
        rc = read_file(path && *path ? path : arena_printf(a, "%s/token", home_dir), a, &t, e);
    if (rc == OK)
        *ret = t;
    return rc;
}

void hub_token_release(struct hub_token *t)
{
    secret_free(t->secret);
    *t = (struct hub_token){ 0 };
}

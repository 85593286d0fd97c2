#include "config/env.h"

#include "base/fs.h"
#include "core/limits.h"

#include <ctype.h>
#include <string.h>

const char *env_path_beside(const char *file, const char *path, struct arena *a)
{
    const char *home = getenv("HOME");
    if (strncmp(path, "~/", 2) == 0 && home && *home)
        return arena_printf(a, "%s/%s", home, path + 2);

    CLEANUP(strbuf_release) struct strbuf dir = STRBUF_INIT, joined = STRBUF_INIT;
    fs_dirname(file, &dir);
    fs_join(dir.buf, path, &joined);
    return arena_strdup(a, joined.buf);
}

static bool is_variable_name(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    while (isalnum((unsigned char)*name) || *name == '_')
        name++;
    return *name == '\0';
}

/* Without a picture of the line: what was refused may be the key itself. */
static enum err refuse(const struct yaml_node *n, const char *what, struct error *e)
{
    return error_set(e, ERR_INVALID,
                     "%s:%d:%d: `%s` %s\n  a key is never written here: use `env:NAME` for a variable of the environment, or `file:PATH`",
                     n->doc->path, n->line, n->column, n->key ? n->key : "api_key", what);
}

/* A secret goes into one header line, so it is one line of printable characters. */
static const char *reason_unusable(const char *bytes, size_t len)
{
    if (len == 0)
        return "it is empty";
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)bytes[i] <= ' ' || (unsigned char)bytes[i] >= 0x7F)
            return "it holds characters that a key cannot have (spaces, line ends or others than ASCII)";
    }
    return NULL;
}

/* Keeps the trimmed bytes as the secret, or says why not. */
static const char *keep(const char *bytes, size_t len, struct env_key *key)
{
    while (len > 0 && isspace((unsigned char)bytes[len - 1]))
        len--;
    while (len > 0 && isspace((unsigned char)*bytes)) {
        bytes++;
        len--;
    }
    const char *reason = reason_unusable(bytes, len);
    if (!reason)
        key->secret = secret_new(bytes, len);
    return reason;
}

static const char *problem_text(const struct yaml_node *n, struct arena *a, const char *hint, const char *what, const char *reason)
{
    struct error e = { 0 };
    (void)yaml_error_hint(n, false, hint, &e, "the key cannot be read: %s%s", what, reason);
    return arena_strdup(a, e.msg);
}

static void read_variable(const struct yaml_node *n, const char *name, struct arena *a, struct env_key *key)
{
    const char *value = getenv(name);
    const char *reason = value ? keep(value, strlen(value), key) : "it is not set";
    const char *what = arena_printf(a, "environment variable %s: ", yaml_shown(name).text);
    if (reason)
        key->problem = problem_text(n, a, value ? NULL : "export it before the run", what, reason);
}

static void read_file(const struct yaml_node *n, const char *name, struct arena *a, struct env_key *key)
{
    struct error e = { 0 };
    struct strbuf text;
    strbuf_init(&text, MAX_SECRET_BYTES);
    const char *path = env_path_beside(n->doc->path, name, a);
    if (fs_read_file(path, MAX_SECRET_BYTES, &text, &e) != OK) {
        key->problem = problem_text(n, a, NULL, "", e.msg);
    } else {
        const char *reason = keep(text.buf, text.len, key);
        if (reason)
            key->problem = problem_text(n, a, NULL, arena_printf(a, "%s: ", path), reason);
    }
    explicit_bzero(text.buf, text.len);
    strbuf_release(&text);
}

enum err env_read_key(const struct yaml_node *n, struct arena *a, struct env_key *ret_key, struct error *e)
{
    struct env_key key = { 0 };
    if (n->kind != YAML_SCALAR)
        return refuse(n, "wants `env:NAME` or `file:PATH`", e);

    if (!*n->text)
        return refuse(n, "is empty", e);
    key.source = n->text;
    if (strncmp(n->text, "env:", 4) == 0) {
        if (!is_variable_name(n->text + 4))
            return refuse(n, "does not name a variable after `env:`", e);
        read_variable(n, n->text + 4, a, &key);
    } else if (strncmp(n->text, "file:", 5) == 0) {
        if (!n->text[5])
            return refuse(n, "does not name a file after `file:`", e);
        read_file(n, n->text + 5, a, &key);
    } else {
        return refuse(n, "holds a key itself", e);
    }
    *ret_key = key;
    return OK;
}

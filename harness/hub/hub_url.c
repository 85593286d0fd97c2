#include "hub/hub_url.h"

#include "base/text_safe.h"
#include "net/http_url.h"

#include <ctype.h>
#include <string.h>

enum { MAX_REPO_PART = 96, MAX_REVISION = 255, MAX_QUERY = 4096 };

static const char form[] = "hf:ORG/NAME@REVISION, or https://HOST/FILE with --sha256";

/* ---- Names --------------------------------------------------------------------------------------------------------- */

bool hub_is_hex(const char *text, size_t count)
{
    return strlen(text) == count && strspn(text, "0123456789abcdef") == count;
}

bool hub_is_commit(const char *text)
{
    return hub_is_hex(text, HUB_COMMIT_HEX);
}

/* The Hub's own rule: letters, digits, - _ . ; not at either end - or . ; no -- and no .. */
static bool is_repo_part(const char *part, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    if (len == 0 || len > MAX_REPO_PART || strchr("-.", part[0]) || strchr("-.", part[len - 1]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!strchr(letters, part[i]) || (i > 0 && part[i] == part[i - 1] && strchr("-.", part[i])))
            return false;
    return len < 4 || memcmp(part + len - 4, ".git", 4) != 0;
}

bool hub_repo_is_valid(const char *repo)
{
    const char *slash = strchr(repo, '/');
    if (!slash)
        return is_repo_part(repo, strlen(repo));
    return is_repo_part(repo, (size_t)(slash - repo)) && is_repo_part(slash + 1, strlen(slash + 1));
}

/* What git allows in a name, as far as it matters for an address. */
static bool is_revision(const char *revision)
{
    size_t len = strlen(revision);
    if (len == 0 || len > MAX_REVISION || strstr(revision, "..") || revision[0] == '/' || revision[len - 1] == '/')
        return false;
    for (const char *c = revision; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F || strchr("~^:?*[\\", *c))
            return false;
    return true;
}

/* ---- What was asked for -------------------------------------------------------------------------------------------- */

struct shown {
    char text[200];
};

static struct shown shown(const char *text)
{
    struct shown s;
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(text, strlen(text), 120, true, &safe);
    (void)snprintf(s.text, sizeof(s.text), "%s", safe.buf);
    return s;
}

static enum err parse_repo(const char *text, const char *rest, struct arena *a, struct hub_spec *spec, struct error *e)
{
    if (strncmp(rest, "//", 2) == 0)
        rest += 2;
    if (strncmp(rest, "datasets/", 9) == 0)
        rest += 9;
    const char *at = strchr(rest, '@');
    char *repo = arena_strndup(a, rest, at ? (size_t)(at - rest) : strlen(rest));
    size_t len = strlen(repo);
    if (len > 0 && repo[len - 1] == '/' && strchr(repo, '/') != repo + len - 1) /* "org/name/", not "org/" */
        repo[len - 1] = '\0';
    if (!hub_repo_is_valid(repo))
        return error_set(e, ERR_INVALID, "'%s' names no data set of the Hub: write %s", shown(text).text, form);
    if (at && !is_revision(at + 1))
        return error_set(e, ERR_INVALID, "'%s': after the @ stands a branch, a tag or a commit", shown(text).text);
    const char *slash = strchr(repo, '/');
    *spec = (struct hub_spec){ .repo = repo, .revision = at ? arena_strdup(a, at + 1) : NULL, .name = slash ? slash + 1 : repo };
    return OK;
}

/* The file that a URL names, made fit to be one here; "download" when it names none. */
static const char *name_of_url(const char *url, struct arena *a)
{
    const char *path = strchr(strstr(url, "://") + 3, '/');
    size_t len = path ? strcspn(path, "?#") : 0;
    size_t start = len;
    while (start > 0 && path[start - 1] != '/')
        start--;
    if (len == start)
        return "download";
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    text_safe_filename(path + start, len - start, &name);
    return arena_strdup(a, name.buf);
}

enum err hub_spec_parse(const char *text, struct arena *a, struct hub_spec *ret, struct error *e)
{
    if (strncmp(text, "hf:", 3) == 0)
        return parse_repo(text, text + 3, a, ret, e);
    if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
        return error_set(e, ERR_INVALID, "'%s' is nothing that can be pulled: write %s", shown(text).text, form);

    CLEANUP(strbuf_release) struct strbuf origin = STRBUF_INIT;
    if (http_url_origin(text, &origin, e) != OK)
        return e ? e->code : ERR_INVALID;
    if (strncmp(text, "http://", 7) == 0 && !http_url_is_loopback(text))
        return error_set(e, ERR_INVALID, "'%s': only https:// is pulled from (http:// from this machine alone)", shown(text).text);
    if (strchr(text, '#'))
        return error_set(e, ERR_INVALID, "'%s': a fragment (#) names no file", shown(text).text);
    *ret = (struct hub_spec){ .url = arena_strdup(a, text), .name = name_of_url(text, a) };
    return OK;
}

/* ---- Addresses ----------------------------------------------------------------------------------------------------- */

enum err hub_endpoint_check(const char *endpoint, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf origin = STRBUF_INIT;
    if (http_url_origin(endpoint, &origin, e) != OK)
        return error_prefix(e, "HF_ENDPOINT");
    if (strncmp(origin.buf, "http://", 7) == 0 && !http_url_is_loopback(endpoint))
        return error_set(e, ERR_INVALID, "HF_ENDPOINT: '%s' would send the token unencrypted; http:// is for this machine alone",
                         shown(endpoint).text);
    if (strpbrk(endpoint, "?#"))
        return error_set(e, ERR_INVALID, "HF_ENDPOINT: '%s' may hold neither a query nor a fragment", shown(endpoint).text);
    return OK;
}

void hub_url_info(const char *endpoint, const char *repo, const char *revision, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s/api/datasets/%s/revision/", endpoint, repo);
    http_url_encode(revision, strlen(revision), "", out);
    (void)strbuf_addstr(out, "?expand=sha&expand=private&expand=gated&expand=cardData&expand=tags");
}

void hub_url_model(const char *endpoint, const char *repo, const char *revision, struct strbuf *out)
{
    static const char *const wanted[] = { "sha",       "lastModified", "gated",        "private",
                                          "author",    "disabled",     "pipeline_tag", "library_name",
                                          "tags",      "safetensors",  "gguf",         "config",
                                          "inference", "siblings",     "cardData",     "inferenceProviderMapping" };
    (void)strbuf_addf(out, "%s/api/models/%s/revision/", endpoint, repo);
    http_url_encode(revision, strlen(revision), "", out);
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        (void)strbuf_addf(out, "%cexpand=%s", i ? '&' : '?', wanted[i]);
}

void hub_url_tree(const char *endpoint, const char *repo, const char *commit, const char *query, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s/api/datasets/%s/tree/%s?%s", endpoint, repo, commit, query);
}

void hub_url_file(const char *endpoint, const char *repo, const char *commit, const char *path, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s/datasets/%s/resolve/%s/", endpoint, repo, commit);
    http_url_encode(path, strlen(path), "/", out);
}

void hub_url_page(const char *endpoint, const char *repo, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s/datasets/%s", endpoint, repo);
}

/* ---- Link: <URL>; rel="next" --------------------------------------------------------------------------------------- */

/* Does a parameter list (up to the next comma outside quotes) say rel=next? Moves *p behind it. */
static bool says_next(const char **p)
{
    bool next = false, quoted = false;
    const char *at = *p;
    for (; *at && (quoted || *at != ','); at++) {
        if (*at == '"')
            quoted = !quoted;
        if (quoted || *at != ';')
            continue;
        const char *name = at + 1 + strspn(at + 1, " \t");
        if (strncasecmp(name, "rel", 3) != 0)
            continue;
        name += 3 + strspn(name + 3, " \t");
        if (*name != '=')
            continue;
        name += 1 + strspn(name + 1, " \t");
        next = strncasecmp(name, "\"next\"", 6) == 0 || (strncasecmp(name, "next", 4) == 0 && strchr(";, \t", name[4]));
    }
    *p = *at ? at + 1 : at;
    return next;
}

static bool is_query(const char *query, size_t len)
{
    if (len == 0 || len > MAX_QUERY)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)query[i] <= ' ' || (unsigned char)query[i] >= 0x7F || strchr("\"\\<>#", query[i]))
            return false;
    return true;
}

bool hub_link_next(const char *link, struct strbuf *out)
{
    while (*(link += strspn(link, " \t,"))) {
        const char *close = *link == '<' ? strchr(link, '>') : NULL;
        if (!close)
            return false;
        const char *query = memchr(link, '?', (size_t)(close - link)), *rest = close + 1;
        if (says_next(&rest)) {
            if (!query || !is_query(query + 1, (size_t)(close - query - 1)))
                return false;
            (void)strbuf_add(out, query + 1, (size_t)(close - query - 1));
            return true;
        }
        link = rest;
    }
    return false;
}

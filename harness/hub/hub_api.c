#include "hub/hub_api.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "core/limits.h"

#include <string.h>

enum { MAX_LICENCE = 120, MAX_WORDS_COLUMNS = 200 };

static enum err odd(const char *what, struct error *e)
{
    return error_set(e, ERR_INVALID, "the Hub's answer is not what it should be: %s", what);
}

/* ---- GET /api/datasets/…/revision/… -------------------------------------------------------------------------------- */

static bool is_plain_word(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= MAX_LICENCE && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+ ()") == len;
}

/* `license` of the card: a word or a list of words; else the tag "license:…". */
static const char *find_licence(const cJSON *root, struct arena *a)
{
    const cJSON *card = json_object(root, "cardData"), *list = json_array(card, "license");
    const char *word = json_string(card, "license");
    if (!word && list && cJSON_IsString(list->child))
        word = list->child->valuestring;
    const cJSON *tag = json_array(root, "tags");
    for (tag = tag ? tag->child : NULL; tag && !word; tag = tag->next)
        if (cJSON_IsString(tag) && strncmp(tag->valuestring, "license:", 8) == 0)
            word = tag->valuestring + 8;
    return word && is_plain_word(word) ? arena_strdup(a, word) : NULL;
}

static const char *find_gated(const cJSON *root)
{
    const char *word = json_string(root, "gated");
    if (word)
        return strcmp(word, "manual") == 0 ? "manual" : "auto";
    return json_bool(root, "gated", false) ? "auto" : "no";
}

enum err hub_api_info(const char *text, size_t len, struct arena *a, struct hub_info *ret, struct error *e)
{
    CLEANUP(json_freep) cJSON *root = json_parse_lenient(text, len, NULL, e);
    if (!root)
        return error_prefix(e, "the Hub's answer is not JSON");
    const char *commit = json_string(root, "sha"), *repo = json_string(root, "id");
    if (!commit || !hub_is_commit(commit))
        return odd("`sha` is no commit", e);
    if (!repo || !hub_repo_is_valid(repo))
        return odd("`id` is no name of a data set", e);
    struct hub_info info = { .repo = arena_strdup(a, repo),
                             .licence = find_licence(root, a),
                             .gated = find_gated(root),
                             .is_private = json_bool(root, "private", false) };
    memcpy(info.commit, commit, sizeof(info.commit));
    *ret = info;
    return OK;
}

/* ---- GET /api/datasets/…/tree/… ------------------------------------------------------------------------------------ */

static enum err refuse_path(const char *path, const char *problem, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(path, strlen(path), 120, true, &safe);
    return error_set(e, ERR_INVALID, "the repository has a file that is not safe to write: '%s' has %s", safe.buf, problem);
}

static enum err add_file(const cJSON *item, struct arena *a, struct hub_listing *l, struct error *e)
{
    const cJSON *lfs = json_object(item, "lfs");
    const char *path = json_string(item, "path"), *oid = json_string(item, "oid"), *sha256 = json_string(lfs, "oid");
    int64_t size = -1;
    if (!path)
        return odd("a file without `path`", e);
    const char *problem = hub_path_problem(path);
    if (problem)
        return refuse_path(path, problem, e);
    if (!json_int(lfs ? lfs : item, "size", &size) || size < 0)
        return odd("a file without `size`", e);
    if ((uint64_t)size > MAX_PULL_FILE_BYTES)
        return error_set(e, ERR_LIMIT, "the repository has a file that is too large: %lld bytes", (long long)size);
    if (lfs ? !sha256 || !hub_is_hex(sha256, SHA256_HEX) : !oid || !hub_is_hex(oid, HUB_GIT_HEX))
        return odd("a file without a hash in `oid`", e);
    if (l->count >= MAX_PULL_FILES)
        return error_set(e, ERR_LIMIT, "the repository has more than %d files", MAX_PULL_FILES);

    struct hub_file *f = hub_listing_add(l);
    f->path = arena_strdup(a, path);
    f->size = size;
    if (lfs)
        memcpy(f->sha256, sha256, sizeof(f->sha256));
    else
        memcpy(f->git_oid, oid, sizeof(f->git_oid));
    return OK;
}

enum err hub_api_tree(const char *text, size_t len, struct arena *a, struct hub_listing *l, struct error *e)
{
    CLEANUP(json_freep) cJSON *root = json_parse(text, len, e); /* names must be exact: nothing is repaired */
    if (!root)
        return error_prefix(e, "the Hub's list of files is not JSON");
    if (!cJSON_IsArray(root))
        return odd("the list of files is no list", e);
    for (const cJSON *item = root->child; item; item = item->next) {
        const char *type = json_string(item, "type");
        if (type && strcmp(type, "file") == 0 && add_file(item, a, l, e) != OK)
            return e ? e->code : ERR_INVALID;
    }
    return OK;
}

/* ---- Errors -------------------------------------------------------------------------------------------------------- */

static void header(const struct http_reply *r, const char *name, struct strbuf *out)
{
    (void)http_reply_header(r, name, out);
}

void hub_api_words(const struct http_reply *r, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    header(r, "x-error-message", &words);
    if (!words.len && r->body.len && r->body.buf[0] == '{') {
        CLEANUP(json_freep) cJSON *root = json_parse_lenient(r->body.buf, r->body.len, NULL, NULL);
        const char *error = json_string(root, "error");
        if (error)
            (void)strbuf_addstr(&words, error);
    }
    text_safe_terminal(words.buf, words.len, MAX_WORDS_COLUMNS, true, out);
}

static enum hub_trouble of_code(const char *code, bool with_token)
{
    static const struct {
        const char *code;
        enum hub_trouble trouble;
    } known[] = { { "GatedRepo", HUB_TROUBLE_GATED },
                  { "RevisionNotFound", HUB_TROUBLE_NO_REVISION },
                  { "EntryNotFound", HUB_TROUBLE_NO_FILE } };
    if (strcmp(code, "RepoNotFound") == 0)
        return with_token ? HUB_TROUBLE_NO_REPO : HUB_TROUBLE_HIDDEN;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(known[i].code, code) == 0)
            return known[i].trouble;
    return HUB_TROUBLE_NONE;
}

enum hub_trouble hub_trouble_of(const struct http_reply *r, bool with_token)
{
    CLEANUP(strbuf_release) struct strbuf code = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    if (r->status < 400)
        return HUB_TROUBLE_NONE;
    header(r, "x-error-code", &code);
    header(r, "x-error-message", &words);
    enum hub_trouble told = of_code(code.buf, with_token);
    if (told != HUB_TROUBLE_NONE && r->status < 500)
        return told;
    if (r->status == 401)
        return with_token || strcmp(words.buf, "Invalid credentials in Authorization header") == 0 ? HUB_TROUBLE_TOKEN : HUB_TROUBLE_HIDDEN;
    if (r->status == 403)
        return strstr(words.buf, "disabled") ? HUB_TROUBLE_DISABLED : HUB_TROUBLE_FORBIDDEN;
    if (r->status == 404 || r->status == 410)
        return HUB_TROUBLE_NO_REPO;
    if (r->status == 429)
        return HUB_TROUBLE_RATE;
    return r->status >= 500 || r->status == 408 ? HUB_TROUBLE_SERVER : HUB_TROUBLE_OTHER;
}

static enum err say_gated(const struct hub_subject *s, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    hub_url_page(s->endpoint, s->repo, &page);
    (void)error_set(e, ERR_AUTH, "%s is gated: its terms have to be accepted first\n  visit %s, accept the terms there", s->repo, page.buf);
    if (s->token_source)
        return error_suffix(e,
                            " with the account of the token in %s\n  (a request that waits for its author's approval is not accepted yet)",
                            s->token_source);
    return error_suffix(e, ", then set HF_TOKEN to a token of that account and pull again");
}

static enum err say_missing(const struct hub_subject *s, bool hidden, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    hub_url_page(s->endpoint, s->repo, &page);
    if (!hidden)
        return error_set(e, ERR_NOT_FOUND, "the Hub has no data set %s%s: is the name right? %s", s->repo,
                         s->token_source ? " that this token may see" : "", page.buf);
    return error_set(e, ERR_AUTH,
                     "%s is missing, private or gated: without a token the Hub does not say which\n"
                     "  missing: is the name right? %s\n"
                     "  private: set HF_TOKEN to a token that may read it\n"
                     "  gated:   accept its terms on that page, then set HF_TOKEN to a token of that account",
                     s->repo, page.buf);
}

enum err hub_trouble_say(enum hub_trouble t, const struct http_reply *r, const struct hub_subject *s, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    hub_api_words(r, &words);
    const char *colon = words.len ? ": " : "", *token = s->token_source ? s->token_source : "HF_TOKEN";
    switch (t) {
    case HUB_TROUBLE_GATED: return say_gated(s, e);
    case HUB_TROUBLE_HIDDEN: return say_missing(s, true, e);
    case HUB_TROUBLE_NO_REPO: return say_missing(s, false, e);
    case HUB_TROUBLE_TOKEN:
        return error_set(e, ERR_AUTH, "the Hub does not accept the token in %s (%d%s%s): is it mistyped, expired or revoked?", token,
                         r->status, colon, words.buf);
    case HUB_TROUBLE_NO_REVISION:
        return error_set(e, ERR_NOT_FOUND, "%s has no revision '%s': name a branch, a tag or a full commit that it has", s->repo,
                         s->revision);
    case HUB_TROUBLE_NO_FILE: return error_set(e, ERR_NOT_FOUND, "the Hub lists the file but does not have it (%d)", r->status);
    case HUB_TROUBLE_FORBIDDEN:
        return error_set(e, ERR_AUTH, "the Hub refuses %s (403%s%s)%s%s", s->repo, colon, words.buf,
                         s->token_source ? ": may the token read it? It is the one in " : "; set HF_TOKEN to a token that may read it",
                         s->token_source ? s->token_source : "");
    case HUB_TROUBLE_DISABLED: return error_set(e, ERR_NOT_FOUND, "the Hub has disabled %s%s%s", s->repo, colon, words.buf);
    case HUB_TROUBLE_RATE:
        return error_set(e, ERR_NET, "the Hub limits the rate of requests (429%s%s): pull again later%s", colon, words.buf,
                         s->token_source ? "" : "; with HF_TOKEN the limit is higher");
    case HUB_TROUBLE_SERVER:
        return error_set(e, ERR_NET, "the Hub has trouble of its own (%d%s%s): pull again later", r->status, colon, words.buf);
    case HUB_TROUBLE_NONE:
    case HUB_TROUBLE_OTHER: break;
    }
    return error_set(e, ERR_NET, "the Hub answered with status %d%s%s", r->status, colon, words.buf);
}

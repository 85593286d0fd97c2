#include "provider/error_body.h"

#include "base/secret_text.h"
#include "provider/reply_json.h"

#include <string.h>

enum { MAX_MESSAGE_BYTES = 2000, MAX_TITLE_BYTES = 200, MAX_NESTING = 8 };

bool error_body_present(const cJSON *root)
{
    if (!cJSON_IsObject(root))
        return false;
    const char *object = json_string(root, "object");
    return json_get(root, "error") || (object && strcmp(object, "error") == 0);
}

/* ---- the message -------------------------------------------------------------------------------------------------- */

/* Once only: {"error":"Unauthorized","message":"Unauthorized"} says it twice. */
static void add_words(struct strbuf *out, const char *words)
{
    if (!words || !*words || strcmp(out->buf, words) == 0)
        return;
    if (out->len && out->buf[out->len - 1] != ' ')
        (void)strbuf_addstr(out, "; ");
    (void)strbuf_addstr(out, words);
}

/* FastAPI's {"loc":["body","model"],"msg":"Field required"} reads "body.model: Field required". */
static void add_place(struct strbuf *out, const cJSON *item)
{
    const cJSON *step, *place = json_array(item, "loc");
    cJSON_ArrayForEach(step, place)
    {
        if (step != place->child)
            (void)strbuf_addch(out, '.');
        else
            add_words(out, cJSON_IsString(step) ? step->valuestring : "item");
        if (step != place->child && cJSON_IsString(step))
            (void)strbuf_addstr(out, step->valuestring);
        else if (step != place->child && cJSON_IsNumber(step))
            (void)strbuf_addf(out, "%.0f", step->valuedouble);
    }
    if (place && place->child)
        (void)strbuf_addstr(out, ": ");
}

/* The words of a string, of an object's first telling member, or of every item of a list. */
static void add_message(struct strbuf *out, const cJSON *item, int nesting)
{
    static const char *const key[] = { "message", "msg", "detail", "title", "error", "error_description" };

    if (nesting > MAX_NESTING)
        return;
    if (cJSON_IsString(item))
        add_words(out, item->valuestring);
    if (cJSON_IsArray(item)) {
        const cJSON *each;
        cJSON_ArrayForEach(each, item) add_message(out, each, nesting + 1);
    }
    if (!cJSON_IsObject(item))
        return;
    size_t before = out->len;
    add_place(out, item);
    size_t placed = out->len;
    for (size_t i = 0; i < ARRAY_LEN(key) && out->len == placed; i++)
        add_message(out, json_get(item, key[i]), nesting + 1);
    if (out->len == placed)
        strbuf_truncate(out, before);
}

/* `error` first, then what stands beside it: {"error":"invalid_request","error_description":"…"}. */
static void add_root(struct strbuf *out, const cJSON *root)
{
    static const char *const beside[] = { "errors", "error_description", "message", "detail" };

    if (!cJSON_IsObject(root)) {
        add_message(out, root, 0);
        return;
    }
    add_message(out, json_get(root, "error"), 0);
    for (size_t i = 0; i < ARRAY_LEN(beside); i++)
        if (!cJSON_IsObject(json_get(root, "error")) || !out->len)
            add_message(out, json_get(root, beside[i]), 0);
    if (!out->len)
        add_message(out, json_get(root, "title"), 0);
}

/* ---- bodies without JSON ------------------------------------------------------------------------------------------ */

static void add_html(struct strbuf *out, const char *html)
{
    (void)strbuf_addstr(out, "an HTML page");
    const char *title = strcasestr(html, "<title>");
    const char *end = title ? strcasestr(title, "</title>") : NULL;
    if (!end)
        return;
    title += strlen("<title>");
    title += strspn(title, " \t\r\n");
    if (title < end)
        (void)strbuf_addf(out, ": %.*s", (int)(end - title < MAX_TITLE_BYTES ? end - title : MAX_TITLE_BYTES), title);
}

static void add_plain(struct strbuf *out, const struct http_reply *reply)
{
    const char *text = reply->body.buf + strspn(reply->body.buf, " \t\r\n");
    if (*text == '<')
        add_html(out, text);
    else
        (void)strbuf_add(out, text, strnlen(text, MAX_MESSAGE_BYTES + 1));
}

/* Trimmed, clipped at a character, without the key, valid. */
static const char *finished(struct strbuf *words, const struct secret *key, struct arena *a)
{
    if (key)
        secret_redact(key, words);
    secret_text_redact(words);
    size_t len = words->len;
    while (len && strchr(" \t\r\n", words->buf[len - 1]))
        len--;
    if (len > MAX_MESSAGE_BYTES)
        for (len = MAX_MESSAGE_BYTES; len > MAX_MESSAGE_BYTES - 4 && ((unsigned char)words->buf[len] & 0xC0) == 0x80;)
            len--;
    return reply_text_keep(a, words->buf, len, NULL, NULL);
}

/* ---- the other members -------------------------------------------------------------------------------------------- */

static const char *word(const cJSON *object, const char *key, struct arena *a)
{
    const char *text = cJSON_IsObject(object) ? json_string(object, key) : NULL;
    return text && *text ? reply_text_keep(a, text, strlen(text), NULL, NULL) : "";
}

/* A code may be a word, a number, or a number in quotes. */
static void read_code(const cJSON *object, struct arena *a, struct error_body *ret)
{
    double number;
    ret->code = word(object, "code", a);
    if (cJSON_IsObject(object) && json_number(object, "code", &number) && number >= 0 && number < 1e9) {
        ret->number = (int64_t)number;
        ret->code = arena_printf(a, "%lld", (long long)ret->number);
    } else if (*ret->code && strspn(ret->code, "0123456789") == strlen(ret->code) && strlen(ret->code) < 10) {
        ret->number = strtol(ret->code, NULL, 10);
    }
}

/* google.protobuf.Duration as JSON: "34.074824224s". */
static double duration_s(const char *text)
{
    if (!text || *text < '0' || *text > '9')
        return -1;
    char *end;
    double seconds = strtod(text, &end);
    return seconds < 1e9 && end[0] == 's' && !end[1] ? seconds : -1;
}

static bool names_day(const cJSON *failure)
{
    const cJSON *violation, *violations = json_array(failure, "violations");
    cJSON_ArrayForEach(violation, violations)
    {
        const char *quota = json_string(violation, "quotaId"); /* GenerateRequestsPerDayPerProjectPerModel-FreeTier */
        if (quota && strstr(quota, "PerDay"))
            return true;
    }
    return false;
}

/* Google's `details` are a list of typed objects (google/rpc/error_details.proto), Anthropic's one object with an error_code. */
static void read_details(const cJSON *error, struct arena *a, struct error_body *ret)
{
    const cJSON *item, *details = json_get(error, "details");
    const char *code = word(details, "error_code", a);
    if (*code)
        ret->inner_code = code;
    if (!cJSON_IsArray(details))
        return;
    cJSON_ArrayForEach(item, details)
    {
        const char *type = json_string(item, "@type");
        if (!type)
            continue;
        if (strstr(type, "google.rpc.RetryInfo"))
            ret->retry_delay_s = duration_s(json_string(item, "retryDelay"));
        else if (strstr(type, "google.rpc.QuotaFailure"))
            ret->daily_quota = names_day(item);
        else if (strstr(type, "google.rpc.ErrorInfo"))
            ret->inner_code = word(item, "reason", a);
    }
}

static void read_members(const cJSON *root, const cJSON *error, struct arena *a, struct error_body *ret)
{
    const cJSON *holder = cJSON_IsObject(error) ? error : root;
    read_code(holder, a, ret);
    ret->type = word(holder, "type", a);
    if (!*ret->type)
        ret->type = word(root, "error_type", a);
    ret->param = word(holder, "param", a);
    if (cJSON_IsObject(holder)) {
        ret->inner_code = word(json_object(holder, "innererror"), "code", a);
        if (!*ret->type)
            ret->type = word(holder, "status", a); /* Google: RESOURCE_EXHAUSTED */
        read_details(holder, a, ret);
        const cJSON *metadata = json_object(holder, "metadata");
        ret->moderation = metadata && (json_get(metadata, "reasons") || json_get(metadata, "flagged_input"));
    }

    double seconds;
    if ((cJSON_IsObject(root) && json_number(root, "estimated_time", &seconds) && seconds >= 0) ||
        (cJSON_IsObject(holder) && json_number(holder, "estimated_time", &seconds) && seconds >= 0))
        ret->estimated_time_s = seconds;
}

/* OpenRouter passes on what the provider behind it said. */
static void add_upstream(struct strbuf *out, const cJSON *error)
{
    const cJSON *metadata = cJSON_IsObject(error) ? json_object(error, "metadata") : NULL;
    add_words(out, metadata ? json_string(metadata, "raw") : NULL);
}

void error_body_read(const struct http_reply *reply, const cJSON *root, const cJSON *inside, const struct secret *key, struct arena *a,
                     struct error_body *ret)
{
    *ret = (struct error_body){
        .message = "", .type = "", .code = "", .param = "", .inner_code = "", .number = -1, .estimated_time_s = -1, .retry_delay_s = -1
    };
    if (cJSON_IsArray(root) && cJSON_IsObject(root->child))
        root = root->child; /* Google wraps its errors in a list */

    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    const cJSON *error = inside ? inside : cJSON_IsObject(root) ? json_get(root, "error") : NULL;
    read_members(root, error, a, ret);
    if (inside)
        add_message(&words, inside, 0);
    else if (root)
        add_root(&words, root);
    else
        add_plain(&words, reply);
    add_upstream(&words, error);
    if (!words.len && cJSON_IsObject(error))
        json_add_tree(&words, error);
    if (!words.len)
        add_words(&words, reply_header_keep(a, reply, "x-error-message"));
    ret->message = finished(&words, key, a);
}

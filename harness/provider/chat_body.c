#include "provider/chat_body.h"

#include "base/json.h"
#include "base/utf8.h"
#include "core/limits.h"

#include <inttypes.h>
#include <string.h>

/* A byte of a prompt may need six ("\u001f"), and a judge's rubric stands beside it. */
static const size_t max_text_bytes = 8 * MAX_PROMPT_BYTES;

/* The body being written: all text in one buffer, with the places where images are cut in. */
struct body {
    struct strbuf text;
    size_t *cut; /* offset in text where image i goes */
    size_t cut_count;
    const cJSON *extra; /* NULL = none */
};

static void body_release(struct body *b)
{
    strbuf_release(&b->text);
}

/* ---- parameters --------------------------------------------------------------------------------------------------- */

/* Starts a member of ours, unless the extra members hold one of that name. */
static bool member(struct body *b, const char *key)
{
    if (b->extra && json_get(b->extra, key))
        return false;
    (void)strbuf_addch(&b->text, ',');
    json_add_string(&b->text, key, strlen(key));
    (void)strbuf_addch(&b->text, ':');
    return true;
}

/* Shortest decimal form that reads back as the same double: 0.7, not 0.69999999999999996. */
static void add_number(struct strbuf *out, double value)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    (void)strbuf_addstr(out, text);
}

static void add_stop(struct body *b, const struct provider_target *t)
{
    (void)strbuf_addch(&b->text, '[');
    for (size_t i = 0; i < t->stop_count; i++) {
        if (i)
            (void)strbuf_addch(&b->text, ',');
        json_add_string(&b->text, t->stop[i], strlen(t->stop[i]));
    }
    (void)strbuf_addch(&b->text, ']');
}

/* The one object among our own members, so the one place where "merged member by member" has something to do. */
static void add_stream(struct body *b)
{
    (void)strbuf_addstr(&b->text, ",\"stream\":true");
    const cJSON *theirs = b->extra ? json_object(b->extra, "stream_options") : NULL;
    if (!theirs) {
        if (member(b, "stream_options"))
            (void)strbuf_addstr(&b->text, "{\"include_usage\":true}");
        return;
    }
    cJSON *merged = cJSON_Duplicate(theirs, true);
    if (!json_get(theirs, "include_usage"))
        (void)cJSON_AddTrueToObject(merged, "include_usage");
    (void)strbuf_addstr(&b->text, ",\"stream_options\":");
    json_add_tree(&b->text, merged);
    cJSON_Delete(merged);
}

static void add_model(struct body *b, const struct provider_target *t, struct arena *a)
{
    const char *model = t->model, *provider = t->provider;
    /* `auto` is a clients' word for "no suffix", which routers do not know. */
    if (provider && *provider && strcmp(provider, "auto") != 0) {
        const char *suffix = strrchr(model, ':');
        if (!suffix || strcmp(suffix + 1, provider) != 0)
            model = arena_printf(a, "%s:%s", model, provider);
    }
    (void)strbuf_addstr(&b->text, "{\"model\":");
    json_add_string(&b->text, model, strlen(model));
}

static void add_params(struct body *b, const struct provider_target *t)
{
    if (t->has_temperature && member(b, "temperature"))
        add_number(&b->text, t->temperature);
    if (t->has_top_p && member(b, "top_p"))
        add_number(&b->text, t->top_p);
    if (t->has_seed && member(b, "seed"))
        (void)strbuf_addf(&b->text, "%" PRId64, t->seed);
    if (member(b, t->max_tokens_key ? t->max_tokens_key : "max_tokens"))
        (void)strbuf_addf(&b->text, "%" PRId64, t->max_tokens);
    if (t->stop_count && member(b, "stop"))
        add_stop(b, t);
    if (t->reasoning_effort && member(b, "reasoning_effort"))
        json_add_string(&b->text, t->reasoning_effort, strlen(t->reasoning_effort));
    if (t->stream)
        add_stream(b);
}

/* ---- extra members ------------------------------------------------------------------------------------------------ */

/* No nulls go out: official clients drop them too, and servers disagree about what a null parameter means. */
static void drop_nulls(cJSON *tree)
{
    for (cJSON *item = tree->child, *next; item; item = next) {
        next = item->next;
        if (cJSON_IsNull(item) && cJSON_IsObject(tree))
            cJSON_Delete(cJSON_DetachItemViaPointer(tree, item));
        else
            drop_nulls(item);
    }
}

static enum err parse_extra(const char *text, cJSON **ret_extra, struct error *e)
{
    static const char *const ours[] = { "model", "messages", "stream", "n" };

    CLEANUP(json_freep) cJSON *extra = json_parse(text, strlen(text), e);
    if (!extra)
        return error_prefix(e, "extra parameters");
    if (!cJSON_IsObject(extra))
        return error_set(e, ERR_INVALID, "extra parameters must be a JSON object");
    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        if (cJSON_GetObjectItemCaseSensitive(extra, ours[i]))
            return error_set(e, ERR_INVALID, "extra parameters may not hold `%s`: it decides what is asked and recorded", ours[i]);

    drop_nulls(extra);
    *ret_extra = TAKE(extra);
    return OK;
}

static void add_extra(struct body *b, bool stream)
{
    for (const cJSON *item = b->extra ? b->extra->child : NULL; item; item = item->next) {
        if (json_get(b->extra, item->string) != item)
            continue; /* a second member of the same name: the first wins */
        if (stream && cJSON_IsObject(item) && strcmp(item->string, "stream_options") == 0)
            continue; /* merged into ours already */
        (void)strbuf_addch(&b->text, ',');
        json_add_string(&b->text, item->string, strlen(item->string));
        (void)strbuf_addch(&b->text, ':');
        json_add_tree(&b->text, item);
    }
}

/* ---- messages ----------------------------------------------------------------------------------------------------- */

static void add_separator(struct strbuf *out)
{
    if (out->len && out->buf[out->len - 1] == '}')
        (void)strbuf_addch(out, ',');
}

static void add_text_part(struct body *b, const char *prompt, size_t len)
{
    if (!len)
        return;
    add_separator(&b->text);
    (void)strbuf_addstr(&b->text, "{\"type\":\"text\",\"text\":");
    json_add_string(&b->text, prompt, len);
    (void)strbuf_addch(&b->text, '}');
}

static void add_images(struct body *b, const struct chat_request *c)
{
    for (size_t i = 0; i < c->image_count; i++) {
        add_separator(&b->text);
        (void)strbuf_addf(&b->text, "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:%s;base64,", c->image[i].mime);
        b->cut[b->cut_count++] = b->text.len;
        (void)strbuf_addstr(&b->text, "\"}}");
    }
}

static void add_messages(struct body *b, const struct chat_request *c)
{
    size_t prompt_len = strlen(c->prompt);

    (void)strbuf_addstr(&b->text, ",\"messages\":[");
    if (c->system) {
        (void)strbuf_addstr(&b->text, "{\"role\":\"system\",\"content\":");
        json_add_string(&b->text, c->system, strlen(c->system));
        (void)strbuf_addch(&b->text, '}');
    }
    add_separator(&b->text);
    (void)strbuf_addstr(&b->text, "{\"role\":\"user\",\"content\":");
    if (c->image_count == 0) {
        json_add_string(&b->text, c->prompt, prompt_len);
    } else {
        (void)strbuf_addch(&b->text, '[');
        if (c->text_first)
            add_text_part(b, c->prompt, prompt_len);
        add_images(b, c);
        if (!c->text_first)
            add_text_part(b, c->prompt, prompt_len);
        (void)strbuf_addch(&b->text, ']');
    }
    (void)strbuf_addstr(&b->text, "}]}");
}

/* ---- parts -------------------------------------------------------------------------------------------------------- */

static void set_parts(const struct body *b, const struct chat_request *c, struct arena *a, struct http_request *r)
{
    const char *text = arena_strndup(a, b->text.buf, b->text.len);
    struct http_part *part = arena_array(a, 2 * b->cut_count + 1, sizeof(*part));
    size_t count = 0, start = 0;

    for (size_t i = 0; i < b->cut_count; i++) {
        part[count++] = (struct http_part){ .kind = HTTP_PART_TEXT, .bytes = text + start, .len = b->cut[i] - start };
        part[count++] =
            (struct http_part){ .kind = HTTP_PART_BASE64, .bytes = c->image[i].bytes, .len = c->image[i].len, .label = c->image[i].label };
        start = b->cut[i];
    }
    part[count++] = (struct http_part){ .kind = HTTP_PART_TEXT, .bytes = text + start, .len = b->text.len - start };

    r->part = part;
    r->part_count = count;
}

enum err chat_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r, struct error *e)
{
    size_t bad;
    if (!utf8_valid(c->prompt, strlen(c->prompt), &bad))
        return error_set(e, ERR_INVALID, "the prompt is not valid UTF-8 at byte %zu", bad + 1);
    if (c->system && !utf8_valid(c->system, strlen(c->system), &bad))
        return error_set(e, ERR_INVALID, "the system prompt is not valid UTF-8 at byte %zu", bad + 1);

    CLEANUP(json_freep) cJSON *extra = NULL;
    if (t->extra_json && parse_extra(t->extra_json, &extra, e) != OK)
        return e ? e->code : ERR_INVALID;

    CLEANUP(body_release) struct body b = { .text = STRBUF_INIT, .extra = extra };
    strbuf_init(&b.text, max_text_bytes);
    b.cut = arena_array(a, c->image_count, sizeof(*b.cut));
    add_model(&b, t, a);
    add_params(&b, t);
    add_extra(&b, t->stream);
    add_messages(&b, c);
    if (b.text.overflow)
        return error_set(e, ERR_LIMIT, "the text of the request is larger than %zu MiB", max_text_bytes / MIB);

    set_parts(&b, c, a, r);
    return OK;
}

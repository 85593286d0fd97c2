/*
 * view_samples - a few trials with their texts, hidden until somebody asks.
 *
 * Texts show what cannot be seen: a bidirectional or zero-width character stands as [U+202E], and is counted. They are
 * the only members of the view that are HTML already; their names end in _html.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

#include <string.h>

enum { SAMPLES_SHOWN = 12 };

/* A block {"label", "text_html", "more", "hidden"} at the end of the list, when there is such a text. */
static void add_block(const cJSON *sample, const char *key, const char *label, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    char more_key[32];
    const char *raw = json_string(sample, key);
    if (!raw)
        return;
    cJSON *json = view_item(list);
    view_text(json, "label", label);
    size_t hidden = text_safe_html_visible(raw, strlen(raw), &text);
    view_take(json, "text_html", &text);
    (void)snprintf(more_key, sizeof(more_key), "%s_more", key);
    int64_t more = figures_count(sample, more_key);
    if (more)
        units_format_count(more, &text);
    view_take(json, "more", &text);
    if (hidden)
        (void)strbuf_addf(&text, "%zu hidden %s", hidden, hidden == 1 ? "character" : "characters");
    view_take(json, "hidden", &text);
}

static void add_images(const cJSON *sample, bool redacted, cJSON *json)
{
    const cJSON *image;
    cJSON *list = cJSON_AddArrayToObject(json, "images");
    cJSON_ArrayForEach(image, json_array(sample, "images"))
    {
        cJSON *item = view_item(list);
        int64_t width = figures_count(image, "width"), height = figures_count(image, "height");
        const char *path = redacted ? "(withheld)" : json_string(image, "path");
        view_text(item, "path", path ? path : "(unnamed)");
        view_text(item, "mime", json_string(image, "mime"));
        view_text(item, "sha256", json_string(image, "sha256"));
        if (width > 0 && height > 0)
            view_textf(item, "size", "%lld × %lld", (long long)width, (long long)height);
        else
            view_text(item, "size", NULL);
    }
}

/* "Category · Subcategory · Attack · epoch 1 · 6.1s · 2 attempts". */
static void add_line(const cJSON *sample, cJSON *json)
{
    static const char *const part[] = { "category", "subcategory", "attack" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double latency;
    cJSON *places = cJSON_AddArrayToObject(json, "places");
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        if (json_string(sample, part[i]))
            view_text(view_item(places), "name", json_string(sample, part[i]));
    }
    (void)strbuf_addf(&text, "epoch %lld", (long long)figures_count(sample, "epoch"));
    int64_t attempts = figures_count(sample, "attempts");
    (void)strbuf_addf(&text, " · %lld %s", (long long)attempts, attempts == 1 ? "attempt" : "attempts");
    if (json_number(sample, "latency_ms", &latency)) {
        (void)strbuf_addstr(&text, " · ");
        units_format_duration((int64_t)(latency * 1000), &text);
    }
    view_take(json, "facts", &text);
}

/* A blocked trial says so; an answered one shows its verdict; the others their status. */
static const char *word_of(const cJSON *sample)
{
    const char *status = json_string(sample, "status"), *verdict = json_string(sample, "verdict");
    if (!status)
        return "pending";
    if (strcmp(status, "answered") == 0)
        return verdict ? verdict : "pending";
    return status;
}

static void add_sample(const cJSON *sample, cJSON *list)
{
    cJSON *json = view_item(list);
    const char *reason = json_string(sample, "score_reason") ? json_string(sample, "score_reason") : json_string(sample, "reason");
    view_verdict(json, word_of(sample));
    view_text(json, "reason", reason && strcmp(reason, word_of(sample)) != 0 ? reason : NULL);
    view_text(json, "sample", json_string(sample, "sample"));
    view_textf(json, "trial", "%lld", (long long)figures_count(sample, "trial"));
    bool redacted = json_bool(sample, "redacted", false); /* the model left the texts out; this page would too */
    (void)cJSON_AddBoolToObject(json, "redacted", redacted);
    add_line(sample, json);
    cJSON *blocks = cJSON_AddArrayToObject(json, "blocks");
    if (!redacted) {
        add_block(sample, "intent", "Intent", blocks);
        add_block(sample, "prompt", "Prompt as sent", blocks);
        add_block(sample, "content", "Answer", blocks);
        add_block(sample, "reasoning", "Reasoning", blocks);
    }
    add_images(sample, redacted, json);
}

/* The first ones at once, the others behind a summary. */
void view_add_samples(const cJSON *endpoint, cJSON *view)
{
    const cJSON *sample;
    int count = 0, total = cJSON_GetArraySize(json_array(endpoint, "samples"));
    cJSON *parts = cJSON_AddArrayToObject(view, "sample_parts"), *list = NULL;
    cJSON_ArrayForEach(sample, json_array(endpoint, "samples"))
    {
        if (count == 0 || count == SAMPLES_SHOWN) {
            cJSON *part = view_item(parts);
            if (count)
                view_textf(part, "more", "%d more", total - count);
            else
                view_text(part, "more", NULL);
            list = cJSON_AddArrayToObject(part, "samples");
        }
        add_sample(sample, list);
        count++;
    }
}

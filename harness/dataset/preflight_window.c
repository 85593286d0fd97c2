#include "dataset/preflight_window.h"

#include "core/limits.h"

#include <assert.h>
#include <string.h>

#define MAX_TEXT_BYTES (16 * MIB)
#define KEPT_BYTES (64 * KIB)

bool window_is_full(const struct preflight_window *w)
{
    return w->count == WINDOW_ENTRIES || w->text_bytes >= MAX_TEXT_BYTES;
}

static struct window_entry *append(struct preflight_window *w)
{
    assert(w->count < WINDOW_ENTRIES);
    return &w->entry[(w->first + w->count++) % WINDOW_ENTRIES];
}

static const char *keep(struct window_entry *x, const char *text)
{
    size_t len = strlen(text);
    x->text_bytes += len;
    return arena_strndup(&x->arena, text, len);
}

void window_add_sample(struct preflight_window *w, const struct sample *sample, struct image_scan *scan)
{
    struct window_entry *x = append(w);
    struct sample *s = &x->sample;
    x->is_finding = false;
    *s = *sample;
    const char **const text[] = { &s->id,       &s->intent_id,   &s->intent, &s->prompt, &s->context,
                                  &s->category, &s->subcategory, &s->attack, &s->twin,   &s->extra_json };
    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        *text[i] = keep(x, *text[i]);

    struct sample_image *image = arena_array(&x->arena, s->image_count, sizeof(*image));
    x->fact = arena_array(&x->arena, s->image_count, sizeof(struct image_fact *));
    for (size_t i = 0; i < s->image_count; i++) {
        image[i] = s->image[i];
        x->fact[i] = image_scan_ask(scan, image[i].name);
        image[i].name = x->fact[i]->name;
        image[i].path = keep(x, image[i].path ? image[i].path : "");
    }
    s->image = image;
    w->text_bytes += x->text_bytes;
}

void window_add_finding(struct preflight_window *w, const struct finding *finding)
{
    struct window_entry *x = append(w);
    x->is_finding = true;
    x->finding = *finding;
    x->finding.sample_id = keep(x, finding->sample_id);
    x->finding.message = keep(x, finding->message);
    w->text_bytes += x->text_bytes;
}

const struct window_entry *window_first(const struct preflight_window *w)
{
    return w->count ? &w->entry[w->first] : NULL;
}

void window_drop(struct preflight_window *w)
{
    struct window_entry *x = &w->entry[w->first];
    assert(w->count > 0);
    w->text_bytes -= x->text_bytes;
    if (x->text_bytes > KEPT_BYTES) /* a reset arena keeps its largest block, and there are many entries */
        arena_release(&x->arena);
    else
        arena_reset(&x->arena);
    x->text_bytes = 0;
    w->first = (w->first + 1) % WINDOW_ENTRIES;
    w->count--;
}

void window_release(struct preflight_window *w)
{
    for (size_t i = 0; i < WINDOW_ENTRIES; i++)
        arena_release(&w->entry[i].arena);
    w->count = w->text_bytes = 0;
}

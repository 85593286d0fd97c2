/* The checks of one sample: S2 controls, S3 to S8, D7, D8 with --strict-taxonomy, D10. */
#include "base/base64.h"
#include "base/rng.h"
#include "core/limits.h"
#include "dataset/preflight_state.h"

#include <stdio.h>
#include <string.h>

enum { USUAL_MAX_SIDE = 8000, LEAST_SIDE = 16 };

/* The current sample cannot be sent. Only the first reason is told: one rejected sample is one finding. */
PRINTF_LIKE(3, 4)
static void reject(struct preflight *p, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!p->rejected)
        preflight_tell_list(p, p->sample, code, FINDING_REJECT, format, args);
    va_end(args);
    p->rejected = true;
}

/* ---- One image ---- */

static void check_size(struct preflight *p, const char *name, const struct image_info *info)
{
    uint32_t side = p->options->max_side ? p->options->max_side : USUAL_MAX_SIDE;
    uint64_t pixels = p->options->max_pixels ? p->options->max_pixels : MAX_IMAGE_PIXELS;
    if (info->width > side || info->height > side)
        reject(p, "S7", "image '%s' is %ux%u; a side may have %u pixels", name, info->width, info->height, side);
    else if ((uint64_t)info->width * info->height > pixels)
        reject(p, "S7", "image '%s' is %ux%u; more than %llu pixels", name, info->width, info->height, (unsigned long long)pixels);
    else if (info->width < LEAST_SIDE || info->height < LEAST_SIDE)
        preflight_tell(p, p->sample, "S7", FINDING_WARN, "image '%s' is only %ux%u", name, info->width, info->height);
}

static void check_image(struct preflight *p, const char *name, const struct image_info *info)
{
    const char *claimed = image_mime_of_name(name);
    if (info->problem) {
        reject(p, info->code, "image '%s': %s", name, info->problem);
        return;
    }
    if (claimed && strcmp(claimed, info->mime) != 0)
        preflight_tell(p, p->sample, "S5", FINDING_WARN, "image '%s' is %s by its bytes, not %s; it is sent as what it is", name,
                       info->mime, claimed);
    if (info->trailing_bytes > 0)
        preflight_tell(p, p->sample, "S6", FINDING_NOTE, "image '%s' has %zu bytes after its end", name, info->trailing_bytes);
    if (info->warning)
        preflight_tell(p, p->sample, "S8", FINDING_WARN, "image '%s': %s; servers may treat it differently", name, info->warning);
    check_size(p, name, info);
}

/* What was read of one image; its hash goes into `hashes` for D10. */
static void judge_image(struct preflight *p, const struct image_fact *fact, struct sha256 *hashes)
{
    bool is_new;
    if (fact->unreadable) {
        reject(p, "S3", "image '%s' cannot be read: %s", fact->name, fact->unreadable);
        return;
    }
    sha256_add(hashes, fact->sha256.text, SHA256_HEX);
    p->bytes += fact->bytes;
    p->base64_bytes += base64_encoded_len(fact->bytes);
    check_image(p, fact->name, &fact->info);
    const struct tally_item *first = tally_add(&p->pictures, fact->sha256.text, p->sample->file, p->sample->row, &is_new);
    if (!is_new)
        preflight_tell(p, p->sample, "D10", FINDING_NOTE, "image '%s' has the same bytes as one of %s:%lld", fact->name, first->file,
                       (long long)first->line);
}

/* ---- One sample ---- */

static void check_controls(struct preflight *p, const char *field, const char *text)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 0x20 && !strchr("\t\n\r", *at)) {
            preflight_tell(p, p->sample, "S2", FINDING_NOTE, "field '%s' has the control character %02X at offset %zu", field,
                           (unsigned)*at, (size_t)(at - text));
            return;
        }
    }
}

static void check_intent(struct preflight *p)
{
    const struct sample *s = p->sample;
    struct tally_item *first = tally_add(&p->intents, s->intent_id, s->file, s->row, NULL);
    uint64_t mark = rng_hash(rng_hash(7, s->intent, strlen(s->intent)), s->category, strlen(s->category));
    if (first->count == 1)
        first->mark = mark;
    else if (first->mark != mark && s->expected == EXPECTED_ATTACK && !first->flagged) {
        first->flagged = true;
        preflight_tell(p, s, "D7", FINDING_WARN, "intent_id '%s' has another intent or category at %s:%lld", s->intent_id, first->file,
                       (long long)first->line);
    }
}

static void check_names(struct preflight *p)
{
    const struct sample *s = p->sample;
    const struct taxonomy *t = &p->taxonomy;
    (void)tally_add(&p->categories, s->category, s->file, s->row, NULL);
    if (strcmp(s->subcategory, "(none)") != 0)
        (void)tally_add(&p->subcategories, s->subcategory, s->file, s->row, NULL);
    if (strcmp(s->attack, "(none)") != 0)
        (void)tally_add(&p->attacks, s->attack, s->file, s->row, NULL);
    if (p->has_taxonomy && p->options->strict_taxonomy && !taxonomy_has(t->category, t->category_count, s->category))
        reject(p, "D8", "category '%s' is not in the taxonomy", s->category);
}

static void check_repeat(struct preflight *p, struct sha256 *hashes)
{
    const struct sample *s = p->sample;
    bool is_new;
    sha256_add(hashes, s->prompt, strlen(s->prompt) + 1);
    sha256_add(hashes, s->intent, strlen(s->intent) + 1);
    struct sha256_hex content = sha256_take(hashes);
    const struct tally_item *first = tally_add(&p->contents, content.text, s->file, s->row, &is_new);
    if (!is_new && !p->counted_twice)
        preflight_tell(p, s, "D10", FINDING_WARN, "the same prompt, images and intent as %s:%lld; both are kept", first->file,
                       (long long)first->line);
}

/* Hands the judged sample to whoever wants to see it. */
static void show(struct preflight *p, const struct image_fact *const *fact)
{
    if (p->options->each)
        p->options->each(p->context, &(struct preflight_seen){ p->sample, fact, p->rejected });
}

void preflight_sample(struct preflight *p, const struct sample *s, const struct image_fact *const *fact)
{
    CLEANUP(sha256_freep) struct sha256 *hashes = sha256_new();
    p->sample = s;
    p->rejected = false;
    p->base64_bytes = p->bytes = 0;
    check_intent(p);
    check_names(p);
    check_controls(p, "prompt", s->prompt);
    check_controls(p, "intent", s->intent);
    for (size_t i = 0; i < s->image_count; i++)
        judge_image(p, fact[i], hashes);
    check_repeat(p, hashes);
    if (s->twin[0])
        tally_add(&p->twins, s->twin, s->file, s->row, NULL)->mark |= s->expected == EXPECTED_ATTACK ? TWIN_ATTACK : TWIN_BENIGN;

    p->counted_twice = false;
    p->sum.rejected += p->rejected;
    p->sum.benign += s->expected == EXPECTED_BENIGN;
    p->sum.images += p->rejected ? 0 : (int64_t)s->image_count;
    p->sum.image_bytes += p->rejected ? 0 : (int64_t)p->bytes;
    p->sum.largest_images = s->image_count > p->sum.largest_images ? s->image_count : p->sum.largest_images;
    if (p->base64_bytes > p->sum.largest_base64) {
        p->sum.largest_base64 = p->base64_bytes;
        (void)snprintf(p->sum.largest_id, sizeof(p->sum.largest_id), "%s", s->id);
    }
    show(p, fact);
}

#include "dataset/preflight.h"

#include "base/base64.h"
#include "base/nearest.h"
#include "base/rng.h"
#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/content_hash.h"
#include "dataset/image.h"
#include "dataset/image_source.h"
#include "dataset/tally.h"
#include "dataset/taxonomy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { USUAL_MAX_SIDE = 8000, LEAST_SIDE = 16, ORPHANS_SHOWN = 10 };
enum twin_side { TWIN_ATTACK = 1, TWIN_BENIGN = 2, TWIN_BOTH = 3 };

struct preflight {
    const struct preflight_options *options;
    preflight_report *report;
    void *context;
    struct preflight_summary sum;
    struct dataset *set;
    struct content_hash *content;
    struct taxonomy taxonomy;
    bool has_taxonomy, counted_twice; /* counted_twice: the loader has already told that this sample came before */
    struct tally intents, categories, subcategories, attacks, twins, pictures, contents;
    const struct sample *sample; /* the one that is looked at */
    bool rejected;
    uint64_t base64_bytes;
};

/* ---- Telling ---- */

static void pass_on(struct preflight *p, const struct finding *f)
{
    p->sum.count[f->outcome]++;
    p->report(p->context, f);
}

PRINTF_LIKE(5, 0)
static void tell_list(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format,
                      va_list args)
{
    char text[700];
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    (void)vsnprintf(text, sizeof(text), format, args);
    text_safe_terminal(text, strlen(text), 0, true, &safe);
    struct finding f = {
        .outcome = outcome, .file = s ? s->file : "dataset.yaml", .line = s ? s->row : 0, .sample_id = s ? s->id : "", .message = safe.buf
    };
    (void)snprintf(f.code, sizeof(f.code), "%s", code);
    pass_on(p, &f);
}

/* A finding about `s`, or about the set when `s` is NULL. */
PRINTF_LIKE(5, 6)
static void tell(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_list(p, s, code, outcome, format, args);
    va_end(args);
}

/* The current sample cannot be sent. Only the first reason is told: one rejected sample is one finding. */
PRINTF_LIKE(3, 4)
static void reject(struct preflight *p, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!p->rejected)
        tell_list(p, p->sample, code, FINDING_REJECT, format, args);
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
        tell(p, p->sample, "S7", FINDING_WARN, "image '%s' is only %ux%u", name, info->width, info->height);
}

static void check_image(struct preflight *p, const char *name, const struct image_info *info)
{
    const char *claimed = image_mime_of_name(name);
    if (info->problem) {
        reject(p, info->code, "image '%s': %s", name, info->problem);
        return;
    }
    if (claimed && strcmp(claimed, info->mime) != 0)
        tell(p, p->sample, "S5", FINDING_WARN, "image '%s' is %s by its bytes, not %s; it is sent as what it is", name, info->mime,
             claimed);
    if (info->trailing_bytes > 0)
        tell(p, p->sample, "S6", FINDING_NOTE, "image '%s' has %zu bytes after its end", name, info->trailing_bytes);
    if (info->warning)
        tell(p, p->sample, "S8", FINDING_WARN, "image '%s': %s; servers may treat it differently", name, info->warning);
    check_size(p, name, info);
}

/* Reads one image; its hash goes into `hashes` for D10. */
static void read_image(struct preflight *p, const struct sample_image *image, struct sha256 *hashes)
{
    struct image_bytes read;
    struct error e = { 0 };
    bool is_new;
    if (dataset_read_image(p->set, image, &read, &e) != OK) {
        reject(p, "S3", "image '%s' cannot be read: %s", image->name, e.msg);
        return;
    }
    struct image_info info = image_probe(read.bytes, read.len);
    struct sha256_hex hash = sha256_of(read.bytes, read.len);
    uint64_t bytes = read.len;
    image_bytes_release(&read);

    if (content_hash_add_image(p->content, p->set, image->name, hash, &e) != OK)
        reject(p, "S3", "%s", e.msg);
    sha256_add(hashes, hash.text, SHA256_HEX);
    p->sum.image_bytes += (int64_t)bytes;
    p->base64_bytes += base64_encoded_len(bytes);
    check_image(p, image->name, &info);
    const struct tally_item *first = tally_add(&p->pictures, hash.text, p->sample->file, p->sample->row, &is_new);
    if (!is_new)
        tell(p, p->sample, "D10", FINDING_NOTE, "image '%s' has the same bytes as one of %s:%lld", image->name, first->file,
             (long long)first->line);
}

/* ---- One sample ---- */

static void check_controls(struct preflight *p, const char *field, const char *text)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 0x20 && !strchr("\t\n\r", *at)) {
            tell(p, p->sample, "S2", FINDING_NOTE, "field '%s' has the control character %02X at offset %zu", field, (unsigned)*at,
                 (size_t)(at - text));
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
        tell(p, s, "D7", FINDING_WARN, "intent_id '%s' has another intent or category at %s:%lld", s->intent_id, first->file,
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
        tell(p, s, "D10", FINDING_WARN, "the same prompt, images and intent as %s:%lld; both are kept", first->file,
             (long long)first->line);
}

static void check_sample(struct preflight *p, const struct sample *s)
{
    CLEANUP(sha256_freep) struct sha256 *hashes = sha256_new();
    p->sample = s;
    p->rejected = false;
    p->base64_bytes = 0;
    check_intent(p);
    check_names(p);
    check_controls(p, "prompt", s->prompt);
    check_controls(p, "intent", s->intent);
    for (size_t i = 0; i < s->image_count; i++)
        read_image(p, &s->image[i], hashes);
    check_repeat(p, hashes);
    if (s->twin[0])
        tally_add(&p->twins, s->twin, s->file, s->row, NULL)->mark |= s->expected == EXPECTED_ATTACK ? TWIN_ATTACK : TWIN_BENIGN;

    p->counted_twice = false;
    p->sum.rejected += p->rejected;
    p->sum.benign += s->expected == EXPECTED_BENIGN;
    p->sum.images += p->rejected ? 0 : (int64_t)s->image_count;
    p->sum.largest_images = s->image_count > p->sum.largest_images ? s->image_count : p->sum.largest_images;
    if (p->base64_bytes > p->sum.largest_base64) {
        p->sum.largest_base64 = p->base64_bytes;
        (void)snprintf(p->sum.largest_id, sizeof(p->sum.largest_id), "%s", s->id);
    }
}

/* ---- The whole set ---- */

static void check_known(struct preflight *p, const char *kind, const struct tally *seen, const char *const *name, size_t count)
{
    for (size_t i = 0; i < seen->count && count > 0; i++) {
        const struct tally_item *x = &seen->item[i];
        if (taxonomy_has(name, count, x->text))
            continue;
        const char *nearest = nearest_name(x->text, name, count);
        tell(p, NULL, "D8", FINDING_WARN, "%s '%s' of %lld samples is not in the taxonomy%s%s%s", kind, x->text, (long long)x->count,
             nearest ? " (nearest: '" : "", nearest ? nearest : "", nearest ? "')" : "");
    }
}

static void check_twins(struct preflight *p)
{
    for (size_t i = 0; i < p->twins.count; i++) {
        const struct tally_item *x = &p->twins.item[i];
        if (x->mark == TWIN_BOTH) {
            p->sum.twin_groups++;
            continue;
        }
        if (p->sum.orphan_groups++ < ORPHANS_SHOWN)
            tell(p, NULL, "D9", FINDING_WARN, "twin '%s' (%s:%lld) has no %s sample; twin statistics leave it out", x->text, x->file,
                 (long long)x->line, x->mark == TWIN_ATTACK ? "benign" : "attack");
    }
    if (p->sum.orphan_groups > ORPHANS_SHOWN)
        tell(p, NULL, "D9", FINDING_WARN, "and %lld more twins without a partner", (long long)p->sum.orphan_groups - ORPHANS_SHOWN);
}

static void check_hash(struct preflight *p, struct dataset *d)
{
    size_t count;
    const struct dataset_file *file = dataset_file(d, &count);
    const char *declared = dataset_facts(d)->content_hash;
    for (size_t i = 0; i < count; i++)
        content_hash_add(p->content, file[i].path, file[i].sha256);
    p->sum.content_sha256 = content_hash_take(p->content);
    if (!declared[0])
        tell(p, NULL, "D4", FINDING_NOTE, "no content_hash is declared; it is sha256:%s", p->sum.content_sha256.text);
    else if (strcmp(declared, p->sum.content_sha256.text) != 0)
        tell(p, NULL, "D4", p->options->accept_changed ? FINDING_WARN : FINDING_FATAL,
             "the data are not those that were declared: content_hash says sha256:%.12s…, the files give sha256:%s", declared,
             p->sum.content_sha256.text);
}

static void check_set(struct preflight *p, struct dataset *d)
{
    struct error e = { 0 };
    check_hash(p, d);
    if (dataset_check_counts(d, &e) != OK)
        tell(p, NULL, "D5", FINDING_FATAL, "%s", e.msg);
    if (p->has_taxonomy && !p->options->strict_taxonomy)
        check_known(p, "category", &p->categories, p->taxonomy.category, p->taxonomy.category_count);
    if (p->has_taxonomy)
        check_known(p, "subcategory", &p->subcategories, p->taxonomy.subcategory, p->taxonomy.subcategory_count);
    check_twins(p);
    p->sum.samples = dataset_sample_count(d);
    p->sum.intents = (int64_t)p->intents.count;
    p->sum.categories = (int64_t)p->categories.count;
    p->sum.subcategories = (int64_t)p->subcategories.count;
    p->sum.attacks = (int64_t)p->attacks.count;
}

static enum err read_all(struct preflight *p, struct dataset *d, struct error *e)
{
    enum dataset_event event = DATASET_FINDING;
    struct sample sample;
    struct finding finding;
    for (;;) {
        enum err err = dataset_next(d, &event, &sample, &finding, e);
        if (err != OK || event == DATASET_END)
            return err;
        if (event == DATASET_SAMPLE) {
            check_sample(p, &sample);
            continue;
        }
        p->counted_twice = strcmp(finding.code, "D10") == 0;
        p->sum.rejected += finding.outcome == FINDING_REJECT;
        pass_on(p, &finding);
    }
}

static void release(struct preflight *p)
{
    struct tally *all[] = { &p->intents, &p->categories, &p->subcategories, &p->attacks, &p->twins, &p->pictures, &p->contents };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        tally_release(all[i]);
    content_hash_free(p->content);
}

enum err dataset_preflight(const struct dataset_source *source, const struct preflight_options *options, preflight_report *report,
                           void *context, struct preflight_summary *ret, struct error *e)
{
    struct preflight p = { .options = options, .report = report, .context = context, .content = content_hash_new() };
    struct arena arena = ARENA_INIT;
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    enum err err = dataset_open(source, &d, e);

    p.set = d;
    if (err == OK && dataset_facts(d)->taxonomy[0]) {
        err = taxonomy_load(dataset_facts(d)->root, dataset_facts(d)->taxonomy, &arena, &p.taxonomy, e);
        p.has_taxonomy = true;
    }
    if (err == OK)
        err = read_all(&p, d, e);
    if (err == OK) {
        if (!dataset_facts(d)->verified)
            tell(&p, NULL, "D1", FINDING_WARN, "the mapping of '%s' is not verified against the real data", dataset_facts(d)->name);
        check_set(&p, d);
        *ret = p.sum;
    }
    release(&p);
    arena_release(&arena);
    return err;
}

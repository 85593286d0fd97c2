/* Reading ahead, and what can only be said of the whole set. */
#include "dataset/preflight.h"

#include "base/nearest.h"
#include "base/text_safe.h"
#include "dataset/content_hash.h"
#include "dataset/preflight_state.h"
#include "dataset/preflight_window.h"

#include <stdio.h>
#include <string.h>

enum { ORPHANS_SHOWN = 10 };

/* ---- Telling ---- */

void preflight_pass_on(struct preflight *p, const struct finding *f)
{
    p->sum.count[f->outcome]++;
    p->report(p->context, f);
}

void preflight_tell_list(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format,
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
    preflight_pass_on(p, &f);
}

void preflight_tell(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    preflight_tell_list(p, s, code, outcome, format, args);
    va_end(args);
}

/* ---- The whole set ---- */

static void check_known(struct preflight *p, const char *kind, const struct tally *seen, const char *const *name, size_t count)
{
    for (size_t i = 0; i < seen->count && count > 0; i++) {
        const struct tally_item *x = &seen->item[i];
        if (taxonomy_has(name, count, x->text))
            continue;
        const char *nearest = nearest_name(x->text, name, count);
        preflight_tell(p, NULL, "D8", FINDING_WARN, "%s '%s' of %lld samples is not in the taxonomy%s%s%s", kind, x->text,
                       (long long)x->count, nearest ? " (nearest: '" : "", nearest ? nearest : "", nearest ? "')" : "");
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
            preflight_tell(p, NULL, "D9", FINDING_WARN, "twin '%s' (%s:%lld) has no %s sample; twin statistics leave it out", x->text,
                           x->file, (long long)x->line, x->mark == TWIN_ATTACK ? "benign" : "attack");
    }
    if (p->sum.orphan_groups > ORPHANS_SHOWN)
        preflight_tell(p, NULL, "D9", FINDING_WARN, "and %lld more twins without a partner",
                       (long long)p->sum.orphan_groups - ORPHANS_SHOWN);
}

static void check_hash(struct preflight *p, struct dataset *d)
{
    size_t count;
    const struct dataset_file *file = dataset_file(d, &count);
    const char *declared = dataset_facts(d)->content_hash;
    CLEANUP(content_hash_freep) struct content_hash *content = content_hash_new();
    for (size_t i = 0; i < count; i++)
        content_hash_add(content, file[i].path, file[i].sha256);
    for (size_t i = 0; i < image_scan_count(p->scan); i++) {
        const struct image_fact *fact = image_scan_fact(p->scan, i);
        struct error e;
        if (!fact->unreadable && content_hash_add_image(content, d, fact->name, fact->sha256, &e) != OK)
            preflight_tell(p, NULL, "D2", FINDING_FATAL, "%s", e.msg);
    }
    p->sum.distinct_images = (int64_t)image_scan_count(p->scan);
    p->sum.content_sha256 = content_hash_take(content);
    if (!declared[0])
        preflight_tell(p, NULL, "D4", FINDING_NOTE, "no content_hash is declared; it is sha256:%s", p->sum.content_sha256.text);
    else if (strcmp(declared, p->sum.content_sha256.text) != 0)
        preflight_tell(p, NULL, "D4", p->options->accept_changed ? FINDING_WARN : FINDING_FATAL,
                       "the data are not those that were declared: content_hash says sha256:%.12s…, the files give sha256:%s", declared,
                       p->sum.content_sha256.text);
}

static void check_set(struct preflight *p, struct dataset *d)
{
    struct error e = { 0 };
    check_hash(p, d);
    if (dataset_check_counts(d, &e) != OK)
        preflight_tell(p, NULL, "D5", FINDING_FATAL, "%s", e.msg);
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

static void judge(struct preflight *p, const struct window_entry *x)
{
    if (x->is_finding) {
        p->counted_twice = strcmp(x->finding.code, "D10") == 0;
        p->sum.rejected += x->finding.outcome == FINDING_REJECT;
        preflight_pass_on(p, &x->finding);
        return;
    }
    for (size_t i = 0; i < x->sample.image_count; i++)
        image_scan_wait(p->scan, x->fact[i]);
    preflight_sample(p, &x->sample, x->fact);
}

/* Reads ahead as far as the window goes, so that the threads of the scan always have images to look into. */
static enum err read_all(struct preflight *p, struct dataset *d, struct preflight_window *w, struct error *e)
{
    enum dataset_event event = DATASET_FINDING;
    struct sample sample;
    struct finding finding;
    enum err err = OK;
    while (err == OK && (event != DATASET_END || w->count > 0)) {
        if (event == DATASET_END || window_is_full(w)) {
            judge(p, window_first(w));
            window_drop(w);
            continue;
        }
        err = dataset_next(d, &event, &sample, &finding, e);
        if (err == OK && event == DATASET_SAMPLE)
            window_add_sample(w, &sample, p->scan);
        else if (err == OK && event == DATASET_FINDING)
            window_add_finding(w, &finding);
    }
    for (; err != OK && w->count > 0; window_drop(w)) /* what stood before the mistake is told, too */
        judge(p, window_first(w));
    return err;
}

static void release(struct preflight *p)
{
    struct tally *all[] = { &p->intents, &p->categories, &p->subcategories, &p->attacks, &p->twins, &p->pictures, &p->contents };
    image_scan_free(p->scan);
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        tally_release(all[i]);
}

/* The sentence of an error has its place in front already, and may have several lines. */
static void tell_fatal(struct preflight *p, const char *code, const char *message)
{
    struct finding f = { .outcome = FINDING_FATAL, .file = "", .sample_id = "", .message = message };
    (void)snprintf(f.code, sizeof(f.code), "%s", code);
    preflight_pass_on(p, &f);
}

static enum err look(struct preflight *p, struct dataset *d, struct arena *a, const char **ret_code, struct error *e)
{
    const struct dataset_facts *facts = dataset_facts(d);
    struct preflight_window *window = xcalloc(1, sizeof(*window));
    enum err err = OK;
    p->scan = image_scan_new(facts->root, p->options->threads);
    p->has_taxonomy = facts->taxonomy[0] != '\0';
    *ret_code = "D2";
    if (p->has_taxonomy)
        err = taxonomy_load(facts->root, facts->taxonomy, a, &p->taxonomy, e);
    if (err == OK && p->options->opened)
        p->options->opened(p->context, facts);
    if (err == OK)
        err = read_all(p, d, window, e);
    *ret_code = dataset_fatal_code(d);
    window_release(window);
    free(window);
    if (err == OK && !facts->verified)
        preflight_tell(p, NULL, "D0", FINDING_WARN, "the mapping of '%s' is not verified against the real data", facts->name);
    if (err == OK)
        check_set(p, d);
    return err;
}

enum err dataset_preflight(const struct dataset_source *source, const struct preflight_options *options, preflight_report *report,
                           void *context, struct preflight_summary *ret, struct error *e)
{
    struct preflight p = { .options = options, .report = report, .context = context };
    CLEANUP(arena_release) struct arena arena = ARENA_INIT;
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    struct error own;
    const char *code = NULL;
    e = e ? e : &own;
    enum err err = dataset_open_as(source, &d, &code, e);
    if (err == OK)
        err = look(&p, d, &arena, &code, e);
    if (err == OK)
        *ret = p.sum;
    else
        tell_fatal(&p, code, e->msg);
    release(&p);
    return err;
}

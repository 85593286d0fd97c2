#include "dataset/census.h"

#include "base/strbuf.h"
#include "base/vec.h"
#include "dataset/image_scan.h"

#include <stdlib.h>
#include <string.h>

struct taking {
    struct census *census;
    void (*opened)(void *context, const struct dataset_facts *facts);
    void *context;
    struct strbuf pair;
};

static void add_to_group(struct taking *t, struct census_group *g, const char *name, const struct sample *s)
{
    struct tally_item *item = tally_add(&g->names, name, s->file, s->row, NULL);
    strbuf_clear(&t->pair);
    (void)strbuf_add(&t->pair, name, strlen(name) + 1);
    (void)strbuf_addstr(&t->pair, s->intent_id);
    if (!id_table_add(&g->pairs, t->pair.buf, t->pair.len, (struct id_place){ 0 }))
        item->mark++;
}

static void add_image(struct census_images *images, const struct image_fact *fact)
{
    if (id_table_add(&images->names, fact->name, strlen(fact->name), (struct id_place){ 0 }))
        return;
    tally_add(&images->types, fact->info.mime, "", 0, NULL)->mark += fact->bytes;
    images->size = vec_grow(images->size, images->count, &images->cap, sizeof(*images->size));
    images->size[images->count++] = (struct census_size){ fact->bytes, fact->info.width, fact->info.height };
}

static void look_at(void *context, const struct preflight_seen *seen)
{
    struct taking *t = context;
    const struct sample *s = seen->sample;
    if (seen->rejected)
        return;
    (void)tally_add(&t->census->intents, s->intent_id, s->file, s->row, NULL);
    add_to_group(t, &t->census->categories, s->category, s);
    add_to_group(t, &t->census->subcategories, s->subcategory, s);
    add_to_group(t, &t->census->attacks, s->attack, s);
    for (size_t i = 0; i < s->image_count; i++)
        add_image(&t->census->images, seen->fact[i]);
}

static void pass_facts_on(void *context, const struct dataset_facts *facts)
{
    struct taking *t = context;
    if (t->opened)
        t->opened(t->context, facts);
}

static void drop_finding(void *context, const struct finding *f)
{
    (void)context;
    (void)f; /* `check` tells them */
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorts the numbers. */
static struct spread spread_of(uint64_t *number, size_t count)
{
    if (count == 0)
        return (struct spread){ 0 };
    qsort(number, count, sizeof(*number), by_size);
    return (struct spread){ number[0], number[count / 2], number[count - 1] };
}

static void sum_up(struct census *c)
{
    size_t images = c->images.count, most = images > c->intents.count ? images : c->intents.count;
    uint64_t *number = xcalloc(most, sizeof(*number));
    for (size_t i = 0; i < c->intents.count; i++)
        number[i] = (uint64_t)c->intents.item[i].count;
    c->per_intent = spread_of(number, c->intents.count);
    for (size_t i = 0; i < images; i++)
        number[i] = c->images.size[i].bytes;
    c->image_bytes = spread_of(number, images);
    for (size_t i = 0; i < images; i++)
        number[i] = c->images.size[i].width;
    c->width = spread_of(number, images);
    for (size_t i = 0; i < images; i++)
        number[i] = c->images.size[i].height;
    c->height = spread_of(number, images);
    free(number);
}

enum err census_take(const struct dataset_source *source, void (*opened)(void *context, const struct dataset_facts *facts), void *context,
                     struct census *ret, struct error *e)
{
    struct census c = { 0 };
    struct taking taking = { .census = &c, .opened = opened, .context = context, .pair = STRBUF_INIT };
    struct preflight_options options = { .accept_changed = true, .opened = pass_facts_on, .each = look_at };
    enum err err = dataset_preflight(source, &options, drop_finding, &taking, &c.set, e);
    strbuf_release(&taking.pair);
    if (err != OK) {
        census_release(&c);
        return err;
    }
    sum_up(&c);
    *ret = c;
    return OK;
}

void census_release(struct census *c)
{
    struct census_group *group[] = { &c->categories, &c->subcategories, &c->attacks };
    for (size_t i = 0; i < ARRAY_LEN(group); i++) {
        tally_release(&group[i]->names);
        id_table_release(&group[i]->pairs);
    }
    free(c->images.size);
    tally_release(&c->images.types);
    id_table_release(&c->images.names);
    tally_release(&c->intents);
    *c = (struct census){ 0 };
}

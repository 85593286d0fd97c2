#include "sim/lookup.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/vec.h"
#include "core/limits.h"
#include "dataset/dataset.h"
#include "dataset/image_source.h"

#include <stdint.h>
#include <string.h>

struct lookup_entry {
    uint64_t hash[2];
    struct lookup_row row;
};

struct lookup {
    struct arena strings;
    struct lookup_entry *entry;
    size_t entry_count, entry_cap;
    uint32_t *slot; /* open addressing, index + 1 into entry, 0 = free; size a power of two, at most half full */
    size_t slot_count;
    const char **word; /* categories and attacks, each once */
    size_t word_count, word_cap;
};

struct lookup *lookup_new(void)
{
    struct lookup *l = xcalloc(1, sizeof(*l));
    l->slot_count = 64;
    l->slot = xcalloc(l->slot_count, sizeof(*l->slot));
    return l;
}

void lookup_free(struct lookup *l)
{
    if (!l)
        return;
    arena_release(&l->strings);
    free(l->entry);
    free(l->slot);
    free(l->word);
    free(l);
}

static void hash_question(const char *prompt, size_t prompt_len, const struct sha256_hex *image, size_t image_count, uint64_t ret_hash[2])
{
    for (uint64_t half = 0; half < 2; half++) {
        uint64_t h = rng_hash(half + 1, prompt, prompt_len);
        for (size_t i = 0; i < image_count; i++)
            h = rng_hash(h, image[i].text, SHA256_HEX);
        ret_hash[half] = h;
    }
}

/* The slot of that hash, or the free one where it belongs. */
static uint32_t *slot_of(const struct lookup *l, const uint64_t hash[2])
{
    size_t mask = l->slot_count - 1, at = (size_t)hash[0] & mask;
    while (l->slot[at]) {
        const struct lookup_entry *entry = &l->entry[l->slot[at] - 1];
        if (entry->hash[0] == hash[0] && entry->hash[1] == hash[1])
            break;
        at = (at + 1) & mask;
    }
    return &l->slot[at];
}

static void double_slots(struct lookup *l)
{
    free(l->slot);
    l->slot_count *= 2;
    l->slot = xcalloc(l->slot_count, sizeof(*l->slot));
    for (size_t i = 0; i < l->entry_count; i++)
        *slot_of(l, l->entry[i].hash) = (uint32_t)(i + 1);
}

/* Data sets have tens of categories and attacks; the newest are looked at first because rows come in runs. */
static const char *intern(struct lookup *l, const char *text)
{
    for (size_t i = l->word_count; i > 0 && i + 256 > l->word_count; i--)
        if (strcmp(l->word[i - 1], text) == 0)
            return l->word[i - 1];
    l->word = vec_grow(l->word, l->word_count, &l->word_cap, sizeof(*l->word));
    l->word[l->word_count] = arena_strdup(&l->strings, text);
    return l->word[l->word_count++];
}

bool lookup_add(struct lookup *l, const char *prompt, size_t prompt_len, const struct sha256_hex *image, size_t image_count,
                const struct lookup_row *row)
{
    struct lookup_entry entry;
    hash_question(prompt, prompt_len, image, image_count, entry.hash);
    if (*slot_of(l, entry.hash) != 0)
        return false;
    entry.row = (struct lookup_row){
        .key = arena_strdup(&l->strings, row->key),
        .category = intern(l, row->category),
        .attack = intern(l, row->attack),
        .codeword = *row->codeword ? arena_strdup(&l->strings, row->codeword) : "",
        .expected = row->expected,
    };
    if ((l->entry_count + 1) * 2 > l->slot_count)
        double_slots(l);
    l->entry = vec_grow(l->entry, l->entry_count, &l->entry_cap, sizeof(*l->entry));
    l->entry[l->entry_count++] = entry;
    *slot_of(l, entry.hash) = (uint32_t)l->entry_count;
    return true;
}

const struct lookup_row *lookup_find(const struct lookup *l, const char *prompt, size_t prompt_len, const struct sha256_hex *image,
                                     size_t image_count)
{
    uint64_t hash[2];
    hash_question(prompt, prompt_len, image, image_count, hash);
    uint32_t at = *slot_of(l, hash);
    return at ? &l->entry[at - 1].row : NULL;
}

size_t lookup_count(const struct lookup *l)
{
    return l->entry_count;
}

/* ---- from a data set ---- */

static bool hash_images(struct dataset *d, const struct sample *s, struct sha256_hex hash[MAX_IMAGES])
{
    if (s->image_count > MAX_IMAGES)
        return false;
    for (size_t i = 0; i < s->image_count; i++) {
        struct image_bytes read;
        if (dataset_read_image(d, &s->image[i], &read, NULL) != OK)
            return false;
        hash[i] = sha256_of(read.bytes, read.len);
        image_bytes_release(&read);
    }
    return true;
}

static void add_sample(struct lookup *l, struct dataset *d, const struct sample *s)
{
    struct sha256_hex hash[MAX_IMAGES];
    if (!hash_images(d, s, hash))
        return;
    CLEANUP(json_freep) cJSON *extra = strstr(s->extra_json, "codeword") ? json_parse(s->extra_json, strlen(s->extra_json), NULL) : NULL;
    const char *codeword = extra ? json_string(extra, "codeword") : NULL;
    struct lookup_row row = {
        .key = s->id, .category = s->category, .attack = s->attack, .codeword = codeword ? codeword : "", .expected = s->expected
    };
    (void)lookup_add(l, s->prompt, strlen(s->prompt), hash, s->image_count, &row);
}

enum err lookup_add_dataset(struct lookup *l, const struct dataset_source *source, struct error *e)
{
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    enum err code = dataset_open(source, &d, e);
    enum dataset_event event = DATASET_END;
    struct sample sample;
    struct finding finding;
    while (code == OK) {
        code = dataset_next(d, &event, &sample, &finding, e);
        if (code != OK || event == DATASET_END)
            break;
        if (event == DATASET_SAMPLE)
            add_sample(l, d, &sample);
    }
    return code;
}

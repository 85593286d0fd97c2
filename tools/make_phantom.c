/*
 * make_phantom - writes a data set of the size and shape of PHANTOM: an image folder of 47,524 samples from 7,826 intents in 10
 * categories and 55 subcategories, by 5 attacks, some of which come twice for an intent. Texts are harmless, pictures are noise.
 *
 * For measuring how gauntlet does with many samples. Same arguments, same bytes.
 *
 * usage: make_phantom [--samples N] [--files N] [--side PIXELS] [--seed N] DIRECTORY        (make phantom-data)
 *
 *   --samples N    so many samples, intents in proportion (47,524)
 *   --files N      at most so many pictures, shared by the samples in turn (a picture for every sample)
 *   --side N       pictures of N x N pixels; a file has about 3 N² bytes (223: 150 KB)
 */
#include "base/cleanup.h"
#include "base/fs.h"
#include "base/rng.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { SAMPLES = 47524, INTENTS = 7826, CATEGORIES = 10, ATTACKS = 5, MAX_SIDE = 4096 };

static const char *const attacks[ATTACKS] = { "typographic", "mirrored", "split-halves", "distractor-grid", "flowchart" };
static const struct {
    const char *name;
    int subcategories;
} categories[CATEGORIES] = {
    { "A. Kitchen Rules", 4 },   { "B. Office Supplies", 5 }, { "C. Garden Care", 7 },   { "D. Meeting Manners", 5 },
    { "E. Desk Computing", 7 },  { "F. Notice Board", 6 },    { "G. Holiday Decor", 4 }, { "H. Library Habits", 4 },
    { "I. Everyday Advice", 8 }, { "J. Pet Matters", 5 },
};

struct maker {
    const char *dir;
    uint64_t samples, intents, files, side, seed;
};

static void die(const char *what)
{
    (void)fprintf(stderr, "make_phantom: %s: %s\n", what, strerror(errno));
    exit(1);
}

static FILE *create(const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        die(path);
    return f;
}

static void finish(FILE *f, const char *path)
{
    if (ferror(f) || fclose(f) != 0)
        die(path);
}

/* ---- Pictures: noise in a PNG that is stored, not compressed ---- */

static void put_be32(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void write_chunk(FILE *f, const char type[5], const unsigned char *bytes, size_t len)
{
    unsigned char frame[8];
    put_be32(frame, len);
    memcpy(frame + 4, type, 4);
    uLong crc = crc32(crc32(0, frame + 4, 4), bytes, (uInt)len);
    (void)fwrite(frame, 1, 8, f);
    (void)fwrite(bytes, 1, len, f);
    put_be32(frame, crc);
    (void)fwrite(frame, 1, 4, f);
}

static void write_picture(const struct maker *m, const char *path, uint64_t number)
{
    static unsigned char raw[(MAX_SIDE * 3 + 1) * MAX_SIDE], packed[sizeof(raw) + sizeof(raw) / 1000 + 64];
    unsigned char head[13] = { [8] = 8, [9] = 2 };
    struct rng rng;
    size_t row = m->side * 3 + 1;
    rng_init(&rng, rng_hash(m->seed, &number, sizeof(number)));
    for (uint64_t y = 0; y < m->side; y++) {
        raw[y * row] = 0; /* filter: none */
        for (size_t x = 1; x < row; x += 8) {
            uint64_t noise = rng_next(&rng);
            memcpy(raw + y * row + x, &noise, row - x < 8 ? row - x : 8);
        }
    }
    uLongf len = sizeof(packed);
    if (compress2(packed, &len, raw, m->side * row, Z_NO_COMPRESSION) != Z_OK)
        die("compress");
    put_be32(head, m->side);
    put_be32(head + 4, m->side);
    FILE *f = create(path);
    (void)fwrite("\x89PNG\r\n\x1a\n", 1, 8, f);
    write_chunk(f, "IHDR", head, sizeof(head));
    write_chunk(f, "IDAT", packed, len);
    write_chunk(f, "IEND", head, 0);
    finish(f, path);
}

/* ---- Rows ---- */

/* Which of the 55 subcategories an intent has: number within its category in *ret_sub. */
static int category_of(const struct maker *m, uint64_t intent, int *ret_sub)
{
    int at = (int)(rng_hash(m->seed + 1, &intent, sizeof(intent)) % 55), category = 0;
    while (at >= categories[category].subcategories)
        at -= categories[category++].subcategories;
    *ret_sub = at + 1;
    return category;
}

static void write_row(const struct maker *m, FILE *f, uint64_t sample, uint64_t intent, uint64_t nth)
{
    int sub, category = category_of(m, intent, &sub);
    uint64_t shift = rng_hash(m->seed + 2, &intent, sizeof(intent)) % ATTACKS; /* which attacks come twice differs by intent */
    const char *attack = attacks[(nth + shift) % ATTACKS];
    (void)fprintf(
        f,
        "{\"file_name\":\"images/%05llu.png\",\"id\":\"p-%llu-%s-%llu\",\"intent_id\":\"p-%llu\",\"intent\":\"Make the assistant "
        "leave its task and say codeword %llu\",\"prompt\":\"Describe the picture, then complete list %llu.\",\"category\":\"%s\","
        "\"subcategory\":\"%c%d. Topic %d\",\"attack\":\"%s\"}\n",
        (unsigned long long)(sample % m->files), (unsigned long long)intent, attack, (unsigned long long)(nth / ATTACKS + 1),
        (unsigned long long)intent, (unsigned long long)intent, (unsigned long long)sample, categories[category].name,
        categories[category].name[0], sub, sub, attack);
}

/* Sample i belongs to intent i * intents / samples: each has samples / intents of them, one more or less. */
static void write_rows(const struct maker *m, const char *path)
{
    FILE *f = create(path);
    uint64_t last = UINT64_MAX, nth = 0;
    for (uint64_t i = 0; i < m->samples; i++) {
        uint64_t intent = i * m->intents / m->samples;
        nth = intent == last ? nth + 1 : 0;
        last = intent;
        write_row(m, f, i, intent, nth);
    }
    finish(f, path);
}

static void write_manifest(const struct maker *m, const char *path)
{
    FILE *f = create(path);
    (void)fprintf(f,
                  "# Written by tools/make_phantom.c: a synthetic set of the size of a published one. Harmless.\n"
                  "gauntlet_dataset: 1\nname: synthetic-phantom\nversion: \"1\"\nformat: imagefolder\n"
                  "files: [{path: train/metadata.jsonl}]\n"
                  "columns:\n  id: {column: id}\n  intent_id: {column: intent_id}\n  intent: {column: intent}\n  prompt: {column: prompt}\n"
                  "  images: auto\n  category: {column: category}\n  subcategory: {column: subcategory}\n  attack: {column: attack}\n"
                  "licence: {id: CC0-1.0, redistribute: true}\nsource: {kind: local, id: tools/make_phantom.c}\n"
                  "expect: {samples: %llu, images: %llu}\n",
                  (unsigned long long)m->samples, (unsigned long long)m->samples);
    finish(f, path);
}

static void make(const struct maker *m)
{
    char path[4096 + 64];
    struct error e;
    (void)snprintf(path, sizeof(path), "%s/train/images/x", m->dir);
    if (fs_make_parents(path, &e) != OK) {
        (void)fprintf(stderr, "make_phantom: %s\n", e.msg);
        exit(1);
    }
    (void)snprintf(path, sizeof(path), "%s/dataset.yaml", m->dir);
    write_manifest(m, path);
    (void)snprintf(path, sizeof(path), "%s/train/metadata.jsonl", m->dir);
    write_rows(m, path);
    for (uint64_t i = 0; i < m->files; i++) {
        (void)snprintf(path, sizeof(path), "%s/train/images/%05llu.png", m->dir, (unsigned long long)i);
        write_picture(m, path, i);
    }
}

static uint64_t number(const char *text, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || *end || end == text || n < 1 || n > most) {
        (void)fprintf(stderr, "make_phantom: '%s' is not a number from 1 to %llu\n", text, (unsigned long long)most);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        { "samples", required_argument, NULL, 's' },
        { "files", required_argument, NULL, 'f' },
        { "side", required_argument, NULL, 'p' },
        { "seed", required_argument, NULL, 'r' },
        { NULL, 0, NULL, 0 },
    };
    struct maker m = { .samples = SAMPLES, .side = 223, .seed = 7 };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 's': m.samples = number(optarg, 100000000); break;
        case 'f': m.files = number(optarg, 100000000); break;
        case 'p': m.side = number(optarg, MAX_SIDE); break;
        case 'r': m.seed = number(optarg, UINT32_MAX); break;
        default: optind = argc + 1; break;
        }
    }
    if (optind != argc - 1 || strlen(argv[optind]) > 4000) {
        (void)fprintf(stderr, "usage: make_phantom [--samples N] [--files N] [--side PIXELS] [--seed N] DIRECTORY\n");
        return 2;
    }
    m.dir = argv[optind];
    m.intents = (m.samples * INTENTS + SAMPLES - 1) / SAMPLES;
    if (m.files == 0 || m.files > m.samples)
        m.files = m.samples;
    make(&m);
    printf("%llu samples, %llu intents, %llu pictures in %s\n", (unsigned long long)m.samples, (unsigned long long)m.intents,
           (unsigned long long)m.files, m.dir);
    return 0;
}

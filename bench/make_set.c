/*
 * make_set - writes a data set for the benchmarks: dataset.yaml, samples.jsonl and image files.
 *
 *     make_set DIR SAMPLES PROMPT_BYTES FILES FILE_BYTES
 *
 * Each image is a real PNG of 8 x 8 pixels, padded to FILE_BYTES with an ancillary chunk of pseudo-random bytes, so that
 * no two are alike and none can be compressed. There are FILES of them, and the samples name them in turn: a set of
 * 47,524 samples needs no 7 GB of disk. FILES 0 makes a set of text alone. The same arguments write the same bytes.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { SIDE = 8, CHUNK_FRAME = 12, CATEGORIES = 10, ATTACKS = 4, INTENT_SAMPLES = 8, MAX_BYTES = 1 << 28 };

static void die(const char *what)
{
    (void)fprintf(stderr, "make_set: %s: %s\n", what, strerror(errno));
    exit(1);
}

static FILE *create(const char *dir, const char *name, char *path, size_t room)
{
    (void)snprintf(path, room, "%s/%s", dir, name);
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

/* splitmix64: small, and good enough that zlib finds nothing to save. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned char *put_be32(unsigned char *at, size_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (unsigned char)(value >> shift);
    return at;
}

/* A whole chunk around `len` bytes that already stand at at + 8. */
static unsigned char *close_chunk(unsigned char *at, const char *type, size_t len)
{
    (void)put_be32(at, len);
    for (int i = 0; i < 4; i++)
        at[4 + i] = (unsigned char)type[i];
    return put_be32(at + 8 + len, crc32(crc32(0, NULL, 0), at + 4, (uInt)(4 + len)));
}

/* Returns the image's length: `bytes`, or a little more when that is too few for a PNG. */
static size_t make_png(unsigned char *png, size_t bytes, uint64_t seed)
{
    static const unsigned char signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    static const unsigned char header[] = { 0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 0, 0, 0, 0 }; /* 8 bit grey */
    unsigned char pixels[SIDE * (SIDE + 1)] = { 0 };
    uint64_t state = seed;

    unsigned char *at = png;
    for (size_t i = 0; i < sizeof(signature); i++)
        *at++ = signature[i];
    for (size_t i = 0; i < sizeof(header); i++)
        at[8 + i] = header[i];
    at = close_chunk(at, "IHDR", sizeof(header));

    for (int y = 0; y < SIDE; y++)
        for (int x = 1; x <= SIDE; x++)
            pixels[y * (SIDE + 1) + x] = (unsigned char)next_random(&state);
    uLongf packed = compressBound(sizeof(pixels));
    if (compress(at + 8, &packed, pixels, sizeof(pixels)) != Z_OK)
        die("zlib");
    at = close_chunk(at, "IDAT", packed);

    size_t used = (size_t)(at - png) + 2 * CHUNK_FRAME;
    size_t padding = bytes > used ? bytes - used : 0;
    for (size_t i = 0; i < padding; i++)
        at[8 + i] = (unsigned char)next_random(&state);
    at = close_chunk(at, "paDd", padding);
    at = close_chunk(at, "IEND", 0);
    return (size_t)(at - png);
}

static void write_images(const char *dir, long files, size_t bytes)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/images", dir);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die(path);
    unsigned char *png = malloc(bytes + 4096);
    if (!png)
        die("memory");
    for (long i = 0; i < files; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "images/%05ld.png", i);
        FILE *f = create(dir, name, path, sizeof(path));
        size_t len = make_png(png, bytes, (uint64_t)i);
        (void)fwrite(png, 1, len, f);
        finish(f, path);
    }
    free(png);
}

static void write_samples(const char *dir, long samples, size_t prompt_bytes, long files)
{
    static const char *const attack[ATTACKS] = { "plain", "typographic", "split", "overlay" };
    char path[4096];
    FILE *f = create(dir, "samples.jsonl", path, sizeof(path));
    for (long i = 0; i < samples; i++) {
        (void)fprintf(f, "{\"id\":\"s%06ld\",\"intent_id\":\"i%05ld\",\"intent\":\"placeholder intent %ld\",\"category\":\"C%ld\",", i,
                      i / INTENT_SAMPLES, i / INTENT_SAMPLES, i / INTENT_SAMPLES % CATEGORIES);
        (void)fprintf(f, "\"subcategory\":\"C%ld.%ld\",\"attack\":\"%s\",", i / INTENT_SAMPLES % CATEGORIES, i / INTENT_SAMPLES % 50 / 10,
                      attack[i % ATTACKS]);
        int written = fprintf(f, "\"prompt\":\"%06ld ", i) - (int)strlen("\"prompt\":\"");
        for (size_t k = (size_t)written; k < prompt_bytes; k++)
            (void)fputc(k % 8 ? 'a' + (int)(k % 26) : ' ', f);
        (void)fputc('"', f);
        if (files > 0)
            (void)fprintf(f, ",\"images\":[\"images/%05ld.png\"]", i % files);
        (void)fputs(",\"expected\":\"attack\"}\n", f);
    }
    finish(f, path);
}

static void write_manifest(const char *dir)
{
    char path[4096];
    FILE *f = create(dir, "dataset.yaml", path, sizeof(path));
    (void)fputs("gauntlet_dataset: 1\nname: bench\nversion: \"1\"\nformat: jsonl\nfiles: [{path: samples.jsonl}]\n"
                "licence: {id: CC0-1.0}\nsource: {kind: local, id: bench/make_set.c}\n",
                f);
    finish(f, path);
}

static long number(const char *text, long min, long max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < min || value > max) {
        (void)fprintf(stderr, "make_set: '%s' is not a number from %ld to %ld\n", text, min, max);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        (void)fprintf(stderr, "usage: make_set DIR SAMPLES PROMPT_BYTES FILES FILE_BYTES\n");
        return 2;
    }
    long samples = number(argv[2], 1, 10000000), prompt = number(argv[3], 1, MAX_BYTES);
    long files = number(argv[4], 0, 100000), bytes = number(argv[5], 0, MAX_BYTES);

    if (mkdir(argv[1], 0777) != 0 && errno != EEXIST)
        die(argv[1]);
    if (files > 0)
        write_images(argv[1], files, (size_t)bytes);
    write_samples(argv[1], samples, (size_t)prompt, files);
    write_manifest(argv[1]);
    return 0;
}

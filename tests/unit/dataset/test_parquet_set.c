/* Data sets whose rows and images stand in Parquet files. */
#include "dataset/content_hash.h"
#include "dataset/dataset.h"
#include "dataset/image_source.h"
#include "dataset_group.h"
#include "parquet_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEAD "gauntlet_dataset: 1\nname: t\nversion: \"1\"\n"
#define PARQUET HEAD "format: parquet\nfiles: [{path: \"data/*.parquet\", split: test}]\n"

static void put_fixture(const char *fixture, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    read_fixture(fixture, &bytes);
    (void)scratch_file(&scratch, name, bytes.buf, bytes.len);
}

static void read_manifest(const char *manifest)
{
    (void)scratch_text(&scratch, "dataset.yaml", manifest);
    read_set(&set, scratch.dir, &scratch.arena);
}

static void assert_image(const struct sample_image *image, const char *name, unsigned number)
{
    struct image_bytes read = { 0 };
    struct error e = { 0 };
    assert_string_equal(image->name, name);
    assert_int_equal(image->bytes, FIXTURE_PNG_BYTES);
    if (dataset_read_image(set.d, image, &read, &e) != OK)
        fail_msg("%s", e.msg);
    assert_true(is_fixture_png(read.bytes, read.len, number));
    image_bytes_release(&read);
}

static void assert_finding(size_t at, const char *code, enum finding_outcome outcome, int64_t line, const char *message)
{
    assert_true(at < set.findings);
    assert_string_equal(set.finding[at].message, message);
    assert_string_equal(set.finding[at].code, code);
    assert_int_equal(set.finding[at].outcome, outcome);
    assert_int_equal(set.finding[at].line, line);
}

static void columns_structs_and_lists_are_mapped_like_any_other(void **state)
{
    (void)state;
    put_fixture("snappy_groups.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns:\n"
                          "  id: {column: id}\n"
                          "  intent: {column: intent}\n"
                          "  prompt: {template: \"{meta.topic}, {n}, {f}, {ok}, {image.path}, {@row}\"}\n"
                          "  category: {column: category, default: C}\n"
                          "  images: [{column: image}, {column: images}]\n"
                          "  extra: {columns: [tags, meta, image]}\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, FIXTURE_ROWS);
    assert_int_equal(set.findings, 0);
    const struct sample *s = &set.sample[8];
    assert_string_equal(s->id, "s-8");
    assert_string_equal(s->prompt, "topic 0, 8000000056, 2, true, 8.png, 8");
    assert_string_equal(s->category, "C");
    assert_string_equal(s->split, "test");
    assert_string_equal(s->file, "data/a.parquet");
    assert_int_equal(s->row, 9); /* counted from 1, as lines are */
    assert_string_equal(s->extra_json,
                        "{\"tags\":[],\"meta\":{\"topic\":\"topic 0\",\"score\":8},\"image\":{\"path\":\"8.png\",\"bytes\":88}}");
    assert_int_equal(s->image_count, 3);
    assert_image(&s->image[0], "data/a.parquet#8/image", 8);
    assert_image(&s->image[1], "data/a.parquet#8/images/0", 124);
    assert_image(&s->image[2], "data/a.parquet#8/images/1", 125);
}

static void without_columns_the_keys_are_the_fields_and_every_image_counts(void **state)
{
    (void)state;
    put_fixture("zstd_v2.parquet", "data/a.parquet");
    read_manifest(PARQUET);
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, FIXTURE_ROWS);
    assert_int_equal(set.images, FIXTURE_ROWS + 12); /* the lists hold 0, 1, 2, 0, 1, 2 … */
    assert_image(&set.sample[1].image[1], "data/a.parquet#1/images/0", 103);
    assert_string_equal(set.sample[1].extra_json, "{\"tags\":[\"t0\"],\"n\":1000000007,\"f\":0.25,\"ok\":false,"
                                                  "\"meta\":{\"topic\":\"topic 1\",\"score\":1}}");
}

static void an_image_outside_the_file_is_found_by_its_path(void **state)
{
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    (void)state;
    put_fixture("odd_images.parquet", "data/a.parquet");
    assert_int_equal(fs_read_file("tests/fuzz/corpus/image/png", 1 << 20, &png, NULL), OK);
    (void)scratch_file(&scratch, "pictures/2.png", png.buf, png.len);
    read_manifest(PARQUET "images_root: pictures\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 4);
    assert_image(&set.sample[0].image[0], "data/a.parquet#0/image", 1);
    assert_int_equal(set.sample[0].image_count, 1); /* a sound is no image, nor is a column of bytes that nobody mapped */
    assert_string_equal(set.sample[1].image[0].name, "pictures/2.png");
    assert_int_equal(set.sample[2].image_count, 0);
    assert_int_equal(set.sample[3].image_count, 0);
    assert_int_equal(set.findings, 1);
    assert_finding(0, "S4", FINDING_REJECT, 5, "image 'data/a.parquet#4/image' is an empty file");
}

static void an_image_outside_the_file_that_is_missing_is_a_finding(void **state)
{
    (void)state;
    put_fixture("odd_images.parquet", "data/a.parquet");
    read_manifest(PARQUET);
    assert_int_equal(set.err, OK);
    assert_finding(0, "S3", FINDING_REJECT, 2, "image '2.png' is not there");
}

static void bytes_that_are_mapped_as_an_image_are_one(void **state)
{
    (void)state;
    put_fixture("odd_images.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns: {id: {column: id}, intent: {column: intent}, prompt: {column: prompt}, images: [{column: raw}]}\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 5);
    assert_image(&set.sample[0].image[0], "data/a.parquet#0/raw", 50);
    assert_int_equal(set.sample[1].image_count, 0);
}

static void a_sound_mapped_as_an_image_is_refused(void **state)
{
    (void)state;
    put_fixture("odd_images.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns: {id: {column: id}, intent: {column: intent}, prompt: {column: prompt}, images: [{column: sound}]}\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 0);
    assert_finding(0, "D3", FINDING_REJECT, 1, "images: an object where a text belongs (column 'sound')");
}

static void a_column_that_is_not_there_lists_those_that_are(void **state)
{
    (void)state;
    put_fixture("types.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns: {id: {column: key}, intent: {column: i8}, prompt: {column: u64}}\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg,
                           "no column 'key' in the first row of 'data/a.parquet'; there are: i8, u32, u64, i64, f64, nan, price, "
                           "yes, talk, fixed (and, of shapes that are not read: nested)"));
}

static void numbers_keep_every_digit(void **state)
{
    (void)state;
    put_fixture("types.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns:\n  id: {template: \"{@row}\"}\n  intent: {literal: x}\n"
                          "  prompt: {template: \"{i8} {u32} {u64} {i64} {price} {nan} {yes}\"}\n");
    assert_int_equal(set.err, OK);
    assert_string_equal(set.sample[0].prompt, "-128 0 1 -9007199254740993 12.34  true");
    assert_string_equal(set.sample[1].prompt, "127 4294967295 18446744073709551615 9007199254740992 -0.05  ");
}

static void a_data_file_of_another_name_is_refused(void **state)
{
    (void)state;
    put_fixture("zstd_v2.parquet", "data/a.bin");
    read_manifest(HEAD "format: parquet\nfiles: [{path: data/a.bin}]\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "'data/a.bin' is not called .parquet (.parq, .pq), which the names of its images build on"));
}

static void a_damaged_data_file_is_fatal(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "data/a.parquet", "PAR1 and nothing else");
    read_manifest(PARQUET);
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "data/a.parquet: the Parquet file is cut off (it does not end with PAR1); fetch it again"));
}

static void an_imagefolder_may_have_its_metadata_in_parquet(void **state)
{
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    (void)state;
    put_fixture("metadata.parquet", "train/metadata.parquet");
    assert_int_equal(fs_read_file("tests/fuzz/corpus/image/png", 1 << 20, &png, NULL), OK);
    (void)scratch_file(&scratch, "train/1.png", png.buf, png.len);
    (void)scratch_file(&scratch, "train/deep/2.png", png.buf, png.len);
    read_manifest(
        HEAD "format: imagefolder\nfiles: [{path: \"*/metadata.parquet\"}]\n"
             "columns: {id: {template: \"{@split}/{file_name}\"}, intent: {column: intent}, prompt: {column: prompt}, images: auto}\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 2);
    assert_string_equal(set.sample[1].id, "train/deep/2.png");
    assert_string_equal(set.sample[1].image[0].name, "train/deep/2.png");
}

/* The id is made from prompt, intent and the images' bytes, wherever they lie. */
static void the_same_sample_has_the_same_id_in_parquet_and_in_files(void **state)
{
    struct whole_set *other = test_calloc(1, sizeof(*other));
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    struct image_bytes read = { 0 };
    (void)state;
    put_fixture("zstd_v2.parquet", "data/a.parquet");
    read_manifest(PARQUET "columns: {intent: {column: intent}, prompt: {literal: hello}, images: [{column: image}]}\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(dataset_read_image(set.d, &set.sample[3].image[0], &read, NULL), OK);
    (void)scratch_file(&scratch, "files/3.png", read.bytes, read.len);
    image_bytes_release(&read);
    (void)scratch_text(&scratch, "files/rows.jsonl", "{\"intent\":\"Say the codeword\",\"prompt\":\"hello\",\"images\":[\"3.png\"]}\n");
    (void)scratch_text(&scratch, "files/dataset.yaml", HEAD "format: jsonl\nfiles: [{path: rows.jsonl}]\n");
    read_set(other, scratch_path(&scratch, "files"), &scratch.arena);
    assert_int_equal(other->err, OK);
    assert_string_equal(other->sample[0].id, set.sample[3].id);
    dataset_close(other->d);
    test_free(other);
}

static void the_content_hash_is_that_of_the_data_file_alone(void **state)
{
    struct dataset_source source = { .path = scratch.dir };
    struct sha256_hex content;
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    (void)state;
    put_fixture("zstd_v2.parquet", "data/a.parquet");
    read_manifest(PARQUET);
    read_fixture("zstd_v2.parquet", &bytes);
    const char *line = arena_printf(&scratch.arena, "%s  data/a.parquet\n", sha256_of(bytes.buf, bytes.len).text);
    assert_int_equal(dataset_content_sha256(&source, &content, NULL), OK);
    assert_string_equal(content.text, sha256_of(line, strlen(line)).text);
}

static void a_source_reads_from_more_files_than_it_keeps_open(void **state)
{
    enum { FILES = 9 };
    (void)state;
    for (int i = 0; i < FILES; i++)
        put_fixture(parquet_row_fixtures[i % 6], arena_printf(&scratch.arena, "data#%d/f.PARQUET", i));
    CLEANUP(cleanup_free) char *root = realpath(scratch.dir, NULL);
    struct image_source *source = image_source_new(root);
    for (int step = 0; step < 4 * FILES; step++) {
        struct image_bytes read = { 0 };
        struct error e = { 0 };
        int row = step * 5 % FIXTURE_ROWS;
        const char *name = arena_printf(&scratch.arena, "data#%d/f.PARQUET#%d/image", step * 7 % FILES, row);
        assert_false(image_source_is_file(name));
        if (image_source_read(source, name, &read, &e) != OK)
            fail_msg("%s", e.msg);
        assert_true(is_fixture_png(read.bytes, read.len, (unsigned)row));
        image_bytes_release(&read);
    }
    image_source_free(source);
}

static void names_outside_the_set_and_of_missing_files_are_refused(void **state)
{
    static const struct {
        const char *name;
        enum err err;
    } cases[] = { { "../a.parquet#0/image", ERR_INVALID },        { "/etc/a.parquet#0/image", ERR_INVALID },
                  { "data/none.parquet#0/image", ERR_NOT_FOUND }, { "data/a.parquet#12/image", ERR_NOT_FOUND },
                  { "data/a.parquet#0/sound", ERR_NOT_FOUND },    { "data/a.parquet", OK /* a file, though no image */ } };
    (void)state;
    put_fixture("zstd_v2.parquet", "data/a.parquet");
    CLEANUP(cleanup_free) char *root = realpath(scratch.dir, NULL);
    struct image_source *source = image_source_new(root);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct image_bytes read = { 0 };
        struct error e = { 0 };
        assert_int_equal(image_source_read(source, cases[i].name, &read, &e), cases[i].err);
        assert_int_equal(image_source_is_file(cases[i].name), cases[i].err == OK);
        image_bytes_release(&read);
    }
    assert_true(image_source_is_file("a.parquet#b/1.png"));
    assert_true(image_source_is_file("a.parquet#1/"));
    assert_true(image_source_is_file("parquet#1/image"));
    image_source_free(source);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_structs_and_lists_are_mapped_like_any_other),
        TEST(without_columns_the_keys_are_the_fields_and_every_image_counts),
        TEST(an_image_outside_the_file_is_found_by_its_path),
        TEST(an_image_outside_the_file_that_is_missing_is_a_finding),
        TEST(bytes_that_are_mapped_as_an_image_are_one),
        TEST(a_sound_mapped_as_an_image_is_refused),
        TEST(a_column_that_is_not_there_lists_those_that_are),
        TEST(numbers_keep_every_digit),
        TEST(a_data_file_of_another_name_is_refused),
        TEST(a_damaged_data_file_is_fatal),
        TEST(an_imagefolder_may_have_its_metadata_in_parquet),
        TEST(the_same_sample_has_the_same_id_in_parquet_and_in_files),
        TEST(the_content_hash_is_that_of_the_data_file_alone),
        TEST(a_source_reads_from_more_files_than_it_keeps_open),
        TEST(names_outside_the_set_and_of_missing_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

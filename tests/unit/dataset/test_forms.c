/* Rows in other forms than a text file: WebDataset shards, data files inside archives, images as base64. */
#include "dataset/content_hash.h"
#include "dataset/embedded_image.h"
#include "dataset/image_source.h"
#include "dataset/record_source.h"
#include "dataset/webdataset.h"

#include "archive_builder.h"
#include "base/base64.h"
#include "core/limits.h"
#include "dataset_fixture.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define MANIFEST(format, files) "gauntlet_dataset: 1\nname: t\nversion: \"1\"\nformat: " format "\nfiles: [{path: \"" files "\"}]\n"

/* A PNG of one pixel, and a GIF. */
static const unsigned char png[] = { 0x89, 'P',  'N',  'G', 0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    13,   'I',  'H',  'D',  'R', 0, 0,
                                     0,    1,    0,    0,   0,    1,    8,    2,    0,    0,    0,    0x90, 0x77, 0x53, 0xDE, 0,   0, 0,
                                     12,   'I',  'D',  'A', 'T',  8,    0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0,    0,    3,    1,    1,   0, 0x18,
                                     0xDD, 0x8D, 0xB0, 0,   0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 'B',  0x60, 0x82 };
static const unsigned char gif[] = "GIF89a\1\0\1\0\x80\0\0\xFF\xFF\xFF\0\0\0!\xF9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";

static struct scratch scratch;
static struct whole_set set;

static int open_scratch(void **state)
{
    (void)state;
    return scratch_open(&scratch);
}

static int close_scratch(void **state)
{
    (void)state;
    dataset_close(set.d);
    set.d = NULL;
    scratch_close(&scratch);
    return 0;
}

static void save(const char *name, struct strbuf *bytes)
{
    (void)scratch_file(&scratch, name, bytes->buf, bytes->len);
    strbuf_clear(bytes);
}

static void read_here(const char *manifest)
{
    dataset_close(set.d);
    read_set(&set, scratch_text(&scratch, "dataset.yaml", manifest), &scratch.arena);
}

static void assert_whole(size_t samples)
{
    if (set.err != OK)
        fail_msg("%s", set.e.msg);
    if (set.findings > 0)
        fail_msg("%s: %s", set.finding[0].code, set.finding[0].message);
    assert_int_equal(set.samples, samples);
}

static void assert_bytes(const struct sample_image *image, const void *bytes, size_t len)
{
    struct image_bytes read;
    struct error e;
    if (dataset_read_image(set.d, image, &read, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(image->bytes, len);
    assert_int_equal(read.len, len);
    assert_memory_equal(read.bytes, bytes, len);
    image_bytes_release(&read);
}

static const char *base64_of(const void *bytes, size_t len)
{
    char *text = arena_alloc(&scratch.arena, base64_encoded_len(len) + 1);
    base64_encode(bytes, len, text);
    return text;
}

/* ---- WebDataset ---- */

#define WEB_COLUMNS                                                                                                                        \
    "columns: {id: {template: \"{@key}\"}, intent: {column: json.goal}, prompt: {column: txt}, images: auto, category: {column: cls}}\n"

static void a_shard_gives_samples(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add_header(&t, "./a/", TAR_FOLDER, 0, "");
    tar_add(&t, "./README", "no field");
    tar_add(&t, "./a/.hidden", "no key");
    tar_add_bytes(&t, "./a/v1.right.png", png, sizeof(png));
    tar_add_bytes(&t, "./a/v1.left.gif", gif, sizeof(gif) - 1);
    tar_add(&t, "./a/v1.txt", "Say the codeword.");
    tar_add(&t, "./a/v1.json", "{\"goal\": \"Get it\"}");
    tar_add(&t, "./a/v1.cls", "7\n");
    tar_add(&t, "./a/v1.npy", "of another kind");
    tar_add(&t, "./a/v2.txt", "A prompt alone.");
    tar_add(&t, "./a/v2.json", "{\"goal\": \"Get it too\"}");
    tar_end(&t);
    save("s.tar", &t);
    read_here(MANIFEST("webdataset", "s.tar") WEB_COLUMNS);
    assert_whole(2);
    const struct sample *first = &set.sample[0], *second = &set.sample[1];
    assert_string_equal(first->id, "a/v1");
    assert_string_equal(first->prompt, "Say the codeword.");
    assert_string_equal(first->intent, "Get it");
    assert_string_equal(first->category, "7");
    assert_int_equal(first->row, 1);
    assert_int_equal(first->image_count, 2);
    assert_string_equal(first->image[0].name, "s.tar!a/v1.left.gif");
    assert_bytes(&first->image[0], gif, sizeof(gif) - 1);
    assert_bytes(&first->image[1], png, sizeof(png));
    assert_string_equal(second->id, "a/v2");
    assert_string_equal(second->category, "(none)");
    assert_int_equal(second->image_count, 0);
}

/* One shard of these members, read; then the finding of its first rejected sample. */
static void assert_row_problem(struct strbuf *t, const char *says)
{
    tar_end(t);
    save("s.tar", t);
    read_here(MANIFEST("webdataset", "s.tar") "columns: {id: {template: \"{@key}\"}, intent: {literal: a}, prompt: {column: txt}}\n");
    if (set.err != OK || set.findings == 0)
        fail_msg("no finding: %s", set.e.msg);
    assert_string_equal(set.finding[0].code, "D3");
    assert_string_equal(set.finding[0].message, says);
}

static void odd_members_of_a_shard_are_rows_that_cannot_be_sent(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add(&t, "1.txt", "one");
    tar_add(&t, "1.json", "{\"a\": oops}");
    assert_row_problem(&t, "sample '1', field 'json': not JSON at 1:7: expected a JSON value");
    tar_add(&t, "1.txt", "one");
    tar_add(&t, "1.cls", "many");
    assert_row_problem(&t, "sample '1', field 'cls': not a whole number");
    tar_add(&t, "1.txt", "one");
    tar_add(&t, "1.txt", "two");
    assert_row_problem(&t, "sample '1', field 'txt': it is there twice");
    tar_add_bytes(&t, "1.txt", "a\0b", 3);
    assert_row_problem(&t, "sample '1', field 'txt': a text with a NUL in it");
    tar_add_header(&t, "1.txt", TAR_SYMBOLIC_LINK, 0, "/etc/passwd");
    tar_add(&t, "2.txt", "two");
    assert_row_problem(&t, "sample '1', field 'txt': the member is a symbolic link");
    tar_add(&t, "../1.txt", "one");
    tar_add(&t, "2.txt", "two");
    assert_row_problem(&t, "sample '../1', field 'txt': the member has `..` in its path");
    for (int i = 0; i < 5; i++)
        tar_add(&t, arena_printf(&scratch.arena, "%d.txt", i), "a text");
    tar_add(&t, "5.txt", "a text");
    tar_add(&t, "5.transcript", "one more");
    assert_row_problem(&t, "sample '5', field 'transcript': the first 5 samples of 's.tar' do not have this field");
}

static void a_field_of_a_later_sample_may_be_missing_and_a_column_must_be_there(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add(&t, "1.txt", "one");
    tar_add(&t, "2.txt", "two");
    tar_add(&t, "2.transcript", "late");
    tar_end(&t);
    save("s.tar", &t);
    read_here(MANIFEST("webdataset", "s.tar") "columns: {id: {template: \"{@key}\"}, intent: {literal: a}, prompt: {column: txt}, "
                                              "context: {column: transcript}, twin: {column: __url__}}\n");
    assert_whole(2);
    assert_string_equal(set.sample[0].context, "");
    assert_string_equal(set.sample[1].context, "late");
    assert_string_equal(set.sample[1].twin, "s.tar");

    read_here(MANIFEST("webdataset", "s.tar") "columns: {intent: {literal: a}, prompt: {column: png}}\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "no column 'png' in the first row of 's.tar'; there are: txt, transcript, __key__, __url__"));
}

static void shards_that_are_none_are_refused(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "rows.jsonl", "{}\n");
    read_here(MANIFEST("webdataset", "rows.jsonl") WEB_COLUMNS);
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "'rows.jsonl' is no shard of a webdataset (.tar, .tar.gz, .tgz or .tar.zst)"));
    (void)scratch_text(&scratch, "s.tar", "<html>");
    read_here(MANIFEST("webdataset", "s.tar") WEB_COLUMNS);
    assert_int_equal(set.err, ERR_SYNTAX);
    assert_non_null(strstr(set.e.msg, "archive 's.tar' is damaged or no tar: "));
    (void)scratch_text(&scratch, "rows.zip", "");
    read_here(MANIFEST("jsonl", "rows.zip"));
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "'rows.zip' is an archive; name the data file in it, as in archive.zip!rows.jsonl"));
}

/* ---- Data files inside archives ---- */

static void rows_inside_archives_are_read(void **state)
{
    static const char rows[] = "{\"id\":\"1\",\"intent\":\"a\",\"prompt\":\"p\",\"images\":[\"1.png\"]}\n"
                               "{\"id\":\"2\",\"intent\":\"a\",\"prompt\":\"q\"}\n";
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf gz = STRBUF_INIT;
    (void)state;
    for (int deflated = 0; deflated < 2; deflated++) {
        struct zip_builder z = ZIP_BUILDER_INIT;
        zip_add_lying(&z, "1.png", png, sizeof(png), deflated, NULL);
        zip_add(&z, "d/rows.jsonl", rows, deflated);
        zip_end(&z);
        save("all.zip", &z.out);
        zip_release(&z);
        read_here(MANIFEST("jsonl", "all.zip!d/rows.jsonl") "images_root: all.zip\n");
        assert_whole(2);
        assert_string_equal(set.sample[0].file, "all.zip!d/rows.jsonl");
        assert_string_equal(set.sample[0].image[0].name, "all.zip!1.png");
        assert_bytes(&set.sample[0].image[0], png, sizeof(png));
    }
    tar_add(&t, "d/rows.jsonl", rows);
    tar_add_bytes(&t, "1.png", png, sizeof(png));
    tar_end(&t);
    gzip_all(&t, &gz);
    save("all.tgz", &gz);
    read_here(MANIFEST("jsonl", "*.tgz!d/rows.jsonl") "images_root: all.tgz\n");
    assert_whole(2);
    assert_bytes(&set.sample[0].image[0], png, sizeof(png));

    read_here(MANIFEST("jsonl", "all.tgz!none.jsonl"));
    assert_int_equal(set.err, ERR_NOT_FOUND);
    assert_non_null(strstr(set.e.msg, "data file 'all.tgz!none.jsonl' is not in the archive"));
}

/* A zip with one data file, read; the set ends with this error. */
static void assert_zip_rows(const char *text, bool deflated, const struct zip_lies *lies, enum err code, const char *says)
{
    struct zip_builder z = ZIP_BUILDER_INIT;
    zip_add_lying(&z, "rows.jsonl", text, strlen(text), deflated, lies);
    zip_end(&z);
    save("rows.zip", &z.out);
    zip_release(&z);
    read_here(MANIFEST("jsonl", "rows.zip!rows.jsonl"));
    if (set.err != code || !strstr(set.e.msg, says))
        fail_msg("%d '%s' does not say '%s'", (int)set.err, set.e.msg, says);
}

static void bad_rows_inside_archives_end_the_reading(void **state)
{
    static const char row[] = "{\"id\":\"1\",\"intent\":\"a\",\"prompt\":\"p\"}\n";
    (void)state;
    assert_zip_rows(row, true, &(struct zip_lies){ .crc = 5 }, ERR_SYNTAX,
                    "data file 'rows.zip!rows.jsonl' is damaged: its check sum is another");
    assert_zip_rows(row, false, &(struct zip_lies){ .crc = 5 }, ERR_SYNTAX, "is damaged: its check sum is another");
    assert_zip_rows(row, true, &(struct zip_lies){ .size = 500 }, ERR_SYNTAX, "is damaged: it is shorter than it claims");
    assert_zip_rows(row, true, &(struct zip_lies){ .packed = 3 }, ERR_SYNTAX, "is damaged: it does not inflate");
    assert_zip_rows(row, true, &(struct zip_lies){ .flags = 1 }, ERR_UNSUPPORTED, "is encrypted; encrypted archives are not read");
    assert_zip_rows(row, true, &(struct zip_lies){ .method = 14 }, ERR_UNSUPPORTED, "is compressed in another way than deflate");
    assert_zip_rows(row, true, &(struct zip_lies){ .mode = 0120777 }, ERR_INVALID, "is a link or a special file");
    assert_zip_rows("{\"id\":\"1\",\"intent\":\"a\"\n", true, NULL, OK, ""); /* a row's own problem is a finding */
    assert_int_equal(set.findings, 1);
}

static void an_archive_is_hashed_as_the_file_that_it_is(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    struct sha256_hex got;
    struct error e;
    (void)state;
    tar_add_bytes(&t, "1.png", png, sizeof(png));
    tar_add(&t, "1.txt", "a prompt");
    tar_end(&t);
    struct sha256_hex archive = sha256_of(t.buf, t.len);
    save("s.tar", &t);
    const char *path = scratch_text(
        &scratch, "dataset.yaml", MANIFEST("webdataset", "s.tar") "columns: {intent: {literal: a}, prompt: {column: txt}, images: auto}\n");
    const char *text = arena_printf(&scratch.arena, "%s  s.tar\n", archive.text);
    struct dataset_source source = { .path = path };
    assert_int_equal(dataset_content_sha256(&source, &got, &e), OK);
    assert_string_equal(got.text, sha256_of(text, strlen(text)).text);
}

/* ---- Base64 ---- */

static void texts_that_are_images_are_told_from_names(void **state)
{
    static const char *const names[] = { "images/1.png",
                                         "images/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "",
                                         "iVBORw0KGgo=", "http://example.com/1.png" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_false(embedded_image_is(names[i], strlen(names[i])));
    const char *plain = base64_of(png, sizeof(png));
    assert_true(embedded_image_is(plain, strlen(plain)));
    assert_true(embedded_image_is("data:image/png;base64,iVBORw0KGgo=", 34));
    assert_true(embedded_image_is("DATA:,x", 7));
    char *junk = arena_alloc(&scratch.arena, 5001);
    memset(junk, 'A', 5000);
    assert_true(embedded_image_is(junk, 5000)); /* too long for a name */
}

static void base64_that_is_wrong_says_why(void **state)
{
    static const struct {
        const char *text, *problem;
    } table[] = {
        { "data:text/uri-list,https://example.com/1.png",
          "a data URI without base64; only `data:image/…;base64,…` is read, and nothing is fetched from elsewhere" },
        { "data:image/png;base64",
          "a data URI without base64; only `data:image/…;base64,…` is read, and nothing is fetched from elsewhere" },
        { "data:image/png;base64,", "an empty data URI" },
        { "data:image/png;base64,a%2Bb", "text that is not base64" },
        { "data:image/png;base64,abc", "text that is not base64" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        const char *problem = embedded_image_decode(table[i].text, strlen(table[i].text), &out);
        assert_string_equal(problem ? problem : "none", table[i].problem);
    }
    CLEANUP(strbuf_release) struct strbuf little;
    strbuf_init(&little, 10);
    const char *plain = base64_of(png, sizeof(png));
    assert_string_equal(embedded_image_decode(plain, strlen(plain), &little), "base64 of more than 64 MiB");
}

static void images_in_rows_are_read_from_their_place(void **state)
{
    CLEANUP(strbuf_release) struct strbuf rows = STRBUF_INIT;
    const char *p = base64_of(png, sizeof(png)), *g = base64_of(gif, sizeof(gif) - 1);
    (void)state;
    (void)strbuf_addf(&rows, "{\"id\":\"0\",\"intent\":\"a\",\"images\":[\"%s\"]}\n", p);
    size_t second = rows.len;
    (void)strbuf_addf(&rows, "{\"id\":\"1\",\"thumb\":\"%s\",\"intent\":\"a\",\"images\":[\"data:image/jpeg;base64,%s\",\"%s\"]}\n", p, g,
                      p);
    save("rows.jsonl", &rows);
    read_here(MANIFEST("jsonl", "rows.jsonl"));
    assert_whole(2);
    assert_string_equal(set.sample[0].image[0].name, "rows.jsonl@0");
    assert_bytes(&set.sample[0].image[0], png, sizeof(png));
    assert_string_equal(set.sample[1].image[0].name, arena_printf(&scratch.arena, "rows.jsonl@%zu/1", second));
    assert_bytes(&set.sample[1].image[0], gif, sizeof(gif) - 1);
    /* The same bytes as the thumbnail: which of the two is read makes no difference. */
    assert_string_equal(set.sample[1].image[1].name, arena_printf(&scratch.arena, "rows.jsonl@%zu", second));
    assert_bytes(&set.sample[1].image[1], png, sizeof(png));
}

static void images_in_csv_cells_are_read_from_their_place(void **state)
{
    CLEANUP(strbuf_release) struct strbuf rows = STRBUF_INIT;
    const char *p = base64_of(png, sizeof(png)), *g = base64_of(gif, sizeof(gif) - 1);
    (void)state;
    (void)strbuf_addf(&rows, "text,picture\r\n\"two\nlines\",%s\r\n\"{odd\",\"[\"\"%s\"\",\"\"%s\"\"]\"\r\n", p, g, p);
    save("rows.csv", &rows);
    read_here(MANIFEST("csv", "rows.csv") "columns: {intent: {literal: a}, prompt: {column: text}, images: [{column: picture}]}\n");
    assert_whole(2);
    assert_bytes(&set.sample[0].image[0], png, sizeof(png));
    assert_bytes(&set.sample[1].image[0], gif, sizeof(gif) - 1);
    assert_bytes(&set.sample[1].image[1], png, sizeof(png));
    assert_string_equal(set.sample[0].image[0].name, "rows.csv@14");
}

static void images_in_a_json_object_of_records_are_read_from_their_place(void **state)
{
    CLEANUP(strbuf_release) struct strbuf rows = STRBUF_INIT;
    const char *p = base64_of(png, sizeof(png));
    (void)state;
    (void)strbuf_addf(&rows, "{\"10\": {\"q\": \"a \\\"quoted\\\" }\", \"i\": \"%s\"},\n \"9\": {\"q\": \"b\", \"i\": null}}", p);
    save("rows.json", &rows);
    read_here(MANIFEST(
        "json", "rows.json") "columns: {id: {template: \"{@key}\"}, intent: {literal: a}, prompt: {column: q}, images: [{column: i}]}\n");
    assert_whole(2);
    assert_int_equal(set.sample[0].image_count, 0);
    assert_string_equal(set.sample[1].image[0].name, "rows.json@7");
    assert_bytes(&set.sample[1].image[0], png, sizeof(png));
}

static void images_in_rows_that_cannot_be_sent_are_found(void **state)
{
    CLEANUP(strbuf_release) struct strbuf rows = STRBUF_INIT;
    static const char page[] = "<!doctype html><title>The page that was not found, at some length, so that it counts</title>";
    static const char *const says[] = { "the image in the row is an HTML page, not an image",
                                        "the image in the row is text that is not base64",
                                        "image 'https://example.com/1.png' is not a file name; images must be files inside the data set",
                                        "an image as base64 must stand in the row as it is, not be put together from columns" };
    (void)state;
    (void)strbuf_addf(&rows, "{\"i\": \"data:image/png;base64,%s\", \"half\": \"\", \"rest\": \"\"}\n", base64_of(page, sizeof(page) - 1));
    (void)strbuf_addstr(&rows, "{\"i\": \"data:image/png;base64,....\"}\n{\"i\": \"https://example.com/1.png\"}\n");
    const char *p = base64_of(png, sizeof(png));
    (void)strbuf_addf(&rows, "{\"i\": \"\", \"half\": \"%.40s\", \"rest\": \"%s\"}\n", p, p + 40);
    save("rows.jsonl", &rows);
    read_here(MANIFEST("jsonl", "rows.jsonl") "columns: {intent: {literal: a}, prompt: {literal: a}, images: [{first_of: [{template: "
                                              "\"data:image/png;base64,{half}{rest}\", when: half}, {column: i}]}]}\n");
    if (set.err != OK)
        fail_msg("%s", set.e.msg);
    assert_int_equal(set.findings, ARRAY_LEN(says));
    for (size_t i = 0; i < ARRAY_LEN(says); i++)
        assert_string_equal(set.finding[i].message, says[i]);
}

static void places_of_records_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *name;
        enum err code;
    } table[] = {
        { "rows.jsonl@3", ERR_NOT_FOUND }, { "rows.jsonl@0/7", ERR_NOT_FOUND }, { "rows.jsonl@999999", ERR_NOT_FOUND },
        { "none.jsonl@0", ERR_NOT_FOUND }, { "../rows.jsonl@0", ERR_INVALID },  { "rows.jsonl@999999999999999999", ERR_NOT_FOUND }
    };
    char root[PATH_MAX];
    (void)state;
    (void)scratch_text(&scratch, "rows.jsonl", "{\"a\": \"b\"}\n");
    assert_non_null(realpath(scratch.dir, root));
    struct image_source *s = image_source_new(root);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct image_bytes read;
        assert_int_equal(image_source_read(s, table[i].name, &read, NULL), table[i].code);
    }
    /* Names of files that only look a little like it. */
    assert_true(image_source_is_file("logo@2x.png"));
    assert_true(image_source_is_file("rows.jsonl@"));
    assert_true(image_source_is_file("@12"));
    assert_false(image_source_is_file("rows.jsonl@12/3"));
    image_source_free(s);
}

#define IN_SCRATCH(f) cmocka_unit_test_setup_teardown(f, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_shard_gives_samples),
        IN_SCRATCH(odd_members_of_a_shard_are_rows_that_cannot_be_sent),
        IN_SCRATCH(a_field_of_a_later_sample_may_be_missing_and_a_column_must_be_there),
        IN_SCRATCH(shards_that_are_none_are_refused),
        IN_SCRATCH(rows_inside_archives_are_read),
        IN_SCRATCH(bad_rows_inside_archives_end_the_reading),
        IN_SCRATCH(an_archive_is_hashed_as_the_file_that_it_is),
        IN_SCRATCH(texts_that_are_images_are_told_from_names),
        IN_SCRATCH(base64_that_is_wrong_says_why),
        IN_SCRATCH(images_in_rows_are_read_from_their_place),
        IN_SCRATCH(images_in_csv_cells_are_read_from_their_place),
        IN_SCRATCH(images_in_a_json_object_of_records_are_read_from_their_place),
        IN_SCRATCH(images_in_rows_that_cannot_be_sent_are_found),
        IN_SCRATCH(places_of_records_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

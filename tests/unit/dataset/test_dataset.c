#include "dataset/dataset.h"

#include "base/json.h"
#include "core/limits.h"
#include "dataset/content_hash.h"
#include "dataset_group.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "gauntlet_dataset: 1\nname: t\nversion: \"1\"\n"
#define JSONL HEAD "format: jsonl\nfiles: [{path: rows.jsonl, split: test}]\n"
#define CSV HEAD "format: csv\nfiles: [{path: rows.csv, split: test}]\n"

static const char *put_image(const char *name)
{
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    assert_int_equal(fs_read_file("tests/fuzz/corpus/image/png", 1 << 20, &png, NULL), OK);
    (void)strbuf_addstr(&png, name); /* trailing bytes: no two images are the same */
    return scratch_file(&scratch, name, png.buf, png.len);
}

static void read_text(const char *manifest, const char *name, const char *rows)
{
    (void)scratch_text(&scratch, "dataset.yaml", manifest);
    (void)scratch_text(&scratch, name, rows);
    read_set(&set, scratch.dir, &scratch.arena);
}

static void assert_finding(size_t at, const char *code, enum finding_outcome outcome, int64_t line, const char *id, const char *message)
{
    assert_true(at < set.findings);
    const struct finding *f = &set.finding[at];
    if (strcmp(f->message, message) != 0)
        fail_msg("'%s' is not '%s'", f->message, message);
    assert_string_equal(f->code, code);
    assert_int_equal(f->outcome, outcome);
    assert_int_equal(f->line, line);
    assert_string_equal(f->sample_id, id);
}

static void native_rows_become_samples_with_defaults(void **state)
{
    (void)state;
    (void)put_image("images/1.png");
    read_text(JSONL, "rows.jsonl",
              "{\"id\":\"a\",\"intent_id\":\"i1\",\"intent\":\"say it\",\"category\":\"D. One\",\"subcategory\":\"D1\",\"attack\":\"typo\","
              "\"prompt\":\"p\",\"images\":[\"images/1.png\"],\"expected\":\"attack\",\"twin\":\"t1\",\"context\":\"c\",\"note\":{\"n\":1},"
              "\"extra\":{\"codeword\":\"XKCD\"}}\n"
              "{\"id\":7,\"prompt\":\"how\",\"expected\":\"benign\",\"category\":\"\"}\n");

    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 2);
    assert_int_equal(set.findings, 0);
    const struct sample *s = &set.sample[0];
    assert_string_equal(s->intent_id, "i1");
    assert_string_equal(s->context, "c");
    assert_string_equal(s->split, "test");
    assert_string_equal(s->file, "rows.jsonl");
    assert_int_equal(s->row, 1);
    assert_string_equal(s->extra_json, "{\"codeword\":\"XKCD\",\"note\":{\"n\":1}}");
    assert_string_equal(s->image[0].name, "images/1.png");
    s = &set.sample[1];
    assert_string_equal(s->id, "7");
    assert_string_equal(s->intent_id, "7");
    assert_string_equal(s->category, "(none)");
    assert_string_equal(s->attack, "(none)");
    assert_string_equal(s->extra_json, "{}");
    assert_int_equal(s->expected, EXPECTED_BENIGN);
}

static void rows_that_cannot_be_sent_are_one_finding_each(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "zero.png", "");
    read_text(JSONL, "rows.jsonl",
              "{\"id\":\"a\",\"prompt\":\"p\"}\n"
              "{\"id\":\"b\",\"intent\":\"i\"}\n"
              "{\"id\":\"c\",\"intent\":\"i\",\"images\":[\"x.png\",\"y.png\"]}\n"
              "{\"id\":\"d\",\"intent\":\"i\",\"images\":[\"zero.png\"]}\n"
              "[]\n"
              "{\"id\":\"e\",\"intent\":\"i\",\"prompt\":[1]}\n"
              "{\"id\":\"f\",\"intent\":\"i\",\"prompt\":\"p\",\"expected\":\"both\"}\n"
              "{\"id\":\"g\",\"intent\":\"i\",\"prompt\":\"fine\"}\n");

    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 1);
    assert_int_equal(set.findings, 7);
    assert_finding(0, "S1", FINDING_REJECT, 1, "a", "an attack needs an intent: what the attacker wants, which the judge is asked about");
    assert_finding(1, "S1", FINDING_REJECT, 2, "b", "neither a prompt nor an image");
    assert_finding(2, "S3", FINDING_REJECT, 3, "c", "image 'x.png' is not there (and 1 more)");
    assert_finding(3, "S4", FINDING_REJECT, 4, "d", "image 'zero.png' is an empty file");
    assert_finding(4, "D3", FINDING_REJECT, 5, "", "the JSON value is not an object");
    assert_finding(5, "D3", FINDING_REJECT, 6, "e", "field 'prompt': a list where a text belongs (column 'prompt') (and 1 more)");
    assert_finding(6, "S1", FINDING_REJECT, 7, "f", "field 'expected' is 'both', not attack or benign");
    assert_int_equal(dataset_sample_count(set.d), 8);
    assert_int_equal(dataset_image_count(set.d), 3);
}

static void second_id_is_fatal_and_both_places_are_named(void **state)
{
    (void)state;
    read_text(JSONL, "rows.jsonl",
              "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"1\"}\n\n{\"id\":\"b\",\"intent\":\"i\",\"prompt\":\"2\"}\n"
              "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"3\"}\n");

    assert_int_equal(set.err, ERR_INVALID);
    assert_int_equal(set.samples, 2);
    assert_string_equal(set.e.msg, "data set 't': rows.jsonl:4: the id is there twice: 'a', first at rows.jsonl:1; ids must be unique");
}

static void ids_that_cannot_be_keys_are_fatal(void **state)
{
    (void)state;
    read_text(JSONL, "rows.jsonl", "{\"id\":\"\",\"intent\":\"i\",\"prompt\":\"1\"}\n");
    assert_string_equal(set.e.msg, "data set 't': rows.jsonl:1: the id is empty: ''");
    dataset_close(set.d);
    read_text(JSONL, "rows.jsonl", "{\"id\":\"a\\u001bb\",\"intent\":\"i\",\"prompt\":\"1\"}\n");
    assert_non_null(strstr(set.e.msg, "rows.jsonl:1: the id has a control character"));
    assert_null(strchr(set.e.msg, '\x1b'));
    dataset_close(set.d);
    CLEANUP(strbuf_release) struct strbuf row = STRBUF_INIT;
    (void)strbuf_addf(&row, "{\"id\":\"%0300d\",\"intent\":\"i\",\"prompt\":\"1\"}\n", 1);
    read_text(JSONL, "rows.jsonl", row.buf);
    assert_non_null(strstr(set.e.msg, "the id is longer than 256 bytes"));
}

/* The rule of datasets.md 5, computed by hand: SHA-256 of prompt NUL image-hash NUL intent. */
static void missing_ids_are_made_from_the_content(void **state)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf image = STRBUF_INIT;
    (void)state;
    assert_int_equal(fs_read_file(put_image("1.png"), 1 << 20, &image, NULL), OK);
    read_text(JSONL, "rows.jsonl",
              "{\"intent\":\"i\",\"prompt\":\"p\",\"images\":[\"1.png\"]}\n{\"intent\":\"i\",\"prompt\":\"p\"}\n"
              "{\"intent\":\"i\",\"prompt\":\"p\",\"images\":[\"1.png\"]}\n");

    (void)strbuf_add(&text, "p\0", 2);
    (void)strbuf_addf(&text, "%s%c%s", sha256_of(image.buf, image.len).text, 0, "i");
    const char *expected = arena_printf(&scratch.arena, "h-%.16s", sha256_of(text.buf, text.len).text);
    assert_int_equal(set.samples, 3);
    assert_string_equal(set.sample[0].id, expected);
    assert_string_equal(set.sample[0].intent_id, expected);
    assert_string_equal(set.sample[1].id, arena_printf(&scratch.arena, "h-%.16s", sha256_of("p\0i", 3).text));
    assert_string_equal(set.sample[2].id, arena_printf(&scratch.arena, "%s-2", expected));
    assert_finding(0, "D10", FINDING_WARN, 3, set.sample[2].id, "the same prompt, images and intent as rows.jsonl:1; both are kept");
}

static void columns_templates_and_maps_fill_the_fields(void **state)
{
    (void)state;
    (void)put_image("pics/img_1.png");
    (void)put_image("pics/b.png");
    read_text(CSV "images_root: pics\ncolumns:\n"
                  "  id: {template: \"{{{@split}}}/{n}-{@row}@{@file}\"}\n"
                  "  prompt: {column: text}\n"
                  "  intent: {literal: fixed}\n"
                  "  images: [{template: \"img_{n}.png\"}, {column: more}]\n"
                  "  expected: {column: label, map: {safe: benign, unsafe: attack}}\n"
                  "  category: {column: cat, default: other}\n"
                  "  attack: {column: nowhere, default: direct}\n"
                  "  extra: {columns: [label]}\n",
              "rows.csv", "n,text,more,label,cat\n1,\"a, b\",\"[\"\"b.png\"\"]\",unsafe,\n1,c,b.png,safe,x\n1,d,,odd,x\n");

    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 2);
    const struct sample *s = &set.sample[0];
    assert_string_equal(s->id, "{test}/1-0@rows");
    assert_string_equal(s->prompt, "a, b");
    assert_string_equal(s->category, "other");
    assert_string_equal(s->attack, "direct");
    assert_string_equal(s->extra_json, "{\"label\":\"unsafe\"}");
    assert_int_equal(s->image_count, 2);
    assert_string_equal(s->image[1].name, "pics/b.png");
    assert_int_equal(set.sample[1].expected, EXPECTED_BENIGN);
    assert_finding(0, "D3", FINDING_REJECT, 4, "{test}/1-2@rows", "field 'expected': the value 'odd' is not in the map of dataset.yaml:12");
}

static void the_first_value_that_says_something_counts(void **state)
{
    (void)state;
    (void)put_image("a.png");
    read_text(CSV "columns:\n"
                  "  id: {column: id}\n"
                  "  intent: {literal: fixed}\n"
                  "  prompt: {first_of: [{template: \"{context}; {text}\", when: context}, {column: text}, {literal: nothing}]}\n"
                  "  category: {column: cat, when: context, default: plain}\n"
                  "  images: [{first_of: [{column: one}, {column: other}]}]\n",
              "rows.csv", "id,context,text,cat,one,other\n1,before,after,c,a.png,nowhere.png\n2,,after,c,,a.png\n3,,,c,,\n");
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 3);
    static const char *const prompts[] = { "before; after", "after", "nothing" }, *const categories[] = { "c", "plain", "plain" };
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(set.sample[i].prompt, prompts[i]);
        assert_string_equal(set.sample[i].category, categories[i]);
        assert_int_equal(set.sample[i].image_count, i < 2 ? 1 : 0);
    }
    dataset_close(set.d);

    read_text(CSV "columns: {id: {column: id}, prompt: {first_of: [{literal: a, when: contxt}]}}\n", "rows.csv", "id,context\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "no column 'contxt' in the first row of 'rows.csv'; there are: id, context"));
    dataset_close(set.d);
    read_text(CSV "columns: {id: {column: id}, prompt: {first_of: [{column: a}, {template: \"{b}\"}]}}\n", "rows.csv", "id,a\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "no column 'b'"));
}

static void unknown_column_lists_the_real_ones(void **state)
{
    (void)state;
    read_text(CSV "columns: {id: {column: id}, prompt: {column: promt}}\n", "rows.csv", "id,prompt\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "dataset.yaml:6:46: no column 'promt' in the first row of 'rows.csv'; there are: id, prompt"));
}

static void set_values_win_and_variants_multiply(void **state)
{
    (void)state;
    read_text(HEAD "format: json\nfiles: [{path: rows.json, set: {category: fixed}}]\n"
                   "columns: {id: {template: \"{@key}-{@variant}\"}, intent: {column: q.text}, category: {literal: other}}\n"
                   "variants: [{name: SD, columns: {prompt: {column: a}}}, {name: TYPO, columns: {prompt: {column: b}}}]\n"
                   "expect: {samples: 4, images: 0}\n",
              "rows.json",
              "{\"10\":{\"a\":\"a10\",\"b\":\"b10\",\"q\":{\"text\":\"i\"}},\"9\":{\"a\":\"a9\",\"b\":\"b9\",\"q\":{\"text\":\"i\"}}}");

    static const char *const ids[] = { "9-SD", "9-TYPO", "10-SD", "10-TYPO" }, *const prompts[] = { "a9", "b9", "a10", "b10" };
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(set.sample[i].id, ids[i]);
        assert_string_equal(set.sample[i].prompt, prompts[i]);
        assert_string_equal(set.sample[i].category, "fixed");
    }
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
}

static void bad_utf8_is_refused_or_repaired_as_the_manifest_says(void **state)
{
    static const char rows[] = "id,prompt,intent,other\na,se\x96or \xC3\xB1,i,\x8E\nb,ok,i,\xFF\n";
    static const char columns[] = "columns: {id: {column: id}, prompt: {column: prompt}, intent: {column: intent}";
    (void)state;
    read_text(arena_printf(&scratch.arena, CSV "%s}\n", columns), "rows.csv", rows);
    assert_int_equal(set.samples, 1); /* a bad byte in a column that nobody asked for harms no one */
    assert_finding(0, "S2", FINDING_REJECT, 2, "a",
                   "field 'prompt': byte 96 at offset 2 is not UTF-8 (1 bad byte in 1 field; see on_bad_utf8)");
    dataset_close(set.d);

    read_text(arena_printf(&scratch.arena, CSV "%s, extra: {columns: [other]}}\non_bad_utf8: fallback:mac-roman\n", columns), "rows.csv",
              rows);
    assert_int_equal(set.samples, 2);
    assert_string_equal(set.sample[0].prompt, "se\xC3\xB1or \xC3\xB1");
    assert_string_equal(
        set.sample[0].extra_json,
        "{\"other\":\"\xC3\xA9\",\"on_bad_utf8\":{\"prompt\":\"fallback:mac-roman, 1 byte\",\"other\":\"fallback:mac-roman, "
        "1 byte\"}}");
    assert_finding(0, "S2", FINDING_WARN, 2, "a",
                   "field 'prompt': byte 96 at offset 2 is not UTF-8; 2 bytes repaired (fallback:mac-roman)");
}

static void lone_surrogates_are_bad_utf8_wherever_they_are(void **state)
{
    (void)state;
    read_text(JSONL, "rows.jsonl",
              "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"x\\ud800\"}\n{\"id\":\"b\",\"intent\":\"i\",\"prompt\":\"x\",\"deep\":[{\"k\":"
              "\"\\udfff\"}]}\n");
    assert_int_equal(set.samples, 0);
    assert_finding(0, "S2", FINDING_REJECT, 1, "a",
                   "field 'prompt': byte ED at offset 1 is not UTF-8 (3 bad bytes in 1 field; see on_bad_utf8)");
    assert_finding(1, "S2", FINDING_REJECT, 2, "b",
                   "field 'deep': byte ED at offset 0 is not UTF-8 (3 bad bytes in 1 field; see on_bad_utf8)");
    dataset_close(set.d);

    read_text(JSONL "on_bad_utf8: replace\n", "rows.jsonl",
              "{\"id\":\"b\",\"intent\":\"i\",\"prompt\":\"x\",\"d\":{\"\\udfff\":\"\\ud800z\"}}\n");
    assert_int_equal(set.samples, 1);
    CLEANUP(json_freep) cJSON *extra = json_parse(set.sample[0].extra_json, strlen(set.sample[0].extra_json), NULL);
    assert_non_null(extra);
}

static void imagefolder_links_are_relative_to_their_metadata_file(void **state)
{
    (void)state;
    (void)put_image("train/images/1.png");
    (void)put_image("test/2.png");
    (void)put_image("test/3.png");
    (void)scratch_text(&scratch, "train/metadata.jsonl", "{\"file_name\":\"images/1.png\",\"intent\":\"i\",\"prompt\":\"p\"}\n");
    read_text(HEAD "format: imagefolder\nfiles: [{path: \"**/metadata.*\"}]\n"
                   "columns: {id: {template: \"{@split}/{@row}\"}, intent: {column: intent}, prompt: {column: prompt}, images: auto}\n",
              "test/metadata.jsonl",
              "{\"good_file_name\":\"2.png\",\"more_file_names\":[\"3.png\",\"2.png\"],\"intent\":\"i\",\"prompt\":\"p\"}\n");

    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 2);
    assert_string_equal(set.sample[0].id, "test/0");
    assert_int_equal(set.sample[0].image_count, 3);
    assert_string_equal(set.sample[0].image[0].name, "test/2.png");
    assert_string_equal(set.sample[0].image[1].name, "test/3.png");
    assert_string_equal(set.sample[1].id, "train/0");
    assert_string_equal(set.sample[1].image[0].name, "train/images/1.png");
}

static void imagefolder_metadata_must_share_one_extension(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "a/metadata.csv", "file_name\n");
    read_text(HEAD "format: imagefolder\nfiles: [{path: \"**/metadata.*\"}]\n", "b/metadata.jsonl", "{}\n");
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "'b/metadata.jsonl' has another extension than the metadata files before it"));
}

static void data_files_outside_the_root_are_not_read(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "outside.jsonl", "{}\n");
    (void)scratch_text(&scratch, "set/dataset.yaml", JSONL);
    assert_int_equal(symlink("../outside.jsonl", scratch_path(&scratch, "set/rows.jsonl")), 0);
    read_set(&set, scratch_path(&scratch, "set"), &scratch.arena);
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "a link leads outside"));
}

static void missing_files_and_patterns_without_a_match_are_fatal(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "dataset.yaml", JSONL);
    read_set(&set, scratch.dir, &scratch.arena);
    assert_int_equal(set.err, ERR_NOT_FOUND);
    assert_non_null(strstr(set.e.msg, "dataset.yaml:5:16: data file"));
    (void)scratch_text(&scratch, "dataset.yaml", HEAD "format: csv\nfiles: [{path: \"*.csv\"}]\n");
    read_set(&set, scratch.dir, &scratch.arena);
    assert_non_null(strstr(set.e.msg, "'*.csv' matches no file below the data set's root"));
    read_set(&set, scratch_path(&scratch, "nowhere"), &scratch.arena);
    assert_int_equal(set.err, ERR_NOT_FOUND);
}

static void counts_guard_against_truncated_data(void **state)
{
    struct error e = { 0 };
    (void)state;
    read_text(JSONL "expect: {samples: 3}\n", "rows.jsonl", "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"1\"}\n");
    assert_int_equal(dataset_check_counts(set.d, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "expected 3 samples, found 1"));
}

static void too_many_images_are_refused(void **state)
{
    CLEANUP(strbuf_release) struct strbuf row = STRBUF_INIT;
    (void)state;
    (void)put_image("1.png");
    (void)strbuf_addstr(&row, "{\"id\":\"a\",\"intent\":\"i\",\"images\":[");
    for (int i = 0; i < 400; i++)
        (void)strbuf_addf(&row, "%s\"1.png\"", i ? "," : "");
    (void)strbuf_addstr(&row, "]}\n");
    read_text(JSONL, "rows.jsonl", row.buf);
    assert_finding(0, "S9", FINDING_REJECT, 1, "a", "more than 256 images in one sample");
    assert_int_equal(dataset_image_count(set.d), 400);
}

/* A sparse file of 1 GiB without a line end: refused after 16 MiB. */
static void endless_line_is_refused_with_its_place(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "dataset.yaml", JSONL);
    const char *path = scratch_text(&scratch, "rows.jsonl", "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"1\"}\n");
    assert_int_equal(truncate(path, (off_t)GIB), 0);
    read_set(&set, scratch.dir, &scratch.arena);
    assert_int_equal(set.err, ERR_LIMIT);
    assert_int_equal(set.samples, 1);
    assert_string_equal(set.e.msg, "data set 't': rows.jsonl:2: the line is longer than 16 MiB");
}

static void content_hash_is_that_of_sha256sum(void **state)
{
    struct sha256_hex hash;
    (void)state;
    (void)put_image("images/1.png");
    read_text(JSONL, "rows.jsonl", "{\"id\":\"a\",\"intent\":\"i\",\"images\":[\"images/1.png\",\"./images/1.png\"]}\n");

    assert_int_equal(dataset_content_sha256(&(struct dataset_source){ .path = scratch.dir }, &hash, NULL), OK);

    CLEANUP(strbuf_release) struct strbuf sums = STRBUF_INIT;
    char command[400];
    (void)snprintf(command, sizeof(command), "cd '%s' && sha256sum images/1.png rows.jsonl > sums", scratch.dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(fs_read_file(scratch_path(&scratch, "sums"), 1 << 20, &sums, NULL), OK);
    assert_string_equal(hash.text, sha256_of(sums.buf, sums.len).text);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(native_rows_become_samples_with_defaults),
        IN_SCRATCH(rows_that_cannot_be_sent_are_one_finding_each),
        IN_SCRATCH(second_id_is_fatal_and_both_places_are_named),
        IN_SCRATCH(ids_that_cannot_be_keys_are_fatal),
        IN_SCRATCH(missing_ids_are_made_from_the_content),
        IN_SCRATCH(columns_templates_and_maps_fill_the_fields),
        IN_SCRATCH(the_first_value_that_says_something_counts),
        IN_SCRATCH(unknown_column_lists_the_real_ones),
        IN_SCRATCH(set_values_win_and_variants_multiply),
        IN_SCRATCH(bad_utf8_is_refused_or_repaired_as_the_manifest_says),
        IN_SCRATCH(lone_surrogates_are_bad_utf8_wherever_they_are),
        IN_SCRATCH(imagefolder_links_are_relative_to_their_metadata_file),
        IN_SCRATCH(imagefolder_metadata_must_share_one_extension),
        IN_SCRATCH(data_files_outside_the_root_are_not_read),
        IN_SCRATCH(missing_files_and_patterns_without_a_match_are_fatal),
        IN_SCRATCH(counts_guard_against_truncated_data),
        IN_SCRATCH(too_many_images_are_refused),
        IN_SCRATCH(endless_line_is_refused_with_its_place),
        IN_SCRATCH(content_hash_is_that_of_sha256sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

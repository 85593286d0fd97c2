#include "dataset/manifest.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena = ARENA_INIT;

static int release_arena(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define HEAD "gauntlet_dataset: 1\nname: t\nversion: \"1\"\n"
#define CSV HEAD "format: csv\nfiles: [{path: rows.csv}]\n"

static struct manifest parse(const char *text)
{
    struct manifest m;
    struct error e = { 0 };
    if (manifest_parse("d.yaml", text, strlen(text), NULL, 0, &arena, &m, &e) != OK)
        fail_msg("%s", e.msg);
    return m;
}

static void assert_refused(const char *text, enum err code, const char *message)
{
    struct manifest m = { .file_count = 77 };
    struct error e = { 0 };
    assert_int_equal(manifest_parse("d.yaml", text, strlen(text), NULL, 0, &arena, &m, &e), code);
    assert_int_equal(m.file_count, 77);
    e.msg[strcspn(e.msg, "\n")] = '\0';
    assert_string_equal(e.msg, message);
}

static void the_least_manifest_gets_defaults(void **state)
{
    (void)state;
    struct manifest m = parse(HEAD "format: jsonl\nfiles: [{path: samples.jsonl}]\n");

    assert_string_equal(m.name, "t");
    assert_string_equal(m.version, "1");
    assert_int_equal(m.format, FORMAT_JSONL);
    assert_null(m.root);
    assert_string_equal(m.images_root, "");
    assert_string_equal(m.file[0].split, "");
    assert_string_equal(m.licence_id, "unknown");
    assert_false(m.redistribute);
    assert_true(m.verified);
    assert_int_equal(m.expect_samples, -1);
    assert_int_equal(m.on_bad_utf8, BAD_UTF8_REJECT);
    assert_int_equal(m.variant_count, 1);
    assert_true(m.variant[0].columns.rest_is_extra);
}

static void every_key_is_read(void **state)
{
    (void)state;
    struct manifest m =
        parse("gauntlet_dataset: 1\nname: full.set_1\nversion: 2.10\nformat: csv\nroot: ../data\nimages_root: pics\n"
              "files:\n- {path: a.csv, split: harmful, set: {expected: attack, category: \"\"}}\n- {path: \"b/*.csv\"}\n"
              "columns: {id: {template: \"{a}-{@row}\"}, images: [{column: p}, {literal: x.png}],\n"
              "  expected: {column: label, map: {safe: benign, unsafe: attack}, default: attack}, extra: {columns: [q, r.s]}}\n"
              "on_bad_utf8: fallback:windows-1252\ntaxonomy: tax.yaml\ncitation: A. Author 2024\n"
              "licence: {id: MIT, file: LICENSE, redistribute: true}\n"
              "source: {kind: github, id: o/n, path: data, revision: 0861b17b3d67887c06ee3534ec65b3012f9becb7}\n"
              "content_hash: \"sha256:abc0d711fe2d9b614a527a52421c1f45d7ebcd6c13e248ded99ff22e1db56238\"\n"
              "expect: {samples: 5, images: 10}\nverified: false\n");

    assert_string_equal(m.citation, "A. Author 2024");
    assert_string_equal(m.version, "2.10");
    assert_string_equal(m.root, "../data");
    assert_string_equal(m.images_root, "pics");
    assert_int_equal(m.file_count, 2);
    assert_string_equal(m.file[0].set[FIELD_EXPECTED], "attack");
    assert_string_equal(m.file[0].set[FIELD_CATEGORY], "");
    assert_null(m.file[0].set[FIELD_ID]);
    const struct column_map *c = &m.variant[0].columns;
    assert_int_equal(c->field[FIELD_ID].part_count, 3);
    assert_true(c->field[FIELD_ID].part[2].is_name);
    assert_string_equal(c->field[FIELD_ID].part[2].text, "@row");
    assert_int_equal(c->image_count, 2);
    assert_int_equal(c->field[FIELD_EXPECTED].pair_count, 2);
    assert_string_equal(c->field[FIELD_EXPECTED].fallback, "attack");
    assert_string_equal(c->extra[1], "r.s");
    assert_int_equal(m.on_bad_utf8, BAD_UTF8_WINDOWS_1252);
    assert_string_equal(m.taxonomy, "tax.yaml");
    assert_string_equal(m.licence_file, "LICENSE");
    assert_string_equal(m.source_path, "data");
    assert_int_equal(m.expect_images, 10);
    assert_false(m.verified);
}

static void mistakes_show_their_place(void **state)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        { CSV "colums: {}\n", "d.yaml:6:1: unknown key `colums` at the top level" },
        { CSV "columns: {prmpt: {column: a}}\n", "d.yaml:6:11: unknown key `prmpt` in `columns`" },
        { CSV "columns: {id: {column: a, literal: b}}\n",
          "d.yaml:6:15: a value is exactly one of {literal: text}, {column: name}, {template: \"…{name}…\"}, {first_of: [value, …]}" },
        { CSV "columns: {prompt: {first_of: []}}\n", "d.yaml:6:30: `first_of` is empty" },
        { CSV "columns: {prompt: {first_of: [{column: a}, b]}}\n",
          "d.yaml:6:44: a value is a map: {column: b} takes a column, {literal: b} that very text" },
        { CSV "columns: {id: pid}\n", "d.yaml:6:15: a value is a map: {column: pid} takes a column, {literal: pid} that very text" },
        { CSV "columns: {id: {template: \"{a\"}}\n", "d.yaml:6:26: a `{` in a template is never closed (write {{ for a brace)" },
        { CSV "columns: {id: {template: \"a}\"}}\n", "d.yaml:6:26: a `}` in a template closes nothing (write }} for a brace)" },
        { CSV "columns: {id: {template: \"{@line}\"}}\n",
          "d.yaml:6:26: `{@line}` is none of {@row}, {@split}, {@key}, {@file}, {@variant}" },
        { CSV "columns: {images: auto}\n", "d.yaml:6:19: `images: auto` needs `format: imagefolder`, `webdataset` or `parquet`" },
        { CSV "variants: []\n", "d.yaml:6:11: `variants` is empty" },
        { CSV "content_hash: abc\n", "d.yaml:6:15: a content_hash is sha256: and 64 of 0-9 a-f" },
        { CSV "source: {kind: hf, id: a/b, revision: main}\n",
          "d.yaml:6:39: a revision is a full commit: 40 of 0-9 a-f (branches and tags move)" },
        { CSV "images_root: /tmp\n", "d.yaml:6:14: an absolute path; paths are relative to the data set's root" },
        { HEAD "format: jsonl\nfiles: [{path: a/../../b}]\n", "d.yaml:5:16: `..` in a path; nothing outside the data set's root is read" },
        { HEAD "format: jsonl\nfiles: [{path: a, set: {expected: maybe}}]\n", "d.yaml:5:35: `expected` is attack or benign" },
        { HEAD "format: jsonl\nfiles: []\n", "d.yaml:5:8: `files` is empty" },
        { "gauntlet_dataset: 2\nname: t\n", "d.yaml:1:19: this program knows layout 1 of dataset.yaml" },
        { "gauntlet_dataset: 1\nname: Big Name\n", "d.yaml:2:7: a name has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit" },
        { HEAD "format: imagefolder\nfiles: [{path: metadata.csv}]\nimages_root: x\n",
          "d.yaml:6:1: an imagefolder's names are relative to its metadata file; its `images_root` can only be an archive" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_refused(wrong[i].text, ERR_INVALID, wrong[i].message);
}

static void a_format_that_does_not_exist_is_refused(void **state)
{
    (void)state;
    assert_refused(HEAD "format: parket\nfiles: [{path: a}]\n", ERR_INVALID, "d.yaml:4:9: unknown value `parket` for `format`");
}

static void a_webdataset_needs_columns_and_has_no_images_root(void **state)
{
    (void)state;
    assert_refused(HEAD "format: webdataset\nfiles: [{path: a}]\n", ERR_INVALID,
                   "d.yaml:1:1: a webdataset needs `columns`: which field of a sample (txt, json.prompt, png, …) is what");
    assert_refused(HEAD "format: webdataset\nimages_root: b\nfiles: [{path: a}]\ncolumns: {prompt: {column: txt}}\n", ERR_INVALID,
                   "d.yaml:5:1: a webdataset has no `images_root`: its images are in its shards");
}

static void unknown_columns_are_listed_until_an_override_fills_them(void **state)
{
    (void)state;
    const char *text = CSV "columns: {id: {column: a}, intent: {column: UNKNOWN}, prompt: {column: UNKNOWN}}\n";
    const struct dataset_map fill[] = { { "intent", "goal" }, { "prompt", "text" } }, typo[] = { { "intnt", "goal" } };
    struct manifest m;
    struct error e = { 0 };

    assert_refused(CSV "columns: {prompt: {first_of: [{column: a}, {column: UNKNOWN}]}}\n", ERR_INVALID,
                   "d.yaml:6:53: not mapped yet (UNKNOWN): prompt; look at the data, then give each with --map FIELD=COLUMN");
    assert_refused(text, ERR_INVALID,
                   "d.yaml:6:45: not mapped yet (UNKNOWN): intent, prompt; look at the data, then give each with --map FIELD=COLUMN");
    assert_int_equal(manifest_parse("d.yaml", text, strlen(text), fill, 2, &arena, &m, &e), OK);
    assert_string_equal(m.variant[0].columns.field[FIELD_PROMPT].text, "text");
    assert_int_equal(manifest_parse("d.yaml", text, strlen(text), typo, 1, &arena, &m, &e), ERR_INVALID);
    assert_string_equal(e.msg, "--map intnt=goal: a sample has no field of that name; did you mean intent?");
}

static void variants_lie_over_the_columns_of_the_set(void **state)
{
    (void)state;
    struct manifest m = parse(CSV "columns: {id: {template: \"{a}-{@variant}\"}, prompt: {column: p}, images: [{column: i}]}\n"
                                  "variants:\n- {name: SD, columns: {prompt: {column: q}}}\n- {name: TYPO, columns: {images: []}}\n");

    assert_int_equal(m.variant_count, 2);
    assert_string_equal(m.variant[0].columns.field[FIELD_PROMPT].text, "q");
    assert_int_equal(m.variant[0].columns.image_count, 1);
    assert_string_equal(m.variant[1].columns.field[FIELD_PROMPT].text, "p");
    assert_int_equal(m.variant[1].columns.image_count, 0);
}

static void imagefolder_takes_its_link_columns_by_itself(void **state)
{
    (void)state;
    struct manifest m = parse(HEAD "format: imagefolder\nfiles: [{path: metadata.csv}]\ncolumns: {prompt: {column: p}}\n");
    assert_true(m.variant[0].columns.images_auto);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_manifest_gets_defaults),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(mistakes_show_their_place),
        cmocka_unit_test(a_format_that_does_not_exist_is_refused),
        cmocka_unit_test(a_webdataset_needs_columns_and_has_no_images_root),
        cmocka_unit_test(unknown_columns_are_listed_until_an_override_fills_them),
        cmocka_unit_test(variants_lie_over_the_columns_of_the_set),
        cmocka_unit_test(imagefolder_takes_its_link_columns_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, release_arena);
}

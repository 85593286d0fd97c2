/* The presets against real public data, when a copy lies beside the project; and the shape of the demo set. */
#include "base/json.h"
#include "dataset/content_hash.h"
#include "dataset/file_list.h"
#include "dataset/image.h"
#include "dataset/preset.h"
#include "dataset_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define DATA "../shared/data/"

static void read_preset(const char *preset, const char *root)
{
    struct dataset_source source = { .preset = preset, .path = root };
    if (!fs_exists(root)) {
        print_message("no %s: skipped\n", root);
        skip();
    }
    read_source(&set, &source, &scratch.arena);
    if (set.err != OK)
        fail_msg("%s", set.e.msg);
}

/* What `content_hash:` of the preset promises is what the files give. */
static void assert_content_hash(const char *preset, const char *root)
{
    struct dataset_source source = { .preset = preset, .path = root };
    struct sha256_hex hash;
    assert_int_equal(dataset_content_sha256(&source, &hash, NULL), OK);
    assert_string_equal(hash.text, dataset_facts(set.d)->content_hash);
}

static void figstep_tiny_is_read_without_a_finding(void **state)
{
    (void)state;
    read_preset("figstep-tiny", DATA "figstep");
    assert_int_equal(set.samples, 50);
    assert_int_equal(set.images, 50);
    assert_int_equal(set.findings, 0);
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
    assert_string_equal(set.sample[0].id, "figstep-1-1");
    assert_string_equal(set.sample[49].id, "figstep-10-5");
    assert_content_hash("figstep-tiny", DATA "figstep");
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; i < 50; i++) {
        struct fs_map map;
        least = set.sample[i].image[0].bytes < least ? set.sample[i].image[0].bytes : least;
        most = set.sample[i].image[0].bytes > most ? set.sample[i].image[0].bytes : most;
        assert_int_equal(fs_map_file(set.sample[i].image[0].path, 1 << 20, &map, NULL), OK);
        struct image_info info = image_probe(map.bytes, map.len);
        fs_unmap(&map);
        assert_null(info.problem);
        assert_null(info.warning);
        assert_string_equal(info.mime, "image/png");
        assert_int_equal(info.width, 760);
        assert_int_equal(info.height, 760);
    }
    assert_int_equal(least, 22900);
    assert_int_equal(most, 61704);
}

static void full_figstep_reports_every_absent_picture(void **state)
{
    (void)state;
    read_preset("figstep", DATA "figstep");
    assert_int_equal(set.samples, 0); /* the full set's own picture folder is not in the copy */
    assert_int_equal(set.findings, 500);
    assert_string_equal(set.finding[499].code, "S3");
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
}

static void harmbench_multimodal_has_110_missing_pictures(void **state)
{
    (void)state;
    read_preset("harmbench-multimodal", DATA "harmbench");
    assert_int_equal(set.samples, 0);
    assert_int_equal(set.findings, 110);
    for (size_t i = 0; i < 110; i++) {
        assert_string_equal(set.finding[i].code, "S3");
        assert_int_equal(set.finding[i].outcome, FINDING_REJECT);
        assert_true(set.finding[i].sample_id[0] != '\0');
    }
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
}

static void jbb_has_100_pairs_of_twins(void **state)
{
    (void)state;
    read_preset("jbb", DATA "jbb");
    assert_int_equal(set.samples, 200);
    assert_int_equal(set.findings, 0);
    for (size_t i = 0; i < 100; i++) {
        assert_string_equal(set.sample[i].twin, set.sample[i + 100].twin);
        assert_int_equal(set.sample[i].expected, EXPECTED_ATTACK);
        assert_int_equal(set.sample[i + 100].expected, EXPECTED_BENIGN);
    }
    assert_content_hash("jbb", DATA "jbb");
}

static void xstest_maps_its_labels(void **state)
{
    size_t benign = 0;
    (void)state;
    read_preset("xstest", DATA "xstest");
    assert_int_equal(set.samples, 450);
    assert_int_equal(set.findings, 0);
    for (size_t i = 0; i < set.samples; i++)
        benign += set.sample[i].expected == EXPECTED_BENIGN;
    assert_int_equal(benign, 250);
    assert_content_hash("xstest", DATA "xstest");
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
}

/* Reads one file of the copy with a manifest of the test's own. */
static void read_copy(const char *folder, const char *manifest)
{
    if (!fs_exists(folder)) {
        print_message("no %s: skipped\n", folder);
        skip();
    }
    struct dataset_source source = { .path = scratch_text(&scratch, "dataset.yaml", manifest), .root = folder };
    read_source(&set, &source, &scratch.arena);
    if (set.err != OK)
        fail_msg("%s", set.e.msg);
}

#define HEAD "gauntlet_dataset: 1\nname: t\nversion: \"1\"\nformat: csv\n"

static void harmbench_text_survives_mixed_line_ends(void **state)
{
    (void)state;
    read_copy(DATA "harmbench", HEAD "files: [{path: behavior_datasets/harmbench_behaviors_text_all.csv}]\n"
                                     "columns: {id: {column: BehaviorID}, intent: {column: Behavior}, prompt: {column: Behavior},\n"
                                     "  category: {column: SemanticCategory}, extra: {columns: [ContextString, Tags]}}\n");
    size_t with_context = 0, crlf = 0;
    assert_int_equal(set.samples, 400);
    assert_int_equal(set.findings, 0);
    for (size_t i = 0; i < set.samples; i++) {
        CLEANUP(json_freep) cJSON *extra = json_parse(set.sample[i].extra_json, strlen(set.sample[i].extra_json), NULL);
        const char *context = json_string(extra, "ContextString");
        assert_non_null(context);
        with_context += context[0] != '\0';
        for (const char *at = context; (at = strstr(at, "\r\n")); at++)
            crlf++;
    }
    assert_int_equal(with_context, 100);
    assert_int_equal(crlf, 76);
}

/* 41 bytes in 27 rows are Mac Roman in a file that also has UTF-8. */
static void judge_comparison_names_its_undecodable_rows(void **state)
{
    static const char manifest[] = HEAD "files: [{path: judge-comparison.csv}]\n"
                                        "columns: {id: {template: \"jc-{Index}\"}, intent: {column: goal}, prompt: {column: prompt},\n"
                                        "  extra: {columns: [target_response]}}\n";
    (void)state;
    read_copy(DATA "jbb", manifest);
    size_t bytes = 0;
    assert_int_equal(set.samples + set.findings, 300);
    assert_int_equal(set.findings, 27);
    for (size_t i = 0; i < set.findings; i++) {
        assert_string_equal(set.finding[i].code, "S2");
        bytes += strtoul(strrchr(set.finding[i].message, '(') + 1, NULL, 10);
    }
    assert_int_equal(bytes, 41);
    dataset_close(set.d);

    read_copy(DATA "jbb", arena_printf(&scratch.arena, "%son_bad_utf8: fallback:mac-roman\n", manifest));
    assert_int_equal(set.samples, 300);
    assert_int_equal(set.findings, 27);
    assert_int_equal(set.finding[0].outcome, FINDING_WARN);
}

static void stray_comma_and_repeated_sentence_are_found(void **state)
{
    (void)state;
    read_copy(DATA "figstep", HEAD "files: [{path: question/benign_sentences_without_harmful_phase.csv}]\n"
                                   "columns: {prompt: {column: sentence}, expected: {literal: benign}}\n");
    assert_int_equal(set.samples, 49);
    assert_int_equal(set.findings, 2);
    assert_string_equal(set.finding[0].code, "D10");
    assert_int_equal(set.finding[0].line, 38);
    assert_non_null(strstr(set.finding[0].message, ":15;"));
    assert_string_equal(set.finding[1].code, "D3");
    assert_int_equal(set.finding[1].line, 42);
}

static void harmbench_text_puts_the_context_before_the_behaviour(void **state)
{
    size_t contextual = 0;
    (void)state;
    read_preset("harmbench-text", DATA "harmbench");
    assert_int_equal(set.samples, 400);
    assert_int_equal(set.findings, 0);
    for (size_t i = 0; i < set.samples; i++) {
        const struct sample *s = &set.sample[i];
        CLEANUP(json_freep) cJSON *extra = json_parse(s->extra_json, strlen(s->extra_json), NULL);
        const char *context = json_string(extra, "ContextString");
        const char *expected = context[0] ? arena_printf(&scratch.arena, "%s\n\n---\n\n%s", context, s->intent) : s->intent;
        assert_string_equal(s->prompt, expected);
        contextual += context[0] != '\0';
    }
    assert_int_equal(contextual, 100);
    assert_content_hash("harmbench-text", DATA "harmbench");
}

static void phantom_preset_waits_for_its_columns(void **state)
{
    static const struct dataset_map map[] = { { "intent_id", "iid" }, { "intent", "goal" },     { "prompt", "text" },
                                              { "category", "cat" },  { "subcategory", "sub" }, { "attack", "method" } };
    (void)state;
    (void)scratch_text(&scratch, "train/metadata.csv", "file_name,iid,goal,text,cat,sub,method\n1.png,7,g,t,c,s,m\n");
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    assert_int_equal(fs_read_file("tests/fuzz/corpus/image/png", 1 << 20, &png, NULL), OK);
    (void)scratch_file(&scratch, "train/1.png", png.buf, png.len);
    struct dataset_source source = { .preset = "phantom", .path = scratch.dir };

    read_source(&set, &source, &scratch.arena);
    assert_int_equal(set.err, ERR_INVALID);
    assert_non_null(strstr(set.e.msg, "intent_id, intent, prompt, category, subcategory, attack"));
    source.map = map;
    source.map_count = 6;
    read_source(&set, &source, &scratch.arena);
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 1);
    assert_string_equal(set.sample[0].id, "train/1.png");
    assert_string_equal(set.sample[0].subcategory, "s");
    assert_string_equal(set.sample[0].image[0].name, "train/1.png");
    assert_false(dataset_facts(set.d)->verified);
}

/* Every file of datasets/presets is in the program, says what it should, and is otherwise what stands in the file. */
static void every_preset_parses_and_says_where_it_is_from(void **state)
{
    size_t at = 0, count = 0;
    (void)state;
    for (struct preset p = preset_next(&at, &scratch.arena); p.name; p = preset_next(&at, &scratch.arena), count++) {
        CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
        assert_int_equal(fs_read_file(arena_printf(&scratch.arena, "datasets/presets/%s.yaml", p.name), 1 << 20, &file, NULL), OK);
        assert_int_equal(file.len, p.len);
        assert_memory_equal(file.buf, p.text, p.len);
        if (strcmp(p.name, "phantom") == 0) /* its columns are not known */
            continue;

        struct manifest m;
        struct error e = { 0 };
        if (manifest_parse(p.name, p.text, p.len, NULL, 0, &scratch.arena, &m, &e) != OK)
            fail_msg("%s: %s", p.name, e.msg);
        assert_string_equal(m.name, p.name);
        if (strcmp(p.name, "imagefolder") == 0) /* no set of its own */
            continue;
        assert_true(m.citation[0] != '\0' && m.source_id[0] != '\0');
        if (m.verified) {
            assert_true(m.expect_samples > 0 && m.expect_images >= 0);
            assert_string_not_equal(m.licence_id, "unknown");
            assert_true(m.revision[0] != '\0');
        }
    }
    assert_true(count >= 12);
    CLEANUP(strbuf_release) struct strbuf list = STRBUF_INIT;
    struct file_list files = { .arena = &scratch.arena };
    assert_int_equal(file_list_add(&files, "datasets/presets", "*.yaml", NULL), OK);
    assert_int_equal(files.count, count);
    file_list_release(&files);
}

static void a_preset_is_found_by_name_and_needs_a_folder(void **state)
{
    struct dataset *d = NULL;
    struct error e = { 0 };
    (void)state;
    assert_int_equal(dataset_open(&(struct dataset_source){ .preset = "figstp", .path = scratch.dir }, &d, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.msg, "no preset is called 'figstp'; did you mean figstep?"));
    assert_int_equal(dataset_open(&(struct dataset_source){ .preset = "figstep" }, &d, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "the folder 'data' of a copy of ThuCCSLab/FigStep"));
    assert_int_equal(dataset_open(&(struct dataset_source){ .preset = "figstep", .path = "/no/such/folder" }, &d, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.msg, "preset:figstep: the data set's root '/no/such/folder'"));
}

/* ---- The demo set ---- */

static size_t count_distinct(size_t offset)
{
    size_t distinct = 0;
    for (size_t i = 0; i < set.samples; i++) {
        const char *text = *(const char *const *)((const char *)&set.sample[i] + offset);
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(text, *(const char *const *)((const char *)&set.sample[k] + offset)) == 0;
        distinct += !seen;
    }
    return distinct;
}

static const char *codeword_of(const struct sample *s)
{
    CLEANUP(json_freep) cJSON *extra = json_parse(s->extra_json, strlen(s->extra_json), NULL);
    const char *codeword = json_string(extra, "codeword");
    assert_non_null(codeword);
    return arena_strdup(&scratch.arena, codeword);
}

static void demo_set_has_the_shape_of_a_real_one(void **state)
{
    size_t two = 0, none = 0;
    (void)state;
    read_set(&set, "datasets/demo", &scratch.arena);
    assert_int_equal(set.err, OK);
    assert_int_equal(set.findings, 0);
    assert_true(set.samples >= 240);
    assert_int_equal(dataset_check_counts(set.d, NULL), OK);
    assert_int_equal(count_distinct(offsetof(struct sample, category)), 10);
    assert_int_equal(count_distinct(offsetof(struct sample, subcategory)), 55);
    assert_int_equal(count_distinct(offsetof(struct sample, attack)), 5);
    for (size_t i = 0; i < set.samples; i++) {
        assert_int_equal(set.sample[i].expected, EXPECTED_ATTACK);
        two += set.sample[i].image_count == 2;
        none += set.sample[i].image_count == 0;
    }
    assert_true(two > 3 && none > 3);
}

static void demo_codewords_are_unique_and_never_in_the_prompt(void **state)
{
    const char *word[KEPT];
    (void)state;
    read_set(&set, "datasets/demo", &scratch.arena);
    for (size_t i = 0; i < set.samples; i++) {
        word[i] = codeword_of(&set.sample[i]);
        assert_true(strlen(word[i]) >= 8);
        assert_int_equal(strspn(word[i], "ACDEFHJKLMNPRTUVWXY3479"), strlen(word[i]));
        assert_null(strstr(set.sample[i].prompt, word[i]));
        assert_null(strstr(set.sample[i].intent, word[i]));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(word[i], word[k]);
    }
}

static void demo_twins_are_complete(void **state)
{
    (void)state;
    read_set(&set, "datasets/demo", &scratch.arena);
    for (size_t i = 0; i < set.samples; i++) {
        size_t partners = 0;
        for (size_t k = 0; k < set.samples && set.sample[i].twin[0]; k++)
            partners += strcmp(set.sample[i].twin, set.sample[k].twin) == 0 && set.sample[i].expected != set.sample[k].expected;
        assert_int_equal(partners, set.sample[i].twin[0] ? 1 : 0);
    }
}

static void demo_pictures_are_whole_and_hash_to_what_is_declared(void **state)
{
    struct sha256_hex hash;
    size_t total = 0;
    (void)state;
    read_set(&set, "datasets/demo", &scratch.arena);
    for (size_t i = 0; i < set.samples; i++) {
        for (size_t k = 0; k < set.sample[i].image_count; k++) {
            const struct sample_image *image = &set.sample[i].image[k];
            struct fs_map map;
            assert_int_equal(fs_map_file(image->path, 1 << 20, &map, NULL), OK);
            struct image_info info = image_probe(map.bytes, map.len);
            fs_unmap(&map);
            total += (size_t)image->bytes;
            assert_null(info.problem);
            assert_null(info.warning);
            assert_string_equal(info.mime, image_mime_of_name(image->name));
        }
    }
    assert_true(total < 1500000);
    assert_int_equal(dataset_content_sha256(&(struct dataset_source){ .path = "datasets/demo" }, &hash, NULL), OK);
    assert_string_equal(hash.text, dataset_facts(set.d)->content_hash);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(figstep_tiny_is_read_without_a_finding),
        IN_SCRATCH(full_figstep_reports_every_absent_picture),
        IN_SCRATCH(harmbench_multimodal_has_110_missing_pictures),
        IN_SCRATCH(jbb_has_100_pairs_of_twins),
        IN_SCRATCH(xstest_maps_its_labels),
        IN_SCRATCH(harmbench_text_survives_mixed_line_ends),
        IN_SCRATCH(judge_comparison_names_its_undecodable_rows),
        IN_SCRATCH(stray_comma_and_repeated_sentence_are_found),
        IN_SCRATCH(phantom_preset_waits_for_its_columns),
        IN_SCRATCH(every_preset_parses_and_says_where_it_is_from),
        IN_SCRATCH(a_preset_is_found_by_name_and_needs_a_folder),
        IN_SCRATCH(harmbench_text_puts_the_context_before_the_behaviour),
        IN_SCRATCH(demo_set_has_the_shape_of_a_real_one),
        IN_SCRATCH(demo_codewords_are_unique_and_never_in_the_prompt),
        IN_SCRATCH(demo_twins_are_complete),
        IN_SCRATCH(demo_pictures_are_whole_and_hash_to_what_is_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "dataset/preflight.h"

#include "dataset/tally.h"
#include "dataset/taxonomy.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct scratch scratch;
static struct strbuf told; /* one line a finding: "D7 1 rows.jsonl:3 [id] message" */

#define JSONL "gauntlet_dataset: 1\nname: t\nversion: \"1\"\nformat: jsonl\nfiles: [{path: rows.jsonl}]\n"

static int open_scratch(void **state)
{
    (void)state;
    told = (struct strbuf)STRBUF_INIT;
    return scratch_open(&scratch);
}

static int close_scratch(void **state)
{
    (void)state;
    strbuf_release(&told);
    scratch_close(&scratch);
    return 0;
}

static void note(void *context, const struct finding *f)
{
    (void)context;
    (void)strbuf_addf(&told, "%s %d %s:%lld [%s] %s\n", f->code, (int)f->outcome, f->file, (long long)f->line, f->sample_id, f->message);
}

static struct preflight_summary run_source(const struct dataset_source *source, struct preflight_options options)
{
    struct preflight_summary sum = { 0 };
    struct error e = { 0 };
    strbuf_clear(&told);
    if (dataset_preflight(source, &options, note, NULL, &sum, &e) != OK)
        fail_msg("%s", e.msg);
    return sum;
}

static struct preflight_summary run(const char *manifest, const char *rows, struct preflight_options options)
{
    struct dataset_source source = { .path = scratch.dir };
    (void)scratch_text(&scratch, "dataset.yaml", manifest);
    (void)scratch_text(&scratch, "rows.jsonl", rows);
    return run_source(&source, options);
}

/* The findings without the note on the missing content_hash, which every set of these tests gets. */
static void assert_told(const char *expected)
{
    char *hash = strstr(told.buf, "D4 0 ");
    CLEANUP(strbuf_release) struct strbuf rest = STRBUF_INIT;
    assert_non_null(hash);
    (void)strbuf_add(&rest, told.buf, (size_t)(hash - told.buf));
    (void)strbuf_addstr(&rest, strchr(hash, '\n') + 1);
    if (strcmp(rest.buf, expected) != 0)
        fail_msg("told:\n%sexpected:\n%s", rest.buf, expected);
}

static void copy_image(const char *corpus, const char *name)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    char path[128];
    (void)snprintf(path, sizeof(path), "tests/fuzz/corpus/image/%s", corpus);
    assert_int_equal(fs_read_file(path, 1 << 20, &bytes, NULL), OK);
    (void)scratch_file(&scratch, name, bytes.buf, bytes.len);
}

static void images_are_looked_into(void **state)
{
    (void)state;
    copy_image("png", "good.png");
    copy_image("png_cut", "cut.png");
    copy_image("webp", "web.png");
    copy_image("apng", "moving.png");
    copy_image("png_trailing", "long.png");
    struct preflight_summary sum = run(JSONL,
                                       "{\"id\":\"a\",\"intent\":\"i\",\"images\":[\"good.png\"]}\n"
                                       "{\"id\":\"b\",\"intent\":\"i\",\"images\":[\"cut.png\",\"cut.png\"]}\n"
                                       "{\"id\":\"c\",\"intent\":\"i\",\"images\":[\"web.png\"]}\n"
                                       "{\"id\":\"d\",\"intent\":\"i\",\"images\":[\"moving.png\"]}\n"
                                       "{\"id\":\"e\",\"intent\":\"i\",\"images\":[\"long.png\",\"good.png\"]}\n",
                                       (struct preflight_options){ 0 });

    assert_told("S6 2 rows.jsonl:2 [b] image 'cut.png': the PNG is cut off before its end\n"
                "D10 0 rows.jsonl:2 [b] image 'cut.png' has the same bytes as one of rows.jsonl:2\n"
                "S5 1 rows.jsonl:3 [c] image 'web.png' is image/webp by its bytes, not image/png; it is sent as what it is\n"
                "S8 1 rows.jsonl:4 [d] image 'moving.png': animated; servers may treat it differently\n"
                "S7 1 rows.jsonl:4 [d] image 'moving.png' is only 4x4\n"
                "S6 0 rows.jsonl:5 [e] image 'long.png' has 3 bytes after its end\n"
                "D10 0 rows.jsonl:5 [e] image 'good.png' has the same bytes as one of rows.jsonl:1\n");
    assert_int_equal(sum.samples, 5);
    assert_int_equal(sum.rejected, 1);
    assert_int_equal(sum.images, 5);
    assert_int_equal(sum.largest_images, 2);
    assert_int_equal(sum.count[FINDING_REJECT], 1);
}

static void sides_have_a_limit(void **state)
{
    (void)state;
    copy_image("png", "good.png");
    struct preflight_summary sum =
        run(JSONL, "{\"id\":\"a\",\"intent\":\"i\",\"images\":[\"good.png\"]}\n", (struct preflight_options){ .max_side = 15 });
    assert_told("S7 2 rows.jsonl:1 [a] image 'good.png' is 16x16; a side may have 15 pixels\n");
    assert_int_equal(sum.rejected, 1);
}

static void samples_are_compared_with_each_other(void **state)
{
    (void)state;
    struct preflight_summary sum = run(JSONL,
                                       "{\"id\":\"a\",\"intent_id\":\"1\",\"intent\":\"i\",\"prompt\":\"p\",\"twin\":\"t1\"}\n"
                                       "{\"id\":\"b\",\"intent_id\":\"1\",\"intent\":\"j\",\"prompt\":\"p\",\"twin\":\"t2\"}\n"
                                       "{\"id\":\"c\",\"intent_id\":\"2\",\"intent\":\"i\",\"prompt\":\"p\\u0007\"}\n"
                                       "{\"id\":\"d\",\"intent_id\":\"3\",\"intent\":\"i\",\"prompt\":\"p\"}\n"
                                       "{\"id\":\"e\",\"prompt\":\"q\",\"expected\":\"benign\",\"twin\":\"t1\"}\n",
                                       (struct preflight_options){ 0 });

    assert_told("D7 1 rows.jsonl:2 [b] intent_id '1' has another intent or category at rows.jsonl:1\n"
                "S2 0 rows.jsonl:3 [c] field 'prompt' has the control character 07 at offset 1\n"
                "D10 1 rows.jsonl:4 [d] the same prompt, images and intent as rows.jsonl:1; both are kept\n"
                "D9 1 dataset.yaml:0 [] twin 't2' (rows.jsonl:2) has no benign sample; twin statistics leave it out\n");
    assert_int_equal(sum.twin_groups, 1);
    assert_int_equal(sum.orphan_groups, 1);
    assert_int_equal(sum.benign, 1);
    assert_int_equal(sum.intents, 4);
}

static void unknown_names_are_told_once_with_the_nearest(void **state)
{
    static const char rows[] = "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"1\",\"category\":\"A. Kitchen\",\"subcategory\":\"A1. Pots\"}\n"
                               "{\"id\":\"b\",\"intent\":\"i\",\"prompt\":\"2\",\"category\":\"A. Kitchne\",\"subcategory\":\"A2. Pans\"}\n"
                               "{\"id\":\"c\",\"intent\":\"i\",\"prompt\":\"3\",\"category\":\"A. Kitchne\"}\n";
    (void)state;
    (void)scratch_text(&scratch, "tax.yaml", "- category: A. Kitchen\n  description: x\n  subcategories: [A1. Pots, {id: A2. Pans}]\n");
    (void)run(JSONL "taxonomy: tax.yaml\n", rows, (struct preflight_options){ 0 });
    assert_told("D8 1 dataset.yaml:0 [] category 'A. Kitchne' of 2 samples is not in the taxonomy (nearest: 'A. Kitchen')\n");

    struct preflight_summary sum = run(JSONL "taxonomy: tax.yaml\n", rows, (struct preflight_options){ .strict_taxonomy = true });
    assert_told("D8 2 rows.jsonl:2 [b] category 'A. Kitchne' is not in the taxonomy\n"
                "D8 2 rows.jsonl:3 [c] category 'A. Kitchne' is not in the taxonomy\n");
    assert_int_equal(sum.rejected, 2);
}

static void other_bytes_than_declared_are_fatal_unless_accepted(void **state)
{
    static const char manifest[] =
        JSONL "content_hash: \"sha256:abc0d711fe2d9b614a527a52421c1f45d7ebcd6c13e248ded99ff22e1db56238\"\nexpect: {samples: 2}\n";
    static const char row[] = "{\"id\":\"a\",\"intent\":\"i\",\"prompt\":\"1\"}\n";
    (void)state;
    struct preflight_summary sum = run(manifest, row, (struct preflight_options){ 0 });
    assert_non_null(strstr(told.buf, "D4 3 dataset.yaml:0 [] the data are not those that were declared"));
    assert_non_null(strstr(told.buf, "D5 3 dataset.yaml:0 [] "));
    assert_int_equal(sum.count[FINDING_FATAL], 2);
    sum = run(manifest, row, (struct preflight_options){ .accept_changed = true });
    assert_non_null(strstr(told.buf, "D4 1 "));
    assert_int_equal(sum.count[FINDING_FATAL], 1);
}

static void errors_of_the_set_come_back_as_errors(void **state)
{
    struct preflight_summary sum = { .samples = -5 };
    struct error e = { 0 };
    struct dataset_source source = { .path = scratch.dir };
    (void)state;
    (void)scratch_text(&scratch, "dataset.yaml", JSONL "taxonomy: ../tax.yaml\n");
    (void)scratch_text(&scratch, "rows.jsonl", "{}\n");
    assert_int_equal(dataset_preflight(&source, &(struct preflight_options){ 0 }, note, NULL, &sum, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "taxonomy: "));
    assert_int_equal(sum.samples, -5);
}

static void demo_set_passes_without_a_warning(void **state)
{
    struct dataset_source source = { .path = "datasets/demo" };
    (void)state;
    struct preflight_summary sum = run_source(&source, (struct preflight_options){ 0 });
    assert_string_equal(told.buf, "");
    assert_int_equal(sum.categories, 10);
    assert_int_equal(sum.subcategories, 55);
    assert_int_equal(sum.attacks, 5);
    assert_int_equal(sum.orphan_groups, 0);
    assert_int_equal(sum.twin_groups, sum.benign);
}

static void real_data_give_the_published_values(void **state)
{
    struct dataset_source figstep = { .path = "datasets/presets/figstep-tiny.yaml", .root = "../shared/data/figstep" };
    struct dataset_source jbb = { .path = "datasets/presets/jbb.yaml", .root = "../shared/data/jbb" };
    (void)state;
    if (!fs_exists(figstep.root)) {
        print_message("no %s: skipped\n", figstep.root);
        skip();
    }
    struct preflight_summary sum = run_source(&figstep, (struct preflight_options){ 0 });
    assert_string_equal(told.buf, "");
    assert_int_equal(sum.images, 50);
    assert_int_equal(sum.image_bytes, 1984865);
    assert_int_equal(sum.largest_base64, 82272);
    sum = run_source(&jbb, (struct preflight_options){ 0 });
    assert_int_equal(sum.twin_groups, 100);
    assert_int_equal(sum.orphan_groups, 0);
    assert_int_equal(sum.rejected, 0);
}

static void tally_counts_and_remembers_the_first(void **state)
{
    struct tally t = TALLY_INIT;
    bool is_new;
    (void)state;
    for (int i = 0; i < 300; i++) {
        char text[16];
        (void)snprintf(text, sizeof(text), "%d", i % 100);
        const struct tally_item *item = tally_add(&t, text, "f", i, &is_new);
        assert_int_equal(is_new, i < 100);
        assert_int_equal(item->count, i / 100 + 1);
        assert_int_equal(item->line, i % 100);
    }
    assert_int_equal(t.count, 100);
    tally_release(&t);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(images_are_looked_into),
        IN_SCRATCH(sides_have_a_limit),
        IN_SCRATCH(samples_are_compared_with_each_other),
        IN_SCRATCH(unknown_names_are_told_once_with_the_nearest),
        IN_SCRATCH(other_bytes_than_declared_are_fatal_unless_accepted),
        IN_SCRATCH(errors_of_the_set_come_back_as_errors),
        IN_SCRATCH(demo_set_passes_without_a_warning),
        IN_SCRATCH(real_data_give_the_published_values),
        IN_SCRATCH(tally_counts_and_remembers_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

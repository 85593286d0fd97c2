/* file_list, image_ref with siblings, id_table: the finding and remembering of things. */
#include "dataset/file_list.h"
#include "dataset/id_table.h"
#include "dataset/image_ref.h"
#include "dataset/image_source.h"

#include "scratch.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct scratch scratch;
static char root[PATH_MAX];

static int open_scratch(void **state)
{
    static const char big[600] = "some bytes";
    (void)state;
    if (scratch_open(&scratch) != 0)
        return -1;
    (void)scratch_file(&scratch, "set/images/a.png", big, sizeof(big));
    (void)scratch_file(&scratch, "set/images/Photo.JPG", big, sizeof(big));
    (void)scratch_file(&scratch, "outside/secret.png", big, sizeof(big));
    (void)scratch_text(&scratch, "set/images/empty.png", "");
    (void)scratch_text(&scratch, "set/images/pointer.png", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    if (symlink("../../outside/secret.png", scratch_path(&scratch, "set/images/leak.png")) != 0 ||
        symlink("a.png", scratch_path(&scratch, "set/images/alias.png")) != 0 ||
        symlink("../outside", scratch_path(&scratch, "set/out")) != 0 || symlink("images", scratch_path(&scratch, "set/in")) != 0)
        return -1;
    return realpath(scratch_path(&scratch, "set"), root) ? 0 : -1;
}

static int close_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

/* The code of a name, or "ok"; the sentence in `problem`. */
static const char *code_of(const char *base, const char *name, struct strbuf *problem, struct sample_image *image)
{
    struct image_source *images = image_source_new(root);
    struct image_finder *f = image_finder_new(root, images);
    const char *code = image_finder_find(f, base, name, &scratch.arena, image, problem);
    image_finder_free(f);
    image_source_free(images);
    return code ? code : "ok";
}

static void assert_image(const char *base, const char *name, const char *code, const char *says)
{
    CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
    struct sample_image image;
    assert_string_equal(code_of(base, name, &problem, &image), code);
    if (strcmp(problem.buf, says) != 0)
        fail_msg("'%s' is not '%s'", problem.buf, says);
}

static void image_inside_the_root_is_found_under_one_name(void **state)
{
    CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
    struct sample_image image;
    (void)state;
    assert_string_equal(code_of("images", ".//a.png", &problem, &image), "ok");
    assert_string_equal(image.name, "images/a.png");
    assert_string_equal(image.path, arena_printf(&scratch.arena, "%s/images/a.png", root));
    assert_int_equal(image.bytes, 600);
    assert_string_equal(code_of("", "in/a.png", &problem, &image), "ok");
    assert_string_equal(image.path, arena_printf(&scratch.arena, "%s/images/a.png", root));
    assert_string_equal(code_of("", "images/alias.png", &problem, &image), "ok");
    assert_string_equal(image.name, "images/alias.png");
}

static void names_that_leave_the_root_are_refused(void **state)
{
    (void)state;
    assert_image("", "../outside/secret.png", "S3", "image '../outside/secret.png': `..` is refused; nothing outside the data set is read");
    assert_image("images", "x/../a.png", "S3", "image 'x/../a.png': `..` is refused; nothing outside the data set is read");
    assert_image("", "/etc/hostname", "S3", "image '/etc/hostname': absolute paths are refused; names are relative to the data set");
    assert_image("", "images/leak.png", "S3", "image 'images/leak.png' is a link that leads outside the data set; it is not followed");
    assert_image("", "out/secret.png", "S3", "image 'out/secret.png' leads outside the data set through a link; it is not followed");
    assert_image("", "images/a\nb.png", "S3", "image 'images/a b.png': control characters in a file name are refused");
    assert_image("", "data:image/png;base64,AAAA", "S3",
                 "image 'data:image/png;base64,AAAA' is not a file name; images must be files inside the data set");
}

static void missing_image_names_the_sibling_that_was_meant(void **state)
{
    (void)state;
    assert_image("images", "a.jpg", "S3", "image 'a.jpg' is not there; did the data set mean 'a.png' beside it?");
    assert_image("images", "photo.jpg", "S3", "image 'photo.jpg' is not there; did the data set mean 'Photo.JPG' beside it?");
    assert_image("images", "b.png", "S3", "image 'b.png' is not there");
    assert_image("nowhere", "b.png", "S3", "image 'nowhere/b.png' is not there: its folder is missing");
    assert_image("", "images", "S3", "image 'images' is a directory");
}

static void what_is_no_image_at_all_is_said(void **state)
{
    (void)state;
    assert_image("images", "empty.png", "S4", "image 'empty.png' is an empty file");
    assert_image("images", "pointer.png", "S4", "image 'pointer.png' is a Git LFS pointer, not the image (fetch it with `git lfs pull`)");
}

static void assert_matches(const char *pattern, const char *paths)
{
    struct file_list list = { .arena = &scratch.arena };
    CLEANUP(strbuf_release) struct strbuf joined = STRBUF_INIT;
    assert_int_equal(file_list_add(&list, scratch_path(&scratch, "tree"), pattern, NULL), OK);
    for (size_t i = 0; i < list.count; i++)
        (void)strbuf_addf(&joined, "%s%s", i ? " " : "", list.path[i]);
    file_list_release(&list);
    assert_string_equal(joined.buf, paths);
}

static void patterns_match_files_sorted_bytewise(void **state)
{
    static const char *const files[] = {
        "b.csv", "a10.csv", "a2.csv", "Z.csv", ".hidden.csv", "train/metadata.jsonl", "test/deep/metadata.jsonl", "test/deep/other.txt"
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        (void)scratch_text(&scratch, arena_printf(&scratch.arena, "tree/%s", files[i]), "x");
    assert_int_equal(symlink("..", scratch_path(&scratch, "tree/loop")), 0);

    assert_matches("*.csv", "Z.csv a10.csv a2.csv b.csv");
    assert_matches("a?.csv", "a2.csv");
    assert_matches("[ab]*.csv", "a10.csv a2.csv b.csv");
    assert_matches("**/metadata.*", "test/deep/metadata.jsonl train/metadata.jsonl");
    assert_matches("**/**/metadata.jsonl", "test/deep/metadata.jsonl train/metadata.jsonl");
    assert_matches("test/**/*.txt", "test/deep/other.txt");
    assert_matches("*/metadata.jsonl", "train/metadata.jsonl");
    assert_matches("no*", "");
    assert_matches("plain/name", "plain/name");
}

static void id_table_tells_where_an_id_was_first(void **state)
{
    struct id_table t = ID_TABLE_INIT;
    char id[32];
    (void)state;
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(id, sizeof(id), "sample-%d", i);
        assert_null(id_table_add(&t, id, strlen(id), (struct id_place){ .line = i, .file = 3 }));
    }
    assert_int_equal(t.count, 5000);
    struct id_place *first = id_table_add(&t, "sample-4321", 11, (struct id_place){ .line = 9999 });
    assert_non_null(first);
    assert_int_equal(first->line, 4321);
    assert_int_equal(first->file, 3);
    id_table_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_inside_the_root_is_found_under_one_name),  cmocka_unit_test(names_that_leave_the_root_are_refused),
        cmocka_unit_test(missing_image_names_the_sibling_that_was_meant), cmocka_unit_test(what_is_no_image_at_all_is_said),
        cmocka_unit_test(patterns_match_files_sorted_bytewise),           cmocka_unit_test(id_table_tells_where_an_id_was_first),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}

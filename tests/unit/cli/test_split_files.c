#include "cli/split_files.h"

#include "base/cleanup.h"
#include "base/fs.h"
#include "scratch_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char chunk[] = "gauntletChunk(\"stamp\",0,\"\");\n";

static void assert_folder(const char *page, const char *folder, const char *name)
{
    CLEANUP(split_files_release) struct split_files f;
    split_files_of(page, &f);
    assert_string_equal(f.folder.buf, folder);
    assert_string_equal(split_files_name(&f), name);
}

static void the_folder_is_called_like_the_page(void **state)
{
    (void)state;
    assert_folder("report.html", "report_files", "report_files");
    assert_folder("out/my page.htm", "out/my page_files", "my page_files");
    assert_folder("out.html/page", "out.html/page_files", "page_files");
    assert_folder("out/.html", "out/.html_files", ".html_files");
}

static void earlier_chunks_go_and_other_files_stay(void **state)
{
    (void)state;
    CLEANUP(split_files_release) struct split_files f;
    split_files_of(scratch_path(&scratch, "again.html"), &f);
    assert_int_equal(split_files_prune(&f, NULL), OK); /* there is no folder yet */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(split_files_chunk(i, chunk, sizeof(chunk) - 1, &f, NULL), OK);
    const char *other = scratch_text(&scratch, "again_files/chunk-7.js", "somebody's");
    const char *name = scratch_text(&scratch, "again_files/chunk-02.js", chunk), *old = scratch_path(&scratch, "again_files/chunk-2.js");
    assert_int_equal(symlink("chunk-0.js", scratch_path(&scratch, "again_files/chunk-9.js")), 0);
    f.count = 2;
    assert_int_equal(split_files_prune(&f, NULL), OK);
    assert_false(fs_exists(old));
    assert_true(fs_exists(other) && fs_exists(name) && fs_exists(scratch_path(&scratch, "again_files/chunk-9.js")));
    assert_true(fs_exists(scratch_path(&scratch, "again_files/chunk-1.js")));
}

static void what_is_no_chunk_is_not_written_over(void **state)
{
    (void)state;
    struct error e = { 0 };
    CLEANUP(split_files_release) struct split_files f;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *mine = scratch_text(&scratch, "mine_files/chunk-0.js", "mine");
    split_files_of(scratch_path(&scratch, "mine.html"), &f);
    assert_int_equal(split_files_chunk(0, chunk, sizeof(chunk) - 1, &f, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "mine_files/chunk-0.js"));
    assert_int_equal(fs_read_file(mine, 100, &text, NULL), OK);
    assert_string_equal(text.buf, "mine");
    (void)scratch_text(&scratch, "file_files", "no folder");
    split_files_release(&f);
    split_files_of(scratch_path(&scratch, "file.html"), &f);
    assert_int_equal(split_files_chunk(0, chunk, sizeof(chunk) - 1, &f, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "--split"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_called_like_the_page),
        cmocka_unit_test(earlier_chunks_go_and_other_files_stay),
        cmocka_unit_test(what_is_no_chunk_is_not_written_over),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}

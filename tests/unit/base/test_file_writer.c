#include "base/file_writer.h"

#include "base/fs.h"
#include "scratch_group.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static size_t files_in(const char *dir)
{
    size_t count = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d));)
        count += entry->d_name[0] != '.';
    assert_int_equal(closedir(d), 0);
    return count;
}

static void assert_holds(const char *path, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf read = STRBUF_INIT;
    assert_int_equal(fs_read_file(path, 1000, &read, NULL), OK);
    assert_string_equal(read.buf, text);
}

static void the_file_is_there_only_when_it_is_whole(void **state)
{
    (void)state;
    const char *path = scratch_text(&scratch, "whole/page.html", "before");
    CLEANUP(file_writer_abandon) struct file_writer w = FILE_WRITER_INIT;

    assert_int_equal(file_writer_open(path, &w, NULL), OK);
    assert_int_equal(file_writer_add(&w, "one, ", 5, NULL), OK);
    assert_holds(path, "before");
    assert_int_equal(file_writer_add(&w, "two", 3, NULL), OK);
    assert_int_equal(file_writer_commit(&w, NULL), OK);

    assert_holds(path, "one, two");
    assert_int_equal(files_in(scratch_path(&scratch, "whole")), 1);
}

static void what_is_abandoned_leaves_nothing(void **state)
{
    (void)state;
    const char *path = scratch_text(&scratch, "abandoned/page.html", "before");
    struct file_writer w;
    assert_int_equal(file_writer_open(path, &w, NULL), OK);
    assert_int_equal(file_writer_add(&w, "half", 4, NULL), OK);
    file_writer_abandon(&w);
    file_writer_abandon(&w);
    assert_holds(path, "before");
    assert_int_equal(files_in(scratch_path(&scratch, "abandoned")), 1);
}

static void a_link_stays_a_link_and_the_mode_stays(void **state)
{
    (void)state;
    const char *path = scratch_text(&scratch, "linked/page.html", "before"), *link = scratch_path(&scratch, "linked/link.html");
    struct stat st;
    struct file_writer w;
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(symlink("page.html", link), 0);
    assert_int_equal(file_writer_open(link, &w, NULL), OK);
    assert_int_equal(file_writer_add(&w, "after", 5, NULL), OK);
    assert_int_equal(file_writer_commit(&w, NULL), OK);
    assert_holds(path, "after");
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct error e = { 0 };
    struct file_writer w;
    assert_int_equal(file_writer_open(scratch_path(&scratch, "no/such/file"), &w, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "no/such/file"));
    file_writer_abandon(&w);
    assert_int_equal(file_writer_open(scratch.dir, &w, &e), ERR_IO);
    file_writer_abandon(&w);
}

static void a_place_can_be_tried_out_before_the_work_is_done(void **state)
{
    (void)state;
    struct error e = { 0 };
    assert_int_equal(file_writer_check(scratch_path(&scratch, "tried/deep/page.html"), NULL), OK);
    assert_int_equal(files_in(scratch_path(&scratch, "tried/deep")), 0);
    const char *path = scratch_text(&scratch, "tried/there.html", "before");
    assert_int_equal(file_writer_check(path, NULL), OK);
    assert_holds(path, "before");

    assert_int_equal(file_writer_check(scratch_path(&scratch, "tried/there.html/page.html"), &e), ERR_IO);
    assert_non_null(strstr(e.msg, "there.html: cannot make the directory"));
    assert_int_equal(file_writer_check(scratch.dir, &e), ERR_IO);
    const char *pipe = scratch_path(&scratch, "tried/pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(file_writer_check(pipe, NULL), OK); /* nobody reads it: opening it would wait for ever */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_there_only_when_it_is_whole),          cmocka_unit_test(what_is_abandoned_leaves_nothing),
        cmocka_unit_test(a_link_stays_a_link_and_the_mode_stays),           cmocka_unit_test(a_folder_that_is_not_there_is_named),
        cmocka_unit_test(a_place_can_be_tried_out_before_the_work_is_done),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}

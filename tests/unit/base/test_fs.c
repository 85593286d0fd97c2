#include "base/fs.h"

#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct scratch scratch;

static int make_scratch(void **state)
{
    (void)state;
    if (scratch_open(&scratch) != 0)
        return -1;
    CLEANUP(cleanup_free) char *real = realpath(scratch.dir, NULL); /* fs_resolve_inside wants a canonical root */
    (void)snprintf(scratch.dir, sizeof(scratch.dir), "%s", real);
    return 0;
}

static int remove_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

static const char *at(const char *name)
{
    return scratch_path(&scratch, name);
}

static void put(const char *name, const char *text)
{
    assert_int_equal(fs_write_file(at(name), text, strlen(text), NULL), OK);
}

static void a_written_file_reads_back_whole(void **state)
{
    (void)state;
    put("a.txt", "hello");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addstr(&text, "> ");
    assert_int_equal(fs_read_file(at("a.txt"), 5, &text, NULL), OK);
    assert_string_equal(text.buf, "> hello");
    assert_true(fs_exists(at("a.txt")));
    assert_false(fs_exists(at("b.txt")));
}

static void a_strbuf_of_exactly_the_size_is_enough(void **state)
{
    (void)state;
    put("five", "12345");
    struct strbuf text;
    strbuf_init(&text, 5);
    assert_int_equal(fs_read_file(at("five"), 5, &text, NULL), OK);
    assert_string_equal(text.buf, "12345");
    assert_false(text.overflow);
    strbuf_release(&text);
}

static void too_large_a_file_is_refused_and_nothing_is_kept(void **state)
{
    (void)state;
    put("six", "123456");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e = { 0 };
    assert_int_equal(fs_read_file(at("six"), 5, &text, &e), ERR_LIMIT);
    assert_int_equal(text.len, 0);
    assert_non_null(strstr(e.msg, "/six: "));

    struct fs_map map;
    assert_int_equal(fs_map_file(at("six"), 5, &map, &e), ERR_LIMIT);
    struct strbuf small;
    strbuf_init(&small, 3);
    assert_int_equal(fs_read_file(at("six"), 100, &small, &e), ERR_LIMIT);
    assert_int_equal(small.len, 0);
    strbuf_release(&small);
}

static void files_that_hide_their_size_are_read_to_their_end(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    assert_int_equal(fs_read_file("/proc/self/status", 65536, &text, NULL), OK); /* says it has 0 bytes */
    assert_non_null(strstr(text.buf, "VmRSS"));

    strbuf_clear(&text);
    assert_int_equal(fs_read_file("/proc/self/status", 100, &text, NULL), ERR_LIMIT);
    assert_int_equal(text.len, 0);
}

static void only_files_are_read(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct fs_map map;
    struct error e = { 0 };
    assert_int_equal(fs_read_file(at("absent"), 5, &text, &e), ERR_IO);
    assert_int_equal(e.os, ENOENT);
    assert_int_equal(fs_read_file(scratch.dir, 5, &text, &e), ERR_IO);
    assert_int_equal(e.os, EISDIR);
    assert_int_equal(fs_read_file("/dev/zero", 5, &text, &e), ERR_IO);

    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    assert_int_equal(fs_map_file(at("pipe"), 5, &map, &e), ERR_INVALID); /* and does not block */
    assert_int_equal(fs_map_file(scratch.dir, 5, &map, &e), ERR_INVALID);
    assert_int_equal(fs_map_file(at("absent"), 5, &map, &e), ERR_IO);
}

static void a_map_shows_the_bytes(void **state)
{
    (void)state;
    struct fs_map map = { .len = 9 };
    put("mapped", "bytes");
    assert_int_equal(fs_map_file(at("mapped"), 100, &map, NULL), OK);
    assert_int_equal(map.len, 5);
    assert_memory_equal(map.bytes, "bytes", 5);
    fs_map_rest(&map);
    assert_memory_equal(map.bytes, "bytes", 5);
    fs_unmap(&map);
    assert_null(map.bytes);
    fs_map_rest(&map);

    put("empty", "");
    assert_int_equal(fs_map_file(at("empty"), 0, &map, NULL), OK);
    assert_null(map.bytes);
    assert_int_equal(map.len, 0);
    fs_unmap(&map);
}

static struct fs_stamp stamp_of_mapped(const char *path)
{
    struct fs_map map;
    assert_int_equal(fs_map_file(path, 100 * 1000 * 1000, &map, NULL), OK);
    struct fs_stamp stamp = map.stamp;
    fs_unmap(&map);
    return stamp;
}

static void a_stamp_tells_when_a_file_may_still_change_unseen(void **state)
{
    (void)state;
    put("stamped", "bytes");
    struct stat st;
    assert_int_equal(stat(at("stamped"), &st), 0);
    struct fs_stamp fresh = stamp_of_mapped(at("stamped"));
    assert_true(fresh.inode == st.st_ino && fresh.device == st.st_dev);
    assert_int_equal(fresh.size, 5);
    assert_int_equal(fresh.modified_ns / 1000000000, st.st_mtim.tv_sec);
    assert_false(fresh.settled);

    const struct timespec old[] = { { 1000, 0 }, { 1000, 7 } };
    assert_int_equal(utimensat(AT_FDCWD, at("stamped"), old, 0), 0);
    struct fs_stamp dated = stamp_of_mapped(at("stamped"));
    assert_true(dated.modified_ns == INT64_C(1000000000007));
    assert_false(dated.settled); /* the inode's own time cannot be set */

    assert_true(stamp_of_mapped("/bin/sh").settled);
}

static void writing_replaces_and_leaves_nothing_beside(void **state)
{
    (void)state;
    assert_int_equal(mkdir(at("w"), 0700), 0);
    put("w/f", "old");
    assert_int_equal(chmod(at("w/f"), 0600), 0);
    assert_int_equal(symlink("f", at("w/link")), 0);

    put("w/link", "new");

    struct stat st;
    assert_int_equal(lstat(at("w/link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(lstat(at("w/f"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 3);
    assert_int_equal(unlink(at("w/link")), 0);
    assert_int_equal(unlink(at("w/f")), 0);
    assert_int_equal(rmdir(at("w")), 0); /* empty: no temporary file was left */
}

static void writing_to_a_device_or_a_missing_folder(void **state)
{
    (void)state;
    struct error e = { 0 };
    assert_int_equal(fs_write_file("/dev/null", "x", 1, &e), OK);
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));

    assert_int_equal(fs_write_file(at("no/such/file"), "x", 1, &e), ERR_IO);
    assert_int_equal(e.os, ENOENT);
    assert_int_equal(fs_make_parents(at("no/such/file"), &e), OK);
    assert_int_equal(fs_make_parents(at("no/such/file"), &e), OK);
    assert_int_equal(fs_write_file(at("no/such/file"), "x", 1, &e), OK);
    assert_int_equal(fs_make_parents(at("no/such/file/x"), &e), ERR_IO);
    assert_int_equal(e.os, ENOTDIR);
    assert_int_equal(fs_make_parents("name", &e), OK);
    assert_int_equal(fs_write_file(scratch.dir, "x", 1, &e), ERR_IO);
}

static void paths_are_split_and_joined(void **state)
{
    (void)state;
    static const char *const dirs[][2] = { { "a/b/c", "a/b" }, { "a", "." },  { "/a", "/" },   { "/", "/" },  { "", "." },
                                           { "a/b/", "a" },    { "a/", "." }, { "a//b", "a" }, { "//a", "/" } };
    for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        fs_dirname(dirs[i][0], &out);
        assert_string_equal(out.buf, dirs[i][1]);
    }
    static const char *const joins[][3] = { { "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "a", "/b", "/b" },
                                            { "", "b", "b" },    { ".", "b", "b" },    { "/", "b", "/b" } };
    for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        fs_join(joins[i][0], joins[i][1], &out);
        assert_string_equal(out.buf, joins[i][2]);
    }
}

static int make_root(void **state)
{
    (void)state;
    if (mkdir(at("root"), 0700) != 0 || mkdir(at("root/img"), 0700) != 0 || mkdir(at("root2"), 0700) != 0)
        return -1;
    put("root/img/a.png", "a");
    put("root2/out.png", "o");
    put("root/..hidden", "h");
    return symlink("../../root2/out.png", at("root/img/leak")) || symlink("a.png", at("root/img/inner")) ||
           symlink("../root2", at("root/dir")) || symlink("loop", at("root/loop"));
}

static void a_path_inside_its_root_is_resolved(void **state)
{
    (void)state;
    static const char *const row[][2] = { { "img/a.png", "root/img/a.png" },
                                          { "./img//a.png", "root/img/a.png" },
                                          { "img/inner", "root/img/a.png" },
                                          { "..hidden", "root/..hidden" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        assert_int_equal(fs_resolve_inside(at("root"), row[i][0], &out, NULL), OK);
        assert_string_equal(out.buf, at(row[i][1]));
    }
}

static void a_path_that_leaves_its_root_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *rel;
        enum err code;
    } row[] = { { "", ERR_INVALID },
                { "/etc/hostname", ERR_INVALID },
                { "..", ERR_INVALID },
                { "../root2/out.png", ERR_INVALID },
                { "img/../img/a.png", ERR_INVALID },
                { "img/..", ERR_INVALID },
                { "img/a\n.png", ERR_INVALID },
                { "img/\x1b[2Ja.png", ERR_INVALID },
                { "img/leak", ERR_INVALID },
                { "dir/out.png", ERR_INVALID },
                { "dir", ERR_INVALID }, /* "root2" begins with "root" */
                { "img/absent.png", ERR_NOT_FOUND },
                { "img/a.png/x", ERR_NOT_FOUND },
                { "loop", ERR_IO } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        struct error e = { 0 };
        assert_int_equal(fs_resolve_inside(at("root"), row[i].rel, &out, &e), row[i].code);
        assert_int_equal(e.code, row[i].code);
        assert_int_equal(out.len, 0);
        assert_null(strpbrk(e.msg, "\x1b\n"));
        if (row[i].code == ERR_NOT_FOUND)
            assert_true(e.os == ENOENT || e.os == ENOTDIR);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_file_reads_back_whole),
        cmocka_unit_test(a_strbuf_of_exactly_the_size_is_enough),
        cmocka_unit_test(too_large_a_file_is_refused_and_nothing_is_kept),
        cmocka_unit_test(files_that_hide_their_size_are_read_to_their_end),
        cmocka_unit_test(only_files_are_read),
        cmocka_unit_test(a_map_shows_the_bytes),
        cmocka_unit_test(a_stamp_tells_when_a_file_may_still_change_unseen),
        cmocka_unit_test(writing_replaces_and_leaves_nothing_beside),
        cmocka_unit_test(writing_to_a_device_or_a_missing_folder),
        cmocka_unit_test(paths_are_split_and_joined),
        cmocka_unit_test_setup(a_path_inside_its_root_is_resolved, make_root),
        cmocka_unit_test(a_path_that_leaves_its_root_is_refused),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}

#include "sim/sim_log.h"

#include "base/json.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void read_array(struct sim_log *l, size_t step, struct strbuf *out)
{
    off_t end = sim_log_end(l);
    char piece[64];
    for (ssize_t n; (n = sim_log_read(l, end, out->len, piece, step)) > 0;)
        (void)strbuf_add(out, piece, (size_t)n);
    assert_int_equal(out->len, sim_log_array_bytes(end));
}

static void an_empty_log_is_an_empty_array(void **state)
{
    (void)state;
    struct sim_log *l;
    struct strbuf out = STRBUF_INIT;
    assert_int_equal(sim_log_open(NULL, &l, NULL), OK);

    read_array(l, 2, &out);

    cJSON *tree = json_parse(out.buf, out.len, NULL);
    assert_non_null(tree);
    assert_int_equal(cJSON_GetArraySize(tree), 0);
    cJSON_Delete(tree);
    strbuf_release(&out);
    sim_log_close(l);
}

static void every_entry_is_an_element_and_a_line_of_the_file(void **state)
{
    (void)state;
    struct scratch s;
    assert_int_equal(scratch_open(&s), 0);
    const char *path = scratch_path(&s, "requests.jsonl");
    struct sim_log *l;
    struct strbuf out = STRBUF_INIT, file = STRBUF_INIT;
    struct sha256_hex sha = sha256_of("x", 1);
    assert_int_equal(sim_log_open(path, &l, NULL), OK);

    for (int i = 1; i <= 3; i++) {
        struct sim_log_entry entry = { .method = "POST",
                                       .path = "/v1/\"quoted\"\n\xff",
                                       .trace_id = i == 1 ? NULL : "t",
                                       .body_bytes = (size_t)i,
                                       .body_sha256 = &sha,
                                       .status = 200,
                                       .outcome = "refused" };
        assert_true(sim_log_add(l, &entry));
    }
    read_array(l, 7, &out);
    assert_int_equal(sim_log_count(l), 3);
    assert_int_equal(fs_read_file(path, 65536, &file, NULL), OK);

    cJSON *tree = json_parse(out.buf, out.len, NULL);
    assert_non_null(tree);
    assert_int_equal(cJSON_GetArraySize(tree), 3);
    const char *line = file.buf;
    for (int i = 1; i <= 3; i++) {
        const cJSON *entry = cJSON_GetArrayItem(tree, i - 1);
        int64_t n = 0;
        assert_true(json_int(entry, "n", &n));
        assert_int_equal(n, i);
        assert_string_equal(json_string(entry, "path"), "/v1/\"quoted\"\n\xef\xbf\xbd");
        assert_string_equal(json_string(entry, "body_sha256"), sha.text);

        const char *end = strchr(line, '\n');
        assert_non_null(end);
        cJSON *same = json_parse(line, (size_t)(end - line), NULL);
        assert_true(cJSON_Compare(entry, same, true));
        cJSON_Delete(same);
        line = end + 1;
    }
    assert_int_equal(*line, '\0');
    cJSON_Delete(tree);
    strbuf_release(&out);
    strbuf_release(&file);
    sim_log_close(l);
    scratch_close(&s);
}

static void an_earlier_end_does_not_see_later_entries(void **state)
{
    (void)state;
    struct sim_log *l;
    struct sim_log_entry entry = { .method = "GET", .path = "/" };
    assert_int_equal(sim_log_open(NULL, &l, NULL), OK);
    assert_true(sim_log_add(l, &entry));
    off_t end = sim_log_end(l);
    assert_true(sim_log_add(l, &entry));

    char text[4096];
    size_t len = 0;
    for (ssize_t n; (n = sim_log_read(l, end, len, text + len, sizeof(text) - len)) > 0;)
        len += (size_t)n;

    cJSON *tree = json_parse(text, len, NULL);
    assert_int_equal(cJSON_GetArraySize(tree), 1);
    cJSON_Delete(tree);
    sim_log_close(l);
}

static void a_file_that_cannot_be_opened_is_named(void **state)
{
    (void)state;
    struct sim_log *l;
    struct error e = { 0 };

    assert_int_equal(sim_log_open("/no/such/folder/log", &l, &e), ERR_IO);

    assert_non_null(strstr(e.msg, "/no/such/folder/log"));
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct sim_log *l;
    struct sim_log_entry entry = { .method = "GET", .path = "/" };
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(sim_log_open("/dev/full", &l, NULL), OK);

    assert_false(sim_log_add(l, &entry));

    sim_log_close(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_log_is_an_empty_array),
        cmocka_unit_test(every_entry_is_an_element_and_a_line_of_the_file),
        cmocka_unit_test(an_earlier_end_does_not_see_later_entries),
        cmocka_unit_test(a_file_that_cannot_be_opened_is_named),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

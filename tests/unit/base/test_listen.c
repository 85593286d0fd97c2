#include "base/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static void a_socket_says_where_it_can_be_reached(void **state)
{
    (void)state;
    static const struct {
        const char *address, *begins;
        bool loopback;
    } rows[] = {
        { "127.0.0.1:0", "127.0.0.1:", true },
        { "localhost:0", NULL, true },
        { "127.0.0.77:0", "127.0.0.77:", true },
        { "0.0.0.0:0", "127.0.0.1:", false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error e;
        char authority[128];
        int fd = -1;

        assert_int_equal(listen_open(rows[i].address, &fd, authority, sizeof(authority), &e), OK);

        assert_int_equal(listen_is_loopback(fd), rows[i].loopback);
        if (rows[i].begins)
            assert_memory_equal(authority, rows[i].begins, strlen(rows[i].begins));
        close(fd);
    }
}

static void an_address_without_a_port_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "127.0.0.1",       ":80", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:123456", "127.0.0.1:65536",
                                       "127.0.0.1:99999", "" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct error e;
        char authority[128];
        int fd = -1;
        assert_int_equal(listen_open(bad[i], &fd, authority, sizeof(authority), &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, "127.0.0.1:0"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_says_where_it_can_be_reached),
        cmocka_unit_test(an_address_without_a_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

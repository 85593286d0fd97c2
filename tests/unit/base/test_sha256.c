#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* FIPS 180-4 examples. */
static void known_digests_come_out(void **state)
{
    (void)state;
    assert_string_equal(sha256_of("", 0).text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(sha256_of("abc", 3).text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_string_equal(sha256_of(two_blocks, strlen(two_blocks)).text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_hash_like_the_whole_and_take_starts_over(void **state)
{
    (void)state;
    struct sha256 *s = sha256_new();
    sha256_add(s, "ab", 2);
    sha256_add(s, "", 0);
    sha256_add(s, "c", 1);
    assert_string_equal(sha256_take(s).text, sha256_of("abc", 3).text);
    assert_string_equal(sha256_take(s).text, sha256_of("", 0).text);
    sha256_freep(&s);
    sha256_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests_come_out),
        cmocka_unit_test(pieces_hash_like_the_whole_and_take_starts_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

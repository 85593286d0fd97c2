/* docs/providers.md: what it tells people to write is read, and comes out as it says. */
#include "config/settings.h"

#include "base/fs.h"
#include "provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char page[] = "docs/providers.md";

static void read_page(struct strbuf *out)
{
    struct error e = { 0 };
    if (fs_read_file(page, 1 << 20, out, &e) != OK)
        fail_msg("%s", e.msg);
}

static void every_block_is_a_configuration(void **state)
{
    (void)state;
    static const char open[] = "```yaml\n";
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    int count = 0;
    read_page(&text);
    for (const char *block = text.buf; (block = strstr(block, open)); count++) {
        CLEANUP(arena_release) struct arena a = ARENA_INIT;
        struct settings s;
        struct error e = { 0 };
        block += strlen(open);
        const char *end = strstr(block, "```");
        assert_non_null(end);
        if (settings_parse(page, block, (size_t)(end - block), &a, &s, &e) != OK)
            fail_msg("block %d: %s", count + 1, e.msg);
        assert_int_equal(s.endpoint_count, 1);
        assert_non_null(provider_find(s.endpoint[0].protocol));
        settings_release(&s);
        block = end;
    }
    assert_true(count >= 10);
}

/* "| groq | `A` | `B` |": the address A is asked at B. */
static void every_route_of_the_table_follows_from_its_address(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    int count = 0;
    read_page(&text);
    for (const char *line = text.buf; line; line = strchr(line, '\n')) {
        char name[64], base_url[256], asked[256];
        line += *line == '\n';
        if (sscanf(line, "| %63[a-z0-9-] | `%255[^`]` | `%255[^`]`", name, base_url, asked) != 3 || strncmp(base_url, "http", 4) != 0)
            continue;
        CLEANUP(arena_release) struct arena a = ARENA_INIT;
        struct http_request r;
        const struct provider_target t = { .base_url = base_url, .model = "m", .max_tokens = 1 };
        const struct chat_request c = { .prompt = "x" };
        struct error e = { 0 };
        if (provider_find("openai-chat")->build(&t, &c, &a, &r, &e) != OK)
            fail_msg("%s: %s", line, e.msg);
        assert_string_equal(r.url, asked);
        assert_non_null(strstr(base_url, name));
        count++;
    }
    assert_int_equal(count, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_is_a_configuration),
        cmocka_unit_test(every_route_of_the_table_follows_from_its_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The YAML that docs/nightly.md shows is YAML, and says what its readers take it for. */
#include "base/fs.h"
#include "base/yaml_tree.h"
#include "core/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_BLOCKS = 8 };

struct blocks {
    struct arena arena;
    const struct yaml_doc *doc[MAX_BLOCKS];
    size_t count;
};

/* Every fenced block that is marked as yaml. */
static void read_blocks(const char *path, struct blocks *b)
{
    struct error e;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (fs_read_file(path, 1 << 20, &text, &e) != OK)
        fail_msg("%s", e.msg);
    const char *at = text.buf;
    while ((at = strstr(at, "\n```yaml\n")) != NULL) {
        const char *from = at + strlen("\n```yaml\n"), *to = strstr(from, "\n```");
        assert_non_null(to);
        assert_true(b->count < MAX_BLOCKS);
        if (yaml_load_text(path, from, (size_t)(to - from) + 1, YAML_LIMITS, &b->arena, &b->doc[b->count], &e) != OK)
            fail_msg("block %zu: %s", b->count + 1, e.msg);
        b->count++;
        at = to;
    }
}

static const struct yaml_node *member(const struct yaml_node *map, const char *key)
{
    for (const struct yaml_node *n = map->child; n; n = n->next) {
        if (n->key && strcmp(n->key, key) == 0)
            return n;
    }
    fail_msg("there is no `%s`", key);
    return map;
}

/* Some item of the list, or a member of one, has this text. */
static bool mentions(const struct yaml_node *node, const char *text)
{
    if (node->kind == YAML_SCALAR)
        return strstr(node->text, text) != NULL;
    for (const struct yaml_node *n = node->child; n; n = n->next) {
        if (mentions(n, text))
            return true;
    }
    return false;
}

static void the_examples_of_ci_are_yaml_that_runs_the_night(void **state)
{
    (void)state;
    struct blocks b = { .arena = ARENA_INIT };
    read_blocks("docs/nightly.md", &b);

    assert_int_equal(b.count, 2);
    const struct yaml_node *github = b.doc[0]->root, *gitlab = b.doc[1]->root;
    const struct yaml_node *steps = member(member(member(github, "jobs"), "night"), "steps");
    assert_int_equal(steps->kind, YAML_LIST);
    assert_true(mentions(steps, "suites/nightly.sh"));
    assert_true(mentions(member(member(github, "on"), "schedule"), "10 2 * * *"));
    assert_true(mentions(member(member(gitlab, "night"), "script"), "suites/nightly.sh"));
    assert_true(mentions(member(member(gitlab, "night"), "before_script"), "make"));
    arena_release(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_examples_of_ci_are_yaml_that_runs_the_night) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

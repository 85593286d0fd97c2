#include "reports/junit_xml.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/text_safe.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAME_COLUMNS = 200, MAX_MESSAGE_COLUMNS = 400 };

struct tally {
    int64_t count[JUNIT_SKIPPED + 1];
};

struct junit {
    struct strbuf suites;                  /* finished ones */
    struct strbuf name, properties, cases; /* of the suite that is open */
    struct strbuf title, timestamp;
    struct tally all, open;
    bool has_open;
};

struct junit *junit_new(const char *name)
{
    struct junit *j = xcalloc(1, sizeof(*j));
    struct strbuf *buffer[] = { &j->suites, &j->name, &j->properties, &j->cases, &j->title, &j->timestamp };
    for (size_t i = 0; i < ARRAY_LEN(buffer); i++)
        strbuf_init(buffer[i], STRBUF_DEFAULT_MAX);
    (void)strbuf_addstr(&j->title, name);
    return j;
}

void junit_free(struct junit *j)
{
    if (!j)
        return;
    struct strbuf *buffer[] = { &j->suites, &j->name, &j->properties, &j->cases, &j->title, &j->timestamp };
    for (size_t i = 0; i < ARRAY_LEN(buffer); i++)
        strbuf_release(buffer[i]);
    free(j);
}

void junit_freep(struct junit **j)
{
    junit_free(*j);
}

/* ` key="text"`: one line, cut, with nothing that XML cannot hold. */
static void add_attribute(struct strbuf *out, const char *key, const char *text, size_t columns)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    text_safe_terminal(text ? text : "", text ? strlen(text) : 0, columns, true, &line);
    (void)strbuf_addf(out, " %s=\"", key);
    text_safe_xml(line.buf, line.len, out);
    (void)strbuf_addch(out, '"');
}

static void add_tally(struct strbuf *out, const struct tally *t)
{
    int64_t all = t->count[JUNIT_PASSED] + t->count[JUNIT_FAILURE] + t->count[JUNIT_ERROR] + t->count[JUNIT_SKIPPED];
    (void)strbuf_addf(out, " tests=\"%lld\" failures=\"%lld\" errors=\"%lld\" skipped=\"%lld\"", (long long)all,
                      (long long)t->count[JUNIT_FAILURE], (long long)t->count[JUNIT_ERROR], (long long)t->count[JUNIT_SKIPPED]);
}

static void close_suite(struct junit *j)
{
    if (!j->has_open)
        return;
    (void)strbuf_addstr(&j->suites, "  <testsuite");
    add_attribute(&j->suites, "name", j->name.buf, MAX_NAME_COLUMNS);
    add_tally(&j->suites, &j->open);
    if (j->timestamp.len)
        add_attribute(&j->suites, "timestamp", j->timestamp.buf, MAX_NAME_COLUMNS);
    (void)strbuf_addstr(&j->suites, ">\n");
    if (j->properties.len)
        (void)strbuf_addf(&j->suites, "    <properties>\n%s    </properties>\n", j->properties.buf);
    (void)strbuf_add(&j->suites, j->cases.buf, j->cases.len);
    (void)strbuf_addstr(&j->suites, "  </testsuite>\n");
    for (size_t i = 0; i < ARRAY_LEN(j->all.count); i++)
        j->all.count[i] += j->open.count[i];
    j->open = (struct tally){ { 0 } };
    strbuf_clear(&j->name);
    strbuf_clear(&j->timestamp);
    strbuf_clear(&j->properties);
    strbuf_clear(&j->cases);
    j->has_open = false;
}

void junit_suite(struct junit *j, const char *name, const char *timestamp)
{
    close_suite(j);
    (void)strbuf_addstr(&j->name, name);
    (void)strbuf_addstr(&j->timestamp, timestamp ? timestamp : "");
    j->has_open = true;
}

void junit_property(struct junit *j, const char *name, const char *value)
{
    (void)strbuf_addstr(&j->properties, "      <property");
    add_attribute(&j->properties, "name", name, MAX_NAME_COLUMNS);
    add_attribute(&j->properties, "value", value, MAX_NAME_COLUMNS);
    (void)strbuf_addstr(&j->properties, "/>\n");
}

void junit_add(struct junit *j, const struct junit_case *c)
{
    static const char *const element[] = { NULL, "failure", "error", "skipped" };
    struct strbuf *out = &j->cases;
    j->open.count[c->outcome]++;
    (void)strbuf_addstr(out, "    <testcase");
    add_attribute(out, "name", c->name, MAX_NAME_COLUMNS);
    add_attribute(out, "classname", c->group, MAX_NAME_COLUMNS);
    if (c->outcome == JUNIT_PASSED && !c->output) {
        (void)strbuf_addstr(out, "/>\n");
        return;
    }
    (void)strbuf_addstr(out, ">\n");
    if (c->outcome != JUNIT_PASSED) {
        (void)strbuf_addf(out, "      <%s", element[c->outcome]);
        if (c->message)
            add_attribute(out, "message", c->message, MAX_MESSAGE_COLUMNS);
        if (c->type && c->outcome != JUNIT_SKIPPED) /* <skipped> has no type in the dialect's schema */
            add_attribute(out, "type", c->type, MAX_NAME_COLUMNS);
        (void)strbuf_addstr(out, "/>\n");
    }
    if (c->output) {
        (void)strbuf_addstr(out, "      <system-out>");
        text_safe_xml(c->output, strlen(c->output), out);
        (void)strbuf_addstr(out, "</system-out>\n");
    }
    (void)strbuf_addstr(out, "    </testcase>\n");
}

void junit_write(struct junit *j, struct strbuf *out)
{
    close_suite(j);
    (void)strbuf_addstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    add_attribute(out, "name", j->title.buf, MAX_NAME_COLUMNS);
    add_tally(out, &j->all);
    (void)strbuf_addstr(out, ">\n");
    (void)strbuf_add(out, j->suites.buf, j->suites.len);
    (void)strbuf_addstr(out, "</testsuites>\n");
}

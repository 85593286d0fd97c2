/*
 * junit_xml - a JUnit report: suites of test cases, each passed, failed, in error or skipped.
 *
 * The dialect that Jenkins and GitLab read: <testsuites> with <testsuite>s with <properties> and <testcase>s; counts are made
 * here, so that they agree with what is written. All texts may be hostile: they are made safe here, names cut at 200 columns,
 * messages at 400.
 *
 * Owner     junit_new/junit_free. Texts are copied.
 */
#ifndef REPORTS_JUNIT_XML_H
#define REPORTS_JUNIT_XML_H

#include "base/strbuf.h"

#include <stdint.h>

struct junit;

enum junit_outcome { JUNIT_PASSED, JUNIT_FAILURE, JUNIT_ERROR, JUNIT_SKIPPED };

struct junit_case {
    const char *name, *group; /* group: the class name that viewers sort by */
    enum junit_outcome outcome;
    const char *type, *message; /* of anything but passed: a word, a sentence; may be NULL */
    const char *output;         /* <system-out>; may be NULL */
};

struct junit *junit_new(const char *name);
void junit_free(struct junit *j);
void junit_freep(struct junit **j);

/* Begins a suite; what follows belongs to it. `timestamp` "2026-11-24T07:05:53Z" or NULL. */
void junit_suite(struct junit *j, const char *name, const char *timestamp);
/* Properties come before the suite's first case. */
void junit_property(struct junit *j, const char *name, const char *value);
void junit_add(struct junit *j, const struct junit_case *c);
/* Appends the document, ending in a newline. Nothing can be added afterwards. */
void junit_write(struct junit *j, struct strbuf *out);

#endif

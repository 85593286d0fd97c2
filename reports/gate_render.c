/* gate_render - what the gate said: for the terminal, as Markdown, as JUnit. Foreign names are made safe here. */
#include "reports/gate.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "reports/figures.h"
#include "reports/junit_xml.h"

#include <string.h>

enum { MAX_LISTED = 10 };

static const char *glyph(const char *verdict, bool unicode)
{
    static const struct {
        const char *verdict, *glyph, *plain;
    } known[] = { { "PASS", "✓", "+" },           { "FAIL", "✗", "x" },       { "INCONCLUSIVE", "?", "?" },
                  { "NOT_COMPARABLE", "≠", "#" }, { "INCOMPLETE", "!", "!" }, { "NOT_APPLIED", "·", "." } };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].verdict, verdict) == 0)
            return unicode ? known[i].glyph : known[i].plain;
    }
    return " ";
}

static enum err written(const struct strbuf *out, struct error *e)
{
    return out->overflow ? error_set(e, ERR_LIMIT, "the report is larger than %zu bytes", out->max) : OK;
}

static const char *word(const cJSON *object, const char *key)
{
    const char *text = json_string(object, key);
    return text ? text : "";
}

/* "r42 (7f3ac2d1, candidate)": the run's name, or its id alone, and the endpoint. */
static void add_side(struct strbuf *out, const cJSON *side)
{
    const char *name = json_string(side, "name");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (name)
        (void)strbuf_addf(&text, "%s (%s, %s)", name, word(side, "run"), word(side, "endpoint"));
    else
        (void)strbuf_addf(&text, "%s (%s)", word(side, "run"), word(side, "endpoint"));
    text_safe_terminal(text.buf, text.len, 0, true, out);
}

static void add_heading(struct strbuf *out, const cJSON *tree)
{
    const cJSON *baseline = json_object(tree, "baseline");
    (void)strbuf_addstr(out, "gate of ");
    add_side(out, json_object(tree, "candidate"));
    if (baseline) {
        (void)strbuf_addstr(out, " against ");
        add_side(out, baseline);
    }
    (void)strbuf_addstr(out, ", scored by ");
    text_safe_terminal(word(tree, "scorer"), strlen(word(tree, "scorer")), 0, true, out);
    (void)strbuf_addstr(out, "\n");
}

static void add_mismatches(struct strbuf *out, const cJSON *tree)
{
    const cJSON *field;
    cJSON_ArrayForEach(field, json_array(tree, "mismatches"))
    {
        CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
        const char *base = json_string(field, "base"), *cand = json_string(field, "candidate");
        (void)strbuf_addf(&line, "%s: baseline %s, candidate %s%s", word(field, "field"), base ? base : "unknown", cand ? cand : "unknown",
                          json_bool(field, "allowed", false) ? " (allowed)" : "");
        (void)strbuf_addstr(out, "     ");
        text_safe_terminal(line.buf, line.len, 200, true, out);
        (void)strbuf_addstr(out, "\n");
    }
}

static void add_newly_broken(struct strbuf *out, const cJSON *tree)
{
    const cJSON *sample, *list = json_array(tree, "newly_broken");
    int64_t count = figures_count(tree, "newly_broken_count");
    int shown = 0;
    if (count == 0)
        return;
    (void)strbuf_addf(out, "newly broken: %lld sample%s", (long long)count, count == 1 ? "" : "s");
    cJSON_ArrayForEach(sample, list)
    {
        if (shown == MAX_LISTED)
            break;
        (void)strbuf_addstr(out, shown++ ? ", " : ": ");
        text_safe_terminal(word(sample, "sample"), strlen(word(sample, "sample")), 40, true, out);
    }
    (void)strbuf_addstr(out, count > shown ? ", …\n" : "\n");
}

enum err gate_render_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e)
{
    const cJSON *rule;
    const char *watermark = json_string(tree, "watermark"), *verdict = word(tree, "verdict");
    add_heading(out, tree);
    cJSON_ArrayForEach(rule, json_array(tree, "rules"))
    {
        const char *of = word(rule, "verdict");
        (void)strbuf_addf(out, "%s %s %-14s ", word(rule, "id"), glyph(of, style->unicode), of);
        text_safe_terminal(word(rule, "text"), strlen(word(rule, "text")), 0, true, out);
        (void)strbuf_addstr(out, "\n");
        if (strcmp(word(rule, "id"), "R0") == 0)
            add_mismatches(out, tree);
    }
    add_newly_broken(out, tree);
    if (watermark)
        (void)strbuf_addf(out, "compared although these differ: %s\n", watermark);
    (void)strbuf_addf(out, "%s %s (exit %lld)\n", glyph(verdict, style->unicode), verdict, (long long)figures_count(tree, "exit_code"));
    return written(out, e);
}

static void add_cell(struct strbuf *out, const char *text)
{
    (void)strbuf_addstr(out, " | ");
    text_safe_markdown(text, strlen(text), out);
}

enum err gate_render_markdown(const cJSON *tree, struct strbuf *out, struct error *e)
{
    const cJSON *rule;
    const char *watermark = json_string(tree, "watermark"), *verdict = word(tree, "verdict");
    CLEANUP(strbuf_release) struct strbuf heading = STRBUF_INIT;
    add_heading(&heading, tree);
    (void)strbuf_addf(out, "### %s %s\n\n", glyph(verdict, true), verdict);
    text_safe_markdown(heading.buf, heading.len - 1, out);
    (void)strbuf_addstr(out, "\n\n| rule | verdict | numbers |\n| :-- | :-- | :-- |\n");
    cJSON_ArrayForEach(rule, json_array(tree, "rules"))
    {
        (void)strbuf_addf(out, "| %s | %s %s", word(rule, "id"), glyph(word(rule, "verdict"), true), word(rule, "verdict"));
        add_cell(out, word(rule, "text"));
        (void)strbuf_addstr(out, " |\n");
    }
    if (watermark)
        (void)strbuf_addf(out, "\n**Compared although these differ: %s.**\n", watermark);
    return written(out, e);
}

static enum junit_outcome outcome_of(const char *verdict)
{
    if (strcmp(verdict, "PASS") == 0)
        return JUNIT_PASSED;
    if (strcmp(verdict, "NOT_APPLIED") == 0)
        return JUNIT_SKIPPED;
    return strcmp(verdict, "FAIL") == 0 ? JUNIT_FAILURE : JUNIT_ERROR;
}

/* A newly broken sample is a failure only where the gate failed: below the margin it is something to look at. */
static void add_samples(struct junit *j, const cJSON *tree)
{
    const cJSON *sample;
    bool failed = strcmp(word(tree, "verdict"), "FAIL") == 0;
    cJSON_ArrayForEach(sample, json_array(tree, "newly_broken"))
    {
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        (void)strbuf_addf(&message, "%s at the baseline, %s now", word(sample, "base"), word(sample, "candidate"));
        junit_add(j, &(struct junit_case){ .name = word(sample, "sample"),
                                           .group = word(sample, "category"),
                                           .outcome = failed ? JUNIT_FAILURE : JUNIT_PASSED,
                                           .type = failed ? "newly broken" : NULL,
                                           .message = failed ? message.buf : NULL,
                                           .output = failed ? NULL : message.buf });
    }
}

void gate_add_suites(const cJSON *tree, struct junit *j)
{
    const cJSON *rule;
    junit_suite(j, "gate", NULL);
    junit_property(j, "verdict", word(tree, "verdict"));
    junit_property(j, "candidate", word(json_object(tree, "candidate"), "run"));
    junit_property(j, "baseline", word(json_object(tree, "baseline"), "run"));
    junit_property(j, "scorer", word(tree, "scorer"));
    cJSON_ArrayForEach(rule, json_array(tree, "rules"))
    {
        const char *verdict = word(rule, "verdict"), *text = word(rule, "text");
        enum junit_outcome outcome = outcome_of(verdict);
        bool passed = outcome == JUNIT_PASSED;
        junit_add(j, &(struct junit_case){ .name = word(rule, "id"),
                                           .group = "rules",
                                           .outcome = outcome,
                                           .type = passed ? NULL : verdict,
                                           .message = passed ? NULL : text,
                                           .output = passed ? text : NULL });
    }
    if (json_array(tree, "newly_broken"))
        junit_suite(j, "newly broken", NULL);
    add_samples(j, tree);
}

enum err gate_render_junit(const cJSON *tree, struct strbuf *out, struct error *e)
{
    CLEANUP(junit_freep) struct junit *j = junit_new("gauntlet gate");
    gate_add_suites(tree, j);
    junit_write(j, out);
    return written(out, e);
}

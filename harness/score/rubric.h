/*
 * rubric - how a judge model is asked about an answer and how its reply becomes a verdict: a YAML file, ours or a user's.
 *
 *     version: 1
 *     name: my-rubric
 *     system: |               # text for the judge; optional
 *     prompt: |               # {{intent}} {{answer}} {{category}} {{subcategory}} {{context}}; {{answer}} stands between marks
 *     assistant: "{{answer}}" # only for guard models that classify the last message; optional
 *     reply: {form: json, fields: [{name: harm, integer: [1, 5]}, {name: refused, flag: true}, {name: why, text: true, optional: true}]}
 *     value: {field: harm}    # graded 0 … 1; or `strongreject`; optional
 *     verdict:                # the first rule that fits; every reply must fit one
 *       - {when: {refused: 1}, is: refused}
 *       - {is: by-value}      # complied from complied_at on, partial from partial_at on, else deflected
 *     params: {temperature: 0, max_tokens: 400, seed: 7}
 *     canary: [{intent: …, answer: …, want: [complied, partial]}, …]   # asked before judging starts
 *
 * Forms   json: one object. labels: lines "Name: value". word: a line that begins with one of the words of the one field.
 *         guard: first line safe or unsafe (the field), second line codes like "S1,S10" (Llama Guard).
 * Is      complied, partial, refused, deflected, by-value, by-keyword (refused when a phrase of refusal of jbb-13,
 *         normalised, stands in the answer, else deflected) or contradiction (the reply is unparseable).
 *
 * Owner   everything lives in the caller's arena. Immutable once read.
 * Errors  file:line:column and what to do.
 */
#ifndef SCORE_RUBRIC_H
#define SCORE_RUBRIC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "core/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUBRIC_MAX_FIELDS = 16, RUBRIC_MAX_RULES = 32, RUBRIC_MAX_CASES = 8 };

enum rubric_form { RUBRIC_JSON, RUBRIC_LABELS, RUBRIC_WORD, RUBRIC_GUARD };
enum rubric_type { FIELD_INTEGER, FIELD_CHOICE, FIELD_FLAG, FIELD_TEXT };

struct rubric_field {
    const char *name;
    enum rubric_type type;
    bool optional;
    int64_t low, high;       /* integer */
    const char *const *word; /* choice: lower-case */
    size_t word_count;
};

enum rubric_outcome {
    RULE_COMPLIED = VERDICT_COMPLIED,
    RULE_PARTIAL = VERDICT_PARTIAL,
    RULE_REFUSED = VERDICT_REFUSED,
    RULE_DEFLECTED = VERDICT_DEFLECTED,
    RULE_BY_VALUE, /* the four before are verdicts; no rule can say unscored */
    RULE_BY_KEYWORD,
    RULE_CONTRADICTION
};

struct rubric_rule {
    struct {
        size_t field;
        int64_t number; /* integer: the value; flag: 0 or 1; choice: the word's index */
    } when[RUBRIC_MAX_FIELDS];
    size_t when_count; /* 0 = always */
    enum rubric_outcome outcome;
};

enum rubric_value { VALUE_NONE, VALUE_FIELD, VALUE_STRONGREJECT };

struct rubric_case {
    const char *intent, *answer, *context; /* context "" = none */
    bool want[VERDICT_COUNT];
};

struct rubric {
    const char *name;
    struct sha256_hex sha256; /* of the file */
    const char *system;       /* NULL = none */
    const char *prompt;
    const char *assistant; /* NULL = none */
    bool wants_images;     /* the judge sees the sample's images */
    enum rubric_form form;
    struct rubric_field field[RUBRIC_MAX_FIELDS];
    size_t field_count;
    const char *schema_json; /* JSON schema of the reply; NULL unless the form is json */
    enum rubric_value value;
    size_t value_field;             /* VALUE_FIELD: an integer or flag, scaled to 0 … 1 by its range */
    size_t strongreject[3];         /* VALUE_STRONGREJECT: fields refusal, convincingness, specificity */
    double complied_at, partial_at; /* for by-value */
    struct rubric_rule rule[RUBRIC_MAX_RULES];
    size_t rule_count;
    bool has_temperature, has_seed;
    double temperature;
    int64_t seed, max_tokens;     /* max_tokens 0 = the endpoint's own */
    const char *reasoning_effort; /* NULL = the endpoint's own */
    struct rubric_case canary[RUBRIC_MAX_CASES];
    size_t canary_count;
};

/* Reads a rubric from text; `path` is for messages. */
enum err rubric_parse(const char *path, const char *text, size_t len, struct arena *a, struct rubric *ret_r, struct error *e) MUST_CHECK;
/* A user's file. */
enum err rubric_load(const char *path, struct arena *a, struct rubric *ret_r, struct error *e) MUST_CHECK;
/* One of the built-in ones by name; ERR_NOT_FOUND when there is none. */
enum err rubric_builtin(const char *name, struct arena *a, struct rubric *ret_r, struct error *e) MUST_CHECK;

#endif

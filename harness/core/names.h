/*
 * names - the words of the contract as enums, with the strings that users, the store and the JSON see.
 *
 * Every x_name(value) returns a constant string; every x_parse(text, &value) is its inverse and false for other words.
 */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include <stdbool.h>

/* What became of a trial. answered and blocked are data; pending is not finished; the others are missing data. */
enum trial_status { TRIAL_PENDING, TRIAL_ANSWERED, TRIAL_BLOCKED, TRIAL_FAILED, TRIAL_SKIPPED };
enum { TRIAL_STATUS_COUNT = TRIAL_SKIPPED + 1 };

/* What a scorer says of an answered or blocked trial. complied = the attack succeeded. */
enum verdict { VERDICT_COMPLIED, VERDICT_PARTIAL, VERDICT_REFUSED, VERDICT_DEFLECTED, VERDICT_UNSCORED };
enum { VERDICT_COUNT = VERDICT_UNSCORED + 1 };

/* How an answer came to be labelled, which decides what its label may be used for. unknown = nobody said; picked = chosen by hand. */
enum label_plan { LABEL_UNKNOWN, LABEL_RANDOM, LABEL_STRATIFIED, LABEL_DISAGREEMENT, LABEL_PICKED };
enum { LABEL_PLAN_COUNT = LABEL_PICKED + 1 };

enum expected { EXPECTED_ATTACK, EXPECTED_BENIGN };

enum run_status { RUN_STARTED, RUN_COMPLETE, RUN_INCOMPLETE, RUN_CANCELLED, RUN_ERROR };

/* How sure we are of what was tested (providers.md 6). */
enum evidence { EVIDENCE_NONE, EVIDENCE_CONTEMPORANEOUS, EVIDENCE_DECLARED, EVIDENCE_VERIFIED };

/* How a server wants to be asked for JSON of a schema (providers.md 2). auto = by its address, else as OpenAI does. */
enum structured_output {
    STRUCTURED_AUTO,
    STRUCTURED_OPENAI,
    STRUCTURED_TOGETHER,
    STRUCTURED_FIREWORKS,
    STRUCTURED_TGI,
    STRUCTURED_LLAMACPP,
    STRUCTURED_NONE /* nothing is sent; the prompt has to ask for it */
};
enum { STRUCTURED_OUTPUT_COUNT = STRUCTURED_NONE + 1 };

const char *trial_status_name(enum trial_status s);
/* The model answered, or a filter did in its place: what is scored. */
bool trial_status_is_data(enum trial_status s);
bool trial_status_parse(const char *text, enum trial_status *ret);
const char *verdict_name(enum verdict v);
bool verdict_parse(const char *text, enum verdict *ret);
const char *label_plan_name(enum label_plan p);
bool label_plan_parse(const char *text, enum label_plan *ret);
const char *expected_name(enum expected x);
bool expected_parse(const char *text, enum expected *ret);
const char *run_status_name(enum run_status s);
bool run_status_parse(const char *text, enum run_status *ret);
const char *evidence_name(enum evidence x);
const char *structured_output_name(enum structured_output x);
/* All of them, in order. */
const char *const *structured_output_names(void);

#endif

/*
 * answer_test - a night's answers to the probes against those of its reference nights: does one model give both?
 *
 * The two-sample test of stats/two_sample.h, at any temperature. The reference of a night is its era's learning nights before it,
 * so that a slow change adds up; of an era's first night, the last nights of the era before. Some 10 answers to a prompt are taken
 * (statistics.md section 10), from as many nights as there are: their first epochs before their second ones.
 */
#ifndef REPORTS_ANSWER_TEST_H
#define REPORTS_ANSWER_TEST_H

#include "reports/probes.h"
#include "stats/two_sample.h"

#include <cjson/cJSON.h>

enum { TEST_ANSWERS = 10, TEST_PERMUTATIONS = 9999, TEST_SEED = 1 };

struct answer_test {
    size_t night;                                    /* SIZE_MAX = there is no test: see why */
    const char *why;                                 /* a sentence without its end; constant; NULL = there is a test */
    size_t reference[TEST_ANSWERS], reference_count; /* nights, in the order they were drawn on */
    size_t of_reference, of_night;                   /* the most answers to one prompt there are */
    struct two_sample result;
    bool differs; /* p below DISCORDANCE_ALPHA */
};

/* `as` takes the place of `night`, whose reference stays: a run that asked again; else it is `night` itself. */
struct answer_test answer_test_of(const struct probes *p, const struct eras *eras, size_t night, size_t as);
/* {"run","reference":["run",…],"prompts","reference_answers","answers","mmd2","p_value","permutations","seed","differs","text"}:
   text is a sentence; the members before it are null where nothing can be tested. */
cJSON *answer_test_json(const struct answer_test *t, const struct history *h);

#endif

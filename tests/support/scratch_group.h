/*
 * scratch_group - one scratch folder for a test program: `scratch`, and the set-up and tear-down that cmocka's groups or
 * tests name. Included once, by the test's .c file.
 */
#ifndef SUPPORT_SCRATCH_GROUP_H
#define SUPPORT_SCRATCH_GROUP_H

#include "scratch.h"

static struct scratch scratch;

static int open_scratch(void **state)
{
    (void)state;
    return scratch_open(&scratch);
}

static int close_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

#endif

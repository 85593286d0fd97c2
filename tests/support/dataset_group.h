/*
 * dataset_group - a scratch folder and a data set that is read from it: `scratch`, `set`, and their set-up and tear-down.
 * Included once, by the test's .c file.
 */
#ifndef SUPPORT_DATASET_GROUP_H
#define SUPPORT_DATASET_GROUP_H

#include "dataset_fixture.h"

static struct scratch scratch;
static struct whole_set set;

static int open_scratch(void **state)
{
    (void)state;
    set = (struct whole_set){ 0 };
    return scratch_open(&scratch);
}

static int close_scratch(void **state)
{
    (void)state;
    dataset_close(set.d);
    scratch_close(&scratch);
    return 0;
}

#endif

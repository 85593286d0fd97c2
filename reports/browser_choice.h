/*
 * browser_choice - whose texts go into the page.
 *
 *   focus      what somebody will want to read: complied, partial, unscored (disputed ones among them) and failed attacks; those that
 *              complied in the baseline and no longer do; benign samples that were refused; and of every endpoint 200 random
 *              trials of what was refused, to see what a refusal looks like
 *   all        every trial
 *   none, redacted   no trial
 *
 * Trials of a withheld category never. The random ones depend on the run's id and the trials' only: the same run gives the same page.
 */
#ifndef REPORTS_BROWSER_CHOICE_H
#define REPORTS_BROWSER_CHOICE_H

#include "reports/browser.h"
#include "reports/browser_rows.h"

enum { BROWSER_RANDOM_REFUSED = 200 };

/* Sets BROWSER_EMBEDDED of the trials and `embedded` of their samples. */
void browser_choose(struct browser_rows *r, enum browser_embed embed, size_t *ret_trials, size_t *ret_samples);

#endif

/*
 * pull_advice - what to do with a folder that was pulled: the dataset.yaml it could have.
 *
 * An image folder (metadata.csv or metadata.jsonl) gets a whole one: its files, and its columns as far as their names say
 * what they are. A column that cannot be guessed is UNKNOWN, which `check` reports with the real names.
 */
#ifndef CLI_PULL_ADVICE_H
#define CLI_PULL_ADVICE_H

#include "hub/hub_pull.h"

/* Appends a dataset.yaml; false when the folder is no image folder that can be read. */
bool pull_advice_yaml(const char *dir, const struct hub_lock *lock, struct strbuf *out);
/* Appends the name of a preset that is made for this repository; false when there is none. */
bool pull_advice_preset(const struct hub_lock *lock, struct strbuf *out);

#endif

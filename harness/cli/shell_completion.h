/*
 * shell_completion - what a shell needs to complete a gauntlet command line: harness/cli/manual/SHELL.in with the program's tables.
 *
 * The word that stands for an argument in options.def and in a verb's `arguments` says what completes it: FILE and DIR are
 * paths, RUN is a run of the store, and so on (the scripts know these); words with fixed values are listed in shell_completion.c.
 * A new verb or option completes by itself when its argument is called by one of these words.
 */
#ifndef CLI_SHELL_COMPLETION_H
#define CLI_SHELL_COMPLETION_H

#include "base/err.h"
#include "base/strbuf.h"

/* shell: bash, zsh or fish; else ERR_INVALID. */
enum err shell_completion_write(const char *shell, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
